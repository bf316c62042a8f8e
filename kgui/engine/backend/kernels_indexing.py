"""NumPy kernels that pick values by position and put them back."""

from functools import partial

import numpy as np

from kgui.engine.backend.kernels import Array, Step, constant, kernel


@kernel
def positions(indices: Array, out: Array, size: int, axis: int) -> Step:
    """out = indices as whole numbers from 0; those below 0 count from the end.

    IndexError, with the index, if there is one outside [-size, size).
    """
    if not indices.size:
        return partial(np.copyto, out, indices, "unsafe")
    lowest, highest, total = (np.zeros((), out.dtype) for _ in range(3))
    total[...] = size

    def step() -> None:
        np.copyto(out, indices, "unsafe")
        np.minimum.reduce(out, None, out=lowest)
        np.maximum.reduce(out, None, out=highest)
        if lowest < -size or highest >= size:
            wrong = highest if highest >= size else lowest
            raise IndexError(f"index {wrong} is out of bounds for axis {axis} with size {size}")
        if lowest < 0:
            np.remainder(out, total, out)

    return step


@kernel
def gather(x: Array, indices: Array, out: Array, axis: int) -> Step:
    """out = x taken at whole numbers that are within its size; `out` is not x."""
    if not indices.size:
        return partial(np.copyto, out, np.zeros((), out.dtype))
    # Without mode="clip" NumPy buffers the output.
    return partial(x.take, indices, axis, out, "clip")


@kernel
def scatter(indices: Array, gradient: Array, out: Array, axis: int) -> Step:
    """out = 0, with the gradient added at the indices; those that repeat add up.

    One index for each number: four times faster than rows on NumPy's slow way.
    """
    after = int(np.prod(out.shape[axis + 1 :], dtype=np.int64))
    before = int(np.prod(out.shape[:axis], dtype=np.int64))
    starts = np.arange(before)[:, None, None] * (out.shape[axis] * after)
    offsets = starts + np.arange(after)
    places = np.empty((before, indices.size, after), np.intp)
    chosen, width = indices.reshape(1, -1, 1), np.array(after)
    scaled = np.empty_like(chosen)
    target, values, where = out.reshape(-1), gradient.reshape(-1), places.reshape(-1)
    zero = constant(0, out)

    def step() -> None:
        out.fill(zero)
        np.multiply(chosen, width, scaled)
        np.add(scaled, offsets, places)
        np.add.at(target, where, values)

    return step
