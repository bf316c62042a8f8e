"""NumPy kernels of the rarer optimizers.

Each takes gradient, learning rate, number of updates so far, then its state; `out` is the weights.
"""

import numpy as np

from kgui.engine.backend.kernels import Array, Step, clip_ufunc, constant, kernel
from kgui.engine.backend.kernels_optimizer import blocks, power, towards


@kernel
def adamax(
    gradient: Array,
    rate: Array,
    iterations: Array,
    mean: Array,
    norm: Array,
    out: Array,
    beta_1: float,
    beta_2: float,
    epsilon: float,
) -> Step:
    """w -= rate * m / ((1 - beta_1^t) * (u + epsilon)), u the fading maximum of |g|."""
    parts = blocks(gradient, mean, norm, out)
    rest, fade, small = (constant(value, out) for value in (1 - beta_1, beta_2, epsilon))
    alpha = constant(0, out)

    def step() -> None:
        alpha[...] = float(rate) / (1 - power(beta_1, int(iterations) + 1, out))
        for g, m, u, w, scratch in parts:
            towards(m, g, rest, scratch)
            np.multiply(u, fade, u)
            np.absolute(g, scratch)
            np.maximum(u, scratch, out=u)
            np.add(u, small, scratch)
            np.divide(m, scratch, scratch)
            np.multiply(scratch, alpha, scratch)
            np.subtract(w, scratch, w)

    return step


@kernel
def nadam(
    gradient: Array,
    rate: Array,
    iterations: Array,
    mean: Array,
    variance: Array,
    product: Array,
    out: Array,
    beta_1: float,
    beta_2: float,
    epsilon: float,
) -> Step:
    """Adam with the momentum of the next step; `product` is that of all momenta so far."""
    parts = blocks(gradient, mean, variance, out, scratch=2)
    rest_1, rest_2, small = (constant(value, out) for value in (1 - beta_1, 1 - beta_2, epsilon))
    ahead, now, correction = constant(0, out), constant(0, out), constant(0, out)

    def step() -> None:
        time = int(iterations) + 1
        this = beta_1 * (1 - 0.5 * 0.96**time)
        following = beta_1 * (1 - 0.5 * 0.96 ** (time + 1))
        product[...] = float(product) * this
        ahead[...] = float(rate) * following / (1 - float(product) * following)
        now[...] = float(rate) * (1 - this) / (1 - float(product))
        correction[...] = 1 / (1 - power(beta_2, time, out))
        for g, m, v, w, scratch, move in parts:
            towards(m, g, rest_1, scratch)
            np.multiply(g, g, scratch)
            towards(v, scratch, rest_2, scratch)
            np.multiply(v, correction, scratch)
            np.sqrt(scratch, scratch)
            np.add(scratch, small, scratch)
            np.multiply(m, ahead, move)
            np.divide(move, scratch, move)
            np.subtract(w, move, w)
            np.multiply(g, now, move)
            np.divide(move, scratch, move)
            np.subtract(w, move, w)

    return step


@kernel
def lamb(
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
    """Adam's direction, as long as the weight: for one weight, not for the whole vector."""
    scratch, root = np.empty_like(out), np.empty_like(out)
    rest_1, rest_2, small = (constant(value, out) for value in (1 - beta_1, 1 - beta_2, epsilon))

    def step() -> None:
        time = int(iterations) + 1
        towards(mean, gradient, rest_1, scratch)
        np.multiply(gradient, gradient, scratch)
        towards(variance, scratch, rest_2, scratch)
        np.multiply(variance, out.dtype.type(1 / (1 - power(beta_2, time, out))), root)
        np.sqrt(root, root)
        np.add(root, small, root)
        np.multiply(mean, out.dtype.type(1 / (1 - power(beta_1, time, out))), scratch)
        np.divide(scratch, root, scratch)
        length, way = float(np.linalg.norm(out)), float(np.linalg.norm(scratch))
        ratio = length / way if length > 0 and way > 0 else 1.0
        np.multiply(scratch, out.dtype.type(ratio * float(rate)), scratch)
        np.subtract(out, scratch, out)

    return step


@kernel
def adagrad(
    gradient: Array, rate: Array, iterations: Array, total: Array, out: Array, epsilon: float
) -> Step:
    """total += g^2; w -= rate * g / sqrt(total + epsilon)."""
    parts, small = blocks(gradient, total, out), constant(epsilon, out)

    def step() -> None:
        for g, a, w, scratch in parts:
            np.multiply(g, g, scratch)
            np.add(a, scratch, a)
            np.add(a, small, scratch)
            np.sqrt(scratch, scratch)
            np.divide(g, scratch, scratch)
            np.multiply(scratch, rate, scratch)
            np.subtract(w, scratch, w)

    return step


@kernel
def adadelta(
    gradient: Array,
    rate: Array,
    iterations: Array,
    squares: Array,
    moves: Array,
    out: Array,
    rho: float,
    epsilon: float,
) -> Step:
    """w -= rate * d, d = g * sqrt(moves + epsilon) / sqrt(squares + epsilon)."""
    parts = blocks(gradient, squares, moves, out, scratch=2)
    rest, small = constant(1 - rho, out), constant(epsilon, out)

    def step() -> None:
        for g, a, x, w, scratch, move in parts:
            np.multiply(g, g, scratch)
            towards(a, scratch, rest, scratch)
            np.add(x, small, move)
            np.add(a, small, scratch)
            np.divide(move, scratch, move)
            np.sqrt(move, move)
            np.multiply(move, g, move)
            np.multiply(move, move, scratch)
            towards(x, scratch, rest, scratch)
            np.multiply(move, rate, move)
            np.subtract(w, move, w)

    return step


@kernel
def ftrl(
    gradient: Array,
    rate: Array,
    iterations: Array,
    total: Array,
    linear: Array,
    out: Array,
    learning_rate_power: float,
    l1_regularization_strength: float,
    l2_regularization_strength: float,
    l2_shrinkage_regularization_strength: float,
    beta: float,
) -> Step:
    """Follow the regularized leader; the weights are a function of `total` and `linear`."""
    parts = blocks(gradient, total, linear, out, scratch=2)
    power = constant(-learning_rate_power, out)
    low, high = (constant(sign * l1_regularization_strength, out) for sign in (-1, 1))
    shrink, pull = constant(2 * l2_shrinkage_regularization_strength, out), constant(0, out)

    def step() -> None:
        pull[...] = 2 * l2_regularization_strength + beta / float(rate)
        for g, a, z, w, scratch, root in parts:
            np.power(a, power, scratch)
            np.multiply(g, g, root)
            np.add(a, root, a)
            np.power(a, power, root)
            np.subtract(scratch, root, scratch)
            np.divide(scratch, rate, scratch)
            np.add(scratch, shrink, scratch)
            np.multiply(scratch, w, scratch)
            np.add(scratch, g, scratch)
            np.add(z, scratch, z)
            np.divide(root, rate, root)
            np.add(root, pull, root)
            clip_ufunc(z, low, high, scratch)
            np.subtract(scratch, z, scratch)
            np.divide(scratch, root, w)

    return step


@kernel
def lion(
    gradient: Array,
    rate: Array,
    iterations: Array,
    mean: Array,
    out: Array,
    beta_1: float,
    beta_2: float,
) -> Step:
    """w -= rate * sign(beta_1 * m + (1 - beta_1) * g); then m moves by beta_2."""
    parts = blocks(gradient, mean, out, scratch=2)
    keep, rest, move = (constant(value, out) for value in (beta_1, 1 - beta_1, 1 - beta_2))

    def step() -> None:
        for g, m, w, scratch, weighed in parts:
            np.multiply(m, keep, scratch)
            np.multiply(g, rest, weighed)
            np.add(scratch, weighed, scratch)
            np.sign(scratch, scratch)
            np.multiply(scratch, rate, scratch)
            np.subtract(w, scratch, w)
            towards(m, g, move, scratch)

    return step
