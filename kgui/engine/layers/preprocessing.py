"""Preprocessing: fixed arithmetic that travels with the network."""

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np

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
        self,
        scale: Annotated[float | Sequence[float], Start(1.0)],
        offset: float | Sequence[float] = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.scale, self.offset = _plain(scale), _plain(offset)
        self._arguments |= {"scale": self.scale, "offset": self.offset}

    def call(self, inputs: Tensor) -> Tensor:
        """inputs * scale + offset; lists broadcast to the last axes."""
        scale, offset = (np.asarray(value, self.dtype) for value in (self.scale, self.offset))
        outputs = ops.multiply(ops.cast(inputs, self.dtype), scale)
        return ops.add(outputs, offset) if offset.any() else outputs


def _plain(value: Any) -> Any:
    """A number, or numbers in lists."""
    return np.asarray(value, np.float64).tolist()
