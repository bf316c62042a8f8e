"""Small things that scripts need, as `keras.utils`."""

from kgui.engine.backend.session import clear_session
from kgui.engine.callbacks.progress_bar import Progbar
from kgui.engine.datasets import PyDataset, Sequence
from kgui.engine.utils.numbers import normalize, set_random_seed, to_categorical
from kgui.engine.utils.plotting import plot_model
from kgui.engine.utils.sequences import pad_sequences

__all__ = [
    "Progbar",
    "PyDataset",
    "Sequence",
    "clear_session",
    "normalize",
    "pad_sequences",
    "plot_model",
    "set_random_seed",
    "to_categorical",
]
