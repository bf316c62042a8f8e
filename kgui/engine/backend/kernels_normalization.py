"""NumPy kernels of normalization: means, squares and derivatives over some axes of an array.

Arrays come in the fewest axes that tell apart what is summed over and what is not. Sums are
matrix products with constant vectors: several times faster than `sum` on the sizes that occur.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from kgui.engine.backend.kernels import Array, Step, constant, kernel

BLOCK = 65_536
"""Values of a block: what passes over them one after the other finds them in the cache."""


def in_turn(steps: Sequence[Step]) -> Step:
    """One step for several."""
    if len(steps) == 1:
        return steps[0]

    def step() -> None:
        for part in steps:
            part()

    return step


def weighted_sum(x: Array, out: Array, axes: Sequence[int], factor: float = 1.0) -> Step:
    """out = x summed over the axes, times a factor; both arrays are contiguous."""
    if not axes:
        return partial(np.multiply, x.reshape(out.shape), constant(factor, out), out)
    steps: list[Step] = []
    rest = sorted(axes)
    while rest:
        axis = rest.pop()
        sizes = (*x.shape[:axis], *x.shape[axis + 1 :])
        target = np.empty(sizes, x.dtype) if rest else out.reshape(sizes)
        steps.append(_sum_along(x, axis, target, factor if not rest else 1.0))
        x = target
    return in_turn(steps)


def _sum_along(x: Array, axis: int, out: Array, factor: float) -> Step:
    before, size, after = math.prod(x.shape[:axis]), x.shape[axis], math.prod(x.shape[axis + 1 :])
    weights = np.full(size, factor, x.dtype)
    if after == 1:
        return partial(x.reshape(before, size).dot, weights, out.reshape(before))
    if before == 1:
        return partial(weights.dot, x.reshape(size, after), out.reshape(after))
    stack = x.reshape(before, size, after)
    return partial(np.matmul, weights[None], stack, out.reshape(before, 1, after))


def by_rows(make: Callable[..., Step], *arrays: Array) -> Step:
    """One step made of several, for blocks of rows that fit the cache.

    `make` gets the arrays' blocks and one to work in; an array of one row goes with every block.
    """
    rows, sizes = arrays[0].shape[0], arrays[0].shape[1:]
    height = max(1, min(rows, BLOCK // max(math.prod(sizes), 1)))
    scratch = np.empty((height, *sizes), arrays[0].dtype)
    steps = []
    for start in range(0, max(rows, 1), height):
        stop = min(start + height, rows)
        parts = [x if len(x) == 1 else x[start:stop] for x in arrays]
        steps.append(make(*parts, scratch[: stop - start]))
    return in_turn(steps)


def product_sum(a: Array, b: Array, out: Array, axes: Sequence[int], factor: float = 1.0) -> Step:
    """out = a * b summed over the axes, times a factor; the arrays are contiguous."""
    if a.ndim == 2 and tuple(axes) == (1,):
        # Twice as fast as a product and a sum. For columns `einsum` would be, but each call
        # of it leaves an array object behind.
        along = partial(np.vecdot, a, b, out.reshape(a.shape[0]))
        if factor == 1:
            return along
        return in_turn([along, partial(np.multiply, out, constant(factor, out), out)])
    function = np.square if a is b else np.multiply
    reads = (a,) if a is b else (a, b)
    if 0 in axes:
        return _accumulated(function, reads, out, axes, factor)

    def make(*parts: Array) -> Step:
        *factors, target, product = parts
        total = weighted_sum(product, target, axes, factor)
        return in_turn([partial(function, *factors, product), total])

    kept = [size for axis, size in enumerate(a.shape) if axis not in axes]
    return by_rows(make, *reads, out.reshape(kept))


def _accumulated(
    function: Callable[..., Any], reads: Sequence[Array], out: Array, axes: Sequence[int],
    factor: float,
) -> Step:  # fmt: skip
    more = np.empty_like(out)
    first = True

    def make(*parts: Array) -> Step:
        nonlocal first
        *factors, product = parts
        target = out if first else more
        total = weighted_sum(product, target, axes, factor)
        steps: list[Step] = [partial(function, *factors, product), total]
        if not first:
            steps.append(partial(np.add, out, more, out))
        first = False
        return in_turn(steps)

    return by_rows(make, *reads)


def _count(x: Array, axes: Sequence[int]) -> int:
    count: int = math.prod(x.shape[axis] for axis in axes)
    return max(count, 1)


def _column(shape: Sequence[int], axes: Sequence[int]) -> tuple[int, ...]:
    return tuple(1 if axis in axes else size for axis, size in enumerate(shape))


@kernel
def mean_along(x: Array, out: Array, axes: tuple[int, ...]) -> Step:
    """out = mean of x over the axes, which out does not have; `out` is not x."""
    return weighted_sum(x, out, axes, 1 / _count(x, axes))


@kernel
def sum_along(x: Array, out: Array, axes: tuple[int, ...]) -> Step:
    """out = x summed over the axes, which out does not have; `out` is not x."""
    return weighted_sum(x, out, axes)


@kernel
def mean_square_along(x: Array, out: Array, axes: tuple[int, ...]) -> Step:
    """out = mean of x² over the axes, which out does not have; `out` is not x."""
    return product_sum(x, x, out, axes, 1 / _count(x, axes))


@kernel
def square_sum_along(x: Array, out: Array, axes: tuple[int, ...]) -> Step:
    """out = x² summed over the axes, which out does not have; `out` is not x."""
    return product_sum(x, x, out, axes)


@kernel
def product_sum_along(a: Array, b: Array, out: Array, axes: tuple[int, ...]) -> Step:
    """out = a * b summed over the axes, which out does not have; `out` is neither of them."""
    return product_sum(a, b, out, axes)


@kernel
def center(x: Array, out: Array, axes: tuple[int, ...]) -> Step:
    """out = x less its mean over the axes."""
    column, share = np.empty(_column(x.shape, axes), x.dtype), 1 / _count(x, axes)

    def make(x: Array, column: Array, out: Array, _: Any = None) -> Step:
        mean = weighted_sum(x, column, axes, share)
        return in_turn([mean, partial(np.subtract, x, column, out)])

    return make(x, column, out) if 0 in axes else by_rows(make, x, column, out)


@kernel
def inverse_root(x: Array, out: Array, epsilon: float) -> Step:
    """out = 1 / sqrt(x + epsilon)."""
    shift, one = constant(epsilon, out), constant(1, out)

    def step() -> None:
        np.add(x, shift, out)
        np.sqrt(out, out)
        np.divide(one, out, out)

    return step


@kernel
def inverse_length(x: Array, out: Array, most: float) -> Step:
    """out = 1 / sqrt(x), but `most` at the most."""
    one, limit = constant(1, out), constant(most, out)

    def step() -> None:
        np.sqrt(x, out)
        np.divide(one, out, out)
        np.minimum(out, limit, out=out)

    return step


@kernel
def blend(old: Array, new: Array, out: Array, momentum: float) -> Step:
    """out = old * momentum + new * (1 - momentum)."""
    share, keep, rest = np.empty_like(out), constant(momentum, out), constant(1 - momentum, out)

    def step() -> None:
        np.multiply(new, rest, share)
        np.multiply(old, keep, out)
        np.add(out, share, out)

    return step


@kernel
def normalized_gradient(
    gradient: Array, normal: Array, inverse: Array, out: Array, axes: tuple[int, ...], share: float
) -> Step:
    """out = inverse * (gradient - normal * share * sum(gradient * normal)), summed over the axes.

    `normal` is what was normalized, times `inverse`; `out` may be the gradient.
    """
    column = np.empty(_column(normal.shape, axes), normal.dtype)

    def make(*parts: Array) -> Step:
        gradient, normal, inverse, column, out, part = parts
        total = [] if 0 in axes else [product_sum(gradient, normal, column, axes, share)]

        def step() -> None:
            np.multiply(normal, column, part)
            np.subtract(gradient, part, out)
            np.multiply(out, inverse, out)

        return in_turn([*total, step])

    rest = by_rows(make, gradient, normal, inverse, column, out)
    if 0 not in axes:
        return rest
    return in_turn([product_sum(gradient, normal, column, axes, share), rest])


@kernel
def scaled_gradient(
    gradient: Array, x: Array, inverse: Array, factor: Array, total: Array,
    out: Array, share: float,
) -> Step:  # fmt: skip
    """out = factor * (gradient - x * share * inverse² * total), where the total is of both.

    The small arrays have 1 where x was summed over; `out` may be the gradient.
    """
    slope, kept = np.empty_like(inverse), constant(share, x)

    def prepare() -> None:
        np.multiply(inverse, inverse, slope)
        np.multiply(slope, total, slope)
        np.multiply(slope, kept, slope)

    def make(*parts: Array) -> Step:
        gradient, x, slope, factor, out, part = parts

        def step() -> None:
            np.multiply(x, slope, part)
            np.subtract(gradient, part, out)
            np.multiply(out, factor, out)

        return step

    return in_turn([prepare, by_rows(make, gradient, x, slope, factor, out)])
