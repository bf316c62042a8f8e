"""Sums and means over axes."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from kgui.engine.backend.emitter import Emitter
from kgui.engine.ops.arithmetic import multiply
from kgui.engine.ops.composite import composite
from kgui.engine.ops.primitive import Array, Cast, Forward, Gradients, Primitive, Tensor
from kgui.engine.symbolic import Shape


class Sum(Primitive):
    """The sum over some or all axes, times a factor."""

    reads_inputs = False

    def __init__(
        self, axes: tuple[int, ...] | None, mean: bool = False, keepdims: bool = False
    ) -> None:
        super().__init__()
        self.axes = axes
        self.mean = self.computes_floats = mean
        self.keepdims = keepdims
        self.name = "mean" if mean else "sum"

    def _over(self, rank: int) -> tuple[int, ...]:
        return tuple(range(rank)) if self.axes is None else tuple(a % rank for a in self.axes)

    def output_shape(self, *shapes: Shape) -> Shape:
        """The input's without the axes summed over."""
        return tuple(reduced(shapes[0], self._over(len(shapes[0])), self.keepdims))

    def _factor(self, shape: tuple[int, ...]) -> float:
        count = int(np.prod([shape[axis] for axis in self._over(len(shape))], dtype=np.int64))
        return 1 / max(count, 1) if self.mean else 1.0

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """Sum, then divide by the number of values for a mean."""
        (x,) = inputs
        output, over = out(), self._over(x.ndim)
        emit("sum_over", x, out=output.reshape(reduced(x.shape, over)), axes=over)
        if self.mean:
            emit("scale", output, out=output, factor=self._factor(x.shape))
        return Forward(inputs, output)

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient, shared out to every value."""
        (x,) = done.inputs
        over = self._over(x.ndim)
        column = gradient.reshape([1 if a in over else s for a, s in enumerate(x.shape)])
        target = emit("copy", column, out=into.into(0))
        if self.mean:
            emit("scale", target, out=target, factor=self._factor(x.shape))


def reduced(shape: Shape, over: Sequence[int], keepdims: bool = False) -> Any:
    """A shape without the axes reduced over, or with 1 in their place."""
    if keepdims:
        return tuple(1 if axis in over else size for axis, size in enumerate(shape))
    return tuple(size for axis, size in enumerate(shape) if axis not in over)


def axes_of(axis: int | Sequence[int] | None) -> tuple[int, ...] | None:
    if axis is None:
        return None
    return (axis,) if isinstance(axis, int) else tuple(axis)


def counted(x: Tensor) -> Tensor:
    """Truth values as 0 and 1, to be added up; anything else as it is."""
    return Cast("int32")(x) if str(getattr(x, "dtype", "")) == "bool" else x


@composite
def sum(  # noqa: A001 - Keras's name
    x: Tensor, axis: int | Sequence[int] | None = None, keepdims: bool = False
) -> Tensor:
    """The sum over an axis, several, or all."""
    return Sum(axes_of(axis), keepdims=keepdims)(counted(x))


@composite
def mean(x: Tensor, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The mean over an axis, several, or all."""
    return Sum(axes_of(axis), mean=True, keepdims=keepdims)(x)


def average(x: Tensor, factor: float) -> Tensor:
    """The sum of all values times a factor."""
    return multiply(Sum(None)(x), factor)
