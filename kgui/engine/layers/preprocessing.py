"""Preprocessing: fixed arithmetic that travels with the network."""

from typing import Annotated, Any

from kgui.engine import ops
from kgui.engine.layers.layer import Layer
from kgui.engine.ops.primitive import Tensor
from kgui.engine.options import Start


class Rescaling(Layer):
    """Multiplies every value by a number and adds another: 1/255 turns pixels into 0 to 1.

    Args:
        scale: Number that every value is multiplied by.
        offset: Number that is added afterwards.
    """

    supports_masking = True

    def __init__(
        self, scale: Annotated[float, Start(1.0)], offset: float = 0.0, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.scale = float(scale)
        self.offset = float(offset)

    def call(self, inputs: Tensor) -> Tensor:
        """inputs * scale + offset."""
        outputs = ops.multiply(ops.cast(inputs, self.dtype), self.scale)
        return ops.add(outputs, self.offset) if self.offset else outputs
