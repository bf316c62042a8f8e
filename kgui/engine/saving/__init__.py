"""Models in files: Keras's `.keras` and `.weights.h5`, and `.npz`; never pickle."""

from kgui.engine.saving.loading import load_model, load_weights, save_model, save_weights
from kgui.engine.saving.registration import (
    custom_object_scope,
    register_keras_serializable,
)
from kgui.engine.saving.registration import (
    custom_objects as get_custom_objects,
)
from kgui.engine.saving.registration import (
    registered_name as get_registered_name,
)
from kgui.engine.saving.registration import (
    registered_object as get_registered_object,
)
from kgui.engine.saving.serialization import deserialize_keras_object, serialize_keras_object

CustomObjectScope = custom_object_scope

__all__ = [
    "CustomObjectScope",
    "custom_object_scope",
    "deserialize_keras_object",
    "get_custom_objects",
    "get_registered_name",
    "get_registered_object",
    "load_model",
    "load_weights",
    "register_keras_serializable",
    "save_model",
    "save_weights",
    "serialize_keras_object",
]
