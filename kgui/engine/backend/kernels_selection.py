"""NumPy kernels that choose between values, cut, repeat and add up along the way."""

from functools import partial
from typing import Any

import numpy as np

from kgui.engine.backend.kernels import Array, Step, constant, kernel


@kernel
def where(condition: Array, a: Array, b: Array, out: Array) -> Step:
    """out = a where the condition is true, b elsewhere; NaN in the other one does no harm.

    By bits, as `where=` is 12 times slower; `out` is none of them.
    """
    shape, bits = out.shape, np.dtype(f"i{out.dtype.itemsize}")
    mask = np.empty(shape, bits)
    first, second = (_of_type(array, out) for array in (a, b))
    word, other, target = first.view(bits), second.view(bits), out.view(bits)

    def step() -> None:
        if first is not a:
            np.copyto(first, a, "unsafe")
        if second is not b:
            np.copyto(second, b, "unsafe")
        np.not_equal(condition, False, mask, casting="unsafe")
        np.negative(mask, mask)
        # other ^ ((other ^ word) & mask)
        np.bitwise_xor(other, word, target)
        np.bitwise_and(target, mask, target)
        np.bitwise_xor(target, other, target)

    return step


def _of_type(array: Array, like: Array) -> Array:
    """The array, or room for it converted."""
    return array if array.dtype == like.dtype else np.empty(array.shape, like.dtype)


@kernel
def keep(condition: Array, x: Array, out: Array, when: bool) -> Step:
    """out = x where the condition is `when`, else 0."""
    mask = np.empty(condition.shape, bool)
    compare = np.not_equal if when else np.equal
    bits = np.dtype(f"i{out.dtype.itemsize}")
    word, target, sign = x.view(bits), out.view(bits), np.empty(condition.shape, bits)

    def step() -> None:
        compare(condition, False, mask)
        np.copyto(sign, mask)
        np.negative(sign, sign)
        np.bitwise_and(word, sign, target)

    return step


@kernel
def place(x: Array, out: Array, key: Any) -> Step:
    """out = 0 but for out[key], which is x."""
    # With an Ellipsis a single value is an array as well.
    whole = any(part is Ellipsis for part in key)
    part, zero = out[key if whole else (*key, Ellipsis)], constant(0, out)

    def step() -> None:
        out.fill(zero)
        np.copyto(part, x)

    return step


@kernel
def power_base_gradient(a: Array, b: Array, gradient: Array, out: Array) -> Step:
    """out = gradient * b * a ** (b - 1), 0 where b is 0; `out` has the shape of a ** b."""
    less, none, one = np.empty_like(b), np.empty(b.shape, bool), constant(1, b)
    still = np.broadcast_to(none, out.shape)

    def step() -> None:
        np.subtract(b, one, less)
        np.power(a, less, out)
        np.multiply(out, b, out)
        np.multiply(out, gradient, out)
        np.equal(b, 0, none)
        np.copyto(out, 0, where=still)

    return step


@kernel
def power_exponent_gradient(a: Array, y: Array, gradient: Array, out: Array) -> Step:
    """out = gradient * y * log(a), 0 where a is 0; `out` has the shape of y."""
    logs, none = np.empty_like(a), np.empty(a.shape, bool)
    still = np.broadcast_to(none, out.shape)

    def step() -> None:
        np.log(a, logs)
        np.multiply(y, logs, out)
        np.multiply(out, gradient, out)
        np.equal(a, 0, none)
        np.copyto(out, 0, where=still)

    return step


@kernel
def max_over(x: Array, out: Array, axes: tuple[int, ...]) -> Step:
    """out = the largest of x over the axes, which out does not have."""
    return partial(np.maximum.reduce, x, axes, out=out)


@kernel
def min_over(x: Array, out: Array, axes: tuple[int, ...]) -> Step:
    """out = the smallest of x over the axes."""
    return partial(np.minimum.reduce, x, axes, out=out)


@kernel
def any_over(x: Array, out: Array, axes: tuple[int, ...]) -> Step:
    """out = whether any of x is true over the axes."""
    return partial(np.logical_or.reduce, x, axes, out=out)


@kernel
def all_over(x: Array, out: Array, axes: tuple[int, ...]) -> Step:
    """out = whether all of x is true over the axes."""
    return partial(np.logical_and.reduce, x, axes, out=out)


@kernel
def cumulate(x: Array, out: Array, axis: int) -> Step:
    """out = the sums of x up to each place along an axis."""
    return partial(np.add.accumulate, x, axis, out=out)


@kernel
def rounded(x: Array, out: Array, decimals: int) -> Step:
    """out = x with so many decimals; halves go to the even side."""
    return partial(x.round, decimals, out)


@kernel
def one_hot(x: Array, out: Array) -> Step:
    """out[..., c] = 1 where x is c, else 0."""
    classes, same = np.arange(out.shape[-1]), np.empty(out.shape, bool)
    column = x[..., None]

    def step() -> None:
        np.equal(column, classes, same)
        np.copyto(out, same)

    return step
