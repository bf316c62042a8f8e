"""NumPy kernels of the less common activation functions and their derivatives.

A gate is what x is multiplied by: silu, gelu, mish and hard_silu are x * gate(x). `out` of a
gate is not x.
"""

import math

import numpy as np

from kgui.engine.backend.kernels import Array, Step, clip_ufunc, constant, kernel
from kgui.engine.backend.kernels_activation import sigmoid

_STEEPNESS, _CUBE = math.sqrt(2 / math.pi), 0.044715


@kernel
def silu_gate(x: Array, out: Array) -> Step:
    """out = sigmoid(x)."""
    return sigmoid(x, out=out)


@kernel
def silu_gradient(x: Array, gate: Array, gradient: Array, out: Array) -> Step:
    """out = gradient * gate * (1 + x * (1 - gate))."""
    slope, one = np.empty_like(x), constant(1, x)

    def step() -> None:
        np.subtract(one, gate, slope)
        np.multiply(slope, x, slope)
        np.add(slope, one, slope)
        np.multiply(slope, gate, slope)
        np.multiply(slope, gradient, out)

    return step


@kernel
def gelu_tanh_gate(x: Array, out: Array) -> Step:
    """out = (1 + tanh(k * (x + 0.044715 x³))) / 2."""
    cube, half, one = constant(_CUBE, x), constant(0.5, x), constant(1, x)
    steep = constant(_STEEPNESS, x)

    def step() -> None:
        np.multiply(x, x, out)
        np.multiply(out, cube, out)
        np.add(out, one, out)
        np.multiply(out, x, out)
        np.multiply(out, steep, out)
        np.tanh(out, out)
        np.add(out, one, out)
        np.multiply(out, half, out)

    return step


@kernel
def gelu_tanh_gradient(x: Array, gate: Array, gradient: Array, out: Array) -> Step:
    """out = gradient * (gate + x * gate'), where gate' = 2 gate (1 - gate) * inner'."""
    slope, rest, one = np.empty_like(x), np.empty_like(x), constant(1, x)
    steep, cube = constant(2 * _STEEPNESS, x), constant(6 * _STEEPNESS * _CUBE, x)

    def step() -> None:
        np.multiply(x, x, slope)
        np.multiply(slope, cube, slope)
        np.add(slope, steep, slope)
        np.multiply(slope, x, slope)
        np.subtract(one, gate, rest)
        np.multiply(rest, gate, rest)
        np.multiply(slope, rest, slope)
        np.add(slope, gate, slope)
        np.multiply(slope, gradient, out)

    return step


@kernel
def mish_gate(x: Array, out: Array) -> Step:
    """out = tanh(softplus(x)) = m / (m + 2), where m = e² + 2e and e = exp(x)."""
    low, high, two = constant(-np.inf, x), constant(20, x), constant(2, x)  # 1 beyond 20
    whole = np.empty_like(x)

    def step() -> None:
        clip_ufunc(x, low, high, out)
        np.exp(out, out)
        np.add(out, two, whole)
        np.multiply(out, whole, out)
        np.add(out, two, whole)
        np.divide(out, whole, out)

    return step


@kernel
def mish_gradient(x: Array, gate: Array, gradient: Array, out: Array) -> Step:
    """out = gradient * (gate + x * 4 e (e + 1) / (m + 2)²)."""
    low, high, two = constant(-np.inf, x), constant(20, x), constant(2, x)
    slope, more, whole = np.empty_like(x), np.empty_like(x), np.empty_like(x)
    one, four = constant(1, x), constant(4, x)

    def step() -> None:
        clip_ufunc(x, low, high, slope)
        np.exp(slope, slope)
        np.add(slope, two, whole)
        np.multiply(whole, slope, whole)
        np.add(whole, two, whole)
        np.add(slope, one, more)
        np.divide(slope, whole, slope)
        np.divide(more, whole, more)
        np.multiply(slope, more, slope)
        np.multiply(slope, four, slope)
        np.multiply(slope, x, slope)
        np.add(slope, gate, slope)
        np.multiply(slope, gradient, out)

    return step


@kernel
def ramp(x: Array, out: Array, slope: float, shift: float, low: float, high: float) -> Step:
    """out = x * slope + shift, limited to [low, high]."""
    factor, amount = constant(slope, out), constant(shift, out)
    bottom, top = constant(low, out), constant(high, out)

    def step() -> None:
        np.multiply(x, factor, out)
        np.add(out, amount, out)
        clip_ufunc(out, bottom, top, out)

    return step


@kernel
def ramp_gradient(
    y: Array, gradient: Array, out: Array, slope: float, shift: float, low: float, high: float
) -> Step:
    """out = gradient * slope strictly between the limits, else 0."""
    inside, below = np.empty(y.shape, bool), np.empty(y.shape, bool)
    bottom, top, factor = constant(low, y), constant(high, y), constant(slope, y)

    def step() -> None:
        np.greater(y, bottom, inside)
        np.less(y, top, below)
        np.logical_and(inside, below, inside)
        np.multiply(gradient, inside, out)
        np.multiply(out, factor, out)

    return step


@kernel
def hard_silu_gate(x: Array, out: Array) -> Step:
    """out = x / 6 + 1 / 2, limited to [0, 1]."""
    return ramp(x, out=out, slope=1 / 6, shift=0.5, low=0.0, high=1.0)


@kernel
def hard_silu_gradient(x: Array, gate: Array, gradient: Array, out: Array) -> Step:
    """out = gradient * (gate + x / 6 where the gate is between its limits)."""
    slope, sixth = np.empty_like(x), constant(1 / 6, x)
    inside = ramp_gradient(gate, x, out=slope, slope=1.0, shift=0.0, low=0.0, high=1.0)

    def step() -> None:
        inside()
        np.multiply(slope, sixth, slope)
        np.add(slope, gate, slope)
        np.multiply(slope, gradient, out)

    return step


@kernel
def softsign(x: Array, out: Array) -> Step:
    """out = x / (1 + |x|)."""
    size, one = np.empty_like(x), constant(1, x)

    def step() -> None:
        np.absolute(x, size)
        np.add(size, one, size)
        np.divide(x, size, out)

    return step


@kernel
def softsign_gradient(x: Array, gradient: Array, out: Array) -> Step:
    """out = gradient / (1 + |x|)²."""
    size, one = np.empty_like(x), constant(1, x)

    def step() -> None:
        np.absolute(x, size)
        np.add(size, one, size)
        np.multiply(size, size, size)
        np.divide(gradient, size, out)

    return step


@kernel
def tanh_shrink(x: Array, out: Array) -> Step:
    """out = x - tanh(x)."""
    bent = np.empty_like(x)

    def step() -> None:
        np.tanh(x, bent)
        np.subtract(x, bent, out)

    return step


@kernel
def tanh_shrink_gradient(x: Array, gradient: Array, out: Array) -> Step:
    """out = gradient * tanh(x)²."""
    bent = np.empty_like(x)

    def step() -> None:
        np.tanh(x, bent)
        np.multiply(bent, bent, bent)
        np.multiply(gradient, bent, out)

    return step
