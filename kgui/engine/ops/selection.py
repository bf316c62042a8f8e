"""Choosing between values, and parts of tensors: where, slices, repetition, flips."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from kgui.engine.backend.emitter import Emitter
from kgui.engine.errors import ShapeError
from kgui.engine.ops.arithmetic import unbroadcast
from kgui.engine.ops.composite import composite
from kgui.engine.ops.indexing import Take, contiguous
from kgui.engine.ops.primitive import (
    Array,
    Forward,
    Gradients,
    Primitive,
    Tensor,
    broadcast_shape,
)
from kgui.engine.ops.shaping import concatenate, expand_dims, reshape
from kgui.engine.symbolic import KerasTensor, Shape

Key = Any
"""What stands between the brackets of x[key]."""


class Where(Primitive):
    """(condition, a, b): a where the condition holds, else b."""

    reads_inputs = False

    def output_shape(self, *shapes: Shape) -> Shape:
        """The shape all three broadcast to."""
        shape: Shape | None = ()
        for other in shapes:
            shape = None if shape is None else broadcast_shape(shape, other)
        if shape is None:
            raise ShapeError("Inputs have incompatible shapes: {shapes}", shapes=list(shapes))
        return shape

    def output_dtype(self, *dtypes: str) -> str:
        """That of the two to choose from."""
        return super().output_dtype(*dtypes[1:])

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """Choose; the choice is kept, as the condition's buffer may be used again."""
        condition = emit.buffer(inputs[0].shape, bool)
        emit("copy", inputs[0], out=condition)
        output = emit("where", condition, *inputs[1:], out=out())
        return Forward(inputs, output, (condition,))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """Each takes the gradient where it was chosen."""
        for index, when in ((2, False), (1, True)):
            if into.wants(index):
                share = emit.buffer(gradient.shape, gradient.dtype)
                emit("keep", *done.saved, gradient, out=share, when=when)
                unbroadcast(emit, into, index, done.inputs[index], share)


class GetItem(Primitive):
    """x[key] of whole numbers, slices, None and Ellipsis."""

    reads_inputs = False

    def __init__(self, key: Key) -> None:
        super().__init__()
        self.name = "get_item"
        self.key = _checked(key)

    def output_shape(self, *shapes: Shape) -> Shape:
        """What is left of x's; a part of an axis of unknown size is of unknown size."""
        return _shape_of_part(shapes[0], self.key)

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """A copy of the part."""
        return Forward(inputs, emit("copy", inputs[0][self.key], out=out()))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient in its place, 0 around it."""
        emit("place", gradient, out=into.into(0), key=self.key)


def _checked(key: Key) -> tuple[Any, ...]:
    parts = tuple(key) if isinstance(key, tuple | list) else (key,)
    for part in parts:
        whole = hasattr(part, "__index__") and not isinstance(part, bool) and not _rank(part)
        if not (whole or part is None or part is Ellipsis or isinstance(part, slice)):
            raise ValueError(f"Unsupported key type for array slice. Received: `{key}`")
    if sum(part is Ellipsis for part in parts) > 1:
        raise ValueError(f"Slice should only have one ellipsis. Received: `{key}`")
    return parts


def _rank(value: Any) -> int:
    return len(getattr(value, "shape", ()))


def _shape_of_part(shape: Shape, key: tuple[Any, ...]) -> Shape:
    taken = sum(part is not None and part is not Ellipsis for part in key)
    if taken > len(shape):
        raise ShapeError(
            "Array has shape {shape} but slice has to many indices. Received: `{key}`",
            shape=shape,
            key=key,
        )
    filled = key if Ellipsis in [p for p in key if p is Ellipsis] else (*key, Ellipsis)
    sizes: list[int | None] = []
    rest = list(shape)
    for part in filled:
        if part is Ellipsis:
            count = len(shape) - taken
            sizes, rest = sizes + rest[:count], rest[count:]
        elif part is None:
            sizes.append(1)
        else:
            sizes.extend(_part_of_axis(rest.pop(0), part, shape))
    return tuple(sizes)


def _part_of_axis(size: int | None, part: Any, shape: Shape) -> list[int | None]:
    if isinstance(part, slice):
        return [None if size is None else len(range(*part.indices(size)))]
    if size is not None and not -size <= int(part) < size:
        raise ShapeError(
            "Array has shape {shape} but out-of-bounds index {index} was requested.",
            shape=shape,
            index=int(part),
        )
    return []


class Copies(Primitive):
    """Every axis as often as said: whole ("tile") or each value in turn ("repeat")."""

    reads_inputs = False

    def __init__(self, counts: Sequence[int], whole: bool) -> None:
        super().__init__()
        self.name = "tile" if whole else "repeat"
        self.counts = tuple(counts)
        self.whole = whole

    def output_shape(self, *shapes: Shape) -> Shape:
        """x's sizes times the counts."""
        pairs = zip(self._padded(shapes[0]), self._all_counts(len(shapes[0])), strict=True)
        return tuple(None if size is None else size * count for size, count in pairs)

    def _padded(self, shape: Shape) -> Shape:
        return (1,) * (len(self.counts) - len(shape)) + shape

    def _all_counts(self, rank: int) -> tuple[int, ...]:
        return (1,) * (rank - len(self.counts)) + self.counts

    def _split(self, x: Array, output: Array) -> tuple[Array, Array, tuple[int, ...]]:
        """x and the output with an axis of copies beside each axis, and those axes."""
        shape, counts = self._padded(x.shape), self._all_counts(x.ndim)
        source: list[int] = []
        target: list[int] = []
        for size, count in zip(shape, counts, strict=True):
            source += [1, size or 0] if self.whole else [size or 0, 1]
            target += [count, size or 0] if self.whole else [size or 0, count]
        first = 0 if self.whole else 1
        return x.reshape(source), output.reshape(target), tuple(range(first, len(source), 2))

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """Copy along the axes of copies."""
        output = out()
        source, target, _ = self._split(inputs[0], output)
        emit("copy", source, out=target)
        return Forward(inputs, output)

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The sum over the copies."""
        (x,) = done.inputs
        target = into.into(0)
        source, copies, axes = self._split(x, contiguous(emit, gradient))
        shape = [size for axis, size in enumerate(source.shape) if axis not in axes]
        emit("sum_over", copies, out=target.reshape(shape), axes=axes)


class Broadcast(Primitive):
    """x in a larger shape, its axes of 1 repeated; -1 keeps a size."""

    reads_inputs = False

    def __init__(self, shape: Sequence[int]) -> None:
        super().__init__()
        self.name = "broadcast_to"
        self.target = tuple(shape)

    def output_shape(self, *shapes: Shape) -> Shape:
        """The target, if x's broadcasts to it."""
        (shape,) = shapes
        padded = (1,) * (len(self.target) - len(shape)) + shape
        target = tuple(
            old if size in (-1, None) else size
            for size, old in zip(self.target, padded, strict=False)
        )
        if len(padded) > len(self.target) or broadcast_shape(padded, target) != target:
            raise ShapeError(
                "cannot broadcast {shape} to {target}", shape=shape, target=self.target
            )
        return target

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """A copy."""
        return Forward(inputs, emit("copy", inputs[0], out=out()))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The sum over what was repeated."""
        unbroadcast(emit, into, 0, done.inputs[0], gradient)


class Flip(Primitive):
    """x backwards along some axes."""

    reads_inputs = False

    def __init__(self, axes: Sequence[int] | None) -> None:
        super().__init__()
        self.axes = axes

    def _key(self, rank: int) -> tuple[slice, ...]:
        axes = range(rank) if self.axes is None else [axis % rank for axis in self.axes]
        return tuple(slice(None, None, -1 if axis in axes else None) for axis in range(rank))

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """A copy, backwards."""
        return Forward(inputs, emit("copy", inputs[0][self._key(inputs[0].ndim)], out=out()))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient, backwards."""
        emit("copy", gradient[self._key(gradient.ndim)], out=into.into(0))


def where(condition: Tensor, x1: Tensor, x2: Tensor) -> Tensor:
    """x1 where the condition holds, else x2."""
    return Where()(condition, x1, x2)


def get_item(x: Tensor, key: Key) -> Tensor:
    """x[key]; keys are whole numbers, slices, None and Ellipsis."""
    return GetItem(key)(x)


@composite
def stack(x: Sequence[Tensor], axis: int = 0) -> Tensor:
    """Tensors of one shape, joined along a new axis."""
    return concatenate([expand_dims(item, axis) for item in x], axis)


@composite
def split(x: Tensor, indices_or_sections: int | Sequence[int], axis: int = 0) -> list[Tensor]:
    """The parts of x: so many equal ones, or those between the indices."""
    rank = len(x.shape)
    axis %= rank
    size = x.shape[axis]
    if isinstance(indices_or_sections, int):
        if size is None or size % indices_or_sections:
            raise ShapeError(
                "`x` size on given `axis` must be divisible by `indices_or_sections` when "
                "`indices_or_sections` is an int. But received {size} and {sections}.",
                size=size,
                sections=indices_or_sections,
            )
        step = size // indices_or_sections
        cuts = [step * number for number in range(1, indices_or_sections)]
    else:
        cuts = list(indices_or_sections)
    before = (slice(None),) * axis
    pairs = zip([None, *cuts], [*cuts, None], strict=True)
    return [get_item(x, (*before, slice(start, stop))) for start, stop in pairs]


@composite
def repeat(x: Tensor, repeats: int | Sequence[int], axis: int | None = None) -> Tensor:
    """Each value several times in turn, along an axis or of the flat x."""
    if axis is None:
        return repeat(reshape(x, (-1,)), repeats, 0)
    rank = len(x.shape)
    if isinstance(repeats, int):
        counts = [1] * rank
        counts[axis % rank] = repeats
        return Copies(counts, whole=False)(x)
    places = [place for place, count in enumerate(repeats) for _ in range(count)]
    return Take(axis)(x, np.array(places, np.intp))


def tile(x: Tensor, repeats: int | Sequence[int]) -> Tensor:
    """x as a whole several times along its axes."""
    return Copies((repeats,) if isinstance(repeats, int) else repeats, whole=True)(x)


def broadcast_to(x: Tensor, shape: Sequence[int]) -> Tensor:
    """x in a larger shape."""
    return Broadcast(shape)(x)


def flip(x: Tensor, axis: int | Sequence[int] | None = None) -> Tensor:
    """x backwards along an axis, several, or all."""
    return Flip((axis,) if isinstance(axis, int) else axis)(x)


setattr(KerasTensor, "__getitem__", get_item)  # noqa: B010 - symbolic.py cannot import it
