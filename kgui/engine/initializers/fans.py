"""How many inputs and outputs a unit has, told from the shape of its weights."""

import math
from collections.abc import Sequence


def compute_fans(
    shape: Sequence[int],
    input_axes: Sequence[int] | None = None,
    output_axes: Sequence[int] | None = None,
) -> tuple[int, int]:
    """Inputs and outputs of one unit of a weight of that shape."""
    if input_axes is not None and output_axes is not None:
        return _size(shape, input_axes), _size(shape, output_axes)
    if len(shape) < 1:
        return 1, 1
    if len(shape) == 1:
        return shape[0], shape[0]
    field = math.prod(shape[:-2])
    return shape[-2] * field, shape[-1] * field


def _size(shape: Sequence[int], axes: Sequence[int]) -> int:
    return math.prod(shape[axis] for axis in axes)
