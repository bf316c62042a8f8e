"""Learning rates that change with the number of updates, as `keras.optimizers.schedules`.

A schedule is called with the number of updates before the one at hand, and computes in the
session's number type: at the edge of a period, Keras's rounding decides on which side it is.
"""

from collections.abc import Mapping
from typing import Any

from kgui.engine.optimizers.schedules.cosine import CosineDecay, CosineDecayRestarts
from kgui.engine.optimizers.schedules.falling import (
    Decay,
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
)
from kgui.engine.optimizers.schedules.schedule import LearningRateSchedule

__all__ = [
    "SCHEDULES",
    "CosineDecay",
    "CosineDecayRestarts",
    "Decay",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LearningRateSchedule",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "deserialize",
    "serialize",
]

_ALL = (
    ExponentialDecay, InverseTimeDecay, PiecewiseConstantDecay, PolynomialDecay, CosineDecay,
    CosineDecayRestarts,
)  # fmt: skip
SCHEDULES: dict[str, type[LearningRateSchedule]] = {kind.__name__: kind for kind in _ALL}


def serialize(learning_rate_schedule: LearningRateSchedule) -> dict[str, Any]:
    """A schedule as plain data."""
    return {
        "module": "keras.optimizers.schedules",
        "class_name": type(learning_rate_schedule).__name__,
        "config": learning_rate_schedule.get_config(),
        "registered_name": None,
    }


def deserialize(
    config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> LearningRateSchedule:
    """The schedule that `serialize` described; ValueError for an unknown one."""
    name = config.get("class_name")
    if custom_objects and isinstance(name, str) and name in custom_objects:
        own: LearningRateSchedule = custom_objects[name].from_config(config["config"])
        return own
    if name not in SCHEDULES:
        raise ValueError(f"Unknown learning rate schedule: {name}. Known: {', '.join(SCHEDULES)}.")
    return SCHEDULES[name].from_config(config["config"])
