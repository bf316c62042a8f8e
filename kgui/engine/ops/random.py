"""Primitives that draw random numbers."""

from collections.abc import Callable

from kgui.engine.backend.emitter import Emitter
from kgui.engine.backend.session import SeedGenerator
from kgui.engine.ops.primitive import Array, Forward, Gradients, Primitive, Tensor


class Dropout(Primitive):
    """Each value is 0 with probability `rate`, else divided by 1 - rate."""

    reads_inputs = False

    def __init__(self, rate: float, seed: SeedGenerator) -> None:
        super().__init__()
        self.rate = rate
        self.seed = seed

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = x * mask, with a new mask every time."""
        (x,) = inputs
        mask = emit.buffer(x.shape, x.dtype)
        emit("random_mask", out=mask, generator=self.seed.generator, rate=self.rate)
        return Forward(inputs, emit("multiply", x, mask, out=out()), (mask,))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient * mask."""
        emit("multiply", gradient, done.saved[0], out=into.into(0, reuse=gradient))


def dropout(x: Tensor, rate: float, seed: SeedGenerator) -> Tensor:
    """x with values dropped at random; `rate` 1 would leave nothing, so it gives zeros."""
    return Dropout(rate, seed)(x)
