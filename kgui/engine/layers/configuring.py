"""A layer's arguments: kept, given as plain data, and made into an equal layer again."""

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any, Self

import numpy as np


class Configured:
    """Something made from arguments that it remembers."""

    name: str
    trainable: bool
    dtype: str
    activity_regularizer: Any
    _arguments: dict[str, Any]

    @property
    def short_config(self) -> dict[str, Any]:
        """What the layer was made with, as plain data in the shortest form."""
        return {key: serialize_argument(value) for key, value in self._arguments.items()}

    def copy(self) -> Self:
        """A layer made with the same arguments, under the same name; its weights are new."""
        given = {**self._arguments, "name": self.name}
        return type(self)(**self._accepted(given))

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer, as plain data in Keras's layout."""
        own = self._arguments if self._has_own_arguments() else {}
        config = {key: self._plain(key, value) for key, value in own.items()}
        if config.get("activity_regularizer", 0) is None:  # Keras names it where there is one
            del config["activity_regularizer"]
        base: dict[str, Any] = {"name": self.name, "trainable": self.trainable}
        base["dtype"] = dtype_policy(self.dtype)
        if self.activity_regularizer is not None:
            base["activity_regularizer"] = self._plain("activity_regularizer", None)
        return {**self._accepted(base), **config, **{k: base[k] for k in config if k in base}}

    def _plain(self, key: str, value: Any) -> Any:
        from kgui.engine.saving.serialization import plain_argument  # files are made of layers

        made = getattr(self, key, value)
        return plain_argument(made if callable(made) else value)

    def _accepted(self, given: dict[str, Any]) -> dict[str, Any]:
        """What of it the layer's class takes as arguments."""
        parameters = signature_of(type(self).__init__).parameters
        if any(item.kind is item.VAR_KEYWORD for item in parameters.values()):
            return given
        return {key: value for key, value in given.items() if key in parameters}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """An equal layer with new weights."""
        return cls(**config)

    def _has_own_arguments(self) -> bool:
        """False for a class that is made as any layer is."""
        raise NotImplementedError


@cache
def signature_of(function: Callable[..., Any]) -> inspect.Signature:
    """A function's signature; looked up once."""
    return inspect.signature(function)


def serialize_argument(value: Any) -> Any:
    """An argument of a layer as plain data."""
    if isinstance(value, tuple):
        return list(value)
    if hasattr(value, "get_config"):
        return {"class_name": type(value).__name__, "config": value.get_config()}
    return getattr(value, "__name__", value) if callable(value) else value


def dtype_policy(dtype: str) -> dict[str, Any]:
    """A number type as Keras keeps it in configurations."""
    config = {"name": dtype}
    return {
        "module": "keras", "class_name": "DTypePolicy", "config": config, "registered_name": None,
    }  # fmt: skip


def dtype_name(dtype: Any) -> str | None:
    """The name of a number type, given as such, as NumPy's, or as Keras's policy.

    ValueError for what is none.
    """
    if isinstance(dtype, dict):
        return str(dtype["config"]["name"])
    if dtype is None:
        return None
    try:
        name = dtype if isinstance(dtype, str) else np.dtype(dtype).name
        np.dtype(name.removeprefix("mixed_").replace("bfloat16", "float16"))
    except TypeError:
        raise ValueError(f"Invalid dtype: {dtype}") from None
    return name
