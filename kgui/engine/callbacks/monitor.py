"""The base of callbacks that watch one number of the logs."""

import warnings
from typing import Any

from kgui.engine.callbacks.callback import Callback


class MonitorCallback(Callback):
    """Knows when the monitored number has improved.

    Args:
        monitor: Name of the number in the epoch's logs.
        mode: "min", "max", or "auto": as the metric of that name wants it.
        min_delta: Least change that counts as better.
        baseline: Value that the first one has to beat.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        mode: str = "auto",
        min_delta: float = 0,
        baseline: float | None = None,
    ) -> None:
        super().__init__()
        if mode not in ("auto", "min", "max"):
            warnings.warn(
                f"{type(self).__name__} mode '{mode}' is unknown, fallback to auto mode.",
                stacklevel=3,
            )
            mode = "auto"
        self.monitor, self.mode = monitor, mode
        self.min_delta = abs(min_delta)
        self.best: float | None = baseline
        self._sign = {"min": -1, "max": 1, "auto": 0}[mode]

    def check_direction(self) -> None:
        """Find out at the beginning of fit, where the metrics are known: before a step is made."""
        if getattr(self.model, "objective", None) is not None:
            self.find_direction()

    def find_direction(self) -> None:
        """Find out which way is better; ValueError if nothing tells."""
        if self._sign:
            return
        name = self.monitor.removeprefix("val_")
        self._sign = -1 if name == "loss" else _direction(self.model, name)
        if not self._sign:
            raise ValueError(
                f"{type(self).__name__} callback received monitor={self.monitor}, but Keras isn't "
                "able to automatically determine whether that metric should be maximized or "
                "minimized. Pass `mode='max'` in order to monitor based on the highest metric "
                "value, or pass `mode='min'` in order to use the lowest value."
            )

    def is_improvement(self, value: float, reference: float | None) -> bool:
        """True if the value is better than the reference by more than `min_delta`."""
        if reference is None:
            return True
        return self._sign * value - self.min_delta > self._sign * reference


def _direction(model: Any, name: str) -> int:
    """1 for a metric that should rise, -1 for one that should fall, 0 if nobody knows."""
    objective = getattr(model, "objective", None)
    if objective is None:
        return 0
    if any(key == name for key, _, _ in objective.parts):
        return -1
    for tracker in objective.trackers:
        if name in (tracker.key, tracker.metric.name):
            return {"up": 1, "down": -1}.get(tracker.metric.direction, 0)
    return 0
