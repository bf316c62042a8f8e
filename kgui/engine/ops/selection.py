"""Choosing between values, and parts of tensors: where, slices, splits."""

from collections.abc import Callable, Sequence
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
from kgui.engine.ops.shaping import concatenate, expand_dims
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


@composite
def where(condition: Tensor, x1: Tensor = None, x2: Tensor = None) -> Tensor:
    """x1 where the condition holds, else x2; without them, the places where it holds."""
    if x1 is None and x2 is None and not isinstance(condition, KerasTensor):
        return tuple(places.astype("int32") for places in np.nonzero(condition))
    if x1 is None or x2 is None:
        raise ValueError("`x1` and `x2` either both should be `None` or both should have values.")
    return Where()(condition, x1, x2)


@composite
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


setattr(KerasTensor, "__getitem__", get_item)  # noqa: B010 - symbolic.py cannot import it
