"""Metrics of how targets and predictions rise and fall together."""

from collections.abc import Sequence

from kgui.engine import ops
from kgui.engine.backend.session import epsilon
from kgui.engine.losses.loss import aligned
from kgui.engine.metrics.reduction import MeanMetricWrapper
from kgui.engine.ops.primitive import Tensor

Axes = int | Sequence[int]


def pearson_correlation(y_true: Tensor, y_pred: Tensor, axis: Axes = -1) -> Tensor:
    """Pearson's coefficient along an axis: 1 where predictions are a rising line of the targets."""
    parts = []
    for values in aligned(y_true, y_pred):
        apart = ops.subtract(values, ops.mean(values, axis=axis, keepdims=True))
        parts.append(ops.divide(apart, ops.std(apart, axis=axis, keepdims=True)))
    return ops.mean(ops.multiply(*parts), axis=axis)


def concordance_correlation(y_true: Tensor, y_pred: Tensor, axis: Axes = -1) -> Tensor:
    """The concordance coefficient along an axis: 1 where predictions are the targets."""
    true, predicted = aligned(y_true, y_pred)
    means = [ops.mean(values, axis=axis, keepdims=True) for values in (true, predicted)]
    spread = [ops.var(values, axis=axis, keepdims=True) for values in (true, predicted)]
    # Keras takes the mean of the predictions from both.
    together = ops.multiply(ops.subtract(true, means[1]), ops.subtract(predicted, means[1]))
    between = ops.square(ops.subtract(*means))
    norm = ops.add(ops.add(ops.add(*spread), between), epsilon())
    return ops.mean(ops.divide(ops.multiply(together, 2.0), norm), axis=axis)


class PearsonCorrelation(MeanMetricWrapper):
    """Mean of Pearson's coefficient between targets and predictions."""

    direction = "up"

    def __init__(
        self, name: str = "pearson_correlation", dtype: str | None = None, axis: Axes = -1
    ) -> None:
        super().__init__(pearson_correlation, name, dtype, axis=axis)


class ConcordanceCorrelation(MeanMetricWrapper):
    """Mean of the concordance coefficient of targets and predictions."""

    direction = "up"

    def __init__(
        self, name: str = "concordance_correlation", dtype: str | None = None, axis: Axes = -1
    ) -> None:
        super().__init__(concordance_correlation, name, dtype, axis=axis)
