"""What weights must satisfy after every update, as `keras.constraints`."""

from typing import Any

import numpy as np

from kgui.engine.backend.session import epsilon
from kgui.engine.naming import nearest, snake_case
from kgui.engine.variables import Array


class Constraint:
    """A function from a weight to the nearest one that is allowed."""

    def __call__(self, w: Any) -> Array:
        """The weight as it may be."""
        return np.asarray(w)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal constraint."""
        return {}


class MaxNorm(Constraint):
    """No longer than `max_value` along an axis.

    Args:
        max_value: Greatest length.
        axis: Axis, or axes, along which the length is taken.
    """

    def __init__(self, max_value: float = 2, axis: Any = 0) -> None:
        self.max_value, self.axis = max_value, axis

    def __call__(self, w: Any) -> Array:
        """The weight, shortened where it is too long."""
        lengths = _lengths(w, self.axis)
        return _of_length(w, lengths, np.clip(lengths, 0, self.max_value))

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal constraint."""
        return {"max_value": self.max_value, "axis": self.axis}


class NonNeg(Constraint):
    """Nothing below 0."""

    def __call__(self, w: Any) -> Array:
        """The weight with 0 for what is negative."""
        return np.asarray(np.maximum(np.asarray(w), 0))


class UnitNorm(Constraint):
    """Of length 1 along an axis.

    Args:
        axis: Axis, or axes, along which the length is taken.
    """

    def __init__(self, axis: Any = 0) -> None:
        self.axis = axis

    def __call__(self, w: Any) -> Array:
        """The weight, divided by its lengths."""
        return _of_length(w, _lengths(w, self.axis), 1)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal constraint."""
        return {"axis": self.axis}


class MinMaxNorm(Constraint):
    """Of a length between two limits along an axis.

    Args:
        min_value: Least length.
        max_value: Greatest length.
        rate: Share of the way to the limit that one update goes.
        axis: Axis, or axes, along which the length is taken.
    """

    def __init__(
        self,
        min_value: float = 0.0,
        max_value: float = 1.0,
        rate: float = 1.0,
        axis: Any = 0,
    ) -> None:
        self.min_value, self.max_value = min_value, max_value
        self.rate, self.axis = rate, axis

    def __call__(self, w: Any) -> Array:
        """The weight, brought nearer to the limits where it is beyond."""
        lengths = _lengths(w, self.axis)
        wanted = np.clip(lengths, self.min_value, self.max_value)
        return _of_length(w, lengths, self.rate * wanted + (1 - self.rate) * lengths)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal constraint."""
        return {
            "min_value": self.min_value,
            "max_value": self.max_value,
            "rate": self.rate,
            "axis": self.axis,
        }


_BY_NAME: dict[str, type[Constraint]] = {
    kind.__name__: kind for kind in (MaxNorm, NonNeg, UnitNorm, MinMaxNorm)
}
_BY_NAME.update({snake_case(name): kind for name, kind in list(_BY_NAME.items())})


def get(identifier: Any) -> Any:
    """The constraint of that name, class or config; a function as it is; None for None."""
    if isinstance(identifier, dict):
        return _BY_NAME[identifier["class_name"]](**identifier.get("config", {}))
    found = _BY_NAME.get(identifier) if isinstance(identifier, str) else identifier
    if found is None and identifier is None:
        return None
    if not callable(found):
        near = nearest(identifier, _BY_NAME)
        raise ValueError(f"Could not interpret constraint identifier: {identifier}{near}")
    return found() if isinstance(found, type) else found


def _lengths(w: Any, axis: Any) -> Array:
    over = tuple(axis) if isinstance(axis, list | tuple) else axis
    return np.asarray(np.sqrt(np.sum(np.square(np.asarray(w)), axis=over, keepdims=True)))


def _of_length(w: Any, lengths: Array, wanted: Any) -> Array:
    return np.asarray(np.asarray(w) * (wanted / (epsilon() + lengths)))
