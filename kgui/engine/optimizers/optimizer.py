"""The base of optimizers, and the flat vectors they work on."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from kgui.engine.backend.emitter import Emitter
from kgui.engine.backend.session import floatx
from kgui.engine.naming import automatic_name, snake_case
from kgui.engine.variables import Array, Variable


class ParameterVector:
    """All trainable weights of a model in one vector; layers hold views of it."""

    def __init__(self, variables: Sequence[Variable]) -> None:
        self.variables = list(variables)
        dtype = self.variables[0].array.dtype if variables else np.dtype(floatx())
        size = sum(variable.array.size for variable in variables)
        self.values: Array = np.zeros(size, dtype)
        self.gradient: Array = np.zeros(size, dtype)
        self._homes = self.split(self.values)
        for variable, home in zip(self.variables, self._homes, strict=True):
            variable.move_into(home)

    def split(self, vector: Array) -> list[Array]:
        """Views of such a vector in the shapes of the weights."""
        views, start = [], 0
        for variable in self.variables:
            stop = start + variable.array.size
            views.append(vector[start:stop].reshape(variable.shape))
            start = stop
        return views

    def slots(self) -> dict[int, Array]:
        """Where each weight's gradient goes, by the weight's id."""
        views = self.split(self.gradient)
        return {id(v): view for v, view in zip(self.variables, views, strict=True)}

    def holds(self, variables: Sequence[Variable]) -> bool:
        """True while exactly these weights live here; another model may have taken them."""
        return len(variables) == len(self.variables) and all(
            mine is variable and variable.array is home
            for mine, variable, home in zip(self.variables, variables, self._homes, strict=True)
        )

    def take_back(self) -> None:
        """Move the weights here again, with the values they have now."""
        for variable, home in zip(self.variables, self._homes, strict=True):
            if variable.array is not home:
                variable.move_into(home)


class Optimizer:
    """Changes weights along their gradients.

    Args:
        learning_rate: Size of a step; may be assigned while training.
        name: Name of the optimizer.
    """

    slot_names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, learning_rate: float, name: str | None = None) -> None:
        self.name = name or automatic_name(snake_case(type(self).__name__))
        self.iterations = Variable(0, dtype="int64", trainable=False, name="iteration")
        self._learning_rate = Variable(learning_rate, trainable=False, name="learning_rate")
        self.parameters: ParameterVector | None = None
        self.slots: dict[str, Array] = {}

    @property
    def learning_rate(self) -> Variable:
        """The learning rate, as a variable."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self._learning_rate.assign(value)

    def build(self, variables: Sequence[Variable]) -> None:
        """Gather the weights into one vector and make the state; once, unless they change."""
        if self.parameters is None:
            self.parameters = ParameterVector(variables)
            self.slots = {name: np.zeros_like(self.parameters.values) for name in self.slot_names}
        elif not self.parameters.holds(variables):
            same = [id(v) for v in variables] == [id(v) for v in self.parameters.variables]
            if not same:
                raise ValueError(
                    "The optimizer was built for other variables. Compile the model again after "
                    "changing which layers are trainable."
                )
            self.parameters.take_back()

    @property
    def variables(self) -> list[Variable]:
        """State in Keras's order: iteration, learning rate, then every weight's slots."""
        state = [self.iterations, self._learning_rate]
        if self.parameters is None:
            return state
        parts = [self.parameters.split(vector) for vector in self.slots.values()]
        for index, weight in enumerate(self.parameters.variables):
            for name, part in zip(self.slots, parts, strict=True):
                slot = Variable(0.0, trainable=False, name=f"{weight.path}_{name}")
                slot.array = part[index]
                state.append(slot)
        return state

    def emit_update(self, emit: Emitter) -> None:
        """Emit one update of the vector of parameters from its gradient."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer."""
        return {"name": self.name, "learning_rate": float(self._learning_rate.array)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Optimizer":
        """An equal optimizer without state."""
        return cls(**config)
