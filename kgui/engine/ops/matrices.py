"""Linear algebra: products told by subscripts, inverses, determinants, norms of matrices."""

import string
from collections.abc import Sequence
from typing import Any

import numpy as np

from kgui.engine.ops.composite import composite
from kgui.engine.ops.computed import Computed, summed_to
from kgui.engine.ops.elementwise import absolute, log
from kgui.engine.ops.extremes import max as max_of
from kgui.engine.ops.extremes import min as min_of
from kgui.engine.ops.extremes import norm as vector_norm
from kgui.engine.ops.linear import matmul
from kgui.engine.ops.primitive import Array, Tensor, as_floats
from kgui.engine.ops.products import moveaxis
from kgui.engine.ops.reduction import sum as sum_over
from kgui.engine.ops.shaping import expand_dims, reshape, transpose
from kgui.engine.symbolic import Shape


@composite
def einsum(subscripts: str, *operands: Tensor) -> Tensor:
    """Sums of products, told by a letter for each axis: "ij,jk->ik" is a matrix product."""
    terms, result = _letters(subscripts, [len(x.shape) for x in operands])
    equation = f"{','.join(terms)}->{result}"

    def function(*arrays: Array) -> Any:
        return np.einsum(equation, *arrays, optimize=len(arrays) > 1)

    def slope_of(index: int) -> Any:
        return lambda gradient, output, *arrays: _einsum_slope(
            gradient, arrays, terms, result, index
        )

    def shape(*shapes: Shape) -> Shape:
        sizes: dict[str, int | None] = {}
        for letter, size in zip("".join(terms), [n for s in shapes for n in s], strict=True):
            sizes[letter] = size if sizes.get(letter) in (None, 1) else sizes[letter]
        return tuple(sizes[letter] for letter in result)

    slopes = map(slope_of, range(len(operands)))
    return Computed("einsum", function, *slopes, shape=shape)(*operands)


def _letters(subscripts: str, ranks: Sequence[int]) -> tuple[list[str], str]:
    """The letters of every operand and of the result, those that dots stand for among them."""
    left, arrow, result = subscripts.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(ranks):
        raise ValueError(
            f"einsum needs one term for each operand. Received: {subscripts!r} and {len(ranks)}"
        )
    free = [letter for letter in string.ascii_letters if letter not in subscripts]
    longest = max(rank - len(t.replace("...", "")) for t, rank in zip(terms, ranks, strict=True))
    dots = "".join(free[: max(longest, 0)]) if "..." in subscripts else ""
    full = [
        term.replace("...", dots[len(dots) - (rank - len(term.replace("...", ""))) :])
        for term, rank in zip(terms, ranks, strict=True)
    ]
    if not arrow:
        joined = "".join(full)
        result = dots + "".join(
            sorted(c for c in set(joined) if joined.count(c) == 1 and c not in dots)
        )
    return full, result.replace("...", dots)


def _einsum_slope(
    gradient: Array, arrays: Sequence[Array], terms: Sequence[str], result: str, index: int
) -> Any:
    """The gradient of one operand: the sum of products of the result's with the others."""
    own, shape = terms[index], arrays[index].shape
    sizes = {c: n for term, a in zip(terms, arrays, strict=True)
             for c, n in zip(term, a.shape, strict=True) if n != 1}  # fmt: skip
    others = [i for i in range(len(terms)) if i != index]
    letters = "".join(dict.fromkeys(own))
    known = set(result).union(*(terms[i] for i in others))
    alone = "".join(c for c in letters if c not in known)
    parts = [result, *(terms[i] for i in others), alone]
    ones = np.ones([sizes.get(c, 1) for c in alone], gradient.dtype)
    values = [gradient, *(arrays[i] for i in others), ones]
    found = np.einsum(f"{','.join(parts)}->{letters}", *values)
    if letters == own:
        return summed_to(found, shape)
    whole = np.zeros(shape, gradient.dtype)
    np.einsum(f"{own}->{letters}", whole)[...] = found  # NumPy gives a view of the diagonal
    return whole


@composite
def tensordot(x1: Tensor, x2: Tensor, axes: Any = 2) -> Tensor:
    """The sum of products over the last axes of x1 and the first of x2, or over those named."""
    first, second = len(x1.shape), len(x2.shape)
    if isinstance(axes, int):
        axes = [list(range(first - axes, first)), list(range(axes))]
    over = [[a] if isinstance(a, int) else list(a) for a in axes]
    left = [string.ascii_lowercase[i] for i in range(first)]
    right = [string.ascii_uppercase[i] for i in range(second)]
    for a, b in zip(*over, strict=True):
        right[b] = left[a]
    kept = [c for c in left + right if (c in left) != (c in right)]
    return einsum(f"{''.join(left)},{''.join(right)}->{''.join(kept)}", x1, x2)


@composite
def inner(x1: Tensor, x2: Tensor) -> Tensor:
    """The sum of products over the last axes."""
    if not len(x1.shape) or not len(x2.shape):
        return x1 * x2
    return tensordot(x1, x2, [[-1 % len(x1.shape)], [-1 % len(x2.shape)]])


def _turned(x: Array) -> Array:
    return np.swapaxes(x, -1, -2)


def _square(shape: Shape) -> None:
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise ValueError(f"Expected a square matrix of two axes or more. Received: shape={shape}")


@composite
def inv(x: Tensor) -> Tensor:
    """The inverse of each matrix."""
    _square(tuple(x.shape))

    def slope(gradient: Array, inverse: Array, _: Array) -> Any:
        return -_turned(inverse) @ gradient @ _turned(inverse)

    return Computed("inv", np.linalg.inv, slope, shape=lambda shape: shape)(as_floats(x))


@composite
def det(x: Tensor) -> Tensor:
    """The determinant of each matrix."""
    _square(tuple(x.shape))

    def slope(gradient: Array, value: Array, matrix: Array) -> Any:
        return (gradient * value)[..., None, None] * _turned(np.linalg.inv(matrix))

    return Computed("det", np.linalg.det, slope, shape=lambda shape: shape[:-2])(as_floats(x))


@composite
def logdet(x: Tensor) -> Tensor:
    """The logarithm of each matrix's determinant."""
    return log(det(x))


@composite
def solve(a: Tensor, b: Tensor) -> Tensor:
    """What a must be multiplied with to give b."""
    _square(tuple(a.shape))
    if len(b.shape) == len(a.shape) - 1:
        column = matmul(inv(a), expand_dims(b, -1))
        return reshape(column, [-1 if size is None else size for size in b.shape])
    return matmul(inv(a), b)


@composite
def cholesky(x: Tensor, upper: bool = False) -> Tensor:
    """The triangular matrix whose product with its own transpose is x."""
    _square(tuple(x.shape))

    def slope(gradient: Array, lower: Array, _: Array) -> Any:
        inner_part = np.tril(_turned(lower) @ gradient)
        np.einsum("...ii->...i", inner_part)[...] *= 0.5
        inverse = np.linalg.inv(lower)
        whole = _turned(inverse) @ inner_part @ inverse
        return (whole + _turned(whole)) / 2

    made = Computed("cholesky", np.linalg.cholesky, slope, shape=lambda s: s)(as_floats(x))
    rank = len(x.shape)
    return transpose(made, [*range(rank - 2), rank - 1, rank - 2]) if upper else made


def _singular_values(x: Tensor) -> Tensor:
    def function(matrix: Array) -> Array:
        return np.linalg.svd(matrix, compute_uv=False)

    def slope(gradient: Array, _: Array, matrix: Array) -> Any:
        left, _values, right = np.linalg.svd(matrix, full_matrices=False)
        return (left * gradient[..., None, :]) @ right

    return Computed("singular_values", function, slope)(x)


@composite
def norm(
    x: Tensor, ord: Any = None, axis: int | Sequence[int] | None = None, keepdims: bool = False
) -> Tensor:
    """The length of vectors along an axis, or of matrices in two axes.

    Args:
        x: The tensor.
        ord: Which norm: a number, inf, "fro" or "nuc"; the Euclidean one if None.
        axis: One axis, or two; the whole tensor if None.
        keepdims: Keep the axes, with size 1.
    """
    x = as_floats(x)
    rank = len(x.shape)
    axes = list(range(rank)) if axis is None else [axis] if isinstance(axis, int) else list(axis)
    if ord is None:
        return vector_norm(x, None, axis if axis is None else tuple(axes), keepdims)
    if len(axes) == 1:
        if isinstance(ord, str):
            raise ValueError(f"Invalid `ord` argument for vector norm. Received: ord={ord}")
        return vector_norm(x, ord, axes[0], keepdims)
    if len(axes) != 2:
        raise ValueError(f"Improper number of axes for a norm. Received: axis={axis}, ord={ord}")
    found = _matrix_norm(moveaxis(x, axes, [-2, -1]), ord)
    for place in sorted(axis % rank for axis in axes) if keepdims else ():
        found = expand_dims(found, place)
    return found


def _matrix_norm(x: Tensor, ord: Any) -> Tensor:
    if ord == "fro":
        return vector_norm(x, None, (-2, -1))
    if ord == "nuc":
        return sum_over(_singular_values(x), -1)
    extreme = max_of if not isinstance(ord, str) and ord > 0 else min_of
    if ord in (2, -2):
        return extreme(_singular_values(x), -1)
    if ord in (1, -1):
        return extreme(sum_over(absolute(x), -2), -1)
    if ord in (np.inf, -np.inf):
        return extreme(sum_over(absolute(x), -1), -1)
    raise ValueError(f"Invalid `ord` argument for matrix norm. Received: ord={ord}")
