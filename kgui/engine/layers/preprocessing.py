"""Preprocessing: fixed arithmetic that travels with the network."""

from typing import Any

from kgui.engine import ops
from kgui.engine.layers.layer import Layer
from kgui.engine.ops.primitive import Tensor


class Rescaling(Layer):
    """Multiplies every value by a number and adds another: 1/255 turns pixels into 0 to 1.

    Args:
        scale: Number that every value is multiplied by.
        offset: Number that is added afterwards.
    """

    def __init__(self, scale: float, offset: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scale = float(scale)
        self.offset = float(offset)

    def call(self, inputs: Tensor) -> Tensor:
        """inputs * scale + offset."""
        outputs = ops.multiply(ops.cast(inputs, self.dtype), self.scale)
        return ops.add(outputs, self.offset) if self.offset else outputs
