"""Regularization: layers that make training harder, so that more is learnt than the samples."""

from typing import Annotated, Any

from kgui.engine import ops
from kgui.engine.backend.session import SeedGenerator
from kgui.engine.layers.layer import Layer
from kgui.engine.ops.primitive import Tensor
from kgui.engine.options import Range, Start


class Dropout(Layer):
    """Sets some values to 0 at random while training, and passes all of them afterwards.

    Args:
        rate: Share of the values that are dropped, from 0 to 1.
        seed: Number that fixes the random draws; none draws one.
    """

    supports_masking = True

    def __init__(
        self,
        rate: Annotated[float, Range(0, 1), Start(0.5)],
        seed: Annotated[int, Range(minimum=0)] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.rate = float(rate)
        self.seed_generator = SeedGenerator(seed)

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """The inputs, with values dropped if training."""
        if not training or self.rate == 0:
            return inputs
        return ops.dropout(inputs, self.rate, self.seed_generator)
