"""Tensors repeated, broadcast and turned round."""

from collections.abc import Callable, Sequence

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
from kgui.engine.ops.shaping import reshape
from kgui.engine.symbolic import Shape


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


@composite
def tile(x: Tensor, repeats: int | Sequence[int]) -> Tensor:
    """x as a whole several times along its axes."""
    return Copies((repeats,) if isinstance(repeats, int) else repeats, whole=True)(x)


@composite
def broadcast_to(x: Tensor, shape: Sequence[int]) -> Tensor:
    """x in a larger shape."""
    return Broadcast(shape)(x)


@composite
def flip(x: Tensor, axis: int | Sequence[int] | None = None) -> Tensor:
    """x backwards along an axis, several, or all."""
    return Flip((axis,) if isinstance(axis, int) else axis)(x)
