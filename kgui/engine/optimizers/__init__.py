"""Optimizers, as `keras.optimizers`: one update of the flat vector of all parameters."""

from collections.abc import Mapping
from typing import Any

from kgui.engine.nearest import did_you_mean
from kgui.engine.optimizers import schedules
from kgui.engine.optimizers.adafactor import Adafactor
from kgui.engine.optimizers.adam import Adam, Adamax, AdamW, Lamb, Nadam
from kgui.engine.optimizers.adaptive import Adadelta, Adagrad, Ftrl, Lion
from kgui.engine.optimizers.optimizer import Optimizer
from kgui.engine.optimizers.rmsprop import RMSprop
from kgui.engine.optimizers.sgd import SGD

__all__ = [
    "SGD",
    "Adadelta",
    "Adafactor",
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
    name.lower(): item
    for name, item in list(globals().items())
    if name in __all__ and isinstance(item, type) and item is not Optimizer
}
"""Classes by lower-case name."""


def serialize(optimizer: Optimizer) -> dict[str, Any]:
    """An optimizer without its state, as plain data."""
    return {
        "module": "keras.optimizers",
        "class_name": type(optimizer).__name__,
        "config": optimizer.get_config(),
        "registered_name": None,
    }


def deserialize(
    config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Optimizer:
    """The optimizer that `serialize` described; ValueError for one that is not known."""
    name = config.get("class_name")
    own = (custom_objects or {}).get(str(name))
    kind: type[Optimizer] = own if own is not None else _class_of(name, config)
    return kind.from_config(config.get("config") or {})


def get(identifier: Any) -> Optimizer:
    """The optimizer of that name (upper or lower case), or config; an object as it is."""
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if isinstance(identifier, str):
        return _class_of(identifier, identifier).from_config({})
    raise ValueError(f"Could not interpret optimizer identifier: {identifier}")


def _class_of(name: Any, identifier: Any) -> type[Optimizer]:
    found = _CLASSES.get(name.lower()) if isinstance(name, str) else None
    if found is None:
        raise ValueError(
            f"Could not interpret optimizer identifier: {identifier}{did_you_mean(name, _CLASSES)}"
        )
    return found
