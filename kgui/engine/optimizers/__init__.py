"""Optimizers, as `keras.optimizers`: one update of the flat vector of all parameters."""

from collections.abc import Callable
from typing import Any

from kgui.engine.optimizers.adam import Adam
from kgui.engine.optimizers.optimizer import Optimizer
from kgui.engine.optimizers.rmsprop import RMSprop
from kgui.engine.optimizers.sgd import SGD

__all__ = ["SGD", "Adam", "Optimizer", "RMSprop", "get"]

_CLASSES: dict[str, Callable[..., Optimizer]] = {
    "sgd": SGD,
    "adam": Adam,
    "rmsprop": RMSprop,
}


def get(identifier: Any) -> Optimizer:
    """The optimizer of that name (upper or lower case), or config; an object as it is."""
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, dict):
        return _CLASSES[identifier["class_name"].lower()](**identifier.get("config", {}))
    if isinstance(identifier, str) and identifier.lower() in _CLASSES:
        return _CLASSES[identifier.lower()]()
    raise ValueError(f"Could not interpret optimizer identifier: {identifier}")
