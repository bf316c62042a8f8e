"""Accuracies: how often a prediction is right."""

from typing import Any

import numpy as np

from kgui.engine import ops
from kgui.engine.losses.loss import as_float, as_tensor, same_rank
from kgui.engine.metrics.metric import Metric
from kgui.engine.metrics.reduction import MeanMetricWrapper
from kgui.engine.ops import crossentropy
from kgui.engine.ops.primitive import Tensor


def _pair(y_true: Any, y_pred: Any) -> tuple[Tensor, Tensor]:
    y_pred = y_pred if hasattr(y_pred, "dtype") else as_float(y_pred)
    return as_tensor(y_true), y_pred


def accuracy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """1 where the prediction equals the target, else 0."""
    y_true, y_pred = same_rank(*_pair(y_true, as_float(y_pred)))
    return ops.cast(ops.equal(ops.cast(y_true, y_pred.dtype), y_pred), y_pred.dtype)


def binary_accuracy(y_true: Tensor, y_pred: Tensor, threshold: float = 0.5) -> Tensor:
    """1 where a value is on the right side of the threshold, else 0."""
    y_true, y_pred = same_rank(*_pair(y_true, y_pred))
    decided = ops.cast(ops.greater(y_pred, threshold), y_pred.dtype)
    right = ops.equal(ops.cast(y_true, y_pred.dtype), decided)
    return ops.cast(right, y_pred.dtype)


def categorical_accuracy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """1 where the likeliest class is the target's, else 0."""
    y_true, y_pred = _pair(y_true, y_pred)
    right = ops.equal(ops.argmax(y_true, -1), ops.argmax(y_pred, -1))
    return ops.cast(right, y_pred.dtype)


def sparse_categorical_accuracy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """1 where the likeliest class is the target index, else 0."""
    y_true, y_pred = _sparse(y_true, y_pred)
    right = ops.equal(ops.cast(y_true, "int64"), ops.argmax(y_pred, -1))
    return ops.cast(right, y_pred.dtype)


def _sparse(y_true: Any, y_pred: Any) -> tuple[Tensor, Tensor]:
    y_true, y_pred = _pair(y_true, y_pred)
    if len(y_true.shape) == len(y_pred.shape) and y_true.shape[-1] == 1:
        y_true = ops.squeeze(y_true, -1)
    return y_true, y_pred


def top_k_categorical_accuracy(y_true: Tensor, y_pred: Tensor, k: int = 5) -> Tensor:
    """1 where the target's class is among the k likeliest, else 0."""
    y_true, y_pred = _pair(y_true, y_pred)
    return _in_top_k(ops.argmax(y_true, -1), y_pred, k)


def sparse_top_k_categorical_accuracy(
    y_true: Tensor, y_pred: Tensor, k: int = 5, from_sorted_ids: bool = False
) -> Tensor:
    """1 where the target index is among the k likeliest classes, or the first k ids; else 0."""
    y_true, y_pred = _sparse(y_true, y_pred)
    if not from_sorted_ids:
        return _in_top_k(ops.cast(y_true, "int64"), y_pred, k)
    column = ops.expand_dims(ops.cast(y_true, y_pred.dtype), -1)
    first = (np.arange(y_pred.shape[-1]) < k).astype(y_pred.dtype)
    found = ops.multiply(ops.cast(ops.equal(column, y_pred), y_pred.dtype), first)
    return ops.cast(ops.greater(ops.sum(found, axis=-1), 0.0), y_pred.dtype)


def _in_top_k(labels: Tensor, y_pred: Tensor, k: int) -> Tensor:
    """1 where fewer than k classes are likelier than the label."""
    own = ops.expand_dims(crossentropy.take_class(labels, y_pred), -1)
    likelier = ops.sum(ops.cast(ops.greater(y_pred, own), y_pred.dtype), axis=-1)
    return ops.cast(ops.greater(float(k), likelier), y_pred.dtype)


class Accuracy(MeanMetricWrapper):
    """How often a prediction equals its target."""

    direction = "up"

    def __init__(self, name: str = "accuracy", dtype: str | None = None) -> None:
        super().__init__(accuracy, name, dtype)


class BinaryAccuracy(MeanMetricWrapper):
    """How often a probability is on the right side of 0.5."""

    direction = "up"

    def __init__(
        self, name: str = "binary_accuracy", dtype: str | None = None, threshold: float = 0.5
    ) -> None:
        super().__init__(binary_accuracy, name, dtype, threshold=threshold)


class CategoricalAccuracy(MeanMetricWrapper):
    """How often the likeliest class is that of a one-hot target."""

    direction = "up"

    def __init__(self, name: str = "categorical_accuracy", dtype: str | None = None) -> None:
        super().__init__(categorical_accuracy, name, dtype)


class TopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the class of a one-hot target is among the k likeliest."""

    direction = "up"

    def __init__(
        self, k: int = 5, name: str = "top_k_categorical_accuracy", dtype: str | None = None
    ) -> None:
        super().__init__(top_k_categorical_accuracy, name, dtype, k=k)


class SparseMeanMetric(MeanMetricWrapper):
    """A mean over samples whose targets are class indices."""

    def values(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The function's values; indices keep their rank."""
        return self.fn(y_true, y_pred, **self.options)


class SparseCategoricalAccuracy(SparseMeanMetric):
    """How often the likeliest class is the target index."""

    direction = "up"

    def __init__(self, name: str = "sparse_categorical_accuracy", dtype: str | None = None) -> None:
        super().__init__(sparse_categorical_accuracy, name, dtype)


class SparseTopKCategoricalAccuracy(SparseMeanMetric):
    """How often the target index is among the k likeliest classes."""

    direction = "up"

    def __init__(
        self,
        k: int = 5,
        name: str = "sparse_top_k_categorical_accuracy",
        dtype: str | None = None,
        from_sorted_ids: bool = False,
    ) -> None:
        super().__init__(
            sparse_top_k_categorical_accuracy, name, dtype, k=k, from_sorted_ids=from_sorted_ids
        )


def accuracy_for(target_shape: Any, output_shape: Any) -> Metric:
    """The accuracy that "accuracy" means for targets and outputs of these shapes."""
    if output_shape[-1] == 1:
        return BinaryAccuracy()
    fewer = len(target_shape) < len(output_shape)
    if fewer or (target_shape[-1] == 1 and output_shape[-1] > 1):
        return SparseCategoricalAccuracy()
    return CategoricalAccuracy()
