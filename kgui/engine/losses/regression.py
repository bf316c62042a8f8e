"""Losses of numbers: errors squared, absolute, relative, and directions."""

import math

from kgui.engine import ops
from kgui.engine.backend.session import epsilon
from kgui.engine.losses.loss import LossFunctionWrapper, aligned
from kgui.engine.ops.primitive import Tensor


def mean_squared_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Mean of (y_true - y_pred)² over the last axis."""
    return ops.mean(ops.square(ops.subtract(*aligned(y_true, y_pred))), axis=-1)


def mean_absolute_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Mean of |y_true - y_pred| over the last axis."""
    return ops.mean(ops.absolute(ops.subtract(*aligned(y_true, y_pred))), axis=-1)


def mean_absolute_percentage_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Mean of 100 |y_true - y_pred| / |y_true| over the last axis."""
    y_true, y_pred = aligned(y_true, y_pred)
    size = ops.maximum(ops.absolute(y_true), epsilon())
    share = ops.absolute(ops.divide(ops.subtract(y_true, y_pred), size))
    return ops.multiply(ops.mean(share, axis=-1), 100.0)


def mean_squared_logarithmic_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Mean of (log(y_true + 1) - log(y_pred + 1))² over the last axis."""
    y_true, y_pred = aligned(y_true, y_pred)
    first, second = (
        ops.log(ops.add(ops.maximum(y, epsilon()), 1.0)) for y in (y_pred, y_true)
    )  # fmt: skip
    return ops.mean(ops.square(ops.subtract(first, second)), axis=-1)


def huber(y_true: Tensor, y_pred: Tensor, delta: float = 1.0) -> Tensor:
    """Half the squared error up to delta, linear beyond; mean over the last axis."""
    error = ops.absolute(ops.subtract(*aligned(y_true, y_pred)))
    # With c = min(|e|, delta), c (|e| - c/2) is both e²/2 and delta |e| - delta²/2.
    near = ops.clip(error, 0.0, delta)
    rest = ops.subtract(error, ops.multiply(near, 0.5))
    return ops.mean(ops.multiply(near, rest), axis=-1)


def log_cosh(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Mean of the logarithm of the error's hyperbolic cosine over the last axis."""
    y_true, y_pred = aligned(y_true, y_pred)
    error = ops.subtract(y_pred, y_true)
    above = ops.add(error, ops.softplus(ops.multiply(error, -2.0)))
    return ops.mean(ops.subtract(above, math.log(2.0)), axis=-1)


def cosine_similarity(y_true: Tensor, y_pred: Tensor, axis: int = -1) -> Tensor:
    """Minus the cosine of the angle between targets and predictions."""
    return ops.negative(cosine(y_true, y_pred, axis))


def cosine(y_true: Tensor, y_pred: Tensor, axis: int = -1) -> Tensor:
    """The cosine of the angle between targets and predictions; 0 for vectors of zeros."""
    y_true, y_pred = aligned(y_true, y_pred)
    product = ops.multiply(_normalized(y_true, axis), _normalized(y_pred, axis))
    return ops.sum(product, axis=axis)


def _normalized(x: Tensor, axis: int) -> Tensor:
    total = ops.maximum(ops.sum(ops.square(x), axis=axis), epsilon() ** 2)
    return ops.divide(x, ops.expand_dims(ops.sqrt(total), axis))


class MeanSquaredError(LossFunctionWrapper):
    """Mean of squared errors."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "mean_squared_error",
        dtype: str | None = None,
    ) -> None:
        super().__init__(mean_squared_error, reduction, name, dtype)


class MeanAbsoluteError(LossFunctionWrapper):
    """Mean of absolute errors."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "mean_absolute_error",
        dtype: str | None = None,
    ) -> None:
        super().__init__(mean_absolute_error, reduction, name, dtype)


class MeanAbsolutePercentageError(LossFunctionWrapper):
    """Mean of absolute errors in per cent of the targets."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "mean_absolute_percentage_error",
        dtype: str | None = None,
    ) -> None:
        super().__init__(mean_absolute_percentage_error, reduction, name, dtype)


class MeanSquaredLogarithmicError(LossFunctionWrapper):
    """Mean of squared errors of logarithms."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "mean_squared_logarithmic_error",
        dtype: str | None = None,
    ) -> None:
        super().__init__(mean_squared_logarithmic_error, reduction, name, dtype)


class CosineSimilarity(LossFunctionWrapper):
    """Minus the cosine of the angle between targets and predictions."""

    def __init__(
        self,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "cosine_similarity",
        dtype: str | None = None,
    ) -> None:
        super().__init__(cosine_similarity, reduction, name, dtype, axis=axis)


class Huber(LossFunctionWrapper):
    """Squared error where it is small, absolute where it is large."""

    def __init__(
        self,
        delta: float = 1.0,
        reduction: str | None = "sum_over_batch_size",
        name: str = "huber_loss",
        dtype: str | None = None,
    ) -> None:
        super().__init__(huber, reduction, name, dtype, delta=delta)


class LogCosh(LossFunctionWrapper):
    """Logarithm of the hyperbolic cosine of the error."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "log_cosh",
        dtype: str | None = None,
    ) -> None:
        super().__init__(log_cosh, reduction, name, dtype)
