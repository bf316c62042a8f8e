"""Initializers that always make the same values."""

from typing import Any

import numpy as np

from kgui.engine.errors import ShapeError
from kgui.engine.initializers.initializer import Array, Initializer, Sizes, cast


class Constant(Initializer):
    """The same value everywhere.

    Args:
        value: The value.
    """

    def __init__(self, value: Any = 0.0) -> None:
        self.value = value

    def __call__(self, shape: Sizes, dtype: str | None = None) -> Array:
        """Values of that shape."""
        return cast(np.broadcast_to(self.value, shape), dtype)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        return {"value": self.value}


class Zeros(Initializer):
    """0 everywhere."""

    def __call__(self, shape: Sizes, dtype: str | None = None) -> Array:
        """Values of that shape."""
        return cast(np.zeros(shape), dtype)


class Ones(Initializer):
    """1 everywhere."""

    def __call__(self, shape: Sizes, dtype: str | None = None) -> Array:
        """Values of that shape."""
        return cast(np.ones(shape), dtype)


class Identity(Initializer):
    """A matrix that leaves vectors as they are, times a gain.

    Args:
        gain: What the matrix is multiplied with.
    """

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def check(self, shape: Sizes) -> None:
        """Two axes."""
        if len(shape) != 2:
            raise ShapeError(
                "Identity matrix initializer can only be used for 2D matrices. "
                "Received: shape={shape} of rank {rank}.",
                plain="cannot start weights of shape {shape} as identity: that takes two axes",
                shape=tuple(shape),
                rank=len(shape),
            )

    def __call__(self, shape: Sizes, dtype: str | None = None) -> Array:
        """Values of that shape; ShapeError for anything but two axes."""
        self.check(shape)
        return cast(self.gain * np.eye(shape[0], shape[1]), dtype)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        return {"gain": self.gain}
