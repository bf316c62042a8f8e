"""What weights must satisfy after every update, as `keras.constraints`."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Self

import numpy as np

from kgui.engine import named
from kgui.engine.backend.session import epsilon
from kgui.engine.variables import Array


class Constraint:
    """A function from a weight to the nearest one that is allowed."""

    names: ClassVar[Collection[str]] = ()
    """Every string that stands for a constraint."""

    def __call__(self, w: Any) -> Array:
        """The weight as it may be."""
        return np.asarray(w)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal constraint."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """An equal constraint."""
        return cls(**config)


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


max_norm, non_neg, unit_norm, min_max_norm = MaxNorm, NonNeg, UnitNorm, MinMaxNorm

BY_NAME = named.by_names(Constraint, MaxNorm, NonNeg, UnitNorm, MinMaxNorm)
Constraint.names = BY_NAME.keys()


def get(identifier: Any) -> Any:
    """The constraint of that name, class or config; a function as it is; None for None."""
    return named.instance_of("constraint", BY_NAME, identifier)


def serialize(constraint: Constraint) -> dict[str, Any]:
    """A constraint as plain data."""
    described: dict[str, Any] = named.plain(constraint)
    return described


def deserialize(
    config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Constraint:
    """The constraint that plain data describe; ValueError for a class that is not known."""
    made: Constraint = named.described_by("constraint", BY_NAME, config, custom_objects)
    return made


def _lengths(w: Any, axis: Any) -> Array:
    over = tuple(axis) if isinstance(axis, list | tuple) else axis
    return np.asarray(np.sqrt(np.sum(np.square(np.asarray(w)), axis=over, keepdims=True)))


def _of_length(w: Any, lengths: Array, wanted: Any) -> Array:
    return np.asarray(np.asarray(w) * (wanted / (epsilon() + lengths)))
