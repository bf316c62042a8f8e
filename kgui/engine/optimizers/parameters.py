"""The flat vector that all trainable weights of a model share."""

from collections.abc import Sequence

import numpy as np

from kgui.engine.backend.memory import filled, up_to_line
from kgui.engine.backend.session import floatx
from kgui.engine.variables import Array, Variable


class ParameterVector:
    """All trainable weights of a model in one vector; layers hold views of it.

    Each begins on a line of the cache; what lies between them belongs to none.
    """

    def __init__(self, variables: Sequence[Variable]) -> None:
        self.variables = list(variables)
        dtype = self.variables[0].array.dtype if variables else np.dtype(floatx())
        self._starts = _starts([variable.size for variable in variables], dtype.itemsize)
        size = self._starts.pop()
        self.values: Array = filled((size,), dtype)
        self.gradient: Array = filled((size,), dtype)
        self._homes = self.split(self.values)
        for variable, home in zip(self.variables, self._homes, strict=True):
            variable.move_into(home)

    def split(self, vector: Array) -> list[Array]:
        """Views of such a vector in the shapes of the weights."""
        return [
            vector[start : start + variable.array.size].reshape(variable.shape)
            for start, variable in zip(self._starts, self.variables, strict=True)
        ]

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


def _starts(sizes: Sequence[int], itemsize: int) -> list[int]:
    """Where in a vector each part begins, and where the last ends."""
    starts = [0]
    for size in sizes:
        starts.append(up_to_line(starts[-1] + size, itemsize))
    return starts
