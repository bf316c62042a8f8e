"""Activations: functions of each value, as nodes of their own."""

from typing import Annotated, Any

from kgui.engine import activations
from kgui.engine.layers.layer import Layer
from kgui.engine.ops.primitive import Tensor
from kgui.engine.options import ActivationName, Start


class Activation(Layer):
    """Applies a function to every value.

    Args:
        activation: The function: relu for hidden layers, softmax for classes, and others.
    """

    supports_masking = True

    def __init__(
        self,
        activation: Annotated[ActivationName | activations.Activation, Start("relu")],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.activation = activations.get(activation)

    def call(self, inputs: Tensor) -> Tensor:
        """activation(inputs)."""
        return self.activation(inputs)
