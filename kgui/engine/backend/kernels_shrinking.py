"""NumPy kernels of activation functions that cut pieces out, and of sparsemax."""

from functools import partial

import numpy as np

from kgui.engine.backend.kernels import Array, Step, clip_ufunc, constant, kernel


@kernel
def log_sigmoid(x: Array, out: Array) -> Step:
    """out = -log(1 + exp(-x)), without overflow."""
    rest, zero, bottom = np.empty_like(x), constant(0, x), constant(-np.inf, x)

    def step() -> None:
        np.absolute(x, rest)
        np.negative(rest, rest)
        np.exp(rest, rest)
        np.log1p(rest, rest)
        clip_ufunc(x, bottom, zero, out)
        np.subtract(out, rest, out)

    return step


@kernel
def log_sigmoid_gradient(y: Array, gradient: Array, out: Array) -> Step:
    """out = gradient * (1 - sigmoid(x)), which is 1 - exp(y)."""
    slope = np.empty_like(y)

    def step() -> None:
        np.expm1(y, slope)
        np.negative(slope, slope)
        np.multiply(gradient, slope, out)

    return step


@kernel
def squareplus(x: Array, out: Array, b: float) -> Step:
    """out = (x + root of (x² + b)) / 2."""
    root, half, more = np.empty_like(x), constant(0.5, x), constant(b, x)

    def step() -> None:
        np.multiply(x, x, root)
        np.add(root, more, root)
        np.sqrt(root, root)
        np.add(x, root, out)
        np.multiply(out, half, out)

    return step


@kernel
def squareplus_gradient(x: Array, gradient: Array, out: Array, b: float) -> Step:
    """out = gradient * (1 + x / root) / 2."""
    root, half, more, one = np.empty_like(x), constant(0.5, x), constant(b, x), constant(1, x)

    def step() -> None:
        np.multiply(x, x, root)
        np.add(root, more, root)
        np.sqrt(root, root)
        np.divide(x, root, root)
        np.add(root, one, root)
        np.multiply(root, half, root)
        np.multiply(gradient, root, out)

    return step


@kernel
def sparse_plus(x: Array, out: Array) -> Step:
    """out = u² + max(x - 1, 0), where u = (x + 1) / 2 limited to [0, 1]."""
    bend, one, top = np.empty_like(x), constant(1, x), constant(np.inf, x)
    half, zero = constant(0.5, x), constant(0, x)

    def step() -> None:
        np.add(x, one, bend)
        np.multiply(bend, half, bend)
        clip_ufunc(bend, zero, one, bend)
        np.multiply(bend, bend, bend)
        np.subtract(x, one, out)
        clip_ufunc(out, zero, top, out)
        np.add(out, bend, out)

    return step


@kernel
def sparse_plus_gradient(x: Array, gradient: Array, out: Array) -> Step:
    """out = gradient * u."""
    bend, one, half, zero = np.empty_like(x), constant(1, x), constant(0.5, x), constant(0, x)

    def step() -> None:
        np.add(x, one, bend)
        np.multiply(bend, half, bend)
        clip_ufunc(bend, zero, one, bend)
        np.multiply(gradient, bend, out)

    return step


@kernel
def soft_shrink(x: Array, out: Array, threshold: float) -> Step:
    """out = x, moved towards 0 by the threshold and no further."""
    middle, low, high = np.empty_like(x), constant(-threshold, x), constant(threshold, x)

    def step() -> None:
        clip_ufunc(x, low, high, middle)
        np.subtract(x, middle, out)

    return step


@kernel
def soft_shrink_gradient(x: Array, gradient: Array, out: Array, threshold: float) -> Step:
    """out = gradient where |x| > threshold, else 0."""
    return hard_shrink_gradient(x, gradient, out=out, threshold=threshold)


@kernel
def hard_shrink(x: Array, out: Array, threshold: float) -> Step:
    """out = x where |x| > threshold, else 0."""
    return hard_shrink_gradient(x, x, out=out, threshold=threshold)


@kernel
def hard_shrink_gradient(x: Array, gradient: Array, out: Array, threshold: float) -> Step:
    """out = gradient where |x| > threshold, else 0."""
    size, beyond, limit = np.empty_like(x), np.empty(x.shape, bool), constant(threshold, x)

    def step() -> None:
        np.absolute(x, size)
        np.greater(size, limit, beyond)
        np.multiply(gradient, beyond, out)

    return step


@kernel
def sparsemax(x: Array, out: Array) -> Step:
    """out = max(x - tau, 0) along the last axis, tau as Keras works it out; it allocates."""
    return partial(_sparsemax, x, out)


def _sparsemax(x: Array, out: Array) -> None:
    ordered = -np.sort(-x, axis=-1)
    total = np.cumsum(ordered, axis=-1)
    ranks = np.arange(1, x.shape[-1] + 1, dtype=x.dtype)
    support = ordered - (total - 1) / ranks > 0
    count = support.sum(axis=-1, keepdims=True)
    tau = ((total * support).sum(axis=-1, keepdims=True) - 1) / count
    np.maximum(x - tau, 0, out=out)


@kernel
def sparsemax_gradient(x: Array, gradient: Array, out: Array) -> Step:
    """out = the gradient through the values kept, and through tau."""
    return partial(_sparsemax_gradient, x, gradient, out)


def _sparsemax_gradient(x: Array, gradient: Array, out: Array) -> None:
    order = np.argsort(-x, axis=-1, kind="stable")
    ordered = np.take_along_axis(x, order, -1)
    total = np.cumsum(ordered, axis=-1)
    ranks = np.arange(1, x.shape[-1] + 1)
    support = ordered - (total - 1) / ranks.astype(x.dtype) > 0
    count = support.sum(axis=-1, keepdims=True)
    tau = ((total * support).sum(axis=-1, keepdims=True) - 1) / count
    kept = gradient * (x - tau >= 0)
    # tau holds every partial sum of the support: the k-th largest value k times fewer.
    shares = np.where(support, count - ranks + 1, 0) / count
    back = np.empty_like(out)
    np.put_along_axis(back, order, shares.astype(out.dtype), -1)
    np.subtract(kept, kept.sum(axis=-1, keepdims=True) * back, out=out)
