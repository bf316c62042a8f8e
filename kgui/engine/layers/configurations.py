"""Layers as plain data, and back, under Keras's names for it."""

from collections.abc import Mapping
from typing import Any

from kgui.engine import named
from kgui.engine.layers.layer import Layer


def serialize(layer: Layer) -> dict[str, Any]:
    """A layer, without its weights, as plain data."""
    described: dict[str, Any] = named.plain(layer)
    return described


def deserialize(config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Layer:
    """The layer that plain data describe, with new weights; ValueError for anything else."""
    from kgui.engine.saving.serialization import deserialize_keras_object  # it knows layers

    layer = deserialize_keras_object(config, custom_objects)
    if not isinstance(layer, Layer):
        raise ValueError(
            f"`keras.layers.deserialize` was passed a `config` object that is not a layer: {layer}"
        )
    return layer
