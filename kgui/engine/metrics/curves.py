"""Metrics over all thresholds: the area under a curve, and the best value under a condition."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from kgui.engine import ops
from kgui.engine.backend.session import epsilon
from kgui.engine.metrics.confusion import ConfusionMetric, quotient
from kgui.engine.variables import Array

CURVES = ("PR", "ROC", "PRGAIN")
METHODS = ("interpolation", "majoring", "minoring")


def _between(count: int) -> list[float]:
    return [(index + 1) * 1.0 / (count - 1) for index in range(count - 2)]


class AUC(ConfusionMetric):
    """Area under the ROC or the precision-recall curve, approximated by thresholds.

    Args:
        num_thresholds: Number of thresholds.
        curve: "ROC", "PR" or "PRGAIN".
        summation_method: "interpolation", "majoring" or "minoring".
        name: Key under which the value is reported.
        dtype: Number type, as Keras takes it.
        thresholds: Thresholds of one's own between 0 and 1.
        multi_label: An area for each label, averaged.
        num_labels: Number of labels, for `multi_label`.
        label_weights: Weight of each label.
        from_logits: Predictions are logits.
    """

    direction = "up"

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: str = "ROC",
        summation_method: str = "interpolation",
        name: str | None = None,
        dtype: str | None = None,
        thresholds: Sequence[float] | None = None,
        multi_label: bool = False,
        num_labels: int | None = None,
        label_weights: Any = None,
        from_logits: bool = False,
    ) -> None:
        if thresholds is None and num_thresholds <= 1:
            raise ValueError(
                "Argument `num_thresholds` must be an integer > 1. "
                f"Received: num_thresholds={num_thresholds}"
            )
        if curve.upper() not in CURVES:
            raise ValueError(
                f'Invalid AUC curve value: "{curve}". Expected values are ["PR", "ROC", "PRGAIN"]'
            )
        if summation_method.lower() not in METHODS:
            raise ValueError(
                f'Invalid AUC summation method value: "{summation_method}". Expected values are '
                '["interpolation", "majoring", "minoring"]'
            )
        if num_labels and not multi_label:
            raise ValueError("`num_labels` is needed only when `multi_label` is True.")
        inner = _between(num_thresholds) if thresholds is None else sorted(thresholds)
        super().__init__([-epsilon(), *inner, 1 + epsilon()], name, dtype)
        self.num_thresholds = len(self.thresholds)
        self.curve = curve.upper()
        self.summation_method = summation_method.lower()
        self.by_label = self.multi_label = multi_label
        self.num_labels = num_labels
        self.label_weights = None if label_weights is None else np.asarray(label_weights, float)
        self.from_logits = from_logits
        self._own_thresholds = thresholds

    def reset_state(self) -> None:
        """Start again."""
        super().reset_state()
        if getattr(self, "by_label", False):
            column: Array = np.zeros((len(self.thresholds), 1))
            self.true_positives, self.false_positives = column, column
            self.true_negatives, self.false_negatives = column, column

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in a batch of labels (0 or 1) and predictions."""
        y_pred = np.asarray(y_pred, "float32")
        if self.by_label:
            if y_pred.ndim != 2:
                raise ValueError(
                    "`y_pred` must have rank 2 when `multi_label=True`. Found rank "
                    f"{y_pred.ndim}. Full shape received for `y_pred`: {y_pred.shape}"
                )
            if self.true_positives.ndim == 1:
                self.reset_state()
        if self.from_logits:
            y_pred = ops.sigmoid(y_pred)
        super().update_state(y_true, y_pred, sample_weight)

    def result(self) -> float:
        """The area so far."""
        if self.curve == "PR" and self.summation_method == "interpolation":
            return self._averaged(self._interpolated())
        x, y = self._curve()
        if self.summation_method == "interpolation":
            heights = (y[:-1] + y[1:]) / 2
        else:
            heights = (np.minimum if self.summation_method == "minoring" else np.maximum)(
                y[:-1], y[1:]
            )
        return self._averaged((x[:-1] - x[1:]) * heights)

    def _curve(self) -> tuple[Array, Array]:
        tp, fp = self.true_positives, self.false_positives
        tn, fn = self.true_negatives, self.false_negatives
        recall = quotient(tp, tp + fn)
        if self.curve == "ROC":
            return quotient(fp, fp + tn), recall
        if self.curve == "PR":
            return recall, quotient(tp, tp + fp)
        factor = quotient(tp + fn, tn + fp)
        recall_gain = np.where(tp == 0, 0.0, 1 - factor * quotient(fn, tp))
        precision_gain = np.where(tp == 0, 1.0, 1 - factor * quotient(fp, tp))
        return np.maximum(recall_gain, 0.0), precision_gain

    def _interpolated(self) -> Array:
        """Areas between thresholds under the precision, interpolated as Davis and Goadrich do."""
        tp, positives = self.true_positives, self.true_positives + self.false_positives
        more = tp[:-1] - tp[1:]
        slope = quotient(more, np.maximum(positives[:-1] - positives[1:], 0))
        intercept = tp[1:] - slope * positives[1:]
        both = (positives[:-1] > 0) & (positives[1:] > 0)
        ratio = np.where(both, quotient(positives[:-1], np.maximum(positives[1:], 0)), 1.0)
        area = slope * (more + intercept * np.log(ratio))
        return quotient(area, np.maximum(tp[1:] + self.false_negatives[1:], 0))

    def _averaged(self, areas: Array) -> float:
        total = areas.sum(0)
        if not self.by_label:
            return float(total)
        weights = np.ones_like(total) if self.label_weights is None else self.label_weights
        return float(quotient((total * weights).sum(), np.asarray(weights.sum())))

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        return super().get_config() | {
            "num_thresholds": self.num_thresholds,
            "curve": self.curve,
            "summation_method": self.summation_method,
            "multi_label": self.multi_label,
            "num_labels": self.num_labels,
            "label_weights": self.label_weights,
            "from_logits": self.from_logits,
            "thresholds": self._own_thresholds,
        }


class BestAt(ConfusionMetric):
    """The best of one share at the thresholds where another reaches a value."""

    direction = "up"
    condition: str

    def __init__(
        self,
        value: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None:
        if value < 0 or value > 1:
            raise ValueError(
                f"Argument `{self.condition}` must be in the range [0, 1]. "
                f"Received: {self.condition}={value}"
            )
        if num_thresholds <= 0:
            raise ValueError(
                "Argument `num_thresholds` must be an integer > 0. "
                f"Received: num_thresholds={num_thresholds}"
            )
        thresholds = [0.5] if num_thresholds == 1 else [0.0, *_between(num_thresholds), 1.0]
        super().__init__(thresholds, name, dtype)
        self.value, self.num_thresholds, self.class_id = value, num_thresholds, class_id

    def _best(self, required: Array, wanted: Array) -> float:
        return float(np.where(required >= self.value, wanted, 0.0).max(initial=0.0))

    def _recall(self) -> Array:
        return quotient(self.true_positives, self.true_positives + self.false_negatives)

    def _specificity(self) -> Array:
        return quotient(self.true_negatives, self.true_negatives + self.false_positives)

    def _precision(self) -> Array:
        return quotient(self.true_positives, self.true_positives + self.false_positives)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        own = {"num_thresholds": self.num_thresholds, "class_id": self.class_id}
        return super().get_config() | own | {self.condition: self.value}


class SensitivityAtSpecificity(BestAt):
    """Best recall where the specificity is at least a value."""

    condition = "specificity"

    def __init__(
        self,
        specificity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None:
        super().__init__(specificity, num_thresholds, class_id, name, dtype)

    def result(self) -> float:
        """The best so far."""
        return self._best(self._specificity(), self._recall())


class SpecificityAtSensitivity(BestAt):
    """Best specificity where the recall is at least a value."""

    condition = "sensitivity"

    def __init__(
        self,
        sensitivity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None:
        super().__init__(sensitivity, num_thresholds, class_id, name, dtype)

    def result(self) -> float:
        """The best so far."""
        return self._best(self._recall(), self._specificity())


class PrecisionAtRecall(BestAt):
    """Best precision where the recall is at least a value."""

    condition = "recall"

    def __init__(
        self,
        recall: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None:
        super().__init__(recall, num_thresholds, class_id, name, dtype)

    def result(self) -> float:
        """The best so far."""
        return self._best(self._recall(), self._precision())


class RecallAtPrecision(BestAt):
    """Best recall where the precision is at least a value."""

    condition = "precision"

    def __init__(
        self,
        precision: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None:
        super().__init__(precision, num_thresholds, class_id, name, dtype)

    def result(self) -> float:
        """The best so far."""
        return self._best(self._precision(), self._recall())
