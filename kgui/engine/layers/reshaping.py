"""Reshaping: the same values in another shape."""

import math

from kgui.engine import ops
from kgui.engine.errors import ShapeError
from kgui.engine.layers.layer import Layer
from kgui.engine.ops.primitive import Tensor


class Flatten(Layer):
    """Turns each sample into one row of numbers: (28, 28) becomes 784."""

    min_ndim = 1

    def call(self, inputs: Tensor) -> Tensor:
        """The same values with one axis after the batch."""
        sizes = inputs.shape[1:]
        if None in sizes:
            raise ShapeError(
                "The shape of the input to Flatten must be known. Received: {shape}",
                plain="needs to know every size of its input, but gets {shape}",
                shape=tuple(inputs.shape),
            )
        return ops.reshape(inputs, (-1, math.prod(sizes)))
