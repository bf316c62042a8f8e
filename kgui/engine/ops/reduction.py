"""Sums and means over axes."""

from collections.abc import Callable, Sequence

import numpy as np

from kgui.engine.backend.emitter import Emitter
from kgui.engine.ops.arithmetic import multiply
from kgui.engine.ops.primitive import Array, Forward, Gradients, Primitive, Tensor
from kgui.engine.symbolic import Shape


class Sum(Primitive):
    """The sum over some or all axes, times a factor."""

    reads_inputs = False

    def __init__(self, axes: tuple[int, ...] | None, mean: bool = False) -> None:
        super().__init__()
        self.axes = axes
        self.mean = mean
        self.name = "mean" if mean else "sum"

    def _over(self, rank: int) -> tuple[int, ...]:
        return tuple(range(rank)) if self.axes is None else tuple(a % rank for a in self.axes)

    def output_shape(self, *shapes: Shape) -> Shape:
        """The input's without the axes summed over."""
        over = self._over(len(shapes[0]))
        return tuple(size for axis, size in enumerate(shapes[0]) if axis not in over)

    def _factor(self, shape: tuple[int, ...]) -> float:
        count = int(np.prod([shape[axis] for axis in self._over(len(shape))], dtype=np.int64))
        return 1 / max(count, 1) if self.mean else 1.0

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """Sum, then divide by the number of values for a mean."""
        (x,) = inputs
        output = out()
        emit("sum_over", x, out=output, axes=self._over(x.ndim))
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


def _axes(axis: int | Sequence[int] | None) -> tuple[int, ...] | None:
    if axis is None:
        return None
    return (axis,) if isinstance(axis, int) else tuple(axis)


def sum(x: Tensor, axis: int | Sequence[int] | None = None) -> Tensor:  # noqa: A001 - Keras's name
    """The sum over an axis, several, or all."""
    return Sum(_axes(axis))(x)


def mean(x: Tensor, axis: int | Sequence[int] | None = None) -> Tensor:
    """The mean over an axis, several, or all."""
    return Sum(_axes(axis), mean=True)(x)


def average(x: Tensor, factor: float) -> Tensor:
    """The sum of all values times a factor."""
    return multiply(Sum(None)(x), factor)
