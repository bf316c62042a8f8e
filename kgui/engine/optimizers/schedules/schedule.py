"""What every schedule of a learning rate shares."""

from typing import Any, ClassVar

import numpy as np

from kgui.engine.backend.session import floatx

Number = Any
"""A NumPy scalar of the session's number type."""


class LearningRateSchedule:
    """The base: a function from the number of updates to the learning rate."""

    option_names: ClassVar[tuple[str, ...]] = ()

    def __call__(self, step: Any) -> Any:
        """The learning rate of the update after `step` others."""
        raise NotImplementedError(
            f"Learning rate schedule '{type(self).__name__}' must override `__call__(self, step)`."
        )

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal schedule."""
        return {name: getattr(self, name) for name in self.option_names}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "LearningRateSchedule":
        """An equal schedule."""
        return cls(**config)


def kind() -> Any:
    """The session's number type."""
    return np.dtype(floatx()).type


def positive(name: str, value: float) -> float:
    """The value; ValueError unless it is more than 0."""
    if value <= 0:
        raise ValueError(f"Argument `{name}` must be > 0. Received: {name}={value}")
    return value
