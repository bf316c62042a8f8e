"""Normalization of each sample by itself, along axes."""

from typing import Any, ClassVar

from kgui.engine import ops
from kgui.engine.layers.layer import Layer
from kgui.engine.layers.normalization import moments
from kgui.engine.layers.normalization.affine import (
    Affine,
    Constraint,
    Epsilon,
    Initializer,
    Regularizer,
    as_axes,
    known_sizes,
    listed,
    places,
)
from kgui.engine.ops import normalization
from kgui.engine.ops.primitive import Tensor
from kgui.engine.symbolic import Shape


class LayerNormalization(Affine):
    """Normalizes the features of each sample by themselves, whatever the batch.

    Args:
        axis: Axis, or axes, whose values are normalized together; -1 is the last.
    """

    in_palette = True
    code_only: ClassVar[tuple[str, ...]] = ("rms_scaling",)

    def __init__(
        self,
        axis: tuple[int, ...] | int = -1,
        epsilon: Epsilon = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Initializer = "zeros",
        gamma_initializer: Initializer = "ones",
        beta_regularizer: Regularizer = None,
        gamma_regularizer: Regularizer = None,
        beta_constraint: Constraint = None,
        gamma_constraint: Constraint = None,
        **kwargs: Any,
    ) -> None:
        self.rms_scaling = moments.old_scaling(kwargs)
        found = as_axes(axis)
        super().__init__(**kwargs)
        self.axis = found
        self.take_affine(self._arguments)

    def build(self, input_shape: Shape) -> None:
        """Make gamma and beta, of the sizes along the axes."""
        self.axis = listed(self.axis)
        if self.rms_scaling:
            self.scale, self.center = True, False
        self.add_affine(known_sizes(self.name, input_shape, self.axis))

    def call(self, inputs: Tensor) -> Tensor:
        """(inputs - mean) / sqrt(variance + epsilon) * gamma + beta."""
        x = ops.cast(inputs, self.dtype)
        axes = places(self.name, x.shape, listed(self.axis))
        centered = normalization.centered(x, axes)
        if self.rms_scaling:
            return moments.scaled_by_deviation(x, centered, axes, self.gamma, self.epsilon)
        variance = normalization.mean_square_of(centered, axes)
        return normalization.scaled_by_features(
            centered, variance, axes, axes, self.epsilon, self.gamma, self.beta
        )

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer, as plain data."""
        return {**super().get_config(), "axis": self.axis, "rms_scaling": self.rms_scaling}


class RMSNormalization(Layer):
    """Divides the features of each sample by the root of their mean square.

    Args:
        axis: Axis, or axes, whose values are normalized together; -1 is the last.
        epsilon: Small number added to the mean square, so that nothing is divided by zero.
    """

    def __init__(
        self, axis: tuple[int, ...] | int = -1, epsilon: Epsilon = 1e-6, **kwargs: Any
    ) -> None:
        found = as_axes(axis)
        super().__init__(**kwargs)
        self.axis, self.epsilon = found, epsilon

    def build(self, input_shape: Shape) -> None:
        """Make the scale, of the sizes along the axes."""
        self.axis = listed(self.axis)
        self.scale = self.add_weight(
            known_sizes(self.name, input_shape, self.axis), "ones", name="scale"
        )

    def call(self, inputs: Tensor) -> Tensor:
        """inputs / sqrt(mean square + epsilon) * scale."""
        x = ops.cast(inputs, self.dtype)
        axes = places(self.name, x.shape, listed(self.axis))
        squares = normalization.mean_square_of(x, axes)
        return normalization.scaled_by_features(
            x, squares, axes, axes, self.epsilon, self.scale, None
        )

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer, as plain data."""
        return {**super().get_config(), "axis": self.axis}


class UnitNormalization(Layer):
    """Divides the features of each sample by their length, which becomes 1.

    Args:
        axis: Axis, or axes, along which the length is taken; -1 is the last.
    """

    nothing_to_build = True
    supports_masking = True

    def __init__(self, axis: tuple[int, ...] | int = -1, **kwargs: Any) -> None:
        found = as_axes(axis)
        super().__init__(**kwargs)
        self.axis = found

    def call(self, inputs: Tensor) -> Tensor:
        """inputs / length."""
        x = ops.cast(inputs, self.dtype)
        return normalization.of_unit_length(x, places(self.name, x.shape, listed(self.axis)), 1e-12)
