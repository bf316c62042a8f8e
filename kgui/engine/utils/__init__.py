"""Small things that scripts need, as `keras.utils`."""

from kgui.engine.backend.session import clear_session
from kgui.engine.utils.numbers import normalize, set_random_seed, to_categorical
from kgui.engine.utils.sequences import pad_sequences

__all__ = [
    "clear_session",
    "normalize",
    "pad_sequences",
    "set_random_seed",
    "to_categorical",
]
