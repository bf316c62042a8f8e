"""NumPy kernels that draw random numbers straight into their array."""

import numpy as np

from kgui.engine.backend.kernels import Array, Step, constant, kernel


@kernel
def random_normal(out: Array, generator: np.random.Generator, mean: float, stddev: float) -> Step:
    """out = normally distributed numbers."""
    spread, middle = constant(stddev, out), constant(mean, out)

    def step() -> None:
        generator.standard_normal(None, out.dtype, out)
        np.multiply(out, spread, out)
        if mean:
            np.add(out, middle, out)

    return step
