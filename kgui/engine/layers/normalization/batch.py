"""Normalization over the batch, by moving averages afterwards."""

from typing import Annotated, Any, ClassVar

from kgui.engine import initializers, ops
from kgui.engine.layers.normalization import moments
from kgui.engine.layers.normalization.affine import (
    Affine,
    Constraint,
    Epsilon,
    Initializer,
    Regularizer,
    known_sizes,
)
from kgui.engine.ops import normalization
from kgui.engine.ops.primitive import Tensor
from kgui.engine.options import Range
from kgui.engine.symbolic import Shape
from kgui.engine.variables import Variable


class BatchNormalization(Affine):
    """Normalizes each feature over the batch while training; by moving averages afterwards.

    Frozen (`trainable = False`), it goes by the moving averages in training too.

    Args:
        axis: Axis of the features; -1 is the last.
        momentum: How much of the moving averages each batch leaves as it is.
        moving_mean_initializer: How the moving mean starts.
        moving_variance_initializer: How the moving variance starts.
        renorm: Whether to train by the moving averages as well: batch renormalization.
        renorm_clipping: Limits "rmin", "rmax" and "dmax" of the correction that makes.
        renorm_momentum: Momentum of the moving averages that correct.
        synchronized: Several machines are not supported: False.
    """

    in_palette = True
    code_only: ClassVar[tuple[str, ...]] = (
        "renorm", "renorm_clipping", "renorm_momentum", "synchronized",
    )  # fmt: skip

    def __init__(
        self,
        axis: int = -1,
        momentum: Annotated[float, Range(0, 1)] = 0.99,
        epsilon: Epsilon = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Initializer = "zeros",
        gamma_initializer: Initializer = "ones",
        moving_mean_initializer: Initializer = "zeros",
        moving_variance_initializer: Initializer = "ones",
        beta_regularizer: Regularizer = None,
        gamma_regularizer: Regularizer = None,
        beta_constraint: Constraint = None,
        gamma_constraint: Constraint = None,
        renorm: bool = False,
        renorm_clipping: Any = None,
        renorm_momentum: float = 0.99,
        synchronized: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if synchronized:
            raise ValueError(
                "Argument synchronized=True is only supported with the TensorFlow backend."
            )
        self.take_affine(self._arguments)
        self.axis, self.momentum = int(axis), float(momentum)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)
        self.renorm, self.renorm_momentum = renorm, renorm_momentum
        self.renorm_clipping = moments.clipping(renorm_clipping) if renorm else renorm_clipping

    def build(self, input_shape: Shape) -> None:
        """Make gamma, beta, moving_mean and moving_variance, one number per feature each."""
        sizes = known_sizes(self.name, input_shape, [self.axis])
        self.add_affine(sizes)
        starts = {
            "moving_mean": self.moving_mean_initializer,
            "moving_variance": self.moving_variance_initializer,
        }
        if self.renorm:
            deviation = moments.Root(self.moving_variance_initializer)
            starts["moving_stddev"] = deviation
            starts["renorm_mean"] = self.moving_mean_initializer
            starts["renorm_stddev"] = deviation
        for name, start in starts.items():
            setattr(self, name, self.add_weight(sizes, start, trainable=False, name=name))
        self._rank = len(input_shape)

    moving_mean: Variable
    moving_variance: Variable

    def check_input(self, inputs: Any) -> None:
        """As many axes and features as it was built for."""
        super().check_input(inputs)
        if self.built:
            size = self.moving_mean.shape[0]
            self.check_shape(tuple(inputs.shape), self._rank, self.axis, size)

    def call(self, inputs: Tensor, training: bool = False, mask: Any = None) -> Tensor:
        """(inputs - mean) / sqrt(variance + epsilon) * gamma + beta.

        While training, mean and variance are the batch's (of what the mask, which lacks the last
        axis, does not hide), and the moving averages move.
        """
        x = ops.cast(inputs, self.dtype)
        _check_mask(mask, x)
        if not (training and self.trainable):
            return self._apply(x, self.moving_mean, self.moving_variance, self.gamma, self.beta)
        axes = tuple(axis for axis in range(self._rank) if axis != self.axis % self._rank)
        if mask is not None:
            mean, variance = moments.masked(x, mask, axes)
            return self._apply(x, mean, variance, *self._moved(mean, variance))
        mean = normalization.mean_of(x, axes)
        centered = normalization.centered(x, axes, mean)
        variance = normalization.mean_square_of(centered, axes)
        parameters = self._moved(mean, variance)
        return normalization.scaled_by_statistics(
            centered, variance, axes, self.epsilon, *parameters
        )

    def _moved(self, mean: Tensor, variance: Tensor) -> tuple[Tensor | None, Tensor | None]:
        """Move the averages; returns what scales and shifts this batch."""
        if self.renorm:
            return moments.renormalize(self, mean, variance)
        for average, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
            average.assign(normalization.blend(average, value, self.momentum))
        return self.gamma, self.beta

    def _apply(
        self, x: Tensor, mean: Tensor, variance: Tensor, gamma: Tensor | None, beta: Tensor | None
    ) -> Tensor:
        factor = normalization.inverse_root(variance, self.epsilon)
        if gamma is not None:
            factor = ops.multiply(factor, gamma)
        outputs = ops.multiply(ops.subtract(x, self._column(mean)), self._column(factor))
        return outputs if beta is None else ops.add(outputs, self._column(beta))

    def _column(self, values: Tensor) -> Tensor:
        """One number per feature, shaped to go with the inputs."""
        behind = self._rank - 1 - self.axis % self._rank
        return ops.reshape(values, (-1, *(1,) * behind)) if behind else values


def _check_mask(mask: Any, x: Tensor) -> None:
    if mask is not None and len(mask.shape) != len(x.shape) - 1:
        raise ValueError(
            "The mask provided should be one dimension less than the inputs. Received: "
            f"mask.shape={mask.shape}, inputs.shape={x.shape}"
        )
