"""The call in progress: training or not, traced or not, on behalf of which layer."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple


class States:
    """New values of variables, as a traced computation works them out."""

    def __init__(self) -> None:
        self._values: dict[int, tuple[Any, Any]] = {}

    def assign(self, variable: Any, value: Any) -> None:
        """From here on the variable stands for this value."""
        self._values[id(variable)] = variable, self.current(value)

    def current(self, value: Any) -> Any:
        """What a variable stands for by now; anything else as it is."""
        return self._values.get(id(value), (None, value))[1]

    def items(self) -> list[tuple[Any, Any]]:
        """Every variable that was assigned to, with its last value."""
        return list(self._values.values())


class Call(NamedTuple):
    """What nested calls inherit."""

    training: bool = False
    tracing: bool = False
    """True inside a layer's `call` on symbolic tensors: primitives are recorded, not layers."""
    owner: str = ""
    """Name of the outermost layer at work, for messages; "" outside a layer."""
    losses: list[Any] | None = None
    """Takes what layers add to the loss; None where nobody asks."""
    states: "States | None" = None
    """Takes what is assigned to variables while tracing; None where nothing comes of it."""
    path: tuple[str, ...] = ()
    """Names of the layers at work, from the outermost: where new weights belong."""


_OUTSIDE = Call()
_current: ContextVar[Call] = ContextVar("call", default=_OUTSIDE)


def current_call() -> Call:
    """The call in progress."""
    return _current.get()


@contextmanager
def calling(call: Call) -> Iterator[None]:
    """Work inside a call."""
    token = _current.set(call)
    try:
        yield
    finally:
        _current.reset(token)
