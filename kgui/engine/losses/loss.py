"""What every loss shares: ranks made equal, weights, masks and reductions."""

from collections.abc import Callable
from typing import Any, Self

import numpy as np

from kgui.engine import ops
from kgui.engine.backend.session import floatx
from kgui.engine.errors import ShapeError
from kgui.engine.masking import mask_of
from kgui.engine.naming import automatic_name, snake_case
from kgui.engine.ops.primitive import Tensor
from kgui.engine.ops.reduction import average
from kgui.engine.symbolic import KerasTensor
from kgui.engine.variables import Variable

REDUCTIONS = ("sum_over_batch_size", "mean", "sum", "mean_with_sample_weight", "none", None)


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


def check_same(y_true: Tensor, y_pred: Tensor, sizes: bool) -> None:
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


def as_tensor(value: Any) -> Tensor:
    """Anything with a shape as it is; lists and numbers as arrays."""
    return value if hasattr(value, "shape") else np.asarray(value)


def as_float(value: Any, dtype: str | None = None) -> Tensor:
    """A tensor of floats: symbolic ones as they are, arrays in the default float type."""
    if isinstance(value, KerasTensor | Variable):
        return value if value.dtype.startswith("float") else ops.cast(value, dtype or floatx())
    return ops.convert_to_tensor(value, dtype or floatx())


def aligned(y_true: Any, y_pred: Any) -> tuple[Tensor, Tensor]:
    """Targets and predictions as floats of one type, with the same rank."""
    y_pred = y_pred if hasattr(y_pred, "dtype") else as_float(y_pred)
    y_true, y_pred = same_rank(as_tensor(y_true), y_pred)
    check_same(y_true, y_pred, sizes=False)
    return ops.cast(y_true, y_pred.dtype), y_pred


def divide_or_zero(total: Tensor, count: Tensor) -> Tensor:
    """total / count of scalars; 0 where the count is 0."""
    nothing = ops.cast(ops.equal(count, 0.0), count.dtype)
    some = ops.subtract(1.0, nothing)
    return ops.divide(ops.multiply(total, some), ops.add(count, nothing))


class Loss:
    """A function of targets and predictions, reduced to one number.

    Args:
        name: Name of the loss.
        reduction: "sum_over_batch_size" or "mean" (the mean), "sum", "mean_with_sample_weight"
            (divided by the sum of the weights), or "none".
        dtype: Number type of the computation on arrays; the default float type unless given.
    """

    def __init__(
        self,
        name: str | None = None,
        reduction: str | None = "sum_over_batch_size",
        dtype: str | None = None,
    ) -> None:
        if reduction not in REDUCTIONS:
            raise ValueError(
                f"Invalid value for argument `reduction`. Expected one of {REDUCTIONS}. "
                f"Received: reduction={reduction}"
            )
        self.name = name or automatic_name(snake_case(type(self).__name__))
        self.reduction = reduction
        self.dtype = dtype

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """One value per sample."""
        raise NotImplementedError

    def mask(self, y_true: Tensor, y_pred: Tensor) -> Tensor | None:
        """1.0 for the values that count and 0.0 for the others; None if all do."""
        return None

    def __call__(self, y_true: Tensor, y_pred: Tensor, sample_weight: Tensor = None) -> Tensor:
        """The reduced loss; weights multiply the samples' values."""
        steps = mask_of(y_pred)
        y_true, y_pred = as_tensor(y_true), as_float(y_pred, self.dtype)
        values = self.call(y_true, y_pred)
        own = mask_of(values)
        mask = self.mask(y_true, y_pred) if own is None else ops.cast(own, values.dtype)
        if steps is not None:
            steps = ops.cast(steps, values.dtype)
            mask = steps if mask is None else ops.multiply(steps, mask)
        if sample_weight is None:
            return self._reduce(values, mask, mask)
        weights = ops.cast(as_tensor(sample_weight), values.dtype)
        if mask is not None:
            mask, weights = same_rank(mask, weights)
            weights = ops.multiply(mask, _spread(weights, mask))
        return self._reduce(values, weights, mask)

    def _reduce(self, values: Tensor, weights: Tensor | None, mask: Tensor | None) -> Tensor:
        if weights is not None:
            values, weights = same_rank(values, weights)
            values = ops.multiply(values, _spread(weights, values))
        if self.reduction in ("none", None) or len(values.shape) == 0:
            return values
        if self.reduction == "sum":
            return ops.sum(values)
        if self.reduction == "mean_with_sample_weight" and weights is not None:
            return divide_or_zero(ops.sum(values), ops.sum(weights))
        if mask is not None:
            mean = divide_or_zero(ops.sum(values), ops.sum(mask))
            spread = np.prod(mask.shape) / max(np.prod(values.shape), 1)
            return mean if spread == 1 else ops.multiply(mean, float(spread))
        return average(values, 1 / max(int(np.prod(values.shape)), 1))

    def check_targets(self, y_true: Any, output_shape: tuple[int | None, ...]) -> None:
        """Raise DataError for targets that cannot be meant for an output of that shape."""

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal loss."""
        return {"name": self.name, "reduction": self.reduction}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """An equal loss."""
        return cls(**config)


def _spread(weights: Tensor, values: Tensor) -> Tensor:
    """Weights of the first axes, with axes of 1 for the rest."""
    for _ in range(len(values.shape) - len(weights.shape)):
        weights = ops.expand_dims(weights, -1)
    return weights


class LossFunctionWrapper(Loss):
    """A loss made of a function (y_true, y_pred) -> values per sample."""

    def __init__(
        self,
        fn: Callable[..., Tensor],
        reduction: str | None = "sum_over_batch_size",
        name: str | None = None,
        dtype: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        self.fn = fn
        self.options = options

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The function's values, after the ranks are made equal."""
        y_true, y_pred = same_rank(y_true, y_pred)
        return self.fn(y_true, y_pred, **self.options)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal loss; a plain wrapper's function is one of them."""
        function = {"fn": self.fn} if type(self) is LossFunctionWrapper else {}
        return super().get_config() | function | self.options
