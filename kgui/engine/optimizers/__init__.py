"""Optimizers, as `keras.optimizers`: one update of the flat vector of all parameters."""

from typing import Any

from kgui.engine.optimizers import schedules
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
    "deserialize",
    "get",
    "schedules",
    "serialize",
]

_CLASSES: dict[str, type[Optimizer]] = {
    kind.__name__.lower(): kind
    for kind in (SGD, RMSprop, Adam, AdamW, Adamax, Nadam, Adagrad, Adadelta, Ftrl, Lion, Lamb)
}


def serialize(optimizer: Optimizer) -> dict[str, Any]:
    """An optimizer without its state, as plain data."""
    return {
        "module": "keras.optimizers",
        "class_name": type(optimizer).__name__,
        "config": optimizer.get_config(),
        "registered_name": None,
    }


def deserialize(config: dict[str, Any]) -> Optimizer:
    """The optimizer that `serialize` described; ValueError for an unknown one."""
    name = str(config.get("class_name"))
    if name.lower() not in _CLASSES:
        raise ValueError(f"Could not interpret optimizer identifier: {name}")
    return _CLASSES[name.lower()].from_config(config.get("config", {}))


def get(identifier: Any) -> Optimizer:
    """The optimizer of that name (upper or lower case), or config; an object as it is."""
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if isinstance(identifier, str):
        return deserialize({"class_name": identifier})
    raise ValueError(f"Could not interpret optimizer identifier: {identifier}")
