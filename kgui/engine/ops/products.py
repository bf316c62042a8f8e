"""Products: of all values, of vectors, of pairs; and axes in another order."""

from collections.abc import Callable, Sequence

import numpy as np

from kgui.engine.backend.emitter import Emitter
from kgui.engine.ops.arithmetic import multiply
from kgui.engine.ops.comparison import cast
from kgui.engine.ops.composite import composite
from kgui.engine.ops.linear import matmul
from kgui.engine.ops.primitive import Array, Forward, Gradients, Primitive, Tensor
from kgui.engine.ops.reduction import axes_of, counted, reduced
from kgui.engine.ops.reduction import sum as sum_over
from kgui.engine.ops.shaping import reshape, transpose
from kgui.engine.symbolic import Shape

Axes = int | Sequence[int] | None


class Product(Primitive):
    """The product over some or all axes."""

    def __init__(self, axes: tuple[int, ...] | None, keepdims: bool) -> None:
        super().__init__()
        self.axes, self.keepdims = axes, keepdims

    def _over(self, rank: int) -> tuple[int, ...]:
        return tuple(range(rank)) if self.axes is None else tuple(a % rank for a in self.axes)

    def output_shape(self, *shapes: Shape) -> Shape:
        """The input's without the axes, or with 1 in their place."""
        shape: Shape = reduced(shapes[0], self._over(len(shapes[0])), self.keepdims)
        return shape

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """Multiply."""
        (x,) = inputs
        output, over = out(), self._over(x.ndim)
        emit("product_over", x, out=output.reshape(reduced(x.shape, over)), axes=over)
        return Forward(inputs, output)

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """Each value takes the gradient times the product of the others."""
        (x,) = done.inputs
        over = self._over(x.ndim)
        column = gradient.reshape(reduced(x.shape, over, True))
        emit("product_gradient", x, column, out=into.into(0), axes=over)


@composite
def prod(x: Tensor, axis: Axes = None, keepdims: bool = False, dtype: str | None = None) -> Tensor:
    """The product over an axis, several, or all."""
    return Product(axes_of(axis), keepdims)(counted(x) if dtype is None else cast(x, dtype))


def _rank(x: Tensor) -> int:
    return len(x.shape) if hasattr(x, "shape") else np.ndim(x)


@composite
def dot(x1: Tensor, x2: Tensor) -> Tensor:
    """The sum of products along the last axis of x1 and the last but one (or only) of x2."""
    first, second = _rank(x1), _rank(x2)
    if first == 0 or second == 0:
        return multiply(x1, x2)
    if second <= 2:
        return matmul(x1, x2)
    # The axis summed over comes first, the others are one.
    order = [second - 2, *range(second - 2), second - 1]
    moved = transpose(x2, order)
    sizes = moved.shape[1:]
    product = matmul(x1, reshape(moved, (moved.shape[0], -1)))
    return reshape(product, [*(-1 if s is None else s for s in x1.shape[:-1]), *sizes])


@composite
def vdot(x1: Tensor, x2: Tensor) -> Tensor:
    """The sum of products of all values."""
    return sum_over(multiply(reshape(x1, (-1,)), reshape(x2, (-1,))))


@composite
def outer(x1: Tensor, x2: Tensor) -> Tensor:
    """Every value of x1 times every value of x2."""
    return multiply(reshape(x1, (-1, 1)), reshape(x2, (1, -1)))


@composite
def swapaxes(x: Tensor, axis1: int, axis2: int) -> Tensor:
    """x with two axes exchanged."""
    order = list(range(_rank(x)))
    order[axis1], order[axis2] = order[axis2], order[axis1]
    return transpose(x, order)


@composite
def moveaxis(x: Tensor, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """x with axes moved to other places; the others keep their order."""
    rank = _rank(x)
    pairs = [
        [axis % rank for axis in ((given,) if isinstance(given, int) else given)]
        for given in (destination, source)
    ]
    order = [axis for axis in range(rank) if axis not in pairs[1]]
    for place, axis in sorted(zip(*pairs, strict=True)):
        order.insert(place, axis)
    return transpose(x, order)


@composite
def ravel(x: Tensor) -> Tensor:
    """All values in one axis."""
    return reshape(x, (-1,))
