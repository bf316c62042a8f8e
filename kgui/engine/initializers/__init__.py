"""Initial values of weights, as `keras.initializers`."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from kgui.engine import named
from kgui.engine.initializers.constant import Constant, Identity, Ones, Zeros
from kgui.engine.initializers.fans import compute_fans
from kgui.engine.initializers.fourier import STFT
from kgui.engine.initializers.initializer import Array, Initializer, Sizes, cast
from kgui.engine.initializers.random import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LecunNormal,
    LecunUniform,
    Orthogonal,
    RandomInitializer,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
)

__all__ = [
    "STFT",
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Identity",
    "IdentityInitializer",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "Orthogonal",
    "OrthogonalInitializer",
    "RandomInitializer",
    "RandomNormal",
    "RandomUniform",
    "STFTInitializer",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "compute_fans",
    "constant",
    "deserialize",
    "get",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_normal",
    "lecun_uniform",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "serialize",
    "stft",
    "truncated_normal",
    "variance_scaling",
    "zeros",
]

constant, zeros, ones, identity, stft = Constant, Zeros, Ones, Identity, STFT
glorot_normal, glorot_uniform = GlorotNormal, GlorotUniform
he_normal, he_uniform = HeNormal, HeUniform
lecun_normal, lecun_uniform = LecunNormal, LecunUniform
random_normal, random_uniform = RandomNormal, RandomUniform
truncated_normal, variance_scaling, orthogonal = TruncatedNormal, VarianceScaling, Orthogonal
IdentityInitializer, OrthogonalInitializer, STFTInitializer = Identity, Orthogonal, STFT

BY_NAME: dict[str, type[Initializer]] = {
    **named.by_names(
        Constant, Zeros, Ones, Identity, STFT, RandomUniform, RandomNormal, TruncatedNormal,
        VarianceScaling, GlorotUniform, GlorotNormal, HeUniform, HeNormal, LecunUniform,
        LecunNormal, Orthogonal,
    ),
    "IdentityInitializer": Identity,
    "OrthogonalInitializer": Orthogonal,
    "STFTInitializer": STFT,
    "normal": RandomNormal,
    "one": Ones,
    "uniform": RandomUniform,
    "zero": Zeros,
}  # fmt: skip
"""Classes by the strings that stand for them."""

Initializer.names = BY_NAME.keys()


class Given(Initializer):
    """Values that are given, for weights of their shape."""

    def __init__(self, values: Any) -> None:
        self.values = np.asarray(values)

    def __call__(self, shape: Sizes, dtype: str | None = None) -> Array:
        """The values; ValueError for another shape."""
        if tuple(shape) != self.values.shape:
            raise ValueError(
                f"Expected `shape` to be {self.values.shape} for direct tensor as initializer. "
                f"Received shape={tuple(shape)}"
            )
        return cast(self.values, dtype)


def get(identifier: Any) -> Any:
    """The initializer of that name, class or config; a function as it is, None for None.

    An array stands for its own values.
    """
    if isinstance(identifier, np.ndarray | np.generic):
        return Given(identifier)
    return named.instance_of("initializer", BY_NAME, identifier)


def serialize(initializer: Initializer) -> dict[str, Any]:
    """An initializer as plain data."""
    described: dict[str, Any] = named.plain(initializer)
    return described


def deserialize(
    config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Initializer:
    """The initializer that plain data describe; ValueError for a class that is not known."""
    made: Initializer = named.described_by("initializer", BY_NAME, config, custom_objects)
    return made
