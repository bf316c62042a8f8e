"""Sums and means over samples, of values or of a function of targets and predictions."""

from collections.abc import Callable
from typing import Any

import numpy as np

from kgui.engine import ops
from kgui.engine.backend.session import floatx
from kgui.engine.losses.loss import as_float, same_rank
from kgui.engine.masking import mask_of
from kgui.engine.metrics.metric import Metric
from kgui.engine.ops.primitive import Tensor
from kgui.engine.variables import Array


def weighted_samples(values: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """Weighted value and weight of each sample; further axes are averaged."""
    values, weights = same_rank(values, ops.cast(weights, values.dtype))
    rank = len(weights.shape)
    if len(values.shape) > rank:
        values = ops.mean(values, axis=range(rank, len(values.shape)))
    values = ops.multiply(values, weights)
    if rank > 1:
        weights = ops.mean(weights, axis=range(1, rank))
    if len(values.shape) > 1:
        values = ops.mean(values, axis=range(1, len(values.shape)))
    return values, weights


def masked_weights(y_pred: Tensor, weights: Tensor | None) -> Tensor | None:
    """The weights, 0 where the predictions' mask says that a step does not count."""
    mask = mask_of(y_pred)
    if mask is None:
        return weights
    if weights is None:
        return ops.cast(mask, floatx())
    mask = ops.cast(mask, str(weights.dtype))
    mask, weights = same_rank(mask, weights)
    return ops.multiply(weights, mask)


class Sum(Metric):
    """The sum of all values taken in."""

    def __init__(self, name: str = "sum", dtype: str | None = None) -> None:
        super().__init__(name, dtype)
        self.total = 0.0

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        """Take in values, each times its weight."""
        array = np.asarray(values, np.float64)
        if sample_weight is not None:
            array, weights = same_rank(array, np.asarray(sample_weight, np.float64))
            weights = weights.reshape(weights.shape + (1,) * (array.ndim - weights.ndim))
            array = array * weights
        self.total += float(array.sum())

    def reset_state(self) -> None:
        """Start again."""
        self.total = 0.0

    def result(self) -> float:
        """The sum so far."""
        return self.total


class Mean(Metric):
    """The mean of all values taken in; 0 before the first."""

    def __init__(self, name: str | None = "mean", dtype: str | None = None) -> None:
        super().__init__(name, dtype)
        self.state: Array = np.zeros(2)
        """Sum and count; plans add to it in place."""

    def update_state(self, *args: Any, sample_weight: Any = None) -> None:
        """Take in (values), each counted as often as its weight says."""
        values = np.asarray(args[0], np.float64)
        if sample_weight is None and len(args) > 1:
            sample_weight = args[1]
        if sample_weight is None:
            values = values.mean(axis=tuple(range(1, values.ndim))) if values.ndim > 1 else values
            count = float(values.size)
        else:
            weights = np.asarray(sample_weight, np.float64)
            if weights.ndim == 0 and values.ndim:
                weights = np.broadcast_to(weights, values.shape[:1])
            values, weights = weighted_samples(values, weights)
            count = float(weights.sum())
        self.state += (float(values.sum()), count)

    def reset_state(self) -> None:
        """Start again."""
        self.state.fill(0)

    def result(self) -> float:
        """The mean so far."""
        return float(self.state[0] / self.state[1]) if self.state[1] else 0.0


class MeanMetricWrapper(Mean):
    """The mean of a function (y_true, y_pred) -> a value per sample."""

    def __init__(
        self,
        fn: Callable[..., Tensor],
        name: str | None = None,
        dtype: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(name, dtype)
        self.fn = fn
        self.options = options

    def values(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The function's values: what a plan traces."""
        y_true, y_pred = same_rank(y_true, y_pred)
        return self.fn(y_true, y_pred, **self.options)

    def weights(self, y_true: Tensor, y_pred: Tensor, sample_weight: Tensor) -> Tensor:
        """The weights of the values; a metric may ignore some of them."""
        return sample_weight

    def update_state(self, *args: Any, sample_weight: Any = None) -> None:
        """Take in a batch of (targets, predictions, weights)."""
        y_true, y_pred = np.asarray(args[0]), as_float(args[1])
        given = args[2] if len(args) > 2 else sample_weight
        if given is not None:
            given = self.weights(y_true, y_pred, np.asarray(given))
        given = masked_weights(args[1], given)
        super().update_state(self.values(y_true, y_pred), sample_weight=given)

    @property
    def planned(self) -> bool:
        """True if a plan may compute it: nobody has changed how a batch is taken in."""
        return type(self).update_state is MeanMetricWrapper.update_state

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric; a plain wrapper's function is one of them."""
        function = {"fn": self.fn} if type(self) is MeanMetricWrapper else {}
        return super().get_config() | function | self.options
