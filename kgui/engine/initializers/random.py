"""Initializers that draw; an object draws the same values each time it is asked."""

import math
from typing import Any, ClassVar

import numpy as np

from kgui.engine.backend.session import SeedGenerator, get_session
from kgui.engine.errors import ShapeError
from kgui.engine.initializers.fans import compute_fans
from kgui.engine.initializers.initializer import Array, Initializer, Sizes, cast


class RandomInitializer(Initializer):
    """Draws from a seed: one is drawn at construction where none is given.

    Args:
        seed: A whole number, or a SeedGenerator, which goes on with every call.
    """

    def __init__(self, seed: Any = None) -> None:
        self._given = seed
        if isinstance(seed, dict):
            seed = SeedGenerator(seed["config"]["seed"])
        if not (seed is None or isinstance(seed, SeedGenerator) or _is_whole(seed)):
            raise ValueError(
                "`seed` argument should be an instance of `keras.random.SeedGenerator()` or an "
                f"integer. Received: seed={seed}"
            )
        self.seed = get_session().draw_seed() if seed is None else seed

    def generator(self) -> np.random.Generator:
        """Where to draw from: a new stream from the seed, or that of the SeedGenerator."""
        if isinstance(self.seed, SeedGenerator):
            return self.seed.generator
        return np.random.default_rng(int(self.seed))

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        seed = self._given
        if isinstance(seed, SeedGenerator):
            seed = {"class_name": "SeedGenerator", "config": {"seed": seed.seed}}
        return {"seed": seed}


def _is_whole(seed: Any) -> bool:
    return hasattr(seed, "__index__") and not isinstance(seed, bool)


class RandomUniform(RandomInitializer):
    """Uniform between two values.

    Args:
        minval: Least value.
        maxval: Greatest value.
        seed: What is drawn from.
    """

    def __init__(self, minval: float = -0.05, maxval: float = 0.05, seed: Any = None) -> None:
        super().__init__(seed)
        self.minval, self.maxval = minval, maxval

    def __call__(self, shape: Sizes, dtype: str | None = None) -> Array:
        """Values of that shape."""
        return cast(self.generator().uniform(self.minval, self.maxval, shape), dtype)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        return {**super().get_config(), "minval": self.minval, "maxval": self.maxval}


class RandomNormal(RandomInitializer):
    """Normal with a mean and a standard deviation.

    Args:
        mean: The mean.
        stddev: The standard deviation.
        seed: What is drawn from.
    """

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: Any = None) -> None:
        super().__init__(seed)
        self.mean, self.stddev = mean, stddev

    def __call__(self, shape: Sizes, dtype: str | None = None) -> Array:
        """Values of that shape."""
        return cast(self.generator().normal(self.mean, self.stddev, shape), dtype)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        return {**super().get_config(), "mean": self.mean, "stddev": self.stddev}


class TruncatedNormal(RandomNormal):
    """Normal, drawn again outside two standard deviations; stddev is that before the cut."""

    def __call__(self, shape: Sizes, dtype: str | None = None) -> Array:
        """Values of that shape."""
        return cast(self.mean + self.stddev * _truncated(self.generator(), shape), dtype)


def _truncated(generator: np.random.Generator, shape: Sizes) -> Array:
    values = np.asarray(generator.standard_normal(shape))
    outside = np.abs(values) > 2
    while outside.any():
        values[outside] = generator.standard_normal(int(outside.sum()))
        outside = np.abs(values) > 2
    return values


class VarianceScaling(RandomInitializer):
    """Spread that fits the number of inputs, outputs, or their mean.

    Args:
        scale: The variance, times that number.
        mode: "fan_in", "fan_out" or "fan_avg".
        distribution: "truncated_normal", "untruncated_normal" or "uniform".
        seed: What is drawn from.
        input_axes: Axes that count as inputs, where they are not the last but one.
        output_axes: Axes that count as outputs, where they are not the last.
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: Any = None,
        input_axes: Any = None,
        output_axes: Any = None,
    ) -> None:
        if scale <= 0.0:
            raise ValueError(f"Argument `scale` must be positive float. Received: scale={scale}")
        _check_choice("mode", mode, {"fan_in", "fan_out", "fan_avg"}, " ")
        distribution = distribution.lower()
        distribution = "truncated_normal" if distribution == "normal" else distribution
        known = {"uniform", "truncated_normal", "untruncated_normal"}
        _check_choice("distribution", distribution, known, "")
        super().__init__(seed)
        self.scale, self.mode, self.distribution = scale, mode, distribution
        self.input_axes, self.output_axes = input_axes, output_axes

    def __call__(self, shape: Sizes, dtype: str | None = None) -> Array:
        """Values of that shape."""
        fan_in, fan_out = compute_fans(shape, self.input_axes, self.output_axes)
        fans = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
        scale = self.scale / max(1.0, fans[self.mode])
        generator = self.generator()
        if self.distribution == "uniform":
            limit = math.sqrt(3 * scale)
            return cast(generator.uniform(-limit, limit, shape), dtype)
        if self.distribution == "untruncated_normal":
            return cast(generator.normal(0, math.sqrt(scale), shape), dtype)
        # The standard deviation of a normal cut at 2 is 0.8796...; make up for it.
        return cast(_truncated(generator, shape) * (math.sqrt(scale) / 0.87962566103423978), dtype)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        return {
            **super().get_config(),
            "scale": self.scale,
            "mode": self.mode,
            "distribution": self.distribution,
            "input_axes": self.input_axes,
            "output_axes": self.output_axes,
        }


def _check_choice(name: str, value: str, allowed: set[str], space: str) -> None:
    if value not in allowed:
        raise ValueError(
            f"Invalid `{name}` argument: {value}.{space}Please use one of {sorted(allowed)}"
        )


class _Named(VarianceScaling):
    fixed: ClassVar[tuple[float, str, str]]

    def __init__(self, seed: Any = None, input_axes: Any = None, output_axes: Any = None) -> None:
        super().__init__(*self.fixed, seed, input_axes, output_axes)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        config = super().get_config()
        return {name: config[name] for name in ("seed", "input_axes", "output_axes")}


class GlorotUniform(_Named):
    """Uniform in ±sqrt(6 / (inputs + outputs)): the default of Dense."""

    fixed = (1.0, "fan_avg", "uniform")


class GlorotNormal(_Named):
    """Normal with variance 2 / (inputs + outputs)."""

    fixed = (1.0, "fan_avg", "truncated_normal")


class HeUniform(_Named):
    """Uniform in ±sqrt(6 / inputs): for relu."""

    fixed = (2.0, "fan_in", "uniform")


class HeNormal(_Named):
    """Normal with variance 2 / inputs: for relu."""

    fixed = (2.0, "fan_in", "truncated_normal")


class LecunUniform(_Named):
    """Uniform in ±sqrt(3 / inputs): for selu."""

    fixed = (1.0, "fan_in", "uniform")


class LecunNormal(_Named):
    """Normal with variance 1 / inputs: for selu."""

    fixed = (1.0, "fan_in", "truncated_normal")


class Orthogonal(RandomInitializer):
    """Orthogonal rows or columns, times a gain.

    Args:
        gain: What they are multiplied with.
        seed: What is drawn from.
    """

    def __init__(self, gain: float = 1.0, seed: Any = None) -> None:
        super().__init__(seed)
        self.gain = gain

    def check(self, shape: Sizes) -> None:
        """Two axes or more."""
        if len(shape) < 2:
            raise ShapeError(
                "The tensor to initialize must be at least two-dimensional. "
                "Received: shape={shape} of rank {rank}.",
                plain="cannot start weights of shape {shape} as orthogonal: that takes two axes",
                shape=tuple(shape),
                rank=len(shape),
            )

    def __call__(self, shape: Sizes, dtype: str | None = None) -> Array:
        """Values of that shape; ShapeError for fewer than two axes."""
        self.check(shape)
        rows, columns = math.prod(shape[:-1]), shape[-1]
        flat = self.generator().standard_normal((max(rows, columns), min(rows, columns)))
        q, r = np.linalg.qr(flat)
        q *= np.sign(np.diag(r))
        if rows < columns:
            q = q.T
        return cast(self.gain * q.reshape(shape), dtype)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        return {**super().get_config(), "gain": self.gain}
