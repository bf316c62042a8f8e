"""Models whose state is saved, and what Keras saved of them."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import saved_models
from small_models import X, Y, classifier

from kgui import engine
from kgui.engine import optimizers
from kgui.io.arrays import read_arrays

SAVED = Path(saved_models.__file__).parent / "saved"
ENDINGS = ("w.npz", "w.weights.h5")
EXPECTED = read_arrays(SAVED / "expected.npz")


def h5py_if(name: str) -> None:
    """Skip where the optional package is needed and missing."""
    if name.endswith((".h5", ".keras")):
        pytest.importorskip("h5py")


def trained(seed: int = 1) -> Any:
    """A classifier after an epoch."""
    engine.utils.set_random_seed(seed)
    model = classifier()
    model.compile(optimizers.Adam(use_ema=True), "sparse_categorical_crossentropy")
    model.fit(X, Y, verbose=0)
    return model


def state(model: Any) -> list[Any]:
    """Its weights and its optimizer's variables."""
    return [*model.get_weights(), *(v.numpy() for v in model.optimizer.variables)]


def same(first: list[Any], second: list[Any]) -> bool:
    """True for equal arrays in equal order."""
    return len(first) == len(second) and all(map(np.array_equal, first, second))


def built(name: str) -> Any:
    """The model of that name, and its optimizer's state."""
    model = saved_models.MODELS[name][0](engine)
    model.optimizer.build(model.trainable_weights)
    return model


def compare(name: str, model: Any) -> None:
    """Predictions and further training are those that Keras saw."""
    x, y = saved_models.MODELS[name][1]()
    for index, part in enumerate(saved_models.flat(model.predict(x, verbose=0))):
        expected = EXPECTED[f"{name}/predictions/{index}"]
        np.testing.assert_allclose(part, expected, rtol=0, atol=1e-6)
    later = model.fit(x, y, batch_size=7, epochs=2, shuffle=False, verbose=0).history
    keys = [key.rpartition("/")[2] for key in EXPECTED if key.startswith(f"{name}/history/")]
    assert sorted(keys) == sorted(later)
    for key in keys:
        np.testing.assert_allclose(later[key], EXPECTED[f"{name}/history/{key}"], rtol=1e-5)


def contents(data: bytes) -> dict[str, Any]:
    """Groups, names and the shapes of the datasets of an HDF5 file."""
    import h5py

    found: dict[str, Any] = {}
    with h5py.File(io.BytesIO(data)) as file:
        file.visititems(
            lambda path, item: found.update({path: (dict(item.attrs), getattr(item, "shape", 0))})
        )
    # In Keras every Sequential takes one of the names of functional models.
    found.pop("vars")
    return found
