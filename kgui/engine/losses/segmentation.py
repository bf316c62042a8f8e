"""Losses of overlaps: Dice and Tversky, over all values at once or along axes."""

from collections.abc import Sequence

from kgui.engine import ops
from kgui.engine.backend.session import epsilon
from kgui.engine.losses.loss import LossFunctionWrapper, aligned
from kgui.engine.ops.primitive import Tensor

Axis = int | Sequence[int] | None


def dice(y_true: Tensor, y_pred: Tensor, axis: Axis = None) -> Tensor:
    """1 - 2 * overlap / (sum of the targets + sum of the predictions)."""
    y_true, y_pred = aligned(y_true, y_pred)
    overlap = ops.sum(ops.multiply(y_true, y_pred), axis=axis)
    both = ops.add(ops.sum(y_true, axis=axis), ops.sum(y_pred, axis=axis))
    share = ops.divide(ops.multiply(overlap, 2.0), ops.add(both, epsilon()))
    return ops.subtract(1.0, share)


def tversky(
    y_true: Tensor, y_pred: Tensor, alpha: float = 0.5, beta: float = 0.5, axis: Axis = None
) -> Tensor:
    """Dice with a weight for what was missed (alpha) and for what was wrongly found (beta)."""
    y_true, y_pred = aligned(y_true, y_pred)
    overlap = ops.sum(ops.multiply(y_true, y_pred), axis=axis)
    missed = ops.sum(ops.multiply(ops.subtract(1.0, y_pred), y_true), axis=axis)
    wrong = ops.sum(ops.multiply(y_pred, ops.subtract(1.0, y_true)), axis=axis)
    weighted = ops.add(ops.multiply(missed, alpha), ops.multiply(wrong, beta))
    whole = ops.add(ops.add(overlap, weighted), epsilon())
    return ops.subtract(1.0, ops.divide(overlap, whole))


class Dice(LossFunctionWrapper):
    """One minus the Dice coefficient."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "dice",
        axis: Axis = None,
        dtype: str | None = None,
    ) -> None:
        super().__init__(dice, reduction, name, dtype, axis=axis)


class Tversky(LossFunctionWrapper):
    """One minus the Tversky index."""

    def __init__(
        self,
        alpha: float = 0.5,
        beta: float = 0.5,
        reduction: str | None = "sum_over_batch_size",
        name: str = "tversky",
        axis: Axis = None,
        dtype: str | None = None,
    ) -> None:
        super().__init__(tversky, reduction, name, dtype, alpha=alpha, beta=beta, axis=axis)
