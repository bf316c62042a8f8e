"""Losses, as `keras.losses`: a value per sample, then reduced; written in `ops`."""

from collections.abc import Callable
from typing import Any

import numpy as np

from kgui.engine import ops
from kgui.engine.backend.session import epsilon
from kgui.engine.errors import DataError, ShapeError
from kgui.engine.naming import snake_case
from kgui.engine.ops import crossentropy
from kgui.engine.ops.primitive import Tensor
from kgui.engine.ops.reduction import average

REDUCTIONS = ("sum_over_batch_size", "mean", "sum", "none", None)


def same_rank(first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
    """Both with the same number of axes, where a last axis of 1 is all that differs."""
    a, b = len(first.shape), len(second.shape)
    if b == a + 1:
        other, same = same_rank(second, first)
        return same, other
    if a != b + 1 or first.shape[-1] != 1:
        return first, second
    if b > 1:
        return ops.squeeze(first, -1), second
    return first, ops.expand_dims(second, -1)


def _check_same(y_true: Tensor, y_pred: Tensor, sizes: bool) -> None:
    """Raise ShapeError for targets that would be spread over the predictions."""
    pairs = zip(y_true.shape, y_pred.shape, strict=False)
    differs = any(None not in (a, b) and a != b for a, b in pairs)
    if len(y_true.shape) != len(y_pred.shape) or (sizes and differs):
        raise ShapeError(
            "Arguments `target` and `output` must have the same shape. "
            "Received: target.shape={target}, output.shape={output}",
            plain="takes targets of shape {output}, but they have {target}",
            target=tuple(y_true.shape),
            output=tuple(y_pred.shape),
        )


class Loss:
    """A function of targets and predictions, reduced to one number.

    Args:
        name: Name of the loss.
        reduction: "sum_over_batch_size" (the mean), "sum", or "none".
    """

    def __init__(self, name: str | None = None, reduction: str | None = "sum_over_batch_size"):
        if reduction not in REDUCTIONS:
            raise ValueError(
                f"Invalid value for argument `reduction`. Expected one of {REDUCTIONS}. "
                f"Received: reduction={reduction}"
            )
        self.name = name or snake_case(type(self).__name__)
        self.reduction = reduction

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """One value per sample."""
        raise NotImplementedError

    def __call__(self, y_true: Tensor, y_pred: Tensor, sample_weight: Tensor = None) -> Tensor:
        """The reduced loss; weights multiply the samples' values."""
        y_true, y_pred = _tensor(y_true), _tensor(y_pred)
        values = self.call(y_true, y_pred)
        if sample_weight is not None:
            values, weights = same_rank(values, _tensor(sample_weight))
            for _ in range(len(values.shape) - len(weights.shape)):
                weights = ops.expand_dims(weights, -1)
            values = ops.multiply(values, ops.cast(weights, values.dtype))
        if self.reduction in ("none", None):
            return values
        total = ops.sum(values)
        if self.reduction == "sum":
            return total
        return average(values, 1 / max(int(np.prod(values.shape)), 1))

    def check_targets(self, y_true: Any, output_shape: tuple[int | None, ...]) -> None:
        """Raise DataError for targets that cannot be meant for an output of that shape."""


def _tensor(value: Any) -> Tensor:
    return value if hasattr(value, "shape") else np.asarray(value)


class LossFunctionWrapper(Loss):
    """A loss made of a function (y_true, y_pred) -> values per sample."""

    def __init__(
        self,
        fn: Callable[..., Tensor],
        reduction: str | None = "sum_over_batch_size",
        name: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(name=name or fn.__name__, reduction=reduction)
        self.fn = fn
        self.options = options

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The function's values, after the ranks are made equal."""
        y_true, y_pred = same_rank(y_true, y_pred)
        return self.fn(y_true, y_pred, **self.options)


def mean_squared_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Mean of (y_true - y_pred)² over the last axis."""
    return ops.mean(ops.square(_difference(y_true, y_pred)), axis=-1)


def mean_absolute_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Mean of |y_true - y_pred| over the last axis."""
    return ops.mean(ops.absolute(_difference(y_true, y_pred)), axis=-1)


def _difference(y_true: Tensor, y_pred: Tensor) -> Tensor:
    y_true, y_pred = same_rank(_tensor(y_true), _tensor(y_pred))
    _check_same(y_true, y_pred, sizes=False)
    return ops.subtract(ops.cast(y_true, y_pred.dtype), y_pred)


def categorical_crossentropy(
    y_true: Tensor, y_pred: Tensor, from_logits: bool = False, label_smoothing: float = 0.0
) -> Tensor:
    """Cross-entropy of one-hot targets and class probabilities, per sample."""
    y_true = ops.cast(_tensor(y_true), y_pred.dtype)
    if label_smoothing:
        classes = y_pred.shape[-1]
        y_true = ops.add(ops.multiply(y_true, 1 - label_smoothing), label_smoothing / classes)
    if from_logits:
        return ops.negative(ops.sum(ops.multiply(y_true, ops.log_softmax(y_pred)), axis=-1))
    return crossentropy.categorical_crossentropy(y_true, y_pred)


def sparse_categorical_crossentropy(
    y_true: Tensor, y_pred: Tensor, from_logits: bool = False
) -> Tensor:
    """Cross-entropy of class indices and class probabilities, per sample."""
    y_true = _tensor(y_true)
    if len(y_true.shape) == len(y_pred.shape) and y_true.shape[-1] == 1:
        y_true = ops.squeeze(y_true, -1)
    y_true = ops.cast(y_true, "int32")
    if from_logits:
        return ops.negative(crossentropy.take_class(y_true, ops.log_softmax(y_pred)))
    return crossentropy.sparse_categorical_crossentropy(y_true, y_pred)


def binary_crossentropy(
    y_true: Tensor, y_pred: Tensor, from_logits: bool = False, label_smoothing: float = 0.0
) -> Tensor:
    """Cross-entropy of 0 and 1 and the probability of 1; mean over the last axis."""
    _check_same(y_true, y_pred, sizes=True)
    y_true = ops.cast(_tensor(y_true), y_pred.dtype)
    if label_smoothing:
        y_true = ops.add(ops.multiply(y_true, 1 - label_smoothing), label_smoothing / 2)
    if from_logits:
        # softplus(x) - x * y is -y log(p) - (1 - y) log(1 - p) without overflow.
        return ops.mean(ops.subtract(ops.softplus(y_pred), ops.multiply(y_pred, y_true)), axis=-1)
    p = ops.clip(y_pred, epsilon(), 1 - epsilon())
    true = ops.multiply(y_true, ops.log(p))
    false = ops.multiply(ops.subtract(1.0, y_true), ops.log(ops.subtract(1.0, p)))
    return ops.negative(ops.mean(ops.add(true, false), axis=-1))


class MeanSquaredError(LossFunctionWrapper):
    """Mean of squared errors."""

    def __init__(
        self, reduction: str | None = "sum_over_batch_size", name: str = "mean_squared_error"
    ) -> None:
        super().__init__(mean_squared_error, reduction, name)


class MeanAbsoluteError(LossFunctionWrapper):
    """Mean of absolute errors."""

    def __init__(
        self, reduction: str | None = "sum_over_batch_size", name: str = "mean_absolute_error"
    ) -> None:
        super().__init__(mean_absolute_error, reduction, name)


class BinaryCrossentropy(LossFunctionWrapper):
    """Cross-entropy of 0 or 1 and one probability each."""

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        reduction: str | None = "sum_over_batch_size",
        name: str = "binary_crossentropy",
    ) -> None:
        options = {"from_logits": from_logits, "label_smoothing": label_smoothing}
        super().__init__(binary_crossentropy, reduction, name, **options)


class CategoricalCrossentropy(LossFunctionWrapper):
    """Cross-entropy of one-hot targets and class probabilities."""

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        reduction: str | None = "sum_over_batch_size",
        name: str = "categorical_crossentropy",
    ) -> None:
        options = {"from_logits": from_logits, "label_smoothing": label_smoothing}
        super().__init__(categorical_crossentropy, reduction, name, **options)


class SparseCategoricalCrossentropy(Loss):
    """Cross-entropy of class indices and class probabilities."""

    def __init__(
        self,
        from_logits: bool = False,
        reduction: str | None = "sum_over_batch_size",
        name: str = "sparse_categorical_crossentropy",
    ) -> None:
        super().__init__(name, reduction)
        self.from_logits = from_logits

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """One value per sample."""
        return sparse_categorical_crossentropy(y_true, y_pred, self.from_logits)

    def check_targets(self, y_true: Any, output_shape: tuple[int | None, ...]) -> None:
        """Labels must be indices of the output's classes."""
        labels, classes = np.asarray(y_true), output_shape[-1]
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


_CLASSES: dict[str, Callable[[], Loss]] = {
    "mse": MeanSquaredError,
    "mean_squared_error": MeanSquaredError,
    "mae": MeanAbsoluteError,
    "mean_absolute_error": MeanAbsoluteError,
    "bce": BinaryCrossentropy,
    "binary_crossentropy": BinaryCrossentropy,
    "categorical_crossentropy": CategoricalCrossentropy,
    "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
    "MeanSquaredError": MeanSquaredError,
    "MeanAbsoluteError": MeanAbsoluteError,
    "BinaryCrossentropy": BinaryCrossentropy,
    "CategoricalCrossentropy": CategoricalCrossentropy,
    "SparseCategoricalCrossentropy": SparseCategoricalCrossentropy,
}


def get(identifier: Any) -> Loss:
    """The loss of that name; an object as it is; a function becomes a loss."""
    if isinstance(identifier, Loss):
        return identifier
    if isinstance(identifier, str) and identifier in _CLASSES:
        return _CLASSES[identifier]()
    if isinstance(identifier, type) and issubclass(identifier, Loss):
        return identifier()
    if callable(identifier):
        return LossFunctionWrapper(identifier)
    raise ValueError(f"Could not interpret loss identifier: {identifier}")
