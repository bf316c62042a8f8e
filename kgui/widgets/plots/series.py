"""The numbers of a run's curves, by name: plain values, made safe to draw."""

import math
from collections.abc import Mapping

LIMIT = 1e30
"""Larger numbers would make pyqtgraph draw nothing."""

VALIDATION = "val_"


def drawable(value: float) -> float:
    """A number that can be drawn: at most 1e30 either way; NaN, which is a gap, stays."""
    value = float(value)
    return value if math.isnan(value) else min(max(value, -LIMIT), LIMIT)


class Series:
    """Points (epoch from 1, value) of every name in the logs, in the order of the epochs."""

    def __init__(self) -> None:
        self._points: dict[str, list[tuple[int, float]]] = {}

    def add(self, epoch: int, logs: Mapping[str, float]) -> None:
        """Add an epoch, counted from 0 as the events do."""
        for name, value in logs.items():
            self._points.setdefault(name, []).append((epoch + 1, drawable(value)))

    def clear(self) -> None:
        """Forget everything."""
        self._points.clear()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the curves, in the order in which they came."""
        return tuple(self._points)

    def points(self, name: str) -> list[tuple[int, float]]:
        """The points of a curve; none for a name that is not known."""
        return list(self._points.get(name, ()))

    @property
    def metric(self) -> str:
        """The name of the first figure beside the loss; "" if there is none."""
        plain = (name for name in self._points if not name.startswith(VALIDATION))
        return next((name for name in plain if name != "loss"), "")
