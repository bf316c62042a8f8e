"""Products of batches along an axis of each."""

from collections.abc import Sequence

from kgui.engine.errors import ShapeError
from kgui.engine.ops.composite import composite
from kgui.engine.ops.linear import matmul
from kgui.engine.ops.primitive import Tensor
from kgui.engine.ops.shaping import expand_dims, reshape, squeeze, transpose
from kgui.engine.symbolic import Shape


def positive_axes(shapes: Sequence[Shape], axes: int | Sequence[int]) -> tuple[int, ...]:
    """The axis of each of two shapes, counted from the start; ShapeError if it has none."""
    given = (axes, axes) if isinstance(axes, int) else tuple(axes)
    for shape, axis in zip(shapes, given, strict=True):
        if len(shape) < 2:
            raise ShapeError(
                "Cannot do batch_dot on inputs with rank < 2. "
                "Received inputs with shapes {shapes}.",
                plain="needs inputs with at least 2 axes (the batch is one), but gets {shapes}",
                shapes=list(shapes),
            )
        if not -len(shape) <= axis < len(shape):
            raise ShapeError(
                "axis {axis} is out of bounds for an input of shape {shape}",
                axis=axis,
                shape=shape,
            )
    places = tuple(axis % len(shape) for shape, axis in zip(shapes, given, strict=True))
    if 0 in places:
        raise ShapeError(
            "Cannot perform batch_dot over axis 0. If your inputs are not batched, add a dummy "
            "batch dimension to your inputs using `ops.expand_dims(x, 0)`",
            plain="cannot sum along axis 0, which is the batch",
        )
    return places


@composite
def batch_dot(x: Tensor, y: Tensor, axes: int | Sequence[int]) -> Tensor:
    """For each sample, the products of x and y summed along an axis of each.

    The result has the other axes of x, then those of y; for two vectors a sample, one of 1.
    """
    one, other = positive_axes([tuple(x.shape), tuple(y.shape)], axes)
    x_rank, y_rank = len(x.shape), len(y.shape)
    left = _sizes(x.shape, [place for place in range(1, x_rank) if place != one])
    right = _sizes(y.shape, [place for place in range(1, y_rank) if place != other])
    if x_rank == 2:
        x, one = expand_dims(x, 1), 2
    if y_rank == 2:
        y = expand_dims(y, 2)
    x = _ordered(x, [*(p for p in range(len(x.shape)) if p != one), one])
    y = _ordered(y, [0, other, *(p for p in range(1, len(y.shape)) if p != other)])
    if len(x.shape) > 3:
        x = reshape(x, _sizes(x.shape, [0, None, -1]))
    if len(y.shape) > 3:
        y = reshape(y, _sizes(y.shape, [0, 1, None]))
    product = matmul(x, y)
    if x_rank > 3 or y_rank > 3:
        rows, columns = left or [1], right or [1]
        product = reshape(product, [*_sizes(product.shape, [0]), *rows, *columns])
    if x_rank == 2:
        return squeeze(product, 1)
    return squeeze(product, -1) if y_rank == 2 else product


def _ordered(x: Tensor, order: Sequence[int]) -> Tensor:
    return x if list(order) == list(range(len(order))) else transpose(x, order)


def _sizes(shape: Shape, places: Sequence[int | None]) -> list[int]:
    """Sizes at these places, -1 for what is unknown or worked out (None)."""
    sizes = [None if place is None else shape[place] for place in places]
    return [-1 if size is None else size for size in sizes]
