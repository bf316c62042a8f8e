"""Optimizers, as `keras.optimizers`: one update of the flat vector of all parameters."""

from collections.abc import Callable
from typing import Any

from kgui.engine.optimizers.adam import Adam, Adamax, AdamW, Lamb, Nadam
from kgui.engine.optimizers.adaptive import Adadelta, Adagrad, Ftrl, Lion
from kgui.engine.optimizers.optimizer import Optimizer
from kgui.engine.optimizers.rmsprop import RMSprop
from kgui.engine.optimizers.sgd import SGD

__all__ = [
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Ftrl",
    "Lamb",
    "Lion",
    "Nadam",
    "Optimizer",
    "RMSprop",
    "get",
]

_CLASSES: dict[str, Callable[..., Optimizer]] = {
    kind.__name__.lower(): kind
    for kind in (SGD, RMSprop, Adam, AdamW, Adamax, Nadam, Adagrad, Adadelta, Ftrl, Lion, Lamb)
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
