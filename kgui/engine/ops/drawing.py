"""The primitive that makes random tensors out of nothing but a shape."""

from collections.abc import Callable
from typing import Any

from kgui.engine.backend.emitter import Emitter
from kgui.engine.backend.session import SeedGenerator
from kgui.engine.calling import current_call
from kgui.engine.ops.primitive import Array, Forward, Primitive
from kgui.engine.symbolic import Shape


class Draw(Primitive):
    """Random numbers of a given shape, new ones in every run."""

    differentiable = False
    reads_inputs = False

    def __init__(
        self, kernel: str, shape: Shape, dtype: str, seed: SeedGenerator, **constants: float
    ) -> None:
        super().__init__()
        self.name = kernel
        self.shape, self.dtype, self.seed, self.constants = shape, dtype, seed, constants

    def output_shape(self, *shapes: Shape) -> Shape:
        """The shape that was asked for."""
        return self.shape

    def output_dtype(self, *dtypes: str) -> str:
        """The type that was asked for."""
        return self.dtype

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """Draw."""
        generator = self.seed.generator
        return Forward(inputs, emit(self.name, out=out(), generator=generator, **self.constants))

    def draw(self) -> Any:
        """The numbers: symbolic while a layer is traced, else an array."""
        return self._record((0.0,)) if current_call().tracing else self._compute((0.0,))
