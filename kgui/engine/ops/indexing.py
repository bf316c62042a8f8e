"""Picking values by position; the derivative adds up where a position was picked repeatedly."""

from collections.abc import Callable

import numpy as np

from kgui.engine.backend.emitter import Emitter
from kgui.engine.errors import ShapeError
from kgui.engine.ops.composite import composite
from kgui.engine.ops.primitive import Array, Forward, Gradients, Primitive, Tensor
from kgui.engine.ops.shaping import reshape
from kgui.engine.symbolic import KerasTensor, Shape
from kgui.engine.variables import Variable


class Take(Primitive):
    """(x, indices): x at the indices along one axis."""

    reads_inputs = False

    def __init__(self, axis: int) -> None:
        super().__init__()
        self.axis = axis

    def output_shape(self, *shapes: Shape) -> Shape:
        """x's, with the indices' sizes in place of the axis."""
        x, indices = shapes
        axis = self._axis(x)
        return (*x[:axis], *indices, *x[axis + 1 :])

    def _axis(self, shape: Shape) -> int:
        rank = len(shape)
        if not -rank <= self.axis < rank:
            raise ShapeError(
                "axis {axis} is out of bounds for an array of {rank} axes",
                axis=self.axis,
                rank=rank,
            )
        return self.axis % rank

    def output_dtype(self, *dtypes: str) -> str:
        """x's."""
        return dtypes[0]

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """Check the indices, then copy what they point at."""
        x, indices = inputs
        axis = self._axis(x.shape)
        places = emit.buffer(indices.shape, np.intp)
        emit("positions", indices, out=places, size=x.shape[axis], axis=axis)
        return Forward(inputs, emit("gather", x, places, out=out(), axis=axis), (places,))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient at the indices, added up."""
        if into.wants(0):
            axis = self._axis(done.inputs[0].shape)
            emit("scatter", done.saved[0], contiguous(emit, gradient), out=into.into(0), axis=axis)


def contiguous(emit: Emitter, array: Array) -> Array:
    """The array itself, or a copy without gaps."""
    if array.flags.c_contiguous:
        return array
    return emit("copy", array, out=emit.buffer(array.shape, array.dtype))


@composite
def take(x: Tensor, indices: Tensor, axis: int | None = None) -> Tensor:
    """x at the indices along an axis, or in the flat x; negative indices count from the end.

    The indices may be whole numbers kept as floats. IndexError for one that is out of range.
    """
    if not isinstance(indices, KerasTensor | Variable):
        indices = np.asarray(indices)
    return Take(0)(reshape(x, (-1,)), indices) if axis is None else Take(axis)(x, indices)
