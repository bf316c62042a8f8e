"""Writes a few small models with the real Keras 3, and what they predict and learn.

    KERAS_BACKEND=torch python tests/golden/make_saved.py

needs keras with a backend and h5py; the tests need neither Keras nor a backend.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import keras  # noqa: E402 - the path is set first
import saved_models  # noqa: E402 - found beside this script

FOLDER = HERE / "saved"
WHOLE = ("sequential", "graph", "schedule")
WEIGHTS = ("optimizer_adam_all", "optimizer_rmsprop_all")


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(exist_ok=True)
    expected: dict[str, Any] = {}
    for name in (*WHOLE, *WEIGHTS):
        build, data = saved_models.MODELS[name]
        keras.utils.clear_session()
        keras.utils.set_random_seed(1)
        model, (x, y) = build(keras), data()
        model.fit(x, y, batch_size=7, epochs=2, shuffle=False, verbose=0)
        if name in WHOLE:
            model.save(FOLDER / f"{name}.keras")
        else:
            model.save_weights(FOLDER / f"{name}.weights.h5")
        found = model.predict(x, verbose=0)
        for index, part in enumerate(saved_models.flat(found)):
            expected[f"{name}/predictions/{index}"] = part
        later = model.fit(x, y, batch_size=7, epochs=2, shuffle=False, verbose=0)
        for key, row in later.history.items():
            expected[f"{name}/history/{key}"] = np.asarray(row)
    np.savez_compressed(FOLDER / "expected.npz", **expected)
    sizes = {path.name: path.stat().st_size for path in sorted(FOLDER.iterdir())}
    print(f"Keras {keras.__version__}: {sizes}")  # noqa: T201 - a script


if __name__ == "__main__":
    main()
