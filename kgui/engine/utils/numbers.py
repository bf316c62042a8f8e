"""Arrays made ready for training, and the seed of everything random."""

import operator
import random
from typing import Any

import numpy as np
import numpy.typing as npt

from kgui.engine.backend.session import get_session


def set_random_seed(seed: int) -> None:
    """Seed Python, NumPy and the session: a model built and trained after it is reproducible."""
    try:
        seed = operator.index(seed)
    except TypeError:
        raise ValueError(
            "Expected `seed` argument to be an integer. "
            f"Received: seed={seed} (of type {type(seed)})"
        ) from None
    if not 0 <= seed < 2**32:
        raise ValueError(f"Expected `seed` to be in [0, 2**32). Received: seed={seed}")
    random.seed(seed)
    np.random.seed(seed)
    get_session().set_seed(seed)


def to_categorical(x: npt.ArrayLike, num_classes: int | None = None) -> npt.NDArray[Any]:
    """One-hot rows of class indices; IndexError for one that is not below `num_classes`.

    Args:
        x: Class indices; a last axis of 1 is left out.
        num_classes: Number of classes; one more than the largest index unless given.
    """
    labels = np.array(x, dtype="int64")
    shape = labels.shape[:-1] if labels.ndim > 1 and labels.shape[-1] == 1 else labels.shape
    labels = labels.reshape(-1)
    classes = int(num_classes or np.max(labels) + 1)
    result = np.zeros((labels.size, classes))
    result[np.arange(labels.size), labels] = 1
    return result.reshape((*shape, classes))


def normalize(x: npt.ArrayLike, axis: int | None = -1, order: float = 2) -> npt.NDArray[Any]:
    """An array divided by its norm along an axis; where that is 0 it stays as it is.

    Args:
        x: The array; one of a single axis comes back as a row of a matrix, as from Keras.
        axis: Axis along which the norm is taken.
        order: Order of the norm: 2 is the Euclidean one.
    """
    array = np.asarray(x)
    norm = np.atleast_1d(np.linalg.norm(array, order, axis))
    norm[norm == 0] = 1
    return np.asarray(array / np.expand_dims(norm, -1 if axis is None else axis))
