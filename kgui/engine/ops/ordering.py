"""Where the greatest and least values are: positions have no derivative."""

from collections.abc import Callable

import numpy as np

from kgui.engine.backend.emitter import Emitter
from kgui.engine.ops.composite import composite
from kgui.engine.ops.primitive import Array, Forward, Primitive, Tensor
from kgui.engine.ops.shaping import reshape
from kgui.engine.symbolic import Shape


class Position(Primitive):
    """Where along an axis the greatest or the least value is, or the order of all."""

    differentiable = False

    def __init__(self, kernel: str, axis: int) -> None:
        super().__init__()
        self.kernel, self.axis = kernel, axis

    def output_shape(self, *shapes: Shape) -> Shape:
        """The input's, without the axis unless all values are ordered."""
        (shape,) = shapes
        if self.kernel == "argsort_along":
            return shape
        axis = self.axis % len(shape)
        return (*shape[:axis], *shape[axis + 1 :])

    def output_dtype(self, *dtypes: str) -> str:
        """Keras's."""
        return "int32"

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """The positions, converted from what NumPy gives."""
        output = out()
        found = emit.buffer(output.shape, np.intp)
        emit(self.kernel, *inputs, out=found, axis=self.axis)
        return Forward(inputs, emit("copy", found, out=output))


def _position(kernel: str, x: Tensor, axis: int | None, keepdims: bool) -> Tensor:
    rank = len(x.shape)
    if axis is None:
        found = Position(kernel, 0)(reshape(x, (-1,)))
        return reshape(found, (1,) * rank) if keepdims else found
    found = Position(kernel, axis)(x)
    return reshape(found, _kept(x.shape, axis % rank)) if keepdims else found


@composite
def argmax(x: Tensor, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Index of the largest value along an axis, or in the flat x; the first of equals."""
    return _position("argmax_along", _with_shape(x), axis, keepdims)


@composite
def argmin(x: Tensor, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Index of the smallest value along an axis, or in the flat x; the first of equals."""
    return _position("argmin_along", _with_shape(x), axis, keepdims)


@composite
def argsort(x: Tensor, axis: int | None = -1) -> Tensor:
    """Indices that bring the values along an axis into rising order."""
    x = _with_shape(x)
    flat = reshape(x, (-1,)) if axis is None else x
    return Position("argsort_along", 0 if axis is None else axis)(flat)


def _kept(shape: Shape, axis: int) -> list[int]:
    """A shape with 1 in place of an axis, as `reshape` takes it."""
    sizes = [-1 if size is None else size for size in shape]
    sizes[axis] = 1
    return sizes


def _with_shape(x: Tensor) -> Tensor:
    return x if hasattr(x, "shape") else np.asarray(x)
