"""Tensors cut, joined, padded, rolled, sorted, and what stands on their diagonals."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from kgui.engine.errors import ShapeError
from kgui.engine.ops.comparison import cast
from kgui.engine.ops.composite import composite
from kgui.engine.ops.computed import Computed, rearranged
from kgui.engine.ops.copying import flip
from kgui.engine.ops.primitive import Array, Tensor, broadcast_shape
from kgui.engine.ops.reduction import sum as sum_over
from kgui.engine.ops.selection import get_item, split
from kgui.engine.ops.shaping import concatenate, expand_dims, reshape, squeeze
from kgui.engine.symbolic import Shape
from kgui.engine.tensors import as_tensor


def _rank(x: Tensor) -> int:
    return len(x.shape) if hasattr(x, "shape") else np.ndim(x)


@composite
def append(x1: Tensor, x2: Tensor, axis: int | None = None) -> Tensor:
    """x2 after x1 along an axis; flat if none is given."""
    if axis is None:
        return concatenate([reshape(x1, (-1,)), reshape(x2, (-1,))], 0)
    return concatenate([x1, x2], axis)


@composite
def hstack(xs: Sequence[Tensor]) -> Tensor:
    """Tensors beside each other: along the second axis, or the only one."""
    return concatenate(xs, 0 if _rank(xs[0]) == 1 else 1)


@composite
def vstack(xs: Sequence[Tensor]) -> Tensor:
    """Tensors below each other: along the first axis, vectors as rows."""
    return concatenate([expand_dims(x, 0) if _rank(x) == 1 else x for x in xs], 0)


@composite
def unstack(x: Tensor, num: int | None = None, axis: int = 0) -> list[Tensor]:
    """The parts of x along an axis, without it."""
    count = x.shape[axis] if num is None else num
    if count is None:
        raise ValueError(f"Cannot infer argument `num` from shape {tuple(x.shape)}")
    return [squeeze(part, axis) for part in split(x, count, axis)]


@composite
def array_split(x: Tensor, indices_or_sections: Any, axis: int = 0) -> list[Tensor]:
    """So many parts of x, the first of them one larger where they cannot be equal."""
    if isinstance(indices_or_sections, int):
        sizes = [len(part) for part in np.array_split(range(x.shape[axis]), indices_or_sections)]
        indices_or_sections = np.cumsum(sizes)[:-1].tolist()
    return split(x, indices_or_sections, axis)


@composite
def fliplr(x: Tensor) -> Tensor:
    """x backwards along its second axis."""
    return flip(x, 1)


@composite
def flipud(x: Tensor) -> Tensor:
    """x backwards along its first axis."""
    return flip(x, 0)


@composite
def roll(x: Tensor, shift: int | Sequence[int], axis: int | Sequence[int] | None = None) -> Tensor:
    """x moved along axes; what leaves at one end comes in at the other."""
    return rearranged("roll", lambda values: np.roll(values, shift, axis), x)


@composite
def rot90(array: Tensor, k: int = 1, axes: Sequence[int] = (0, 1)) -> Tensor:
    """x turned by quarters in the plane of two axes."""
    return rearranged("rot90", lambda values: np.rot90(values, k, (axes[0], axes[1])), array)


@composite
def diagonal(x: Tensor, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """What stands on a diagonal, as the last axis."""
    return rearranged("diagonal", lambda values: np.diagonal(values, offset, axis1, axis2), x)


@composite
def diag(x: Tensor, k: int = 0) -> Tensor:
    """The diagonal of a matrix, or the matrix with that diagonal."""
    if _rank(x) not in (1, 2):
        raise ShapeError("`x` must be 1-D or 2-D. Received: x.shape={shape}", shape=tuple(x.shape))
    if _rank(x) == 2:
        return diagonal(x, k)
    return Computed("diag", lambda v: np.diag(v, k), lambda g, y, v: np.diagonal(g, k))(x)


@composite
def trace(x: Tensor, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """The sum of a diagonal."""
    return sum_over(diagonal(x, offset, axis1, axis2), -1)


@composite
def tril(x: Tensor, k: int = 0) -> Tensor:
    """x with zeros above a diagonal."""
    return Computed("tril", lambda v: np.tril(v, k), lambda g, y, v: np.tril(g, k))(x)


@composite
def triu(x: Tensor, k: int = 0) -> Tensor:
    """x with zeros below a diagonal."""
    return Computed("triu", lambda v: np.triu(v, k), lambda g, y, v: np.triu(g, k))(x)


@composite
def pad(
    x: Tensor, pad_width: Any, mode: Any = "constant", constant_values: float | None = None
) -> Tensor:
    """x with values around it: a constant, or its own ("reflect", "symmetric")."""
    if mode not in ("constant", "reflect", "symmetric"):
        raise ValueError(
            f"Mode must be 'constant', 'reflect', or 'symmetric'. Received: mode={mode}"
        )
    if mode != "constant":
        if constant_values is not None:
            raise ValueError(
                "Argument `constant_values` can only be provided when `mode == 'constant'`. "
                f"Received: mode={mode}"
            )
        return rearranged("pad", lambda values: np.pad(values, pad_width, mode), x)
    widths = np.broadcast_to(pad_width, (_rank(x), 2))
    inside = tuple(slice_of(before, after) for before, after in widths.tolist())
    value = constant_values or 0
    function = lambda v: np.pad(v, pad_width, constant_values=value)  # noqa: E731 - it is an argument
    return Computed("pad", function, lambda g, y, v: g[inside])(x)


def slice_of(before: int, after: int) -> Any:
    """What is left of an axis without so many places at its ends."""
    return np.s_[before : -after if after else None]


@composite
def sort(x: Tensor, axis: int | None = -1) -> Tensor:
    """x's values in rising order along an axis, or all of them if that is None."""
    flat, along = (reshape(x, (-1,)), 0) if axis is None else (x, axis)

    def slope(gradient: Array, _: Array, values: Array) -> Array:
        result = np.empty_like(gradient)
        np.put_along_axis(result, np.argsort(values, along, kind="stable"), gradient, along)
        return result

    return Computed("sort", lambda values: np.sort(values, along), slope)(flat)


@composite
def take_along_axis(x: Tensor, indices: Tensor, axis: int | None = None) -> Tensor:
    """x at indices that differ from place to place."""
    flat, along = (reshape(x, (-1,)), 0) if axis is None else (x, axis)

    def function(values: Array, places: Array) -> Array:
        return np.take_along_axis(values, places.astype(np.intp), along)

    def slope(gradient: Array, _: Array, values: Array, places: Array) -> Array:
        numbers = np.arange(values.size).reshape(values.shape)
        result = np.zeros(values.size, gradient.dtype)
        np.add.at(result, function(numbers, places).ravel(), gradient.ravel())
        return result.reshape(values.shape)

    def shape(values: Shape, places: Shape) -> Shape:
        wide = broadcast_shape((*values[:along], 1, *values[along:][1:]), places) or places
        return (*wide[:along], places[along], *wide[along:][1:])

    along %= len(flat.shape)
    return Computed("take_along_axis", function, slope, shape=shape)(flat, indices)


@composite
def top_k(x: Tensor, k: int, sorted: bool = True) -> tuple[Tensor, Tensor]:
    """The k largest values along the last axis, and where they are."""

    def places(values: Array) -> Array:
        return np.argsort(-values, -1, kind="stable")[..., :k]

    found = Computed("top_k", places, dtype="int32")(x)
    return take_along_axis(x, found, -1), cast(found, "int32")


def tri(N: int, M: int | None = None, k: int = 0, dtype: str | None = None) -> Tensor:  # noqa: N803 - Keras's
    """A matrix with ones on a diagonal and below, zeros above."""
    return as_tensor(np.tri(N, M, k, dtype or "float32"))


@composite
def slice(inputs: Tensor, start_indices: Any, shape: Sequence[int]) -> Tensor:  # noqa: A001 - Keras's
    """The part of that shape that begins at the indices."""
    starts = [int(start) for start in np.ravel(start_indices)]
    key = tuple(np.s_[start : start + size] for start, size in zip(starts, shape, strict=True))
    return get_item(inputs, key)
