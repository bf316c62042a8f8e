"""Updates from gradients of one's own: apply, apply_gradients, minimize."""

import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from kgui.engine.backend.emitter import PlanEmitter
from kgui.engine.execution import Plan
from kgui.engine.tape import GradientTape
from kgui.engine.variables import Array, Variable

if TYPE_CHECKING:
    from kgui.engine.optimizers.optimizer import Optimizer


class Update:
    """One optimizer's update, compiled once: load gradients, run."""

    def __init__(self, optimizer: "Optimizer") -> None:
        self.key = _key(optimizer)
        self._optimizer = optimizer
        self._slots = parameters_of(optimizer).slots()
        self._changes, self._average = _plan(optimizer.emit_changes), _plan(optimizer.emit_average)
        self._ends: dict[tuple[int, ...], Plan] = {}

    def is_current(self) -> bool:
        """False once the optimizer's arrays or options are others."""
        return self.key == _key(self._optimizer)

    def run(self, gradients: Sequence[Array], variables: Sequence[Variable]) -> None:
        """Update these variables; what belongs to others stays as it is."""
        whole = len(variables) == len(self._slots)
        others = [] if whole else self._others(variables)
        for variable, gradient in zip(variables, gradients, strict=True):
            np.copyto(self._slots[id(variable)], gradient, casting="unsafe")
        with np.errstate(all="ignore"):
            self._changes.run()
            for array, before in others:
                array[...] = before
            self._average.run()
            self._end(variables).run()

    def _others(self, variables: Sequence[Variable]) -> list[tuple[Array, Array]]:
        """The other weights and their state, as they are; their gradients become zero."""
        chosen, optimizer = {id(variable) for variable in variables}, self._optimizer
        parameters = parameters_of(optimizer)
        # Added-up gradients are not kept: without a new one they stay, and an update ends all.
        slots = [slot for name, slot in optimizer.slots.items() if name != "gradient_accumulator"]
        kept = [parameters.values, *slots]
        parts = [parameters.split(vector) for vector in kept]
        found = []
        for index, variable in enumerate(parameters.variables):
            if id(variable) not in chosen:
                self._slots[id(variable)].fill(0)
                found += [(part[index], part[index].copy()) for part in parts]
        return found

    def _end(self, variables: Sequence[Variable]) -> Plan:
        key = tuple(map(id, variables))
        if key not in self._ends:
            self._ends[key] = _plan(lambda emit: self._optimizer.emit_end(emit, variables))
        return self._ends[key]


def parameters_of(optimizer: "Optimizer") -> Any:
    """The vector of all weights that the optimizer was built for."""
    assert optimizer.parameters is not None  # noqa: S101 - callers build first
    return optimizer.parameters


def _plan(emit_into: Callable[[Any], None]) -> Plan:
    emit = PlanEmitter()
    emit_into(emit)
    return Plan(emit.instructions)


def _key(optimizer: "Optimizer") -> tuple[Any, ...]:
    """What a compiled update depends on."""
    parameters = parameters_of(optimizer)
    options = [getattr(optimizer, name) for name in optimizer.option_names]
    constraints = [id(variable.constraint) for variable in parameters.variables]
    arrays = [id(array) for array in optimizer.slots.values()]
    common = vars(optimizer.common).values()
    return (id(parameters), id(optimizer.schedule), *arrays, *constraints, *options, *common,
            *optimizer.not_decayed())  # fmt: skip


class OwnLoops:
    """What an optimizer does in loops of one's own."""

    _update: Update | None = None

    def apply(
        self: "Any", grads: Iterable[Any], trainable_variables: Iterable[Variable] | None = None
    ) -> None:
        """Update the variables from their gradients; None stands for a gradient there is not.

        Args:
            grads: One gradient for every variable.
            trainable_variables: The variables; those the optimizer was built for unless given.
        """
        gradients = list(grads)
        if not gradients:
            return
        variables = self._chosen(gradients, trainable_variables)
        pairs = _with_gradient(gradients, variables)
        arrays = [_gradient(value, variable) for value, variable in pairs]
        scale = self.common.loss_scale_factor
        if scale is not None:
            arrays = [array / scale for array in arrays]
        self.parameters.take_back()
        if self._update is None or not self._update.is_current():
            self._update = Update(self)
        self._update.run(arrays, [variable for _, variable in pairs])

    def _chosen(self: "Any", gradients: Sequence[Any], given: Any) -> list[Variable]:
        """The variables meant, known to the optimizer, as many as gradients."""
        if given is None:
            if self.parameters is None:
                raise ValueError(
                    "When passing `grads` without `variables`, the optimizer must already be "
                    "built on a list of variables. Call `optimizer.build(trainable_variables)` "
                    "first. "
                )
            variables = list(self.parameters.variables)
            if len(gradients) != len(variables):
                raise ValueError(
                    "When passing `grads` as a list of gradient tensors, the gradients must match "
                    f"`optimizer.variables` one-to-on. Received a list of {len(gradients)} "
                    f"gradients, but the optimizer is tracking {len(variables)} trainable "
                    "variables."
                )
            return variables
        variables = list(given)
        if len(gradients) != len(variables):
            raise ValueError(f"Received {len(gradients)} gradients for {len(variables)} variables.")
        if self.parameters is None:
            self.build(variables)
        _check_known(variables, {id(variable) for variable in self.parameters.variables})
        return variables

    def apply_gradients(self: "Any", grads_and_vars: Iterable[tuple[Any, Variable]]) -> Variable:
        """Update from pairs of a gradient and its variable; returns the number of updates."""
        pairs = list(grads_and_vars)
        self.apply([gradient for gradient, _ in pairs], [variable for _, variable in pairs])
        iterations: Variable = self.iterations
        return iterations

    def minimize(
        self: "Any", loss: Any, variables: Any, tape: GradientTape | None = None
    ) -> Variable:
        """One update of the variables against a loss; returns the number of updates.

        Args:
            loss: A tensor that `tape` recorded, or a function that computes one.
            variables: The variables to change, or a function that gives them.
            tape: Where the loss was recorded; needed for a tensor.
        """
        if tape is None and not callable(loss):
            raise ValueError(
                "`tape` is required when a `Tensor` loss is passed. "
                f"Received: loss={loss}, tape={tape}."
            )
        tape = GradientTape() if tape is None else tape
        if callable(loss):
            with tape:
                loss = loss()
        chosen = list(variables() if callable(variables) else variables)
        updates: Variable = self.apply_gradients(
            zip(tape.gradient(loss, chosen), chosen, strict=True)
        )
        return updates

    def scale_loss(self: "Any", loss: Any) -> Any:
        """The loss times `loss_scale_factor`, which `apply` takes out of the gradients again."""
        scale = self.common.loss_scale_factor
        return loss if scale is None else loss * scale


def _check_known(variables: Sequence[Variable], known: set[int]) -> None:
    seen: set[int] = set()
    for variable in variables:
        if id(variable) not in known:
            raise ValueError(
                f"Unknown variable: {variable}. This optimizer can only be called for the "
                "variables it was originally built with. When working with a new set of "
                "variables, you should recreate a new optimizer instance."
            )
        if id(variable) in seen:
            raise ValueError(f"There are two gradients for the variable {variable}.")
        seen.add(id(variable))


def _with_gradient(
    gradients: Sequence[Any], variables: Sequence[Variable]
) -> list[tuple[Any, Variable]]:
    """The pairs that have a gradient; ValueError if none has, a warning if some have not."""
    pairs = list(zip(gradients, variables, strict=True))
    found = [pair for pair in pairs if pair[0] is not None]
    if not found:
        raise ValueError("No gradients provided for any variable.")
    if len(found) < len(pairs):
        missing = [variable.path for gradient, variable in pairs if gradient is None]
        warnings.warn(
            f"Gradients do not exist for variables {missing} when minimizing the loss. If using "
            "`model.compile()`, did you forget to provide a `loss` argument?",
            stacklevel=4,
        )
    return found


def _gradient(value: Any, variable: Variable) -> Array:
    array = np.asarray(value)
    if array.shape != variable.shape:
        raise ValueError(
            f"The gradient of {variable.path} must have the shape of the variable, "
            f"{variable.shape}. Received: {array.shape}"
        )
    return array
