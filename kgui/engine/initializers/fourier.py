"""The initializer of weights that take signals apart into waves."""

import math
from typing import Any

import numpy as np

from kgui.engine.initializers.initializer import Array, Initializer, Sizes, cast

_COSINES = {
    "boxcar": (1.0,),
    "hann": (0.5, 0.5),
    "hamming": (0.54, 0.46),
    "blackman": (0.42, 0.5, 0.08),
    "nuttall": (0.3635819, 0.4891775, 0.1365995, 0.0106411),
    "blackmanharris": (0.35875, 0.48829, 0.14128, 0.01168),
    "flattop": (0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368),
}
"""Windows as sums of cosines: factors of cos(0), -cos(x), cos(2x), ..."""


def window_values(name: str, length: int, periodic: bool) -> Array:
    """A window of that length; ValueError for a name that is not known."""
    if name not in _COSINES:
        raise ValueError(f"Unknown window type: {name}. Expected one of {sorted(_COSINES)}")
    if length < 2:
        return np.ones(length)
    angles = 2 * math.pi * np.arange(length) / (length if periodic else length - 1)
    parts = enumerate(_COSINES[name])
    return np.asarray(sum(factor * (-1) ** k * np.cos(k * angles) for k, factor in parts))


class STFT(Initializer):
    """Waves for a Fourier transformation of short stretches, in weights (length, 1, bands).

    Args:
        side: "real" or "imag" part of the waves.
        window: Name of a window, or its values; none for no window.
        scaling: "density" or "spectrum" divides by the window's size; none does not.
        periodic: Whether the window is periodic.
    """

    def __init__(
        self,
        side: str = "real",
        window: Any = "hann",
        scaling: str | None = "density",
        periodic: bool = False,
    ) -> None:
        if side not in ("real", "imag"):
            raise ValueError(f"side should be 'real' or 'imag', not {side}")
        if isinstance(window, str):
            window_values(window, 1, periodic)
        if scaling not in (None, "density", "spectrum"):
            raise ValueError(
                "Scaling is invalid, it must be `None`, 'density' or 'spectrum'. "
                f"Received scaling={scaling}"
            )
        self.side, self.window = side, window
        self.scaling, self.periodic = scaling, periodic

    def __call__(self, shape: Sizes, dtype: str | None = None) -> Array:
        """Values of that shape: (length of a stretch, 1, number of bands)."""
        length, _, bands = shape
        turns = np.arange(bands) / max(2 * (bands - 1), 1)
        angles = -2 * math.pi * np.arange(length)[:, None, None] * turns
        waves = np.cos(angles) if self.side == "real" else np.sin(angles)
        if self.window is None:
            return cast(waves, dtype)
        shade = self._shade(length)
        size = {"density": math.sqrt((shade**2).sum()), "spectrum": abs(shade).sum(), None: 1.0}
        return cast(waves * shade[:, None, None] / size[self.scaling], dtype)

    def _shade(self, length: int) -> Array:
        if isinstance(self.window, str):
            return window_values(self.window, length, self.periodic)
        shade = np.asarray(self.window, float)
        if shade.shape != (length,):
            raise ValueError(
                "The shape of `window` must be equal to [frame_length]."
                f"Received: window shape={shade.shape}"
            )
        return shade

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        return {
            "side": self.side,
            "window": self.window,
            "periodic": self.periodic,
            "scaling": self.scaling,
        }
