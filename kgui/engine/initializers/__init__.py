"""Initial values of weights, as `keras.initializers`."""

from collections.abc import Mapping
from typing import Any

import numpy as np

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
from kgui.engine.naming import snake_case
from kgui.engine.nearest import did_you_mean

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

_CLASSES: tuple[type[Initializer], ...] = (
    Constant, Zeros, Ones, Identity, STFT, RandomUniform, RandomNormal, TruncatedNormal,
    VarianceScaling, GlorotUniform, GlorotNormal, HeUniform, HeNormal, LecunUniform, LecunNormal,
    Orthogonal,
)  # fmt: skip
BY_NAME: dict[str, type[Initializer]] = {
    **{kind.__name__: kind for kind in _CLASSES},
    **{snake_case(kind.__name__): kind for kind in _CLASSES},
    "IdentityInitializer": Identity,
    "OrthogonalInitializer": Orthogonal,
    "STFTInitializer": STFT,
    "normal": RandomNormal,
    "one": Ones,
    "uniform": RandomUniform,
    "zero": Zeros,
}
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
    if identifier is None:
        return None
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if isinstance(identifier, str):
        return deserialize({"class_name": identifier, "config": {}})
    if isinstance(identifier, np.ndarray | np.generic):
        return Given(identifier)
    if not callable(identifier):
        raise ValueError(f"Could not interpret initializer identifier: {identifier}")
    return identifier() if isinstance(identifier, type) else identifier


def serialize(initializer: Initializer) -> dict[str, Any]:
    """An initializer as plain data."""
    from kgui.engine.saving.serialization import serialize_keras_object  # it knows initializers

    described: dict[str, Any] = serialize_keras_object(initializer)
    return described


def deserialize(
    config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Initializer:
    """The initializer that plain data describe; ValueError for a class that is not known."""
    name = config.get("class_name")
    if custom_objects and isinstance(name, str) and name in custom_objects:
        own: Initializer = custom_objects[name].from_config(config.get("config", {}))
        return own
    kind = BY_NAME.get(name) if isinstance(name, str) else None
    if kind is None:
        hint = did_you_mean(name, BY_NAME)
        raise ValueError(f"Could not interpret initializer identifier: {name}{hint}")
    return kind.from_config(config.get("config", {}))
