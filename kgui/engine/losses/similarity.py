"""Losses of classes with labels as whole numbers: embeddings apart and together, noisy labels."""

from kgui.engine import ops
from kgui.engine.losses.loss import LossFunctionWrapper, as_tensor
from kgui.engine.masking import with_mask
from kgui.engine.ops.primitive import Tensor


def circle(
    y_true: Tensor,
    y_pred: Tensor,
    ref_labels: Tensor | None = None,
    ref_embeddings: Tensor | None = None,
    remove_diagonal: bool = True,
    gamma: float = 80,
    margin: float = 0.4,
) -> Tensor:
    """How near embeddings of length 1 are to those of other classes, and how far from their own.

    Args:
        y_true: Labels, as whole numbers.
        y_pred: Embeddings of length 1.
        ref_labels: Labels of what is compared with; the same unless given.
        ref_embeddings: Embeddings of what is compared with; the same unless given.
        remove_diagonal: Whether a sample is left out of its own class.
        gamma: How much differences count.
        margin: How far apart classes are wanted.
    """
    labels = ops.reshape(as_tensor(y_true), (-1, 1))
    others = labels if ref_labels is None else ops.reshape(as_tensor(ref_labels), (-1, 1))
    references = y_pred if ref_embeddings is None else as_tensor(ref_embeddings)
    far = ops.maximum(ops.subtract(1.0, ops.matmul(y_pred, ops.transpose(references))), 0.0)
    same = ops.equal(labels, ops.transpose(others))
    other = ops.logical_not(same)
    if remove_diagonal:
        rows, columns = (ops.cumsum(ops.ones_like(a), 0) for a in (labels, others))
        same = ops.logical_and(same, ops.not_equal(rows, ops.transpose(columns)))
    pull = ops.multiply(ops.add(far, margin), ops.subtract(margin, far))
    push = ops.multiply(
        ops.maximum(ops.subtract(1 + margin, far), 0.0), ops.subtract(1 - margin, far)
    )
    near = _log_of_sum(same, ops.multiply(pull, -gamma))
    apart = _log_of_sum(other, ops.multiply(push, gamma))
    values = ops.softplus(ops.add(near, apart))
    return with_mask(values, ops.greater(values, 0.0))


def _log_of_sum(there: Tensor, values: Tensor) -> Tensor:
    """The logarithm of the sum of exponentials of the values that are there."""
    return ops.logsumexp(ops.where(there, values, LOWEST), axis=1)


LOWEST = -1e30
"""Stands for minus infinity, of which no derivative can be taken."""


def categorical_generalized_cross_entropy(y_true: Tensor, y_pred: Tensor, q: float) -> Tensor:
    """(1 - p**q) / q for the target's probability p: between cross-entropy and absolute error."""
    encoded = ops.one_hot(as_tensor(y_true), y_pred.shape[-1], dtype=str(y_pred.dtype))
    likely = ops.sum(ops.multiply(y_pred, encoded), axis=-1)
    return ops.divide(ops.subtract(1.0, ops.power(likely, q)), q)


class Circle(LossFunctionWrapper):
    """How near embeddings of length 1 are to those of other classes, and how far from their own."""

    def __init__(
        self,
        gamma: float = 80.0,
        margin: float = 0.4,
        remove_diagonal: bool = True,
        reduction: str | None = "sum_over_batch_size",
        name: str = "circle",
        dtype: str | None = None,
    ) -> None:
        super().__init__(
            circle, reduction, name, dtype, gamma=gamma, margin=margin,
            remove_diagonal=remove_diagonal,
        )  # fmt: skip


class CategoricalGeneralizedCrossEntropy(LossFunctionWrapper):
    """A cross-entropy that wrong labels among the targets disturb less."""

    def __init__(
        self,
        q: float = 0.5,
        reduction: str | None = "sum_over_batch_size",
        name: str = "categorical_generalized_cross_entropy",
        dtype: str | None = None,
    ) -> None:
        if not 0 < q < 1:
            raise ValueError("q must be in the interval (0, 1)")
        super().__init__(categorical_generalized_cross_entropy, reduction, name, dtype, q=q)
