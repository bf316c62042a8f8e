"""Losses of distributions: divergence and Poisson."""

from kgui.engine import ops
from kgui.engine.backend.session import epsilon
from kgui.engine.losses.loss import LossFunctionWrapper, aligned
from kgui.engine.ops.primitive import Tensor


def kl_divergence(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Sum of y_true * log(y_true / y_pred) over the last axis."""
    y_true, y_pred = (ops.clip(y, epsilon(), 1.0) for y in aligned(y_true, y_pred))
    return ops.sum(ops.multiply(y_true, ops.log(ops.divide(y_true, y_pred))), axis=-1)


def poisson(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Mean of y_pred - y_true * log(y_pred) over the last axis."""
    y_true, y_pred = aligned(y_true, y_pred)
    logarithm = ops.log(ops.add(y_pred, epsilon()))
    return ops.mean(ops.subtract(y_pred, ops.multiply(y_true, logarithm)), axis=-1)


class KLDivergence(LossFunctionWrapper):
    """Kullback-Leibler divergence of the predicted from the true distribution."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "kl_divergence",
        dtype: str | None = None,
    ) -> None:
        super().__init__(kl_divergence, reduction, name, dtype)


class Poisson(LossFunctionWrapper):
    """Poisson loss of counts and expected counts."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "poisson",
        dtype: str | None = None,
    ) -> None:
        super().__init__(poisson, reduction, name, dtype)
