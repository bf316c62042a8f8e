"""Calls of rarely used functions for the gradient checks."""

from collections.abc import Callable
from typing import Any

import numpy as np

from kgui.engine import ops

GENERATOR = np.random.default_rng(8)


def numbers(*shape: int, low: float = -1.5, high: float = 1.5) -> Any:
    return GENERATOR.uniform(low, high, shape)


def whole(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of booleans or integers, as floats."""
    return lambda *xs: ops.cast(function(*xs), "float64")


A, B, C = numbers(3, 4), numbers(3, 4), numbers(2, 3, 4)
P = numbers(3, 4, low=0.3, high=2.0)
S = (lambda x: x @ x.T + np.eye(3))(numbers(3, 5))
SS = np.stack([S, S + np.eye(3)])
PLACES = np.array([[0, 1, 2, 1], [3, 0, 1, 1], [2, 2, 0, 3]])

RARE_SAMPLES: dict[str, list[tuple[Callable[..., Any], list[Any]]]] = {
    "allclose": [(whole(ops.allclose), [A, B])],
    "append": [(ops.append, [A, B]), (lambda x, y: ops.append(x, y, 1), [A, B])],
    "arctan2": [(ops.arctan2, [A, B]), (ops.arctan2, [A, numbers(4)])],
    "array_split": [(lambda x: ops.array_split(x, 3, 1)[0], [A])],
    "average": [
        (ops.average, [A]),
        (lambda x: ops.average(x, 1, [1.0, 2.0, 3.0, 4.0]), [A]),
        (lambda x, w: ops.average(x, 0, w), [A, P]),
    ],
    "cbrt": [(ops.cbrt, [P])],
    "cholesky": [
        (lambda x: ops.cholesky(x + ops.swapaxes(x, -1, -2)), [SS]),
        (lambda x: ops.cholesky(x + ops.transpose(x), upper=True), [S]),
    ],
    "cond": [],
    "count_nonzero": [(whole(ops.count_nonzero), [A])],
    "cumprod": [(ops.cumprod, [A]), (lambda x: ops.cumprod(x, 1), [C])],
    "det": [(ops.det, [S]), (ops.det, [SS])],
    "diag": [(ops.diag, [numbers(4)]), (lambda x: ops.diag(x, -1), [A])],
    "diagonal": [(ops.diagonal, [A]), (lambda x: ops.diagonal(x, 1, 1, 2), [C])],
    "diff": [(ops.diff, [A]), (lambda x: ops.diff(x, 2, 1), [C])],
    "digitize": [(whole(lambda x: ops.digitize(x, [-0.5, 0.5])), [A])],
    "divide_no_nan": [(ops.divide_no_nan, [A, P])],
    "einsum": [
        (lambda x, y: ops.einsum("ij,kj->ik", x, y), [A, B]),
        (lambda x, y: ops.einsum("ij,ij", x, y), [A, B]),
        (lambda x: ops.einsum("ii", x), [S]),
        (lambda x: ops.einsum("bii->bi", x), [SS]),
        (lambda x, y: ops.einsum("...ij,jk->...ik", x, y), [C, numbers(4, 2)]),
        (lambda x: ops.einsum("abc->b", x), [C]),
        (lambda x, y, z: ops.einsum("bi,ij,bj->b", x, y, z), [A, numbers(4, 4), B]),
    ],
    "fori_loop": [(lambda x: ops.fori_loop(0, 3, lambda turn, v: v * 2 + turn, x), [A])],
    "hstack": [(lambda x, y: ops.hstack([x, y]), [A, B])],
    "hypot": [(ops.hypot, [A, B])],
    "in_top_k": [(whole(lambda x: ops.in_top_k(np.array([0, 1, 3]), x, 2)), [A])],
    "inner": [(ops.inner, [A, B])],
    "inv": [(ops.inv, [S]), (ops.inv, [SS])],
    "isclose": [(whole(lambda x, y: ops.isclose(x, y, 1.0)), [A, B])],
    "isin": [(whole(lambda x: ops.isin(x, A[:1])), [A])],
    "logaddexp": [(ops.logaddexp, [A, B])],
    "logdet": [(ops.logdet, [SS])],
    "map": [],
    "median": [(ops.median, [A]), (lambda x: ops.median(x, 1, keepdims=True), [C])],
    "moments": [(lambda x: ops.moments(x, [0])[1], [A])],
    "multi_hot": [(whole(lambda x: ops.multi_hot(ops.cast(x, "int32"), 4)), [P])],
    "nan_to_num": [(ops.nan_to_num, [A])],
    "norm": [
        *((lambda x, o=o: ops.norm(x, o, (0, 1)), [numbers(3, 4)])
          for o in (1, -1, 2, -2, np.inf, -np.inf, "fro", "nuc", None)),
        (lambda x: ops.norm(x, 2, (0, 2), keepdims=True), [C]),
        (lambda x: ops.norm(x, -np.inf, 1), [A]),
        (lambda x: ops.norm(x, 0, 1), [A]),
        (lambda x: ops.norm(x, 3, 1), [A]),
    ],
    "pad": [
        (lambda x: ops.pad(x, ((1, 0), (2, 1))), [A]),
        (lambda x: ops.pad(x, ((0, 0), (1, 2)), constant_values=3.0), [A]),
        (lambda x: ops.pad(x, 1, "reflect"), [A]),
        (lambda x: ops.pad(x, 2, "symmetric"), [A]),
    ],
    "ptp": [(ops.ptp, [A]), (lambda x: ops.ptp(x, 1), [C])],
    "quantile": [
        (lambda x: ops.quantile(x, 0.3), [A]),
        (lambda x: ops.quantile(x, [0.2, 0.9], (0, 2)), [C]),
    ],
    "roll": [(lambda x: ops.roll(x, 1, 1), [A]), (lambda x: ops.roll(x, 2), [A])],
    "rot90": [(ops.rot90, [A])],
    "scan": [],
    "searchsorted": [(whole(lambda x: ops.searchsorted(np.arange(3.0), x)), [A])],
    "select": [(lambda x: ops.select([x > 1, x > 0], [x * 2, x], -1.0), [A])],
    "slice": [(lambda x: ops.slice(x, [0, 1], [2, 2]), [A])],
    "solve": [(ops.solve, [S, numbers(3, 2)]), (ops.solve, [S, numbers(3)])],
    "sort": [(ops.sort, [A]), (lambda x: ops.sort(x, 0), [C]), (lambda x: ops.sort(x, None), [A])],
    "switch": [],
    "take_along_axis": [
        (lambda x: ops.take_along_axis(x, PLACES, 1), [A]),
        (lambda x: ops.take_along_axis(x, PLACES[:1] % 3, 0), [A]),
    ],
    "tensordot": [
        (lambda x, y: ops.tensordot(x, y, [[1], [1]]), [A, B]),
        (lambda x, y: ops.tensordot(x, y, 1), [C, numbers(4, 2)]),
    ],
    "top_k": [(lambda x: ops.top_k(x, 2)[0], [A])],
    "trace": [(ops.trace, [A]), (lambda x: ops.trace(x, 1, 1, 2), [C])],
    "tri": [],
    "true_divide": [(ops.true_divide, [A, P])],
    "unstack": [(lambda x: ops.unstack(x, axis=1)[2], [A])],
    "vectorized_map": [],
    "vstack": [(lambda x, y: ops.vstack([x, y]), [A, B])],
    "while_loop": [],
}  # fmt: skip
