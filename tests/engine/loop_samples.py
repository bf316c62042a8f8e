"""Calls of what loops of one's own need, for the gradient checks."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from op_samples import numbers, whole

from kgui.engine import ops
from kgui.engine.ops.picking import pick

A, B, C = numbers(3, 4), numbers(3, 4), numbers(2, 3, 4)
INSIDE = numbers(3, 4, low=-0.8, high=0.8)
POSITIVE = numbers(3, 4, low=0.4, high=2.0)
SHARES = np.array([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]])
TARGETS = np.array([[0.0, 1.0, 0.0], [0.3, 0.3, 0.4]])
LABELS = np.array([2, 0])
ZEROS = np.array([[0.0, 2.0, 3.0], [0.0, 0.0, 1.0], [0.5, 1.5, -1.0]])


def _of_zeros(x: Any) -> Any:
    """The product with zeros among the factors, and something to move them by."""
    return ops.prod(ops.add(x, ZEROS), axis=1)


def _crossentropies(x: Any) -> Any:
    p = ops.softmax(x)
    parts = [
        ops.categorical_crossentropy(TARGETS, p),
        ops.categorical_crossentropy(TARGETS, x, from_logits=True),
        ops.sparse_categorical_crossentropy(LABELS, p),
        ops.sparse_categorical_crossentropy(LABELS[:, None], x, from_logits=True),
    ]
    return ops.concatenate(parts, 0)


def _binary(x: Any) -> Any:
    both = [
        ops.binary_crossentropy(TARGETS, ops.sigmoid(x)),
        ops.binary_crossentropy(TARGETS, x, from_logits=True),
    ]
    return ops.concatenate(both, 0)


def _along_first(x: Any) -> Any:
    return ops.categorical_crossentropy(TARGETS.T, ops.softmax(x, axis=0), axis=0)


LOOP_SAMPLES: dict[str, list[tuple[Callable[..., Any], list[Any]]]] = {
    **{name: [] for name in ("arange", "convert_to_numpy", "empty", "eye", "full", "identity")},
    **{name: [] for name in ("linspace", "ndim", "ones", "shape", "size", "zeros")},
    **{name: [(whole(getattr(ops, name)), [A])] for name in ("isfinite", "isinf", "isnan")},
    **{name: [(getattr(ops, name), [INSIDE])] for name in ("arccos", "arcsin", "arctanh")},
    **{name: [(getattr(ops, name), [POSITIVE])] for name in ("log2", "log10", "reciprocal")},
    **{
        name: [
            (whole(getattr(ops, name)), [A]),
            (whole(partial(getattr(ops, name), axis=1, keepdims=True)), [C]),
            (whole(partial(getattr(ops, name), axis=-1)), [C]),
        ]
        for name in ("argmax", "argmin")
    },
    "argsort": [(whole(ops.argsort), [C]), (whole(lambda x: ops.argsort(x, axis=None)), [A])],
    "arccosh": [(ops.arccosh, [numbers(3, 4, low=1.1, high=3.0)])],
    "binary_crossentropy": [(_binary, [numbers(2, 3)])],
    "categorical_crossentropy": [
        (_crossentropies, [numbers(2, 3)]),
        (_along_first, [numbers(3, 2)]),
    ],
    "dot": [
        (ops.dot, [A, numbers(4, 2)]),
        (ops.dot, [numbers(4), numbers(4)]),
        (ops.dot, [A, numbers(2, 4, 3)]),
    ],
    "full_like": [(lambda x: ops.multiply(x, ops.full_like(x, 2.5)), [A])],
    "moveaxis": [
        (lambda x: ops.moveaxis(x, 0, -1), [C]),
        (lambda x: ops.moveaxis(x, (0, 2), (1, 0)), [C]),
    ],
    "outer": [(ops.outer, [numbers(3), numbers(2, 2)])],
    "prod": [
        (ops.prod, [A]),
        (lambda x: ops.prod(x, axis=(0, -1), keepdims=True), [C]),
        (_of_zeros, [numbers(3, 3, low=-0.1, high=0.1)]),
    ],
    "sparse_categorical_crossentropy": [
        (lambda x: ops.sparse_categorical_crossentropy(LABELS, x), [SHARES])
    ],
    "stop_gradient": [(lambda x: ops.multiply(0.0, ops.stop_gradient(x)), [A])],
    "swapaxes": [(lambda x: ops.swapaxes(x, 0, -1), [C])],
    "vdot": [(ops.vdot, [A, B])],
    "pick": [
        (lambda x: pick(x, (np.array([0, 2, 0]), np.array([1, 1, 1]))), [A]),
        (lambda x: pick(x, A > 0), [B]),
    ],
}
"""Names of `ops` with functions and the arrays to call them with."""
