"""Matrix products."""

from collections.abc import Callable
from typing import Any

import numpy as np

from kgui.engine.backend.emitter import Emitter
from kgui.engine.errors import ShapeError
from kgui.engine.ops.arithmetic import unbroadcast
from kgui.engine.ops.composite import composite
from kgui.engine.ops.primitive import (
    Array,
    Forward,
    Gradients,
    Primitive,
    Tensor,
    broadcast_shape,
)
from kgui.engine.ops.shaping import expand_dims, squeeze
from kgui.engine.symbolic import KerasTensor, Shape


class MatMul(Primitive):
    """a @ w along a's last axis; w is a matrix, a may have any number of axes from 2."""

    def output_shape(self, *shapes: Shape) -> Shape:
        """a's shape with w's number of columns in place of the last."""
        a, w = shapes
        fits = len(a) >= 2 and len(w) == 2 and (a[-1] == w[0] or None in (a[-1], w[0]))
        if not fits:
            raise ShapeError(
                "Inner dimensions (`x1.shape[-1]` and `x2.shape[-2]`) must be equal, "
                "but received `x1.shape={first}` and `x2.shape={second}`.",
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


class StackedMatMul(Primitive):
    """a @ b of stacks of matrices, whose leading axes broadcast."""

    def output_shape(self, *shapes: Shape) -> Shape:
        """The stack's axes, a's rows and b's columns."""
        a, b = shapes
        stack = broadcast_shape(a[:-2], b[:-2])
        if stack is None or (None not in (a[-1], b[-2]) and a[-1] != b[-2]):
            raise ShapeError(
                "Inner dimensions (`x1.shape[-1]` and `x2.shape[-2]`) must be equal, "
                "but received `x1.shape={first}` and `x2.shape={second}`.",
                first=a,
                second=b,
            )
        return (*stack, a[-2], b[-1])

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """One product for every matrix of the stack."""
        output = out()
        a, b = (_converted(emit, array, output.dtype) for array in inputs)
        emit("matmul", a, b, out=output)
        return Forward((a, b), output)

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient @ bᵀ and aᵀ @ gradient, summed where a or b was broadcast."""
        a, b = done.inputs
        if into.wants(1):
            self._product(emit, a.swapaxes(-1, -2), gradient, into, 1, b)
        if into.wants(0):
            self._product(emit, gradient, b.swapaxes(-1, -2), into, 0, a)

    def _product(
        self, emit: Emitter, left: Array, right: Array, into: Gradients, index: int, value: Array
    ) -> None:
        stack = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
        shape = (*stack, left.shape[-2], right.shape[-1])
        if shape == value.shape:
            emit("matmul", left, right, out=into.into(index))
            return
        product = emit("matmul", left, right, out=emit.buffer(shape, value.dtype))
        unbroadcast(emit, into, index, value, product)


def _converted(emit: Emitter, array: Array, dtype: Any) -> Array:
    """The array itself, or whole numbers as the floats that a product needs."""
    if array.dtype == dtype:
        return array
    return emit("copy", array, out=emit.buffer(array.shape, dtype))


def _rows(array: Array) -> Array:
    return array if array.ndim == 2 else array.reshape(-1, array.shape[-1])


@composite
def matmul(x1: Tensor, x2: Tensor) -> Tensor:
    """x1 @ x2: the last axis of x1 with the last but one of x2; vectors count as matrices."""
    ranks = [len(x.shape) if hasattr(x, "shape") else np.ndim(x) for x in (x1, x2)]
    if 0 in ranks:
        raise ShapeError(
            "matmul needs tensors of at least one axis, but received x1 with {first} axes and "
            "x2 with {second}",
            first=ranks[0],
            second=ranks[1],
        )
    left = expand_dims(x1, 0) if ranks[0] == 1 else x1
    right = expand_dims(x2, 1) if ranks[1] == 1 else x2
    kind = MatMul if max(ranks[1], 2) == 2 else StackedMatMul
    product = kind()(left, right)
    product = squeeze(product, -1) if ranks[1] == 1 else product
    return squeeze(product, (-1 if ranks[1] == 1 else -2)) if ranks[0] == 1 else product


def _right(right: Tensor, left: Tensor) -> Tensor:
    return matmul(left, right)


# The operators of symbolic tensors are these functions; symbolic.py cannot import them.
setattr(KerasTensor, "__matmul__", matmul)  # noqa: B010 - as above
setattr(KerasTensor, "__rmatmul__", _right)  # noqa: B010 - as above
