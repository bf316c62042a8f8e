"""Focal cross-entropies: what is already predicted well counts less."""

from kgui.engine import ops
from kgui.engine.backend.session import epsilon
from kgui.engine.losses.crossentropy import binary_likelihood, check_last_axis, smoothed
from kgui.engine.losses.loss import LossFunctionWrapper, as_tensor, check_same
from kgui.engine.ops.primitive import Tensor

SMALLEST = 1e-30
"""Stands for 0 where a logarithm is taken on the way to a power."""


def _power(x: Tensor, exponent: float) -> Tensor:
    """x, which is not negative, to a constant power."""
    if exponent == 2:
        return ops.square(x)
    logarithm = ops.log(ops.clip(x, SMALLEST, float("inf")))
    return ops.exp(ops.multiply(logarithm, exponent))


def binary_focal_crossentropy(
    y_true: Tensor,
    y_pred: Tensor,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """Binary cross-entropy times (1 - probability of the target) to the power of gamma."""
    check_same(as_tensor(y_true), y_pred, sizes=True)
    y_true = smoothed(y_true, y_pred, label_smoothing, 2)
    y_pred = ops.sigmoid(y_pred) if from_logits else y_pred
    other = ops.subtract(1.0, y_true)
    likely = ops.add(
        ops.multiply(y_true, y_pred), ops.multiply(other, ops.subtract(1.0, y_pred))
    )  # fmt: skip
    entropy = ops.negative(binary_likelihood(y_true, y_pred))
    values = ops.multiply(_power(ops.subtract(1.0, likely), gamma), entropy)
    if apply_class_balancing:
        weight = ops.add(ops.multiply(y_true, alpha), ops.multiply(other, 1 - alpha))
        values = ops.multiply(weight, values)
    return ops.mean(values, axis=axis)


def categorical_focal_crossentropy(
    y_true: Tensor,
    y_pred: Tensor,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """Cross-entropy with each class times alpha * (1 - its probability) to the power of gamma."""
    check_last_axis(axis, len(y_pred.shape))
    check_same(as_tensor(y_true), y_pred, sizes=True)
    y_true = smoothed(y_true, y_pred, label_smoothing, y_pred.shape[-1])
    y_pred = ops.softmax(y_pred) if from_logits else y_pred
    p = ops.divide(y_pred, ops.expand_dims(ops.sum(y_pred, axis=-1), -1))
    p = ops.clip(p, epsilon(), 1 - epsilon())
    entropy = ops.multiply(ops.negative(y_true), ops.log(p))
    weight = ops.multiply(_power(ops.subtract(1.0, p), gamma), alpha)
    return ops.sum(ops.multiply(weight, entropy), axis=-1)


class BinaryFocalCrossentropy(LossFunctionWrapper):
    """Binary cross-entropy in which what is predicted well counts less."""

    def __init__(
        self,
        apply_class_balancing: bool = False,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "binary_focal_crossentropy",
        dtype: str | None = None,
    ) -> None:
        super().__init__(
            binary_focal_crossentropy, reduction, name, dtype,
            apply_class_balancing=apply_class_balancing, alpha=alpha, gamma=gamma,
            from_logits=from_logits, label_smoothing=label_smoothing, axis=axis,
        )  # fmt: skip


class CategoricalFocalCrossentropy(LossFunctionWrapper):
    """Cross-entropy of classes in which what is predicted well counts less."""

    def __init__(
        self,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "categorical_focal_crossentropy",
        dtype: str | None = None,
    ) -> None:
        super().__init__(
            categorical_focal_crossentropy, reduction, name, dtype, alpha=alpha, gamma=gamma,
            from_logits=from_logits, label_smoothing=label_smoothing, axis=axis,
        )  # fmt: skip
