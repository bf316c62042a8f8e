"""The base of initializers: objects without state that make the first values of weights."""

from collections.abc import Collection
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from kgui.engine.backend.session import floatx

Array = npt.NDArray[Any]
Sizes = tuple[int, ...]


class Initializer:
    """Makes the first values of a weight."""

    names: ClassVar[Collection[str]] = ()
    """Every string that stands for an initializer."""

    def check(self, shape: Sizes) -> None:
        """Raise ShapeError for a shape that the initializer cannot fill."""

    def __call__(self, shape: Sizes, dtype: str | None = None) -> Array:
        """Values of that shape."""
        raise NotImplementedError("Initializer subclasses must implement the `__call__()` method.")

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """An equal initializer."""
        return cls(**config)

    def clone(self) -> Self:
        """An equal initializer; without a seed of its own, it draws another one."""
        return self.from_config(self.get_config())


def cast(values: Any, dtype: str | None) -> Array:
    """Values as an array of a type, the default float unless it is given."""
    return np.asarray(values).astype(dtype or floatx())
