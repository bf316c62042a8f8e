"""Normalization of each sample by itself, in groups of features."""

from typing import Annotated, Any

from kgui.engine import ops
from kgui.engine.errors import OptionError, ShapeError
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


class GroupNormalization(Affine):
    """Normalizes each sample's features in groups that are side by side.

    Args:
        groups: Number of groups, which the number of features is divided into; -1 makes every
            feature a group of its own.
        axis: Axis of the features; -1 is the last.
    """

    in_palette = True

    def __init__(
        self,
        groups: Annotated[int, Range(minimum=-1)] = 32,
        axis: int = -1,
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
        if not _is_count(groups) and groups != -1:
            raise OptionError(
                "Received an invalid value for argument `{option}`, expected a positive integer "
                "(or `-1` for instance normalization). Received: {option}={value!r}",
                plain="{option} must be a whole number from 1, or -1, not {value!r}",
                option="groups",
                value=groups,
            )
        super().__init__(**kwargs)
        self.groups, self.axis = groups, axis
        self.take_affine(self._arguments)

    def build(self, input_shape: Shape) -> None:
        """Make gamma and beta, one number per feature; ShapeError if the groups do not fit."""
        sizes = known_sizes(self.name, input_shape, [self.axis])
        (count,) = sizes
        groups = count if self.groups == -1 else self.groups
        _check_groups(groups, count)
        self.groups = groups
        self.add_affine(sizes)
        self._features = len(input_shape), count

    def check_input(self, inputs: Any) -> None:
        """As many axes and features as it was built for."""
        super().check_input(inputs)
        if self.built:
            rank, count = self._features
            self.check_shape(tuple(inputs.shape), rank, self.axis, count)

    def call(self, inputs: Tensor) -> Tensor:
        """(inputs - mean) / sqrt(variance + epsilon) * gamma + beta, by groups."""
        x = ops.cast(inputs, self.dtype)
        shape = [-1 if size is None else size for size in x.shape]
        place = self.axis % len(shape)
        parts = [self.groups, shape[place] // self.groups]
        grouped = ops.reshape(x, [*shape[:place], *parts, *shape[place + 1 :]])
        axes = tuple(axis for axis in range(1, len(shape) + 1) if axis != place)
        centered = normalization.centered(grouped, axes)
        variance = normalization.mean_square_of(centered, axes)
        outputs = normalization.scaled_by_features(
            centered, variance, axes, (place, place + 1), self.epsilon, self.gamma, self.beta
        )
        return ops.reshape(outputs, shape)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer, as plain data."""
        return {**super().get_config(), "groups": self.groups}


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _check_groups(groups: int, count: int) -> None:
    if count < groups:
        raise ShapeError(
            "Number of groups ({groups}) cannot be more than the number of channels ({count}).",
            plain="cannot make {groups} groups of {count} features",
            groups=groups,
            count=count,
        )
    if count % groups:
        raise ShapeError(
            "Number of groups ({groups}) must be a multiple of the number of channels ({count}).",
            plain="cannot divide {count} features into {groups} equal groups",
            groups=groups,
            count=count,
        )
