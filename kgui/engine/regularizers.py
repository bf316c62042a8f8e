"""Penalties on weights and outputs, as `keras.regularizers`; written in `ops`."""

import math
from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Self

from kgui.engine import named, ops
from kgui.engine.ops.primitive import Tensor


class Regularizer:
    """A function from a tensor to a number that is added to the loss."""

    names: ClassVar[Collection[str]] = ()
    """Every string that stands for a regularizer."""

    def __call__(self, x: Tensor) -> Tensor:
        """The penalty."""
        return 0.0

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal regularizer."""
        raise NotImplementedError(f"{self} does not implement get_config()")

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """An equal regularizer."""
        return cls(**config)


class L1L2(Regularizer):
    """l1 * sum(|x|) + l2 * sum(x^2).

    Args:
        l1: Factor of the sum of magnitudes.
        l2: Factor of the sum of squares.
    """

    def __init__(self, l1: float | None = 0.0, l2: float | None = 0.0) -> None:
        self.l1 = _factor("l1", 0.0 if l1 is None else l1)
        self.l2 = _factor("l2", 0.0 if l2 is None else l2)

    def __call__(self, x: Tensor) -> Tensor:
        """The penalty."""
        magnitudes, squares = _magnitudes(x, self.l1), _squares(x, self.l2)
        if self.l1 and self.l2:
            return ops.add(magnitudes, squares)
        return magnitudes if self.l1 else squares

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal regularizer."""
        return {"l1": self.l1, "l2": self.l2}


class L1(Regularizer):
    """l1 * sum(|x|).

    Args:
        l1: The factor.
    """

    def __init__(self, l1: float | None = 0.01) -> None:
        self.l1 = _factor("l1", 0.01 if l1 is None else l1)

    def __call__(self, x: Tensor) -> Tensor:
        """The penalty."""
        return _magnitudes(x, self.l1)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal regularizer."""
        return {"l1": self.l1}


class L2(Regularizer):
    """l2 * sum(x^2).

    Args:
        l2: The factor.
    """

    def __init__(self, l2: float | None = 0.01) -> None:
        self.l2 = _factor("l2", 0.01 if l2 is None else l2)

    def __call__(self, x: Tensor) -> Tensor:
        """The penalty."""
        return _squares(x, self.l2)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal regularizer."""
        return {"l2": self.l2}


class OrthogonalRegularizer(Regularizer):
    """Mean of the cosines between all pairs of rows or columns, without their signs.

    Args:
        factor: What the mean is multiplied with.
        mode: "rows" or "columns".
    """

    def __init__(self, factor: float = 0.01, mode: str = "rows") -> None:
        self.factor, self.mode = _factor("factor", factor), mode
        if mode not in ("rows", "columns"):
            raise ValueError(
                "Invalid value for argument `mode`. Expected one of {'rows', 'columns'}. "
                f"Received: mode={mode}"
            )

    def __call__(self, x: Tensor) -> Tensor:
        """The penalty; ValueError for anything but two axes."""
        if len(x.shape) != 2:
            raise ValueError(
                "Inputs to OrthogonalRegularizer must have rank 2. Received: "
                f"inputs.shape={x.shape}"
            )
        along = 1 if self.mode == "rows" else 0
        squares = ops.maximum(ops.sum(ops.square(x), axis=along), 1e-14)
        unit = ops.divide(x, ops.sqrt(ops.expand_dims(squares, along)))
        turned = ops.transpose(unit)
        cosines = ops.matmul(unit, turned) if along else ops.matmul(turned, unit)
        size = x.shape[1 - along]
        # The diagonal holds the squared lengths, whose sum is taken off again.
        others = ops.subtract(ops.sum(ops.absolute(cosines)), ops.sum(ops.square(unit)))
        return ops.multiply(others, self.factor / max(size * (size - 1.0), 1.0))

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal regularizer."""
        return {"factor": self.factor, "mode": self.mode}


l1, l2, l1_l2, orthogonal_regularizer = L1, L2, L1L2, OrthogonalRegularizer

BY_NAME = named.by_names(L1, L2, L1L2, OrthogonalRegularizer)
Regularizer.names = BY_NAME.keys()


def get(identifier: Any) -> Any:
    """The regularizer of that name, class or config; a function as it is; None for None."""
    return named.instance_of("regularizer", BY_NAME, identifier)


def serialize(regularizer: Regularizer) -> dict[str, Any]:
    """A regularizer as plain data."""
    described: dict[str, Any] = named.plain(regularizer)
    return described


def deserialize(
    config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Regularizer:
    """The regularizer that plain data describe; ValueError for a class that is not known."""
    made: Regularizer = named.described_by("regularizer", BY_NAME, config, custom_objects)
    return made


def _magnitudes(x: Tensor, factor: float) -> Tensor:
    return ops.multiply(ops.sum(ops.absolute(x)), factor)


def _squares(x: Tensor, factor: float) -> Tensor:
    return ops.multiply(ops.sum(ops.square(x)), factor)


def _factor(name: str, value: Any) -> float:
    number = isinstance(value, float | int) and math.isfinite(value) and value >= 0
    if not number:
        raise ValueError(
            f"Invalid value for argument {name}: expected a non-negative float."
            f"Received: {name}={value}"
        )
    return float(value)
