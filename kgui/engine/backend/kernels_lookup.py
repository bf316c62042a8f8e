"""NumPy kernels of lookups: rows of a table by index, ones at an index, bins, choices."""

from functools import partial

import numpy as np

from kgui.engine.backend.kernels import Array, Step, constant, kernel
from kgui.engine.errors import IndexRangeError

BLOCK = 2**16
"""Values that are scattered at a time: their addresses stay in the cache, and small."""


@kernel
def indices(x: Array, out: Array, count: int, meaning: str) -> Step:
    """out = x as addresses, fractions cut off; IndexRangeError for one that is out of range."""
    unsigned = out.view(f"u{out.itemsize}")  # the negative ones count as huge: one look finds all
    empty = out.size == 0

    def step() -> None:
        with np.errstate(invalid="ignore"):  # NaN turns into an index that is out of range
            np.copyto(out, x, "unsafe")
        if not empty and unsigned.max() >= count:
            wrong = int(out[unsigned >= count].reshape(-1)[0])
            raise IndexRangeError(
                "The index {index} is out of range: with {meaning}={count}, indices are whole "
                "numbers from 0 to {last}.",
                index=wrong,
                meaning=meaning,
                count=count,
                last=count - 1,
            )

    return step


@kernel
def take_rows(table: Array, rows: Array, out: Array) -> Step:
    """out[...] = table[rows[...]]; the rows were checked before."""
    # Without mode="clip" NumPy buffers the output.
    return partial(table.take, rows, 0, out, "clip")


@kernel
def add_rows(rows: Array, gradient: Array, out: Array) -> Step:
    """out = 0, then out[rows[...]] += gradient[...]: rows named twice take both."""
    if out.size == 0 or gradient.size == 0:
        return partial(out.fill, 0)
    # One flat row of numbers: ufunc.at is a third as fast on whole rows.
    width = out.size // len(out)
    flat, values = out.reshape(-1), gradient.reshape(-1, width)
    block = max(BLOCK // width, 1)
    address = np.empty((min(block, rows.size), width), np.intp)
    column = np.arange(width)
    parts = []
    for start in range(0, rows.size, block):
        part = rows.reshape(-1, 1)[start : start + block]
        taken = address[: len(part)]
        parts.append((part, taken, taken.reshape(-1), values[start : start + block].reshape(-1)))

    def step() -> None:
        flat.fill(0)
        for part, taken, where, numbers in parts:
            np.multiply(part, width, taken)
            np.add(taken, column, taken)
            np.add.at(flat, where, numbers)

    return step


@kernel
def ones_at(rows: Array, out: Array) -> Step:
    """out = 0, but 1 at the index along the last axis."""
    flat, depth = out.reshape(-1), out.shape[-1]
    first, where = np.arange(rows.size) * depth, np.empty(rows.size, np.intp)
    numbers, one = rows.reshape(-1), constant(1, out)

    def step() -> None:
        flat.fill(0)
        np.add(first, numbers, where)
        flat[where] = one

    return step


@kernel
def bins(x: Array, out: Array, boundaries: tuple[float, ...]) -> Step:
    """out = number of boundaries that x is not below; NaN is below none."""
    limits = [constant(limit, x) for limit in boundaries]
    below = np.empty(x.shape, bool)
    whole = np.empty(x.shape, out.dtype)

    def step() -> None:
        out.fill(len(limits))
        for limit in limits:
            np.less(x, limit, below)
            np.copyto(whole, below)
            np.subtract(out, whole, out)

    return step


@kernel
def choose(condition: Array, x1: Array, x2: Array, out: Array) -> Step:
    """out = x1 where the condition is true, x2 elsewhere; `out` is none of them."""

    def step() -> None:
        np.copyto(out, x2, "unsafe")
        np.copyto(out, x1, "unsafe", condition)

    return step


@kernel
def any_of_last(x: Array, out: Array, keepdims: bool) -> Step:
    """out = true where x is true anywhere along the last axis."""
    return partial(np.logical_or.reduce, x, -1, None, out, keepdims)
