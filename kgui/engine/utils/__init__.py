"""Small things that scripts need, as `keras.utils`."""

from kgui.engine.backend.session import clear_session
from kgui.engine.callbacks.progress_bar import Progbar
from kgui.engine.datasets import PyDataset, Sequence
from kgui.engine.saving import (
    CustomObjectScope,
    custom_object_scope,
    deserialize_keras_object,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
    serialize_keras_object,
)
from kgui.engine.utils.numbers import normalize, set_random_seed, to_categorical
from kgui.engine.utils.plotting import plot_model
from kgui.engine.utils.sequences import pad_sequences

__all__ = [
    "CustomObjectScope",
    "Progbar",
    "PyDataset",
    "Sequence",
    "clear_session",
    "custom_object_scope",
    "deserialize_keras_object",
    "get_custom_objects",
    "get_registered_name",
    "get_registered_object",
    "normalize",
    "pad_sequences",
    "plot_model",
    "register_keras_serializable",
    "serialize_keras_object",
    "set_random_seed",
    "to_categorical",
]
