"""Metrics of numbers: means of errors, and the share of variance explained."""

import warnings
from typing import Any

import numpy as np

from kgui.engine import losses, ops
from kgui.engine.losses.loss import aligned, same_rank
from kgui.engine.losses.regression import cosine
from kgui.engine.metrics.metric import Metric
from kgui.engine.metrics.reduction import MeanMetricWrapper
from kgui.engine.ops.primitive import Tensor
from kgui.engine.variables import Array


class MeanSquaredError(MeanMetricWrapper):
    """Mean of squared errors."""

    direction = "down"

    def __init__(self, name: str = "mean_squared_error", dtype: str | None = None) -> None:
        super().__init__(losses.mean_squared_error, name, dtype)


class MeanAbsoluteError(MeanMetricWrapper):
    """Mean of absolute errors."""

    direction = "down"

    def __init__(self, name: str = "mean_absolute_error", dtype: str | None = None) -> None:
        super().__init__(losses.mean_absolute_error, name, dtype)


class MeanAbsolutePercentageError(MeanMetricWrapper):
    """Mean of absolute errors in per cent of the targets."""

    direction = "down"

    def __init__(
        self, name: str = "mean_absolute_percentage_error", dtype: str | None = None
    ) -> None:
        super().__init__(losses.mean_absolute_percentage_error, name, dtype)


class MeanSquaredLogarithmicError(MeanMetricWrapper):
    """Mean of squared errors of logarithms."""

    direction = "down"

    def __init__(
        self, name: str = "mean_squared_logarithmic_error", dtype: str | None = None
    ) -> None:
        super().__init__(losses.mean_squared_logarithmic_error, name, dtype)


class LogCoshError(MeanMetricWrapper):
    """Logarithm of the hyperbolic cosine of the error."""

    direction = "down"

    def __init__(self, name: str = "logcosh", dtype: str | None = None) -> None:
        super().__init__(losses.log_cosh, name, dtype)


class CosineSimilarity(MeanMetricWrapper):
    """Cosine of the angle between targets and predictions."""

    direction = "up"

    def __init__(
        self, name: str = "cosine_similarity", dtype: str | None = None, axis: int = -1
    ) -> None:
        super().__init__(cosine, name, dtype, axis=axis)


def _squared(y_true: Tensor, y_pred: Tensor) -> Tensor:
    return ops.square(ops.subtract(*aligned(y_true, y_pred)))


class RootMeanSquaredError(MeanMetricWrapper):
    """Root of the mean of squared errors."""

    direction = "down"

    def __init__(self, name: str = "root_mean_squared_error", dtype: str | None = None) -> None:
        super().__init__(_squared, name, dtype)

    def result(self) -> float:
        """The root of the mean so far."""
        return float(np.sqrt(super().result()))


AGGREGATIONS = (None, "uniform_average", "variance_weighted_average")


class R2Score(Metric):
    """Share of the targets' variance that the predictions explain.

    Args:
        class_aggregation: "uniform_average" or "variance_weighted_average" of several outputs;
            None for a value each.
        num_regressors: Number of inputs, for the adjusted score; 0 for the plain one.
        name: Key under which the value is reported.
        dtype: Number type, as Keras takes it.
    """

    direction = "up"

    def __init__(
        self,
        class_aggregation: str | None = "uniform_average",
        num_regressors: int = 0,
        name: str = "r2_score",
        dtype: str | None = None,
    ) -> None:
        super().__init__(name, dtype)
        if class_aggregation not in AGGREGATIONS:
            raise ValueError(
                "Invalid value for argument `class_aggregation`. Expected one of "
                f"{AGGREGATIONS}. Received: class_aggregation={class_aggregation}"
            )
        if num_regressors < 0:
            raise ValueError(
                "Invalid value for argument `num_regressors`. Expected a value >= 0. "
                f"Received: num_regressors={num_regressors}"
            )
        self.class_aggregation = class_aggregation
        self.num_regressors = num_regressors
        self.reset_state()

    def reset_state(self) -> None:
        """Start again."""
        self.samples = 0
        self.sums: Array = np.zeros((4, 1))
        """Weighted sums per output: targets, their squares, squared errors, weights."""

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in a batch of targets and predictions of shape (samples, outputs)."""
        true, predicted = same_rank(np.asarray(y_true, float), np.asarray(y_pred, float))
        if true.ndim != 2 or predicted.ndim != 2:
            raise ValueError(
                "R2Score expects 2D inputs with shape (batch_size, output_dim). Received input "
                f"shapes: y_pred.shape={predicted.shape} and y_true.shape={true.shape}."
            )
        weights = np.asarray(1.0 if sample_weight is None else sample_weight, float)
        weights = weights[:, None] if weights.ndim == 1 else weights
        weights = np.broadcast_to(weights, true.shape)
        parts = (true, true**2, (true - predicted) ** 2, np.ones_like(true))
        self.sums = self.sums + np.stack([(part * weights).sum(0) for part in parts])
        self.samples += true.size

    def result(self) -> Any:
        """The score so far."""
        total, squares, residual, count = self.sums
        with np.errstate(all="ignore"):
            variance = squares - total * (total / count)
            scores = 1 - residual / variance
        scores = np.where(np.isinf(scores), 0.0, scores)
        if self.class_aggregation is None:
            return self._adjusted(scores)
        if self.class_aggregation == "uniform_average":
            return float(self._adjusted(scores.mean()))
        return float(self._adjusted((variance * scores).sum() / variance.sum()))

    def _adjusted(self, score: Any) -> Any:
        free = self.samples - self.num_regressors - 1
        if self.num_regressors == 0 or free > 0:
            factor = (self.samples - 1) / free if self.num_regressors else 1.0
            return 1 - (1 - score) * factor
        fault = (
            "Division by zero in Adjusted R2 score."
            if free == 0
            else "More independent predictors than datapoints in adjusted R2 score."
        )
        warnings.warn(f"{fault} Falling back to standard R2 score.", stacklevel=4)
        return score

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        own = {"class_aggregation": self.class_aggregation, "num_regressors": self.num_regressors}
        return super().get_config() | own
