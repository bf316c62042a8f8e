"""NumPy kernels of the activation functions and their derivatives."""

from functools import partial

import numpy as np

from kgui.engine.backend.kernels import Array, Step, clip_ufunc, constant, kernel


@kernel
def relu(x: Array, out: Array) -> Step:
    """out = max(x, 0); a third of the time of np.maximum."""
    return partial(clip_ufunc, x, constant(0, out), constant(np.inf, out), out)


@kernel
def relu_gradient(y: Array, gradient: Array, out: Array) -> Step:
    """out = gradient where y > 0, else 0; `where=` would be 12 times slower."""
    if y.size <= 1024:
        return _small_relu_gradient(y, gradient, out)
    mask = np.empty(y.shape, bool)
    zero = constant(0, y)

    def step() -> None:
        np.greater(y, zero, mask)
        np.multiply(gradient, mask, out)

    return step


def _small_relu_gradient(y: Array, gradient: Array, out: Array) -> Step:
    """The sign of what is never negative is 1 or 0, and needs no conversion."""
    sign = np.empty_like(y)

    def step() -> None:
        np.sign(y, sign)
        np.multiply(gradient, sign, out)

    return step


@kernel
def sigmoid(x: Array, out: Array) -> Step:
    """out = 1 / (1 + exp(-x))."""
    one = constant(1, out)

    def step() -> None:
        np.negative(x, out)
        np.exp(out, out)
        np.add(out, one, out)
        np.divide(one, out, out)

    return step


@kernel
def sigmoid_gradient(y: Array, gradient: Array, out: Array) -> Step:
    """out = gradient * y * (1 - y)."""
    slope, one = np.empty_like(y), constant(1, y)

    def step() -> None:
        np.subtract(one, y, slope)
        np.multiply(slope, y, slope)
        np.multiply(gradient, slope, out)

    return step


@kernel
def tanh_gradient(y: Array, gradient: Array, out: Array) -> Step:
    """out = gradient * (1 - y²)."""
    slope, one = np.empty_like(y), constant(1, y)

    def step() -> None:
        np.multiply(y, y, slope)
        np.subtract(one, slope, slope)
        np.multiply(gradient, slope, out)

    return step


@kernel
def leaky_relu(x: Array, out: Array, slope: float) -> Step:
    """out = x where x > 0, slope * x elsewhere."""
    below, factor = np.empty_like(x), constant(slope, x)
    zero, top, bottom = constant(0, x), constant(np.inf, x), constant(-np.inf, x)

    def step() -> None:
        clip_ufunc(x, bottom, zero, below)
        np.multiply(below, factor, below)
        clip_ufunc(x, zero, top, out)
        np.add(out, below, out)

    return step


@kernel
def leaky_relu_gradient(x: Array, gradient: Array, out: Array, slope: float) -> Step:
    """out = gradient where x > 0, slope * gradient elsewhere."""
    above, factor = np.empty(x.shape, bool), np.empty_like(x)
    zero, low, rise = constant(0, x), constant(slope, x), constant(1 - slope, x)

    def step() -> None:
        np.greater(x, zero, above)
        np.multiply(above, rise, factor)
        np.add(factor, low, factor)
        np.multiply(gradient, factor, out)

    return step


@kernel
def elu(x: Array, out: Array, alpha: float, rate: float = 1.0) -> Step:
    """out = x where x > 0, alpha * (exp(rate * x) - 1) elsewhere."""
    below, factor, pace = np.empty_like(x), constant(alpha, x), constant(rate, x)
    zero, top, bottom = constant(0, x), constant(np.inf, x), constant(-np.inf, x)

    def step() -> None:
        clip_ufunc(x, bottom, zero, below)
        if rate != 1:
            np.multiply(below, pace, below)
        np.expm1(below, below)
        np.multiply(below, factor, below)
        clip_ufunc(x, zero, top, out)
        np.add(out, below, out)

    return step


@kernel
def elu_gradient(x: Array, gradient: Array, out: Array, alpha: float, rate: float = 1.0) -> Step:
    """out = gradient where x > 0, gradient * alpha * rate * exp(rate * x) elsewhere."""
    above, slope = np.empty(x.shape, bool), np.empty_like(x)
    below, factor, pace = np.empty(x.shape, bool), constant(alpha * rate, x), constant(rate, x)
    zero, bottom = constant(0, x), constant(-np.inf, x)

    def step() -> None:
        np.greater(x, zero, above)
        np.logical_not(above, below)
        clip_ufunc(x, bottom, zero, slope)
        if rate != 1:
            np.multiply(slope, pace, slope)
        np.exp(slope, slope)
        np.multiply(slope, factor, slope)
        np.multiply(slope, below, slope)
        np.add(slope, above, slope)
        np.multiply(gradient, slope, out)

    return step


@kernel
def softplus(x: Array, out: Array) -> Step:
    """out = log(1 + exp(x)), without overflow."""
    rest, zero, top = np.empty_like(x), constant(0, x), constant(np.inf, x)

    def step() -> None:
        np.absolute(x, rest)
        np.negative(rest, rest)
        np.exp(rest, rest)
        np.log1p(rest, rest)
        clip_ufunc(x, zero, top, out)
        np.add(out, rest, out)

    return step


@kernel
def softplus_gradient(y: Array, gradient: Array, out: Array) -> Step:
    """out = gradient * sigmoid(x), which is 1 - exp(-y)."""
    slope = np.empty_like(y)

    def step() -> None:
        np.negative(y, slope)
        np.expm1(slope, slope)
        np.negative(slope, slope)
        np.multiply(gradient, slope, out)

    return step
