"""Losses of classes and distributions as metrics: their mean over all samples."""

from kgui.engine import losses, ops
from kgui.engine.losses.crossentropy import counted
from kgui.engine.losses.loss import same_rank
from kgui.engine.metrics.accuracy import SparseMeanMetric
from kgui.engine.metrics.reduction import MeanMetricWrapper
from kgui.engine.ops.primitive import Tensor


class BinaryCrossentropy(MeanMetricWrapper):
    """Cross-entropy of 0 or 1 and one probability each."""

    direction = "down"

    def __init__(
        self,
        name: str = "binary_crossentropy",
        dtype: str | None = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
    ) -> None:
        super().__init__(
            losses.binary_crossentropy, name, dtype,
            from_logits=from_logits, label_smoothing=label_smoothing,
        )  # fmt: skip


class CategoricalCrossentropy(MeanMetricWrapper):
    """Cross-entropy of one-hot targets and class probabilities."""

    direction = "down"

    def __init__(
        self,
        name: str = "categorical_crossentropy",
        dtype: str | None = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
        axis: int = -1,
    ) -> None:
        super().__init__(
            losses.categorical_crossentropy, name, dtype,
            from_logits=from_logits, label_smoothing=label_smoothing, axis=axis,
        )  # fmt: skip


class SparseCategoricalCrossentropy(SparseMeanMetric):
    """Cross-entropy of class indices and class probabilities."""

    direction = "down"

    def __init__(
        self,
        name: str = "sparse_categorical_crossentropy",
        dtype: str | None = None,
        from_logits: bool = False,
        ignore_class: int | None = None,
        axis: int = -1,
    ) -> None:
        super().__init__(
            losses.sparse_categorical_crossentropy, name, dtype,
            from_logits=from_logits, ignore_class=ignore_class, axis=axis,
        )  # fmt: skip

    def weights(self, y_true: Tensor, y_pred: Tensor, sample_weight: Tensor) -> Tensor:
        """0 for samples of the class that is ignored; as in Keras, only if there are weights."""
        counts = counted(y_true, y_pred, self.options["ignore_class"])
        if counts is None:
            return sample_weight
        counts, sample_weight = same_rank(counts, ops.cast(sample_weight, y_pred.dtype))
        return ops.multiply(counts, sample_weight)


class KLDivergence(MeanMetricWrapper):
    """Kullback-Leibler divergence of the predicted from the true distribution."""

    direction = "down"

    def __init__(self, name: str = "kl_divergence", dtype: str | None = None) -> None:
        super().__init__(losses.kl_divergence, name, dtype)


class Poisson(MeanMetricWrapper):
    """Poisson loss of counts and expected counts."""

    direction = "down"

    def __init__(self, name: str = "poisson", dtype: str | None = None) -> None:
        super().__init__(losses.poisson, name, dtype)


class Hinge(MeanMetricWrapper):
    """Shortfall of a margin of 1 between labels -1 and 1."""

    direction = "down"

    def __init__(self, name: str = "hinge", dtype: str | None = None) -> None:
        super().__init__(losses.hinge, name, dtype)


class SquaredHinge(MeanMetricWrapper):
    """Squared shortfall of a margin of 1 between labels -1 and 1."""

    direction = "down"

    def __init__(self, name: str = "squared_hinge", dtype: str | None = None) -> None:
        super().__init__(losses.squared_hinge, name, dtype)


class CategoricalHinge(MeanMetricWrapper):
    """Shortfall of a margin of 1 between the true class and the best other one."""

    direction = "down"

    def __init__(self, name: str = "categorical_hinge", dtype: str | None = None) -> None:
        super().__init__(losses.categorical_hinge, name, dtype)
