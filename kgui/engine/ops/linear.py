"""Matrix products."""

from collections.abc import Callable
from typing import Any

from kgui.engine.backend.emitter import Emitter
from kgui.engine.errors import ShapeError
from kgui.engine.ops.primitive import Array, Forward, Gradients, Primitive, Tensor
from kgui.engine.symbolic import Shape


class MatMul(Primitive):
    """a @ w along a's last axis; w is a matrix, a may have any number of axes from 2."""

    def output_shape(self, *shapes: Shape) -> Shape:
        """a's shape with w's number of columns in place of the last."""
        a, w = shapes
        fits = len(a) >= 2 and len(w) == 2 and (a[-1] == w[0] or None in (a[-1], w[0]))
        if not fits:
            raise ShapeError(
                "Inner dimensions (`x1.shape[-1]` and `x2.shape[-2]`) must be equal, "
                "but received x1.shape={first} and x2.shape={second}",
                first=a,
                second=w,
            )
        return (*a[:-1], w[1])

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """One product of two matrices; further axes of a count as rows."""
        output = out()
        a, w = (_converted(emit, array, output.dtype) for array in inputs)
        emit("dot", _rows(a), w, out=_rows(output))
        return Forward((a, w), output)

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient @ wᵀ and aᵀ @ gradient."""
        a, w = done.inputs
        if into.wants(1):
            emit("dot", _rows(a).T, _rows(gradient), out=into.into(1))
        if into.wants(0):
            emit("dot", _rows(gradient), w.T, out=_rows(into.into(0)))


def _converted(emit: Emitter, array: Array, dtype: Any) -> Array:
    """The array itself, or whole numbers as the floats that a product needs."""
    if array.dtype == dtype:
        return array
    return emit("copy", array, out=emit.buffer(array.shape, dtype))


def _rows(array: Array) -> Array:
    return array if array.ndim == 2 else array.reshape(-1, array.shape[-1])


def matmul(x1: Tensor, x2: Tensor) -> Tensor:
    """x1 @ x2, where x2 is a matrix."""
    return MatMul()(x1, x2)
