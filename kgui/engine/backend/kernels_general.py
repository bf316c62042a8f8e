"""The NumPy kernel that calls any function of arrays: for what is rarely used, it allocates."""

from collections.abc import Callable
from typing import Any

import numpy as np

from kgui.engine.backend.kernels import Array, Step, kernel


@kernel
def compute(*arrays: Array, out: Array, function: Callable[..., Any]) -> Step:
    """out = function(arrays)."""

    def step() -> None:
        np.copyto(out, function(*arrays), casting="unsafe")

    return step
