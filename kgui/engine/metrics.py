"""Metrics, as `keras.metrics`: running means of a value per sample; written in `ops`."""

from collections.abc import Callable
from typing import Any

import numpy as np

from kgui.engine import losses, ops
from kgui.engine.naming import automatic_name, snake_case
from kgui.engine.ops.primitive import Tensor
from kgui.engine.variables import Array


class Metric:
    """A number that is gathered over batches.

    Args:
        name: Key under which the value is reported.
    """

    direction = ""
    """"up" if more is better, "down" if less is, "" where it depends."""

    def __init__(self, name: str | None = None) -> None:
        self.name = name or automatic_name(snake_case(type(self).__name__))

    def update_state(self, *args: Any, **kwargs: Any) -> None:
        """Take in a batch."""
        raise NotImplementedError

    def reset_state(self) -> None:
        """Start again."""
        raise NotImplementedError

    def result(self) -> float:
        """The value over everything taken in since the last reset."""
        raise NotImplementedError

    def __call__(self, *args: Any, **kwargs: Any) -> float:
        """Take in a batch and return the value so far."""
        self.update_state(*args, **kwargs)
        return self.result()


class Mean(Metric):
    """The mean of all values taken in; 0 before the first."""

    def __init__(self, name: str = "mean") -> None:
        super().__init__(name)
        self.state: Array = np.zeros(2)
        """Sum and count; plans add to it in place."""

    def update_state(self, *args: Any, sample_weight: Any = None) -> None:
        """Take in (values), each counted as often as its weight says."""
        array = np.asarray(args[0], np.float64)
        weights = np.ones(array.shape) if sample_weight is None else np.asarray(sample_weight)
        while weights.ndim < array.ndim:
            weights = weights[..., None]
        weights = np.broadcast_to(weights, array.shape)
        self.state[0] += float((array * weights).sum())
        self.state[1] += float(weights.sum())

    def reset_state(self) -> None:
        """Start again."""
        self.state.fill(0)

    def result(self) -> float:
        """The mean so far."""
        return float(self.state[0] / self.state[1]) if self.state[1] else 0.0


class MeanMetricWrapper(Mean):
    """The mean of a function (y_true, y_pred) -> a value per sample."""

    def __init__(self, fn: Callable[..., Tensor], name: str | None = None, **options: Any) -> None:
        super().__init__(name or fn.__name__)
        self.fn = fn
        self.options = options

    def values(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The function's values: what a plan traces."""
        y_true, y_pred = losses.same_rank(y_true, y_pred)
        return self.fn(y_true, y_pred, **self.options)

    def update_state(self, *args: Any, sample_weight: Any = None) -> None:
        """Take in a batch of (targets, predictions)."""
        y_true, y_pred = (np.asarray(array) for array in args)
        super().update_state(self.values(y_true, y_pred), sample_weight=sample_weight)


def binary_accuracy(y_true: Tensor, y_pred: Tensor, threshold: float = 0.5) -> Tensor:
    """Share of values on the right side of the threshold, over the last axis."""
    decided = ops.cast(ops.greater(y_pred, threshold), y_pred.dtype)
    right = ops.equal(ops.cast(y_true, y_pred.dtype), decided)
    return ops.mean(ops.cast(right, y_pred.dtype), axis=-1)


def categorical_accuracy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """1 where the likeliest class is the target's, else 0."""
    right = ops.equal(ops.argmax(y_true), ops.argmax(y_pred))
    return ops.cast(right, y_pred.dtype)


def sparse_categorical_accuracy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """1 where the likeliest class is the target index, else 0."""
    if len(y_true.shape) == len(y_pred.shape) and y_true.shape[-1] == 1:
        y_true = ops.squeeze(y_true, -1)
    right = ops.equal(ops.cast(y_true, "int64"), ops.argmax(y_pred))
    return ops.cast(right, y_pred.dtype)


class BinaryAccuracy(MeanMetricWrapper):
    """How often a probability is on the right side of 0.5."""

    direction = "up"

    def __init__(self, name: str = "binary_accuracy", threshold: float = 0.5) -> None:
        super().__init__(binary_accuracy, name, threshold=threshold)


class CategoricalAccuracy(MeanMetricWrapper):
    """How often the likeliest class is that of a one-hot target."""

    direction = "up"

    def __init__(self, name: str = "categorical_accuracy") -> None:
        super().__init__(categorical_accuracy, name)


class SparseCategoricalAccuracy(MeanMetricWrapper):
    """How often the likeliest class is the target index."""

    direction = "up"

    def __init__(self, name: str = "sparse_categorical_accuracy") -> None:
        super().__init__(sparse_categorical_accuracy, name)

    def values(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The function's values; indices keep their rank."""
        return sparse_categorical_accuracy(y_true, y_pred)


class MeanSquaredError(MeanMetricWrapper):
    """Mean of squared errors."""

    direction = "down"

    def __init__(self, name: str = "mean_squared_error") -> None:
        super().__init__(losses.mean_squared_error, name)


class MeanAbsoluteError(MeanMetricWrapper):
    """Mean of absolute errors."""

    direction = "down"

    def __init__(self, name: str = "mean_absolute_error") -> None:
        super().__init__(losses.mean_absolute_error, name)


_CLASSES: dict[str, Callable[[], Metric]] = {
    "binary_accuracy": BinaryAccuracy,
    "categorical_accuracy": CategoricalAccuracy,
    "sparse_categorical_accuracy": SparseCategoricalAccuracy,
    "mse": lambda: MeanSquaredError("mse"),
    "mean_squared_error": MeanSquaredError,
    "mae": lambda: MeanAbsoluteError("mae"),
    "mean_absolute_error": MeanAbsoluteError,
    "BinaryAccuracy": BinaryAccuracy,
    "CategoricalAccuracy": CategoricalAccuracy,
    "SparseCategoricalAccuracy": SparseCategoricalAccuracy,
}


def accuracy_for(target_shape: Any, output_shape: Any) -> Metric:
    """The accuracy that "accuracy" means for targets and outputs of these shapes."""
    if output_shape[-1] == 1:
        return BinaryAccuracy()
    fewer = len(target_shape) < len(output_shape)
    if fewer or (target_shape[-1] == 1 and output_shape[-1] > 1):
        return SparseCategoricalAccuracy()
    return CategoricalAccuracy()


def get(identifier: Any) -> Metric:
    """The metric of that name; an object as it is; a function becomes a metric."""
    if isinstance(identifier, Metric):
        return identifier
    if isinstance(identifier, str) and identifier in _CLASSES:
        return _CLASSES[identifier]()
    if isinstance(identifier, type) and issubclass(identifier, Metric):
        return identifier()
    if callable(identifier):
        return MeanMetricWrapper(identifier, snake_case(identifier.__name__))
    raise ValueError(f"Could not interpret metric identifier: {identifier}")
