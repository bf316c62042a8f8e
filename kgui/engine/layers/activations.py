"""Activations: functions of each value, as nodes of their own."""

from typing import Annotated, Any

from kgui.engine import activations, constraints, initializers, ops, regularizers
from kgui.engine.errors import ShapeError
from kgui.engine.layers.layer import Layer
from kgui.engine.ops.primitive import Tensor
from kgui.engine.options import (
    ActivationName,
    ConstraintName,
    InitializerName,
    Range,
    RegularizerName,
    Start,
)
from kgui.engine.symbolic import Shape


class Activation(Layer):
    """Applies a function to every value.

    Args:
        activation: The function: relu for hidden layers, softmax for classes, and others.
    """

    nothing_to_build = True
    supports_masking = True

    def __init__(
        self,
        activation: Annotated[ActivationName | activations.Activation | None, Start("relu")],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.activation = activations.get(activation)

    def call(self, inputs: Tensor) -> Tensor:
        """activation(inputs)."""
        return self.activation(inputs)


class ReLU(Layer):
    """Passes positive values and stops negative ones, or lets a part of them through.

    Args:
        max_value: Largest value that comes out; none sets no limit.
        negative_slope: What values below the threshold are multiplied by.
        threshold: Value from which on inputs pass unchanged.
    """

    nothing_to_build = True
    supports_masking = True

    def __init__(
        self,
        max_value: Annotated[float, Range(minimum=0)] | None = None,
        negative_slope: Annotated[float, Range(minimum=0)] = 0.0,
        threshold: Annotated[float, Range(minimum=0)] = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.max_value = None if max_value is None else float(max_value)
        self.negative_slope = float(negative_slope)
        self.threshold = float(threshold)

    def call(self, inputs: Tensor) -> Tensor:
        """relu(inputs) with the options."""
        return activations.relu(inputs, self.negative_slope, self.max_value, self.threshold)


class LeakyReLU(Layer):
    """Passes positive values and a small share of negative ones.

    Args:
        negative_slope: What negative values are multiplied by.
    """

    nothing_to_build = True
    supports_masking = True

    def __init__(
        self, negative_slope: Annotated[float, Range(minimum=0)] = 0.3, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.negative_slope = float(negative_slope)

    def call(self, inputs: Tensor) -> Tensor:
        """leaky_relu(inputs)."""
        return activations.leaky_relu(inputs, self.negative_slope)


class PReLU(Layer):
    """Passes positive values and a share of negative ones that is learnt.

    Args:
        alpha_initializer: How the learnt shares start.
        alpha_regularizer: Penalty on the shares that is added to the loss.
        alpha_constraint: What the shares must satisfy after every update.
        shared_axes: Axes, counted from 1, along which one share serves for all.
    """

    supports_masking = True

    def __init__(
        self,
        alpha_initializer: InitializerName | initializers.Initializer = "zeros",
        alpha_regularizer: RegularizerName | regularizers.Regularizer | None = None,
        alpha_constraint: ConstraintName | constraints.Constraint | None = None,
        shared_axes: tuple[int, ...] | int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.alpha_initializer = initializers.get(alpha_initializer)
        self.alpha_regularizer = regularizers.get(alpha_regularizer)
        self.alpha_constraint = constraints.get(alpha_constraint)
        given = (shared_axes,) if isinstance(shared_axes, int) else shared_axes
        self.shared_axes = None if given is None else list(given)

    def build(self, input_shape: Shape) -> None:
        """Make alpha: a share for every value of a sample, or one along the shared axes."""
        rank, shared = len(input_shape), self.shared_axes or []
        if not all(1 <= axis < rank for axis in shared):
            raise ShapeError(
                "shared_axes={axes} are out of range for an input of shape {shape}",
                plain="cannot share along {axes}: its input is {shape}, and axis 1 is the first "
                "after the batch",
                axes=shared,
                shape=input_shape,
            )
        sizes = [1 if axis in shared else input_shape[axis] for axis in range(1, rank)]
        if None in sizes:
            raise ShapeError(
                "Shapes used to initialize variables must be fully-defined (no `None` "
                "dimensions). Received: shape={shape} for variable path='{path}'",
                plain="needs to know every size of its input, but gets {given}",
                shape=tuple(sizes),
                path=f"{self.name}/alpha",
                given=input_shape,
            )
        self.alpha = self.add_weight(
            [size or 0 for size in sizes],
            self.alpha_initializer,
            name="alpha",
            regularizer=self.alpha_regularizer,
            constraint=self.alpha_constraint,
        )

    def check_input(self, inputs: Any) -> None:
        """The rank and the sizes that alpha was built for."""
        super().check_input(inputs)
        if not self.built:
            return
        shape = tuple(inputs.shape)
        expected = (None, *(None if size == 1 else size for size in self.alpha.shape))
        pairs = zip(shape, expected, strict=False)
        if len(shape) != len(expected) or any(None not in (a, b) and a != b for a, b in pairs):
            raise ShapeError(
                "Input 0 with name 'None' of layer '{layer}' is incompatible with the layer: "
                "expected shape={expected}, found shape={shape}",
                plain="was built for inputs of shape {expected}, but gets {shape}",
                layer=self.name,
                expected=expected,
                shape=shape,
            )

    def call(self, inputs: Tensor) -> Tensor:
        """relu(inputs) - alpha * relu(-inputs)."""
        below = ops.multiply(self.alpha, ops.relu(ops.negative(inputs)))
        return ops.subtract(ops.relu(inputs), below)


class ELU(Layer):
    """Passes positive values and bends negative ones towards -alpha.

    Args:
        alpha: How far down negative values can go.
    """

    nothing_to_build = True
    supports_masking = True

    def __init__(self, alpha: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.alpha = float(alpha)

    def call(self, inputs: Tensor) -> Tensor:
        """elu(inputs)."""
        return activations.elu(inputs, self.alpha)


class Softmax(Layer):
    """Turns values along an axis into shares of 1: probabilities of classes.

    Args:
        axis: Axis, or axes, along which the shares sum to 1.
    """

    nothing_to_build = True
    supports_masking = True

    def __init__(self, axis: tuple[int, ...] | int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs: Tensor, mask: Tensor | None = None) -> Tensor:
        """softmax(inputs); places where the mask is false take no part and get 0."""
        if mask is None:
            return ops.softmax(inputs, self.axis)
        self._check_mask(tuple(inputs.shape), tuple(mask.shape))
        kept = mask if str(mask.dtype) == "bool" else ops.greater(mask, 0.5)
        outputs = ops.softmax(ops.where(kept, inputs, -1e9), self.axis)
        return ops.where(kept, outputs, 0.0)

    def _check_mask(self, shape: Shape, mask: Shape) -> None:
        pairs = zip(reversed(mask), reversed(shape), strict=False)
        if len(mask) > len(shape) or any(m not in (1, None, n) and n is not None for m, n in pairs):
            raise ShapeError(
                "The `mask` must be broadcastable to `inputs`. Each mask dimension must be 1 or "
                "match the corresponding input dimension, and there must not be more of them. "
                "Received: inputs.shape={shape}, mask.shape={mask}",
                shape=shape,
                mask=mask,
            )
