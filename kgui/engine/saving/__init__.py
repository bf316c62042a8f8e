"""Models in files: Keras's `.keras` and `.weights.h5`, and `.npz`; never pickle."""

from kgui.engine.saving.loading import load_model
from kgui.engine.saving.registration import custom_object_scope, register_keras_serializable
from kgui.engine.saving.serialization import deserialize_keras_object, serialize_keras_object

__all__ = [
    "custom_object_scope",
    "deserialize_keras_object",
    "load_model",
    "register_keras_serializable",
    "serialize_keras_object",
]
