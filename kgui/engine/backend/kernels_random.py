"""NumPy kernels that draw random numbers anew in every run."""

import numpy as np

from kgui.engine.backend.kernels import Array, Step, constant, kernel


@kernel
def draw_normal(out: Array, generator: np.random.Generator, mean: float, stddev: float) -> Step:
    """out = normal numbers."""
    factor, centre = constant(stddev, out), constant(mean, out)

    def step() -> None:
        generator.standard_normal(None, out.dtype, out)
        np.multiply(out, factor, out)
        np.add(out, centre, out)

    return step


@kernel
def draw_truncated_normal(
    out: Array, generator: np.random.Generator, mean: float, stddev: float
) -> Step:
    """out = normal numbers at most two standard deviations from the mean."""
    factor, centre = constant(stddev, out), constant(mean, out)

    def step() -> None:
        generator.standard_normal(None, out.dtype, out)
        outside = np.abs(out) > 2
        while outside.any():  # one in twenty, then one in four hundred, ...
            out[outside] = generator.standard_normal(int(outside.sum()), out.dtype)
            outside = np.abs(out) > 2
        np.multiply(out, factor, out)
        np.add(out, centre, out)

    return step


@kernel
def draw_uniform(out: Array, generator: np.random.Generator, low: float, high: float) -> Step:
    """out = numbers spread evenly from low to high."""
    width, start = constant(high - low, out), constant(low, out)

    def step() -> None:
        generator.random(None, out.dtype, out)
        np.multiply(out, width, out)
        np.add(out, start, out)

    return step


@kernel
def draw_integers(out: Array, generator: np.random.Generator, low: int, high: int) -> Step:
    """out = whole numbers from low to high, high not included."""

    def step() -> None:
        np.copyto(out, generator.integers(low, high, out.shape))

    return step


DRAWING = ("draw_normal", "draw_truncated_normal", "draw_uniform", "draw_integers")
"""Kernels that give something else in every run, though they read nothing."""
