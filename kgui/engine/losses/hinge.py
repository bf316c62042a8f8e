"""Margins: hinge losses of labels -1 and 1 (or 0 and 1), and of one-hot targets."""

from typing import Any

from kgui.engine import ops
from kgui.engine.losses.loss import LossFunctionWrapper, aligned
from kgui.engine.ops import crossentropy
from kgui.engine.ops.primitive import Tensor


def _margin(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """max(1 - y_true * y_pred, 0), with labels 0 and 1 taken as -1 and 1 if there are no others."""
    y_true, y_pred = aligned(y_true, y_pred)
    count: Any = 1
    for size in y_true.shape:
        count *= size
    binary = ops.add(*(ops.cast(ops.equal(y_true, label), y_pred.dtype) for label in (0.0, 1.0)))
    all_binary = ops.cast(ops.equal(ops.sum(binary), float(count)), y_pred.dtype)
    signs = ops.add(y_true, ops.multiply(all_binary, ops.subtract(y_true, 1.0)))
    return ops.maximum(ops.subtract(1.0, ops.multiply(signs, y_pred)), 0.0)


def hinge(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Mean of the margins' shortfalls over the last axis."""
    return ops.mean(_margin(y_true, y_pred), axis=-1)


def squared_hinge(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Mean of the squared shortfalls over the last axis."""
    return ops.mean(ops.square(_margin(y_true, y_pred)), axis=-1)


def categorical_hinge(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """How far the true class falls short of the best other one, and 1 more."""
    y_true, y_pred = aligned(y_true, y_pred)
    positive = ops.sum(ops.multiply(y_true, y_pred), axis=-1)
    others = ops.multiply(ops.subtract(1.0, y_true), y_pred)
    negative = crossentropy.take_class(ops.argmax(others, -1), others)
    return ops.maximum(ops.add(ops.subtract(negative, positive), 1.0), 0.0)


class Hinge(LossFunctionWrapper):
    """Shortfall of a margin of 1 between labels -1 and 1."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "hinge",
        dtype: str | None = None,
    ) -> None:
        super().__init__(hinge, reduction, name, dtype)


class SquaredHinge(LossFunctionWrapper):
    """Squared shortfall of a margin of 1 between labels -1 and 1."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "squared_hinge",
        dtype: str | None = None,
    ) -> None:
        super().__init__(squared_hinge, reduction, name, dtype)


class CategoricalHinge(LossFunctionWrapper):
    """Shortfall of a margin of 1 between the true class and the best other one."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "categorical_hinge",
        dtype: str | None = None,
    ) -> None:
        super().__init__(categorical_hinge, reduction, name, dtype)
