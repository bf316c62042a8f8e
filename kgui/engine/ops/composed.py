"""Further functions of NumPy's names: statistics, comparisons, safe divisions."""

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from kgui.engine.backend.session import floatx
from kgui.engine.ops.arithmetic import add, divide, maximum, multiply, subtract
from kgui.engine.ops.comparison import (
    cast,
    equal,
    less_equal,
    logical_and,
    logical_or,
    not_equal,
    one_hot,
)
from kgui.engine.ops.composite import composite
from kgui.engine.ops.computed import Computed, pointwise
from kgui.engine.ops.elementwise import absolute, log1p
from kgui.engine.ops.elementwise import exp as exp_of
from kgui.engine.ops.extremes import all as all_of
from kgui.engine.ops.extremes import any as any_of
from kgui.engine.ops.extremes import max as max_of
from kgui.engine.ops.extremes import min as min_of
from kgui.engine.ops.extremes import var
from kgui.engine.ops.primitive import Array, Tensor, as_floats
from kgui.engine.ops.rearranging import sort
from kgui.engine.ops.reduction import mean
from kgui.engine.ops.reduction import sum as sum_over
from kgui.engine.ops.selection import get_item, stack, where
from kgui.engine.ops.shaping import expand_dims, reshape, transpose
from kgui.engine.ops.transcendental import isfinite, isinf, isnan

Axes = int | Sequence[int] | None


@composite
def amax(x: Tensor, axis: Axes = None, keepdims: bool = False) -> Tensor:
    """The largest value over an axis, several, or all."""
    return max_of(x, axis, keepdims)


@composite
def amin(x: Tensor, axis: Axes = None, keepdims: bool = False) -> Tensor:
    """The smallest value over an axis, several, or all."""
    return min_of(x, axis, keepdims)


@composite
def ptp(x: Tensor, axis: Axes = None, keepdims: bool = False) -> Tensor:
    """How far the largest value is from the smallest."""
    return subtract(max_of(x, axis, keepdims), min_of(x, axis, keepdims))


@composite
def average(x: Tensor, axis: Axes = None, weights: Tensor | None = None) -> Tensor:
    """The mean, of values that may count differently."""
    if weights is None:
        return mean(x, axis)
    rank, given = len(x.shape), len(np.shape(weights) if not hasattr(weights, "shape") else
                                    weights.shape)  # fmt: skip
    if isinstance(axis, int) and given == 1 and rank > 1:
        weights = reshape(weights, [-1 if a == axis % rank else 1 for a in range(rank)])
        spread = add(weights, multiply(x, 0.0))
        return divide(sum_over(multiply(x, weights), axis), sum_over(spread, axis))
    return divide(sum_over(multiply(x, weights), axis), sum_over(weights, axis))


@composite
def moments(
    x: Tensor, axes: Axes, keepdims: bool = False, synchronized: bool = False
) -> tuple[Tensor, Tensor]:
    """Mean and variance; `synchronized` is taken for Keras's sake."""
    return mean(x, axes, keepdims), var(x, axes, keepdims)


@composite
def count_nonzero(x: Tensor, axis: Axes = None) -> Tensor:
    """How many values are not 0."""
    return sum_over(cast(not_equal(x, 0), "int32"), axis)


@composite
def quantile(
    x: Tensor, q: Any, axis: Axes = None, method: Any = "linear", keepdims: bool = False
) -> Tensor:
    """Values below which shares q of all lie, between neighbours in proportion."""
    x = as_floats(x)
    rank = len(x.shape)
    if method != "linear":
        over = tuple(axis) if isinstance(axis, list) else axis
        return Computed("quantile", partial(_quantile, q, over, method, keepdims))(x)
    axes = range(rank) if axis is None else [axis] if isinstance(axis, int) else axis
    axes = sorted(a % rank for a in axes)
    kept = [-1 if size is None else size for a, size in enumerate(x.shape) if a not in axes]
    flat = transpose(x, [*(a for a in range(rank) if a not in axes), *axes])
    ordered = sort(reshape(flat, [*kept, _count([x.shape[a] for a in axes])]), -1)
    found = [_between(ordered, float(share)) for share in np.ravel(q)]
    for place in axes if keepdims else ():
        found = [expand_dims(part, place) for part in found]
    return stack(found) if np.ndim(q) else found[0]


def _quantile(q: Any, axis: Any, method: Any, keepdims: bool, values: Array) -> Any:
    return np.quantile(values, q, axis, method=method, keepdims=keepdims)


def _count(sizes: Sequence[int | None]) -> int:
    return -1 if None in sizes else math.prod(size or 0 for size in sizes)


def _between(ordered: Tensor, share: float) -> Tensor:
    """What stands at a share of the way along the last axis."""
    last = (ordered.shape[-1] or 2) - 1
    place = share * last
    low = int(place)
    first = get_item(ordered, (..., low))
    second = get_item(ordered, (..., min(last, low + 1)))
    return add(first, multiply(subtract(second, first), place - low))


@composite
def median(x: Tensor, axis: Axes = None, keepdims: bool = False) -> Tensor:
    """The value in the middle, or the mean of the two there."""
    return quantile(x, 0.5, axis, keepdims=keepdims)


@composite
def diff(a: Tensor, n: int = 1, axis: int = -1) -> Tensor:
    """How much more each value is than the one before, n times over."""
    before = (np.s_[:],) * (axis % len(a.shape))
    for _ in range(n):
        a = subtract(get_item(a, (*before, np.s_[1:])), get_item(a, (*before, np.s_[:-1])))
    return a


@composite
def divide_no_nan(x1: Tensor, x2: Tensor) -> Tensor:
    """x1 / x2, and 0 where x2 is 0."""
    nothing = equal(x2, 0)
    return where(nothing, 0.0, divide(x1, where(nothing, 1.0, x2)))


@composite
def isclose(
    x1: Tensor, x2: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Tensor:
    """Whether values differ by no more than atol + rtol * |x2|."""
    far = absolute(subtract(x1, x2))
    near = less_equal(far, add(multiply(absolute(x2), rtol), atol))
    same = logical_or(logical_and(isfinite(x2), near), equal(x1, x2))
    return logical_or(same, logical_and(isnan(x1), isnan(x2))) if equal_nan else same


@composite
def allclose(
    x1: Tensor, x2: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Tensor:
    """Whether no value differs by more than atol + rtol * |x2|."""
    return all_of(isclose(x1, x2, rtol, atol, equal_nan))


@composite
def logaddexp(x1: Tensor, x2: Tensor) -> Tensor:
    """log(exp(x1) + exp(x2)), without overflow."""
    return add(maximum(x1, x2), log1p(exp_of(multiply(absolute(subtract(x1, x2)), -1.0))))


@composite
def nan_to_num(
    x: Tensor, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None
) -> Tensor:
    """x with numbers for NaN and for infinity: the largest there are, unless told."""
    limits = np.finfo(str(x.dtype))
    high = float(limits.max) if posinf is None else posinf
    low = float(limits.min) if neginf is None else neginf
    finite = where(isinf(x), where(less_equal(x, 0), low, high), x)
    return where(isnan(x), nan, finite)


@composite
def select(condlist: Sequence[Tensor], choicelist: Sequence[Tensor], default: Any = 0) -> Tensor:
    """The choice that belongs to the first condition that holds."""
    result = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        result = where(condition, choice, result)
    return result


@composite
def multi_hot(
    inputs: Tensor,
    num_classes: int | None = None,
    axis: int = -1,
    dtype: str | None = None,
    sparse: bool = False,
) -> Tensor:
    """1 at every place that a row of x tells, 0 elsewhere."""
    if num_classes is None:
        raise ValueError("Argument `num_classes` must be specified.")
    places = expand_dims(inputs, 0) if len(inputs.shape) == 1 else inputs
    encoded = max_of(one_hot(places, num_classes, axis, dtype or floatx(), sparse), 1)
    return reshape(encoded, (num_classes,)) if len(inputs.shape) == 1 else encoded


@composite
def in_top_k(targets: Tensor, predictions: Tensor, k: int) -> Tensor:
    """Whether the target's prediction is among the k largest."""

    def function(wanted: Array, values: Array) -> Any:
        own = np.take_along_axis(values, wanted.astype(np.intp)[..., None], -1)
        return ((values > own).sum(-1) < k) & np.isfinite(own[..., 0])

    return Computed("in_top_k", function, dtype="bool")(targets, predictions)


@composite
def digitize(x: Tensor, bins: Any) -> Tensor:
    """The number of the bin that each value falls into."""
    limits = np.asarray(bins)
    return Computed("digitize", lambda v: np.digitize(v, limits), dtype="int32")(x)


@composite
def searchsorted(sorted_sequence: Tensor, values: Tensor, side: str = "left") -> Tensor:
    """Where values belong in a rising sequence."""
    if side not in ("left", "right"):
        raise ValueError(f"`side` must be either 'left' or 'right'. Received: side={side}")
    where_to = Computed(
        "searchsorted",
        lambda order, found: np.searchsorted(order, found, side),  # type: ignore[call-overload] # checked
        dtype="int32",
    )
    return where_to(sorted_sequence, values)


@composite
def isin(x1: Tensor, x2: Tensor, assume_unique: bool = False, invert: bool = False) -> Tensor:
    """Whether each value of x1 is among those of x2."""
    rows, among = reshape(x1, (-1, 1)), reshape(x2, (1, -1))
    found = any_of(equal(rows, among), 1)
    found = equal(found, False) if invert else found
    return reshape(found, [-1 if size is None else size for size in x1.shape])


@composite
def cumprod(x: Tensor, axis: int | None = None, dtype: str | None = None) -> Tensor:
    """The products of x up to each place along an axis, or of the flat x."""
    values = x if dtype is None else cast(x, dtype)
    flat, along = (reshape(values, (-1,)), 0) if axis is None else (values, axis)

    def slope(gradient: Array, output: Array, x: Array) -> Any:
        later = np.flip(np.cumsum(np.flip(gradient * output, along), along), along)
        with np.errstate(all="ignore"):
            return later / x

    return Computed("cumprod", lambda v: np.cumprod(v, along), slope)(flat)


_cbrt = pointwise("cbrt", np.cbrt, lambda output, x: 1 / (3 * output * output))
_trunc = pointwise("trunc", np.trunc)


@composite
def cbrt(x: Tensor) -> Tensor:
    """The cube root of x."""
    return _cbrt(as_floats(x))


@composite
def trunc(x: Tensor) -> Tensor:
    """x without what follows the point."""
    return _trunc(x)
