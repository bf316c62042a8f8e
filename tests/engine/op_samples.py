"""Calls of primitives for the gradient checks: names of `ops` with functions and arrays."""

from collections.abc import Callable
from typing import Any

import numpy as np

from kgui.engine import ops

GENERATOR = np.random.default_rng(5)


def numbers(*shape: int, low: float = -1.5, high: float = 1.5) -> Any:
    return GENERATOR.uniform(low, high, shape)


def whole(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of booleans or integers, as floats."""
    return lambda *xs: ops.cast(function(*xs), "float64")


A, B, C = numbers(3, 4), numbers(3, 4), numbers(2, 3, 4)
POSITIVE = numbers(3, 4, low=0.3, high=2.0)
WIDE = numbers(3, 4, low=-5, high=5)

FLAT = ("all", "any", "equal", "greater", "greater_equal", "less", "less_equal", "not_equal")
LOGIC = ("logical_and", "logical_or", "logical_xor")

OP_SAMPLES: dict[str, list[tuple[Callable[..., Any], list[Any]]]] = {
    **{name: [(whole(getattr(ops, name)), [A, B])] for name in (*FLAT[2:], *LOGIC)},
    **{name: [(whole(getattr(ops, name)), [A])] for name in (*FLAT[:2], "logical_not")},
    "broadcast_to": [
        (lambda x: ops.broadcast_to(x, (2, 3, 4)), [A]),
        (lambda x: ops.broadcast_to(x, (-1, 4)), [numbers(3, 1)]),
    ],
    "ceil": [(ops.ceil, [A])],
    "celu": [(ops.celu, [A]), (lambda x: ops.celu(x, 0.4), [A])],
    "cumsum": [(ops.cumsum, [A]), (lambda x: ops.cumsum(x, axis=-2), [C])],
    "flip": [(ops.flip, [A]), (lambda x: ops.flip(x, axis=(0, -1)), [C])],
    "floor_divide": [(ops.floor_divide, [A, POSITIVE])],
    "gelu": [(ops.gelu, [WIDE]), (lambda x: ops.gelu(x, approximate=False), [WIDE])],
    "get_item": [
        (lambda x: x[:, 0], [A]),
        (lambda x: x[..., 1:], [C]),
        (lambda x: ops.add(x[:, None, ::-2], x[1, ::2]), [A]),
        (lambda x: x[-1, :, 1:3], [C]),
    ],
    "glu": [(ops.glu, [A]), (lambda x: ops.glu(x, axis=0), [C])],
    "log_softmax": [(ops.log_softmax, [A]), (lambda x: ops.log_softmax(x, axis=1), [C])],
    "logsumexp": [
        (ops.logsumexp, [A]),
        (lambda x: ops.logsumexp(x, axis=(0, 2), keepdims=True), [C]),
    ],
    "matmul": [
        (ops.matmul, [A, numbers(4, 2)]),
        (ops.matmul, [C, numbers(4, 5)]),
        (ops.matmul, [C, numbers(2, 4, 5)]),
        (ops.matmul, [A, numbers(2, 4, 5)]),
        (ops.matmul, [numbers(2, 1, 3, 4), numbers(5, 4, 2)]),
        (ops.matmul, [numbers(4), numbers(4)]),
        (ops.matmul, [numbers(3), C]),
        (ops.matmul, [C, numbers(4)]),
    ],
    "max": [
        (ops.max, [A]),
        (lambda x: ops.max(x, axis=1, keepdims=True), [C]),
        (lambda x: ops.max(x, axis=(0, 2)), [C]),
    ],
    "mean": [
        (ops.mean, [A]),
        (lambda x: ops.mean(x, axis=1), [C]),
        (lambda x: ops.mean(x, axis=(0, 2), keepdims=True), [C]),
    ],
    "min": [(ops.min, [A]), (lambda x: ops.min(x, axis=-1), [C])],
    "mod": [(ops.mod, [A, POSITIVE]), (lambda x: x % 0.7, [A]), (lambda x: 2.0 % x, [POSITIVE])],
    "norm": [
        (ops.norm, [A]),
        (lambda x: ops.norm(x, axis=-1), [C]),
        (lambda x: ops.norm(x, ord=1, axis=1, keepdims=True), [C]),
        (lambda x: ops.norm(x, ord=np.inf, axis=1), [C]),
        (lambda x: ops.norm(x, ord=3, axis=0), [C]),
    ],
    "normalize": [
        (ops.normalize, [A]),
        (lambda x: ops.normalize(x, axis=1), [C]),
        (lambda x: ops.normalize(x, order=3), [A]),
    ],
    "one_hot": [(lambda x: ops.one_hot(x, 3, axis=0), [np.array([[2.0, 0.0], [-1.0, 3.0]])])],
    "power": [
        (ops.power, [POSITIVE, A]),
        (ops.power, [numbers(4, low=0.3), numbers(3, 1)]),
        (lambda x: x**3, [A]),
        (lambda x: x**2, [A]),
        (lambda x: x**0, [A]),
        (lambda x: 2**x, [A]),
    ],
    "repeat": [
        (lambda x: ops.repeat(x, 3), [A]),
        (lambda x: ops.repeat(x, 2, axis=1), [C]),
        (lambda x: ops.repeat(x, [2, 0, 1], axis=-2), [C]),
    ],
    "rsqrt": [(ops.rsqrt, [POSITIVE])],
    "softmax": [
        (ops.softmax, [A]),
        (lambda x: ops.softmax(x, axis=0), [A]),
        (lambda x: ops.softmax(x, axis=(0, 2)), [C]),
        (lambda x: ops.softmax(x, axis=None), [A]),
    ],
    "sparsemax": [(ops.sparsemax, [A]), (lambda x: ops.sparsemax(x, axis=1), [C])],
    "split": [
        (lambda x: ops.add(*ops.split(x, 2, axis=1)), [A]),
        (lambda x: ops.split(x, [1, 3], axis=-1)[1], [C]),
    ],
    "stack": [
        (lambda a, b: ops.stack([a, b]), [A, B]),
        (lambda a, b: ops.stack([a, b, a], axis=-1), [A, B]),
    ],
    "std": [(ops.std, [A]), (lambda x: ops.std(x, axis=1), [C])],
    "sum": [
        (ops.sum, [A]),
        (lambda x: ops.sum(x, axis=0), [A]),
        (lambda x: ops.sum(x, axis=(0, -1), keepdims=True), [C]),
    ],
    "take": [
        (lambda x: ops.take(x, [[2, 0], [2, -1]], axis=0), [A]),
        (lambda x: ops.take(x, np.array([1.0, 1.0, 3.0]), axis=-1), [A]),
        (lambda x: ops.take(x, [1, 0, 1], axis=1), [C]),
        (lambda x: ops.take(x, [[5], [5]]), [A]),
    ],
    "threshold": [(lambda x: ops.threshold(x, 0.3, -2.0), [A])],
    "tile": [
        (lambda x: ops.tile(x, 2), [A]),
        (lambda x: ops.tile(x, (2, 1, 3)), [A]),
        (lambda x: ops.tile(x, (3, 2)), [C]),
    ],
    "var": [(ops.var, [A]), (lambda x: ops.var(x, axis=(0, 2), keepdims=True), [C])],
    "where": [
        (lambda a, b: ops.where(ops.greater(a, b), a, b), [A, B]),
        (lambda a, b: ops.where(ops.greater(a, 0.1), a, b), [A, numbers(4)]),
        (lambda a: ops.where(np.array([[True], [False], [True]]), a, 0.0), [A]),
    ],
}
