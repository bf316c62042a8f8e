"""Cross-entropies of probabilities or logits."""

from typing import Any

import numpy as np

from kgui.engine import ops
from kgui.engine.backend.session import epsilon
from kgui.engine.errors import DataError
from kgui.engine.losses.loss import Loss, LossFunctionWrapper, as_tensor, check_same
from kgui.engine.ops import crossentropy
from kgui.engine.ops.primitive import Tensor


def check_last_axis(axis: int, rank: int) -> None:
    """Raise ValueError unless the classes are along the last axis."""
    if isinstance(axis, bool):
        raise ValueError(
            f"`axis` must be of type `int`. Received: axis={axis} of type {type(axis)}"
        )
    if axis not in (-1, rank - 1):
        raise ValueError(f"Classes must be along the last axis. Received: axis={axis}")


def smoothed(y_true: Tensor, y_pred: Tensor, smoothing: float, classes: int) -> Tensor:
    """Targets in the predictions' type, moved towards 1 / classes."""
    y_true = ops.cast(as_tensor(y_true), y_pred.dtype)
    if not smoothing:
        return y_true
    return ops.add(ops.multiply(y_true, 1 - smoothing), smoothing / classes)


def categorical_crossentropy(
    y_true: Tensor,
    y_pred: Tensor,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """Cross-entropy of one-hot targets and class probabilities, per sample."""
    check_last_axis(axis, len(y_pred.shape))
    y_true = smoothed(y_true, y_pred, label_smoothing, y_pred.shape[-1])
    if from_logits:
        return ops.negative(ops.sum(ops.multiply(y_true, ops.log_softmax(y_pred)), axis=-1))
    return crossentropy.categorical_crossentropy(y_true, y_pred)


def sparse_categorical_crossentropy(
    y_true: Tensor,
    y_pred: Tensor,
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int = -1,
) -> Tensor:
    """Cross-entropy of class indices and class probabilities, per sample."""
    check_last_axis(axis, len(y_pred.shape))
    y_true = _class_indices(y_true, y_pred)
    counts = None
    if ignore_class is not None:
        counts = _counts(y_true, y_pred, ignore_class)
        y_true = ops.cast(ops.multiply(ops.cast(y_true, y_pred.dtype), counts), "int32")
    if from_logits:
        values = ops.negative(crossentropy.take_class(y_true, ops.log_softmax(y_pred)))
    else:
        values = crossentropy.sparse_categorical_crossentropy(y_true, y_pred)
    return values if counts is None else ops.multiply(values, counts)


def _class_indices(y_true: Tensor, y_pred: Tensor) -> Tensor:
    y_true = as_tensor(y_true)
    if len(y_true.shape) == len(y_pred.shape) and y_true.shape[-1] == 1:
        y_true = ops.squeeze(y_true, -1)
    return ops.cast(y_true, "int32")


def _counts(labels: Tensor, y_pred: Tensor, ignore_class: int) -> Tensor:
    """0.0 for the labels that are ignored, else 1.0."""
    ignored = ops.equal(labels, np.int32(ignore_class))
    return ops.subtract(1.0, ops.cast(ignored, y_pred.dtype))


def counted(y_true: Tensor, y_pred: Tensor, ignore_class: int | None) -> Tensor | None:
    """0.0 for samples of the class that is ignored, else 1.0; None if no class is."""
    if ignore_class is None:
        return None
    return _counts(_class_indices(y_true, y_pred), y_pred, ignore_class)


def binary_crossentropy(
    y_true: Tensor,
    y_pred: Tensor,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """Cross-entropy of 0 and 1 and the probability of 1; mean over the last axis."""
    check_same(as_tensor(y_true), y_pred, sizes=True)
    y_true = smoothed(y_true, y_pred, label_smoothing, 2)
    if from_logits:
        # softplus(x) - x * y is -y log(p) - (1 - y) log(1 - p) without overflow.
        values = ops.subtract(ops.softplus(y_pred), ops.multiply(y_pred, y_true))
        return ops.mean(values, axis=axis)
    return ops.negative(ops.mean(binary_likelihood(y_true, y_pred), axis=axis))


def binary_likelihood(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Logarithm of the (clipped) probability of each target."""
    p = ops.clip(y_pred, epsilon(), 1 - epsilon())
    true = ops.multiply(y_true, ops.log(p))
    false = ops.multiply(ops.subtract(1.0, y_true), ops.log(ops.subtract(1.0, p)))
    return ops.add(true, false)


class BinaryCrossentropy(LossFunctionWrapper):
    """Cross-entropy of 0 or 1 and one probability each."""

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "binary_crossentropy",
        dtype: str | None = None,
    ) -> None:
        super().__init__(
            binary_crossentropy, reduction, name, dtype,
            from_logits=from_logits, label_smoothing=label_smoothing, axis=axis,
        )  # fmt: skip


class CategoricalCrossentropy(LossFunctionWrapper):
    """Cross-entropy of one-hot targets and class probabilities."""

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "categorical_crossentropy",
        dtype: str | None = None,
    ) -> None:
        super().__init__(
            categorical_crossentropy, reduction, name, dtype,
            from_logits=from_logits, label_smoothing=label_smoothing, axis=axis,
        )  # fmt: skip


class SparseCategoricalCrossentropy(Loss):
    """Cross-entropy of class indices and class probabilities."""

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: str | None = "sum_over_batch_size",
        axis: int = -1,
        name: str = "sparse_categorical_crossentropy",
        dtype: str | None = None,
    ) -> None:
        super().__init__(name, reduction, dtype)
        self.from_logits = from_logits
        self.ignore_class = ignore_class
        self.axis = axis

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """One value per sample."""
        return sparse_categorical_crossentropy(
            y_true, y_pred, self.from_logits, self.ignore_class, self.axis
        )

    def mask(self, y_true: Tensor, y_pred: Tensor) -> Tensor | None:
        """0.0 for samples of the class that is ignored."""
        return counted(y_true, y_pred, self.ignore_class)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal loss."""
        own = {"from_logits": self.from_logits, "ignore_class": self.ignore_class}
        return super().get_config() | own

    def check_targets(self, y_true: Any, output_shape: tuple[int | None, ...]) -> None:
        """Labels must be indices of the output's classes."""
        labels, classes = np.asarray(y_true), output_shape[-1]
        if self.ignore_class is not None:
            labels = labels[labels != self.ignore_class]
        if labels.size == 0 or classes is None:
            return
        if np.isnan(labels).any():
            raise DataError(
                "Received labels that are NaN, outside the valid range of [0, {classes})",
                plain="some labels are missing (NaN)",
                classes=classes,
            )
        low, high = labels.min(), labels.max()
        if low < 0 or high >= classes:
            raise DataError(
                "Received labels from {low} to {high}, outside the valid range of [0, {classes}) "
                "of the output's {classes} units",
                plain="has {classes} units, but the labels go from {low} to {high}: "
                "it needs {needed} units",
                low=low,
                high=high,
                classes=classes,
                needed=int(high) + 1,
            )
