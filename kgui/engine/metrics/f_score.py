"""Means of precision and recall, by class."""

from typing import Any

import numpy as np

from kgui.engine.backend.session import epsilon
from kgui.engine.metrics.metric import Metric
from kgui.engine.variables import Array

AVERAGES = (None, "micro", "macro", "weighted")


class FBetaScore(Metric):
    """Weighted harmonic mean of precision and recall.

    Args:
        average: None for a value each class, "micro", "macro" or "weighted".
        beta: How much more recall counts than precision.
        threshold: Predictions above are positive; unless given, the largest of each sample is.
        name: Key under which the value is reported.
        dtype: Number type, as Keras takes it.
    """

    direction = "up"

    def __init__(
        self,
        average: str | None = None,
        beta: float = 1.0,
        threshold: float | None = None,
        name: str = "fbeta_score",
        dtype: str | None = None,
    ) -> None:
        super().__init__(name, dtype)
        _check(average, beta, threshold)
        self.average, self.beta, self.threshold = average, beta, threshold
        self.reset_state()

    def reset_state(self) -> None:
        """Start again."""
        self.sums: Array = np.zeros((4, 1))
        """Right positives, wrong positives, missed positives, and positives of each class."""

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in a batch of one-hot or multi-hot targets and predictions."""
        true, predicted = np.asarray(y_true, float), np.asarray(y_pred, "float32")
        if true.ndim != 2 or predicted.ndim != 2:
            raise ValueError(
                "FBetaScore expects 2D inputs with shape (batch_size, output_dim). Received input "
                f"shapes: y_pred.shape={predicted.shape} and y_true.shape={true.shape}."
            )
        if self.threshold is None:
            largest = predicted.max(axis=-1, keepdims=True)
            found = (predicted >= largest) & (np.abs(predicted) > 1e-9)
        else:
            found = predicted > np.float32(self.threshold)
        weights = np.ones(len(true)) if sample_weight is None else np.asarray(sample_weight, float)
        parts = (found * true, found * (1 - true), (1 - found) * true, true)
        self.sums = self.sums + np.stack([(part * weights[:, None]).sum(0) for part in parts])

    def result(self) -> Any:
        """The score so far: a number, or one for each class."""
        sums = self.sums.sum(1) if self.average == "micro" else self.sums
        right, wrong, missed, positives = sums
        precision = right / (right + wrong + epsilon())
        recall = right / (right + missed + epsilon())
        below = self.beta**2 * precision + recall + epsilon()
        scores = precision * recall / below * (1 + self.beta**2)
        if self.average == "weighted":
            return float((scores * positives / (positives.sum() + epsilon())).sum())
        return np.asarray(scores) if self.average is None else float(np.mean(scores))

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        own = {"average": self.average, "beta": self.beta, "threshold": self.threshold}
        return super().get_config() | own


def _check(average: str | None, beta: float, threshold: float | None) -> None:
    if average not in AVERAGES:
        raise ValueError(
            "Invalid `average` argument value. Expected one of: {None, 'micro', 'macro', "
            f"'weighted'}}. Received: average={average}"
        )
    for name, value in (("beta", beta), ("threshold", threshold)):
        if not isinstance(value, float) and (name == "beta" or value is not None):
            raise ValueError(
                f"Invalid `{name}` argument value. It should be a Python float. "
                f"Received: {name}={value} of type '{type(value)}'"
            )
    if beta <= 0.0:
        raise ValueError(f"Invalid `beta` argument value. It should be > 0. Received: beta={beta}")
    if threshold is not None and not 0.0 < threshold <= 1.0:
        raise ValueError(
            "Invalid `threshold` argument value. It should verify 0 < threshold <= 1. "
            f"Received: threshold={threshold}"
        )


class F1Score(FBetaScore):
    """Harmonic mean of precision and recall."""

    def __init__(
        self,
        average: str | None = None,
        threshold: float | None = None,
        name: str = "f1_score",
        dtype: str | None = None,
    ) -> None:
        super().__init__(average, 1.0, threshold, name, dtype)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        return {key: value for key, value in super().get_config().items() if key != "beta"}
