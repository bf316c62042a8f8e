"""Small things that scripts need, as `keras.utils`."""

import random
from typing import Any

import numpy as np
import numpy.typing as npt

from kgui.engine.backend.session import clear_session, get_session
from kgui.engine.callbacks.progress_bar import Progbar
from kgui.engine.datasets import PyDataset, Sequence

__all__ = ["Progbar", "PyDataset", "Sequence", "clear_session", "set_random_seed", "to_categorical"]


def set_random_seed(seed: int) -> None:
    """Seed Python, NumPy and the session: a model built and trained after it is reproducible."""
    if not 0 <= seed < 2**32:
        raise ValueError(f"Expected `seed` to be in [0, 2**32). Received: seed={seed}")
    random.seed(seed)
    np.random.seed(seed)
    get_session().set_seed(seed)


def to_categorical(x: npt.ArrayLike, num_classes: int | None = None) -> npt.NDArray[Any]:
    """One-hot rows of class indices; one class more than the largest index unless given."""
    labels = np.asarray(x, dtype="int64")
    shape = labels.shape[:-1] if labels.ndim > 1 and labels.shape[-1] == 1 else labels.shape
    labels = labels.reshape(-1)
    classes = int(num_classes or labels.max(initial=0) + 1)
    result = np.zeros((labels.size, classes))
    result[np.arange(labels.size), labels] = 1
    return result.reshape((*shape, classes))
