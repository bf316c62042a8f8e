"""The merging layers as functions: `add([a, b])` for `Add()([a, b])`."""

from collections.abc import Sequence
from typing import Any

from kgui.engine.layers.merging import (
    Add,
    Average,
    Concatenate,
    Dot,
    Maximum,
    Minimum,
    Multiply,
    Subtract,
)
from kgui.engine.ops.primitive import Tensor


def add(inputs: Sequence[Tensor], **kwargs: Any) -> Tensor:
    """Add()(inputs)."""
    return Add(**kwargs)(inputs)


def subtract(inputs: Sequence[Tensor], **kwargs: Any) -> Tensor:
    """Subtract()(inputs)."""
    return Subtract(**kwargs)(inputs)


def multiply(inputs: Sequence[Tensor], **kwargs: Any) -> Tensor:
    """Multiply()(inputs)."""
    return Multiply(**kwargs)(inputs)


def average(inputs: Sequence[Tensor], **kwargs: Any) -> Tensor:
    """Average()(inputs)."""
    return Average(**kwargs)(inputs)


def maximum(inputs: Sequence[Tensor], **kwargs: Any) -> Tensor:
    """Maximum()(inputs)."""
    return Maximum(**kwargs)(inputs)


def minimum(inputs: Sequence[Tensor], **kwargs: Any) -> Tensor:
    """Minimum()(inputs)."""
    return Minimum(**kwargs)(inputs)


def concatenate(inputs: Sequence[Tensor], axis: int = -1, **kwargs: Any) -> Tensor:
    """Concatenate(axis)(inputs)."""
    return Concatenate(axis, **kwargs)(inputs)


def dot(inputs: Sequence[Tensor], axes: int | tuple[int, int] = -1, **kwargs: Any) -> Tensor:
    """Dot(axes)(inputs)."""
    return Dot(axes, **kwargs)(inputs)
