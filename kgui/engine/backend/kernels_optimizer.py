"""NumPy kernels of the optimizers: a few passes over the flat vector of all parameters.

Numbers that may change while training (learning rate, iterations) come as 0-d arrays.
"""

import math

import numpy as np

from kgui.engine.backend.kernels import Array, Step, constant, kernel


@kernel
def sgd(gradient: Array, rate: Array, out: Array) -> Step:
    """out -= rate * gradient."""
    scratch = np.empty_like(out)

    def step() -> None:
        np.multiply(gradient, rate, scratch)
        np.subtract(out, scratch, out)

    return step


@kernel
def sgd_momentum(
    gradient: Array, rate: Array, velocity: Array, out: Array, momentum: float, nesterov: bool
) -> Step:
    """velocity = momentum * velocity - rate * gradient; out += velocity (nesterov: ahead)."""
    scratch, factor = np.empty_like(out), constant(momentum, out)

    def step() -> None:
        np.multiply(gradient, rate, scratch)
        np.multiply(velocity, factor, velocity)
        np.subtract(velocity, scratch, velocity)
        if nesterov:
            np.subtract(out, scratch, out)
            np.multiply(velocity, factor, scratch)
            np.add(out, scratch, out)
        else:
            np.add(out, velocity, out)

    return step


@kernel
def adam(
    gradient: Array,
    rate: Array,
    iterations: Array,
    mean: Array,
    variance: Array,
    out: Array,
    beta_1: float,
    beta_2: float,
    epsilon: float,
) -> Step:
    """One step of Adam; epsilon stands beside the uncorrected root, as in Keras."""
    scratch = np.empty_like(out)
    rest_1, rest_2 = constant(1 - beta_1, out), constant(1 - beta_2, out)
    small, alpha = constant(epsilon, out), constant(0, out)

    def step() -> None:
        time = int(iterations) + 1
        alpha[...] = float(rate) * math.sqrt(1 - beta_2**time) / (1 - beta_1**time)
        np.subtract(gradient, mean, scratch)
        np.multiply(scratch, rest_1, scratch)
        np.add(mean, scratch, mean)
        np.multiply(gradient, gradient, scratch)
        np.subtract(scratch, variance, scratch)
        np.multiply(scratch, rest_2, scratch)
        np.add(variance, scratch, variance)
        np.sqrt(variance, scratch)
        np.add(scratch, small, scratch)
        np.divide(mean, scratch, scratch)
        np.multiply(scratch, alpha, scratch)
        np.subtract(out, scratch, out)

    return step


@kernel
def count(out: Array) -> Step:
    """out += 1."""
    one = np.ones((), out.dtype)

    def step() -> None:
        np.add(out, one, out)

    return step
