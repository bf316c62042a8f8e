"""Primitives that draw random numbers."""

import math
from collections.abc import Callable

from kgui.engine.backend.emitter import Emitter
from kgui.engine.backend.session import SeedGenerator
from kgui.engine.errors import ShapeError
from kgui.engine.ops.primitive import Array, Forward, Gradients, Primitive, Tensor
from kgui.engine.symbolic import Shape


def noise_shape(asked: Shape | None, shape: Shape) -> Shape:
    """The shape of noise for an input: what is asked for, with the input's sizes for None."""
    if asked is None:
        return shape
    return tuple(shape[axis] if size is None else size for axis, size in enumerate(asked))


def check_noise(asked: Shape | None, shape: Shape) -> None:
    """ShapeError if noise of that shape cannot be spread over an input."""
    if asked is None:
        return
    pairs = zip(reversed(shape), reversed(noise_shape(asked[: len(shape)], shape)), strict=False)
    fits = all(noise in (1, None, size) or size is None for size, noise in pairs)
    if len(asked) > len(shape) or not fits:
        raise ShapeError(
            "Incompatible shapes: noise_shape={noise_shape}, input shape {shape}",
            plain="draws noise of shape {noise_shape}, which does not fit inputs of {shape}",
            noise_shape=asked,
            shape=shape,
        )


class Factors(Primitive):
    """x times random factors, which are drawn anew every time.

    Along an axis where `shape` has 1 all values share a factor; None there is the input's size.
    """

    reads_inputs = False

    def __init__(
        self, kernel: str, seed: SeedGenerator, shape: Shape | None = None, **constants: float
    ) -> None:
        super().__init__()
        self.kernel, self.seed = kernel, seed
        self.shape, self.constants = shape, constants

    def output_shape(self, *shapes: Shape) -> Shape:
        """The input's; ShapeError if factors of the given shape do not fit it."""
        check_noise(self.shape, shapes[0])
        return shapes[0]

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = x * factors."""
        (x,) = inputs
        drawn = noise_shape(self.shape, x.shape)
        factors = emit.buffer(tuple(size or 0 for size in drawn), x.dtype)
        emit(self.kernel, out=factors, generator=self.seed.generator, **self.constants)
        return Forward(inputs, emit("multiply", x, factors, out=out()), (factors,))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient * factors."""
        emit("multiply", gradient, done.saved[0], out=into.into(0, reuse=gradient))


class Noise(Primitive):
    """x plus normally distributed numbers, which are drawn anew every time."""

    reads_inputs = False

    def __init__(self, stddev: float, seed: SeedGenerator) -> None:
        super().__init__()
        self.stddev, self.seed = stddev, seed

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = x + noise."""
        output, generator = out(), self.seed.generator
        emit("draw_normal", out=output, generator=generator, mean=0.0, stddev=self.stddev)
        return Forward(inputs, emit("add", inputs[0], output, out=output))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient as it is."""
        into.give(0, gradient)


def dropout(
    x: Tensor, rate: float, seed: SeedGenerator, noise_shape: Shape | None = None
) -> Tensor:
    """x with values dropped at random; `rate` 1 would leave nothing, so it gives zeros."""
    return Factors("random_mask", seed, noise_shape, rate=rate)(x)


def gaussian_dropout(x: Tensor, rate: float, seed: SeedGenerator) -> Tensor:
    """x times numbers about 1, that spread as much as those of a dropout; rate is below 1."""
    return Factors("draw_normal", seed, mean=1.0, stddev=math.sqrt(rate / (1 - rate)))(x)


def gaussian_noise(x: Tensor, stddev: float, seed: SeedGenerator) -> Tensor:
    """x plus numbers about 0 of that standard deviation."""
    return Noise(stddev, seed)(x)
