"""Operations that change shapes: views where nothing has to move."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from kgui.engine.backend.emitter import Emitter
from kgui.engine.errors import ShapeError
from kgui.engine.ops.composite import composite
from kgui.engine.ops.primitive import Array, Forward, Gradients, Primitive, Tensor
from kgui.engine.symbolic import KerasTensor, Shape


class Reshape(Primitive):
    """The same values in another shape; one size may be -1, to be worked out."""

    reads_inputs = False

    def __init__(self, target: Sequence[int]) -> None:
        super().__init__()
        self.target = tuple(target)

    def output_shape(self, *shapes: Shape) -> Shape:
        """The target, with the size for -1 where it can be known."""
        (shape,) = shapes
        known = math.prod(size for size in shape if size is not None)
        wanted = math.prod(size for size in self.target if size != -1)
        if None in shape:
            return tuple(None if size == -1 else size for size in self.target)
        rest = known // wanted if wanted else 0
        sizes = tuple(rest if size == -1 else size for size in self.target)
        if math.prod(sizes) != known:
            raise ShapeError(
                "cannot reshape {shape} into {target}", shape=shape, target=self.target
            )
        return sizes

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """A view."""
        shape = self.output_shape(inputs[0].shape)
        return Forward(inputs, inputs[0].reshape([size or 0 for size in shape]))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient in the input's shape: a view as well."""
        into.give(0, gradient.reshape(done.inputs[0].shape))


class ExpandDims(Reshape):
    """Axes of size 1 inserted."""

    def __init__(self, axes: Sequence[int]) -> None:
        super().__init__(())
        self.name = "expand_dims"
        self.axes = axes

    def output_shape(self, *shapes: Shape) -> Shape:
        """The input's, with the new axes."""
        rank = len(shapes[0]) + len(self.axes)
        if not all(-rank <= axis < rank for axis in self.axes):
            raise ShapeError(
                "axis {axis} is out of bounds for an array of {rank} axes",
                axis=self.axes,
                rank=rank,
            )
        places = [axis % rank for axis in self.axes]
        rest = iter(shapes[0])
        return tuple(1 if place in places else next(rest) for place in range(rank))


class Squeeze(Reshape):
    """Axes of size 1 removed."""

    def __init__(self, axes: Sequence[int] | None) -> None:
        super().__init__(())
        self.name = "squeeze"
        self.axes = axes

    def output_shape(self, *shapes: Shape) -> Shape:
        """The input's, without the axes."""
        (shape,) = shapes
        if self.axes is None:
            return tuple(size for size in shape if size != 1)
        rank = len(shape)
        outside = [axis for axis in self.axes if not -rank <= axis < rank]
        places = [axis % rank for axis in self.axes] if not outside else []
        if outside or any(shape[place] not in (1, None) for place in places):
            raise ShapeError(
                "Cannot squeeze axis={axis}, because the dimension is not 1. "
                "Received: x.shape={shape}",
                axis=self.axes[0] if len(self.axes) == 1 else tuple(self.axes),
                shape=shape,
            )
        return tuple(size for place, size in enumerate(shape) if place not in places)


class Transpose(Primitive):
    """The axes in another order."""

    reads_inputs = False

    def __init__(self, axes: tuple[int, ...]) -> None:
        super().__init__()
        self.axes = axes

    def output_shape(self, *shapes: Shape) -> Shape:
        """The input's sizes in the new order."""
        return tuple(shapes[0][axis] for axis in self.axes)

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """Copy in the new order."""
        return Forward(inputs, emit("copy", inputs[0].transpose(self.axes), out=out()))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient in the old order."""
        emit("copy", gradient.transpose(np.argsort(self.axes)), out=into.into(0))


class Concatenate(Primitive):
    """Tensors joined along one axis."""

    reads_inputs = False

    def __init__(self, axis: int = -1) -> None:
        super().__init__()
        self.axis = axis

    def output_shape(self, *shapes: Shape) -> Shape:
        """The common shape, with the sizes along the axis added up."""
        axis = self._axis(shapes)
        for shape in shapes[1:]:
            rest = zip(shapes[0], shape, strict=False)
            differs = [i for i, (a, b) in enumerate(rest) if i != axis and _differ(a, b)]
            if len(shape) != len(shapes[0]) or differs:
                raise ShapeError(
                    "A `Concatenate` layer requires inputs with matching shapes except for the "
                    "concatenation axis. Received: input_shape={shapes}",
                    shapes=list(shapes),
                )
        sizes = [shape[axis] for shape in shapes]
        total = None if None in sizes else sum(size or 0 for size in sizes)
        return (*shapes[0][:axis], total, *shapes[0][axis + 1 :])

    def _axis(self, shapes: tuple[Shape, ...]) -> int:
        rank = len(shapes[0])
        if not -rank <= self.axis < rank:
            raise ShapeError(
                "axis {axis} is out of bounds for inputs with {rank} axes",
                plain="joins along axis {axis}, which inputs of {rank} axes do not have",
                axis=self.axis,
                rank=rank,
            )
        return self.axis % rank

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """Each input is copied to its place."""
        output = out()
        for array, part in zip(inputs, self._parts(inputs, output), strict=True):
            emit("copy", array, out=part)
        return Forward(inputs, output)

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """Each input takes its part."""
        for index, part in enumerate(self._parts(done.inputs, gradient)):
            if into.wants(index):
                emit("copy", part, out=into.into(index))

    def _parts(self, inputs: tuple[Array, ...], whole: Array) -> list[Array]:
        axis = self.axis % whole.ndim
        start, parts = 0, []
        for array in inputs:
            stop = start + array.shape[axis]
            parts.append(whole[(slice(None),) * axis + (slice(start, stop),)])
            start = stop
        return parts


def _differ(first: int | None, second: int | None) -> bool:
    return first is not None and second is not None and first != second


@composite
def reshape(x: Tensor, newshape: Sequence[int]) -> Tensor:
    """x in another shape of the same number of values; one size may be -1."""
    return Reshape(newshape)(x)


@composite
def expand_dims(x: Tensor, axis: int | Sequence[int]) -> Tensor:
    """x with axes of size 1 inserted, at these places of the result."""
    return ExpandDims((axis,) if isinstance(axis, int) else axis)(x)


@composite
def squeeze(x: Tensor, axis: int | Sequence[int] | None = None) -> Tensor:
    """x without some axes of size 1, or without all of them."""
    return Squeeze((axis,) if isinstance(axis, int) else axis)(x)


@composite
def concatenate(xs: Sequence[Tensor], axis: int = 0) -> Tensor:
    """Tensors joined along an axis."""
    return Concatenate(axis)(*xs)


@composite
def transpose(x: Tensor, axes: Sequence[int] | None = None) -> Tensor:
    """The axes in another order, reversed unless one is given."""
    rank = len(x.shape)
    return Transpose(tuple(reversed(range(rank))) if axes is None else tuple(axes))(x)


def _reshaped(x: KerasTensor, *newshape: Any) -> Tensor:
    return reshape(x, newshape[0] if len(newshape) == 1 else newshape)


# The methods of symbolic tensors are these functions; symbolic.py cannot import them.
setattr(KerasTensor, "reshape", _reshaped)  # noqa: B010 - as above
setattr(KerasTensor, "squeeze", squeeze)  # noqa: B010 - as above
