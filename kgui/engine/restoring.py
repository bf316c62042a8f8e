"""What a model was before a call, so that a call that is refused leaves no trace."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kgui.engine.backend.session import get_session
from kgui.engine.symbolic import Operation
from kgui.engine.variables import Array, Variable

if TYPE_CHECKING:
    from kgui.engine.models.model import Model
    from kgui.engine.optimizers import Optimizer


class Before:
    """The state of a model and its optimizer; `values` keeps weights and slots as well.

    Values need as much memory as the weights and the optimizer's state: only streams, which may
    turn out bad after many steps, ask for them.
    """

    def __init__(self, model: "Model", *, values: bool = False) -> None:
        self._model, self._optimizer = model, _optimizer_of(model)
        # A model that is not built yet gets weights, nodes and names while its data are looked at.
        kept = [model] if model.built else list(_operations(model, set()))
        self._attributes = [(item, _copied(vars(item))) for item in kept]
        self._state = _copied(vars(self._optimizer)) if self._optimizer else {}
        self._values = _values(model, self._optimizer) if values else []
        self._names = None if model.built else get_session().names.copy()

    def restore(self) -> None:
        """Be as before."""
        if self._optimizer is not None:
            # Weights that moved into the optimizer's vector may stay there: values are the same.
            vars(self._optimizer).update(self._state)
        for item, attributes in self._attributes:
            vars(item).clear()
            vars(item).update(attributes)
        for variable, value in self._values:
            variable.array[...] = value
        if self._names is not None:
            get_session().names.clear()
            get_session().names.update(self._names)


@contextmanager
def leaving_no_trace(model: "Model") -> Iterator[None]:
    """Be as before if what is done inside fails."""
    before = Before(model)
    try:
        yield
    except BaseException:
        before.restore()
        raise


def _optimizer_of(model: "Model") -> "Optimizer | None":
    return model.compiled.optimizer if model.compiled else None


def _copied(attributes: dict[str, Any]) -> dict[str, Any]:
    containers = (list, dict, set)
    return {k: v.copy() if isinstance(v, containers) else v for k, v in attributes.items()}


def _operations(item: Any, seen: set[int]) -> Iterator[Any]:
    """A layer and everything inside it that has state of its own."""
    if isinstance(item, list | tuple):
        for part in item:
            yield from _operations(part, seen)
    elif isinstance(item, Operation) and id(item) not in seen:
        seen.add(id(item))
        yield item
        for part in vars(item).values():
            yield from _operations(part, seen)


def _values(model: "Model", optimizer: "Optimizer | None") -> list[tuple[Variable, Array]]:
    variables = list(model.weights)
    if optimizer is not None:
        variables += optimizer.variables
    return [(variable, variable.numpy()) for variable in variables]
