"""Counts of right and wrong decisions at thresholds, and what is made of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from kgui.engine.backend.session import epsilon
from kgui.engine.losses.loss import same_rank
from kgui.engine.metrics.metric import Metric
from kgui.engine.variables import Array

NEVER = -1e10
"""Below every prediction: the threshold where the k largest are taken whatever they are."""


def checked_thresholds(thresholds: Any, default: float) -> list[float]:
    """A list of thresholds; ValueError for one that is not in [0, 1]."""
    if thresholds is None:
        return [default]
    listed = list(thresholds) if isinstance(thresholds, Sequence | np.ndarray) else [thresholds]
    wrong = [value for value in listed if value is None or value < 0 or value > 1]
    if wrong:
        raise ValueError(f"Threshold values must be in [0, 1]. Received: {wrong}")
    return listed


def quotient(part: Array, whole: Array) -> Array:
    """part / whole; 0 where whole is 0."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole != 0)


class ConfusionMetric(Metric):
    """Weighted counts of true and false positives and negatives, for each threshold."""

    def __init__(
        self, thresholds: Sequence[float], name: str | None = None, dtype: str | None = None
    ) -> None:
        super().__init__(name, dtype)
        self.thresholds = list(thresholds)
        self.top_k: int | None = None
        self.class_id: int | None = None
        self.by_label = False
        self.label_weights: Array | None = None
        self.reset_state()

    def reset_state(self) -> None:
        """Start again."""
        zeros: Array = np.zeros(len(self.thresholds))
        self.true_positives, self.false_positives = zeros, zeros
        self.true_negatives, self.false_negatives = zeros, zeros

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in a batch of labels (0 or 1) and predictions."""
        y_pred, y_true = same_rank(np.asarray(y_pred, "float32"), np.asarray(y_true))
        weights = np.ones(())
        if sample_weight is not None:
            weights = np.asarray(sample_weight, float)[..., None]
            if weights.ndim == y_true.ndim + 1:
                weights = weights[..., 0]
        if self.top_k is not None:
            y_pred = _only_largest(y_pred, self.top_k)
        if self.class_id is not None:
            y_true, y_pred = self._of_class(y_true), self._of_class(y_pred)
        weights = np.broadcast_to(weights, y_pred.shape)
        if self.label_weights is not None and not self.by_label:
            weights = weights * self.label_weights
        self._count(y_true.astype(bool), y_pred, weights)

    def _of_class(self, array: Array) -> Array:
        if array.ndim == 1:
            raise ValueError(
                "When class_id is provided, y_pred must be a 2D array with shape (num_samples, "
                f"num_classes), found shape: {array.shape}"
            )
        return np.asarray(array[..., self.class_id, None])

    def _count(self, label: Array, y_pred: Array, weights: Array) -> None:
        if not self.by_label:
            label, y_pred, weights = (array.reshape(-1, 1) for array in (label, y_pred, weights))
        true, false = label * weights, ~label * weights
        above = self._positives_evenly if self._even() else self._positives
        found, wrong = above(y_pred, true), above(y_pred, false)
        missed, spared = true.sum(0) - found, false.sum(0) - wrong
        if not self.by_label:
            found, wrong, missed, spared = (a[:, 0] for a in (found, wrong, missed, spared))
        self.true_positives = self.true_positives + found
        self.false_positives = self.false_positives + wrong
        self.false_negatives = self.false_negatives + missed
        self.true_negatives = self.true_negatives + spared

    def _even(self) -> bool:
        """True if the thresholds are evenly spread from 0 to 1; Keras then sorts into buckets."""
        count = len(self.thresholds)
        even = np.arange(count, dtype="float32") / max(count - 1, 1)
        inner = np.clip(self.thresholds, 0.0, 1.0)
        return count > 2 and bool(np.allclose(inner, even, atol=epsilon()))

    def _positives(self, y_pred: Array, weights: Array) -> Array:
        """Sum of the weights of predictions above each threshold, by column."""
        limits = np.asarray(self.thresholds, "float32")
        return np.stack([(weights * (y_pred > limit)).sum(0) for limit in limits])

    def _positives_evenly(self, y_pred: Array, weights: Array) -> Array:
        """The same by buckets, whose limits are rounded as Keras rounds them."""
        count = len(self.thresholds)
        bucket = np.ceil(np.clip(y_pred, 0, 1) * np.float32(count - 1)).astype(int) - 1
        if self.thresholds[0] < 0 or self.thresholds[-1] > 1:
            bucket = np.maximum(bucket, 0)
        inside, columns = bucket >= 0, np.broadcast_to(np.arange(y_pred.shape[1]), y_pred.shape)
        sums = np.zeros((count, y_pred.shape[1]))
        np.add.at(sums, (bucket[inside], columns[inside]), weights[inside])
        return sums[::-1].cumsum(0)[::-1]

    def _single(self, values: Array) -> Any:
        """A number for one threshold, an array for several."""
        return float(values[0]) if len(self.thresholds) == 1 else np.asarray(values)


def _only_largest(x: Array, k: int) -> Array:
    order = np.argsort(-x, axis=-1, kind="stable")[..., :k]
    result = np.full_like(x, NEVER)
    np.put_along_axis(result, order, np.take_along_axis(x, order, -1), -1)
    return result


class Count(ConfusionMetric):
    """One of the four counts."""

    def __init__(
        self, thresholds: Any = None, name: str | None = None, dtype: str | None = None
    ) -> None:
        self.init_thresholds = thresholds
        super().__init__(checked_thresholds(thresholds, 0.5), name, dtype)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        return super().get_config() | {"thresholds": self.init_thresholds}


class TruePositives(Count):
    """Weight of the samples rightly taken for positive."""

    def result(self) -> Any:
        """The count so far."""
        return self._single(self.true_positives)


class FalsePositives(Count):
    """Weight of the samples wrongly taken for positive."""

    def result(self) -> Any:
        """The count so far."""
        return self._single(self.false_positives)


class TrueNegatives(Count):
    """Weight of the samples rightly taken for negative."""

    def result(self) -> Any:
        """The count so far."""
        return self._single(self.true_negatives)


class FalseNegatives(Count):
    """Weight of the samples wrongly taken for negative."""

    def result(self) -> Any:
        """The count so far."""
        return self._single(self.false_negatives)


class Share(ConfusionMetric):
    """Right positives among some of the samples.

    Args:
        thresholds: Predictions above count as positive; one number or several.
        top_k: Take each sample's k largest predictions as positive instead.
        class_id: Look at this class only.
        name: Key under which the value is reported.
        dtype: Number type, as Keras takes it.
    """

    direction = "up"

    def __init__(
        self,
        thresholds: Any = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None:
        self.init_thresholds = thresholds
        default = 0.5 if top_k is None else NEVER
        super().__init__(checked_thresholds(thresholds, default), name, dtype)
        self.top_k, self.class_id = top_k, class_id

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        own = {"thresholds": self.init_thresholds, "top_k": self.top_k, "class_id": self.class_id}
        return super().get_config() | own


class Precision(Share):
    """Share of the samples taken for positive that are."""

    def result(self) -> Any:
        """The share so far."""
        positives = self.true_positives + self.false_positives
        return self._single(quotient(self.true_positives, positives))


class Recall(Share):
    """Share of the positive samples that are taken for it."""

    def result(self) -> Any:
        """The share so far."""
        positives = self.true_positives + self.false_negatives
        return self._single(quotient(self.true_positives, positives))
