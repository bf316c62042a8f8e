"""NumPy kernels of softmax, cross-entropy, metrics and the running means of a fit."""

from collections.abc import Callable
from typing import Any

import numpy as np

from kgui.engine.backend.kernels import Array, Step, constant, kernel

# Called by position (array, axis, dtype, out, keepdims): keywords cost more than small sums.
_sum: Callable[..., Any] = np.add.reduce
_max: Callable[..., Any] = np.maximum.reduce
SMALL = 4096
"""Numbers below which a call costs more than its work."""


def _largest(x: Array, out: Array) -> Step:
    """out = the largest along the last axis; in small arrays it is found faster by its index."""
    if x.size > SMALL or not x.flags.c_contiguous:
        return lambda: _max(x, -1, None, out, True)
    flat, start = x.reshape(-1), _positions(x.shape).reshape(-1)
    index, places = np.empty_like(start), out.reshape(-1)
    rows = x.reshape(-1, x.shape[-1])

    def step() -> None:
        rows.argmax(-1, index)
        np.add(index, start, index)
        flat.take(index, 0, places, "clip")

    return step


@kernel
def softmax(x: Array, out: Array) -> Step:
    """out = softmax of x along the last axis."""
    top = np.empty((*x.shape[:-1], 1), x.dtype)
    largest = _largest(x, top)

    def step() -> None:
        largest()
        np.subtract(x, top, out)
        np.exp(out, out)
        _sum(out, -1, None, top, True)
        np.divide(out, top, out)

    return step


@kernel
def softmax_gradient(y: Array, gradient: Array, out: Array) -> Step:
    """out = y * (gradient - sum(gradient * y))."""
    product, total = np.empty_like(y), np.empty((*y.shape[:-1], 1), y.dtype)

    def step() -> None:
        np.multiply(gradient, y, product)
        _sum(product, -1, None, total, True)
        np.subtract(gradient, total, out)
        np.multiply(out, y, out)

    return step


@kernel
def log_softmax(x: Array, out: Array) -> Step:
    """out = log of the softmax of x along the last axis."""
    top, scratch = np.empty((*x.shape[:-1], 1), x.dtype), np.empty_like(x)

    def step() -> None:
        _max(x, -1, None, top, True)
        np.subtract(x, top, out)
        np.exp(out, scratch)
        _sum(scratch, -1, None, top, True)
        np.log(top, top)
        np.subtract(out, top, out)

    return step


@kernel
def log_softmax_gradient(y: Array, gradient: Array, out: Array) -> Step:
    """out = gradient - exp(y) * sum(gradient)."""
    probabilities, total = np.empty_like(y), np.empty((*y.shape[:-1], 1), y.dtype)

    def step() -> None:
        np.exp(y, probabilities)
        _sum(gradient, -1, None, total, True)
        np.multiply(probabilities, total, probabilities)
        np.subtract(gradient, probabilities, out)

    return step


def _positions(shape: tuple[int, ...]) -> Array:
    """Flat index of class 0 in every row of an array whose last axis is the classes."""
    rows = int(np.prod(shape[:-1], dtype=np.int64))
    return (np.arange(rows, dtype=np.int64) * shape[-1]).reshape(shape[:-1])


@kernel
def take_class(x: Array, labels: Array, out: Array) -> Step:
    """out[i] = x[i, labels[i]]."""
    flat, start = x.reshape(-1), _positions(x.shape)
    index = np.empty_like(start)

    def step() -> None:
        np.add(start, labels, index)
        flat.take(index, 0, out, "clip")

    return step


@kernel
def take_class_gradient(labels: Array, gradient: Array, out: Array) -> Step:
    """out[i, labels[i]] = gradient[i], 0 elsewhere."""
    flat, start = out.reshape(-1), _positions(out.shape)
    index = np.empty_like(start)

    def step() -> None:
        out.fill(0)
        np.add(start, labels, index)
        flat[index] = gradient

    return step


@kernel
def softmax_sparse_gradient(
    probabilities: Array, labels: Array, gradient: Array, out: Array, epsilon: float
) -> Step:
    """Gradient to the logits of clipped sparse cross-entropy after softmax.

    out = gradient * (p - onehot), and 0 for rows whose true class's p was clipped.
    `out` is not `probabilities`.
    """
    flat, start = probabilities.reshape(-1), _positions(probabilities.shape)
    index, inside = np.empty_like(start), np.empty(start.shape, bool)
    other, chosen = np.empty(start.shape, bool), np.empty(start.shape, out.dtype)
    low, high = constant(epsilon, out), constant(1 - epsilon, out)
    target, weight = out.reshape(-1), np.empty(start.shape, out.dtype)
    column = weight[..., None]

    def step() -> None:
        np.add(start, labels, index)
        flat.take(index, 0, chosen, "clip")
        np.greater_equal(chosen, low, inside)
        np.less_equal(chosen, high, other)
        np.logical_and(inside, other, inside)
        np.multiply(gradient, inside, weight)
        np.multiply(probabilities, column, out)
        target[index] -= weight

    return step


@kernel
def softmax_categorical_gradient(
    probabilities: Array, targets: Array, gradient: Array, out: Array, epsilon: float
) -> Step:
    """Gradient to the logits of clipped cross-entropy after softmax.

    With y the targets where p was not clipped, else 0: out = gradient * (p * sum(y) - y).
    `out` is not `probabilities`.
    """
    inside, other = np.empty(out.shape, bool), np.empty(out.shape, bool)
    kept, total = np.empty_like(out), np.empty((*out.shape[:-1], 1), out.dtype)
    low, high = constant(epsilon, out), constant(1 - epsilon, out)
    column = gradient[..., None]

    def step() -> None:
        np.greater_equal(probabilities, low, inside)
        np.less_equal(probabilities, high, other)
        np.logical_and(inside, other, inside)
        np.multiply(targets, inside, kept)
        _sum(kept, -1, None, total, True)
        np.multiply(probabilities, total, out)
        np.subtract(out, kept, out)
        np.multiply(out, column, out)

    return step


@kernel
def argmax(x: Array, out: Array) -> Step:
    """out = index of the largest value along the last axis."""

    def step() -> None:
        x.argmax(-1, out)

    return step


@kernel
def accumulate(values: Array, out: Array) -> Step:
    """out += (sum of values, number of values): the running mean of a metric."""
    flat = values.reshape(-1)
    both = np.array([0, values.size], out.dtype)
    total = both[:1].reshape(())

    def step() -> None:
        _sum(flat, 0, out.dtype, total)
        np.add(out, both, out)

    return step


@kernel
def accumulate_both(values: Array, weights: Array, out: Array) -> Step:
    """out += (sum of values, sum of weights): the running mean of a weighted metric."""
    flat, counts = values.reshape(-1), weights.reshape(-1)
    total, count = np.zeros((), out.dtype), np.zeros((), out.dtype)

    def step() -> None:
        _sum(flat, 0, out.dtype, total)
        _sum(counts, 0, out.dtype, count)
        out[0] += total
        out[1] += count

    return step


@kernel
def accumulate_weighted(value: Array, out: Array, weight: float) -> Step:
    """out += (value * weight, weight): the running mean of a loss over samples."""

    def step() -> None:
        out[0] += float(value) * weight
        out[1] += weight

    return step
