"""Initial values of weights, as `keras.initializers`: an object gives the same values each time."""

import math
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from kgui.engine.backend.session import floatx, get_session
from kgui.engine.errors import ShapeError
from kgui.engine.naming import nearest

Array = npt.NDArray[Any]
Sizes = tuple[int, ...]


class Initializer:
    """Makes the first values of a weight."""

    def check(self, shape: Sizes) -> None:
        """Raise ShapeError for a shape that the initializer cannot fill."""

    def __call__(self, shape: Sizes, dtype: str | None = None) -> Array:
        """Values of that shape."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        return {}


class Constant(Initializer):
    """The same value everywhere."""

    def __init__(self, value: float = 0.0) -> None:
        self.value = value

    def __call__(self, shape: Sizes, dtype: str | None = None) -> Array:
        """Values of that shape."""
        return np.full(shape, self.value, dtype or floatx())

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        return {"value": self.value}


class Zeros(Constant):
    """0 everywhere."""

    def __init__(self) -> None:
        super().__init__(0.0)

    def get_config(self) -> dict[str, Any]:
        """No arguments."""
        return {}


class Ones(Constant):
    """1 everywhere."""

    def __init__(self) -> None:
        super().__init__(1.0)

    def get_config(self) -> dict[str, Any]:
        """No arguments."""
        return {}


class RandomInitializer(Initializer):
    """Draws from a seed: one is drawn at construction where none is given."""

    def __init__(self, seed: int | None = None) -> None:
        self.seed = seed
        self._drawn = get_session().draw_seed() if seed is None else int(seed)

    def generator(self) -> np.random.Generator:
        """A new stream from the initializer's seed."""
        return np.random.default_rng(self._drawn)


class RandomUniform(RandomInitializer):
    """Uniform between two values."""

    def __init__(
        self, minval: float = -0.05, maxval: float = 0.05, seed: int | None = None
    ) -> None:
        super().__init__(seed)
        self.minval, self.maxval = minval, maxval

    def __call__(self, shape: Sizes, dtype: str | None = None) -> Array:
        """Values of that shape."""
        return self.generator().uniform(self.minval, self.maxval, shape).astype(dtype or floatx())

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        return {"minval": self.minval, "maxval": self.maxval, "seed": self.seed}


class RandomNormal(RandomInitializer):
    """Normal with a mean and a standard deviation."""

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: int | None = None) -> None:
        super().__init__(seed)
        self.mean, self.stddev = mean, stddev

    def __call__(self, shape: Sizes, dtype: str | None = None) -> Array:
        """Values of that shape."""
        return self.generator().normal(self.mean, self.stddev, shape).astype(dtype or floatx())

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        return {"mean": self.mean, "stddev": self.stddev, "seed": self.seed}


class TruncatedNormal(RandomNormal):
    """Normal, drawn again outside two standard deviations; stddev is that before the cut."""

    def __call__(self, shape: Sizes, dtype: str | None = None) -> Array:
        """Values of that shape."""
        values = _truncated(self.generator(), shape)
        return (self.mean + self.stddev * values).astype(dtype or floatx())


def _truncated(generator: np.random.Generator, shape: Sizes) -> Array:
    values = generator.standard_normal(shape)
    outside = np.abs(values) > 2
    while outside.any():
        values[outside] = generator.standard_normal(int(outside.sum()))
        outside = np.abs(values) > 2
    return values


def compute_fans(shape: Sizes) -> tuple[int, int]:
    """Inputs and outputs of one unit of a weight of that shape."""
    if len(shape) < 1:
        return 1, 1
    if len(shape) == 1:
        return shape[0], shape[0]
    field = math.prod(shape[:-2])
    return shape[-2] * field, shape[-1] * field


class VarianceScaling(RandomInitializer):
    """Spread that fits the number of inputs, outputs, or their mean."""

    fixed: ClassVar[tuple[float, str, str] | None] = None

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | None = None,
    ) -> None:
        super().__init__(seed)
        self.scale, self.mode, self.distribution = scale, mode, distribution

    def __call__(self, shape: Sizes, dtype: str | None = None) -> Array:
        """Values of that shape."""
        fan_in, fan_out = compute_fans(tuple(shape))
        fans = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
        scale = self.scale / max(1.0, fans[self.mode])
        generator = self.generator()
        if self.distribution == "uniform":
            limit = math.sqrt(3 * scale)
            return generator.uniform(-limit, limit, shape).astype(dtype or floatx())
        if self.distribution == "truncated_normal":
            # The standard deviation of a normal cut at 2 is 0.8796...; make up for it.
            values = _truncated(generator, shape) * math.sqrt(scale) / 0.87962566103423978
        else:
            values = generator.normal(0, math.sqrt(scale), shape)
        return values.astype(dtype or floatx())

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        config = {"scale": self.scale, "mode": self.mode, "distribution": self.distribution}
        return {"seed": self.seed} if self.fixed else {**config, "seed": self.seed}


class _Named(VarianceScaling):
    fixed: ClassVar[tuple[float, str, str]]

    def __init__(self, seed: int | None = None) -> None:
        super().__init__(*self.fixed, seed)


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
    """Orthogonal rows or columns, times a gain."""

    def __init__(self, gain: float = 1.0, seed: int | None = None) -> None:
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
        return (self.gain * q.reshape(shape)).astype(dtype or floatx())

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        return {"gain": self.gain, "seed": self.seed}


_BY_NAME: dict[str, type[Initializer]] = {
    "zeros": Zeros,
    "ones": Ones,
    "constant": Constant,
    "random_uniform": RandomUniform,
    "uniform": RandomUniform,
    "random_normal": RandomNormal,
    "normal": RandomNormal,
    "truncated_normal": TruncatedNormal,
    "variance_scaling": VarianceScaling,
    "glorot_uniform": GlorotUniform,
    "glorot_normal": GlorotNormal,
    "he_uniform": HeUniform,
    "he_normal": HeNormal,
    "lecun_uniform": LecunUniform,
    "lecun_normal": LecunNormal,
    "orthogonal": Orthogonal,
}
_BY_NAME.update({kind.__name__: kind for kind in list(_BY_NAME.values())})


def get(identifier: Any) -> Initializer:
    """The initializer of that name (or class, or config); an object is taken as it is."""
    if isinstance(identifier, Initializer):
        return identifier
    if isinstance(identifier, type) and issubclass(identifier, Initializer):
        return identifier()
    if isinstance(identifier, dict):
        return _BY_NAME[identifier["class_name"]](**identifier.get("config", {}))
    if isinstance(identifier, str) and identifier in _BY_NAME:
        return _BY_NAME[identifier]()
    raise ValueError(
        f"Could not interpret initializer identifier: {identifier}{nearest(identifier, _BY_NAME)}"
    )
