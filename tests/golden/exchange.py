"""Files given from Keras to kgui and back, with the real Keras: `make keras`.

    KERAS_BACKEND=torch python tests/golden/exchange.py [name ...]

needs keras with a backend, h5py, numpy and threadpoolctl. Each model of `saved_models.py` is
trained, saved by one library, loaded by the other, compared, and trained on by both.
"""

import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

import keras  # noqa: E402 - the path is set first
import saved_layers  # noqa: E402, F401 - found beside this script
import saved_models  # noqa: E402 - the path is set first

from kgui import engine as kgui  # noqa: E402 - the path is set first

PREDICTIONS, WEIGHTS, HISTORIES = 1e-6, 1e-5, 1e-5
"""Allowed differences: of predictions after loading; of weights, and relative of losses, later."""


def train(model: Any, data: tuple[Any, Any], epochs: int) -> dict[str, list[float]]:
    """Some epochs without anything random."""
    history = model.fit(*data, batch_size=7, epochs=epochs, shuffle=False, verbose=0)
    return dict(history.history)


def predict(model: Any, x: Any) -> list[Any]:
    """What a model makes of the inputs."""
    return [np.asarray(part) for part in saved_models.flat(model.predict(x, verbose=0))]


def farthest(first: list[Any], second: list[Any], relative: bool = False) -> float:
    """The largest difference of two lists of arrays."""
    assert len(first) == len(second), (len(first), len(second))
    worst = 0.0
    for a, b in zip(first, second, strict=True):
        a, b = np.asarray(a, "float64"), np.asarray(b, "float64")
        assert a.shape == b.shape, (a.shape, b.shape)
        scale = np.maximum(1.0, np.abs(a)) if relative else 1.0
        worst = max(worst, float(np.max(np.abs(a - b) / scale, initial=0.0)))
    return worst


def optimizer_state(model: Any) -> list[Any]:
    """All of the optimizer's numbers."""
    return [np.asarray(variable.numpy()) for variable in model.optimizer.variables]


def exchange(
    build: Callable[[Any], Any], data: Any, writer: Any, reader: Any, ending: str, folder: Path
) -> tuple[float, float, float] | None:
    """Differences after loading, of weights after more training, and of its losses."""
    keras.utils.set_random_seed(5)
    kgui.utils.set_random_seed(5)
    path = folder / f"model{ending}"
    first = build(writer)
    if writer is keras and keras.backend.backend() == "jax" and first.optimizer.use_ema:
        return None  # Keras 3.15 on JAX cannot use such a model after its own fit
    train(first, data, 2)
    if ending == ".keras":
        first.save(path)
        second = reader.models.load_model(path)
    else:
        first.save_weights(path)
        second = build(reader)
        second.optimizer.build(second.trainable_weights)
        second.load_weights(path)
    # The state first: Keras on JAX may give up arrays while it predicts.
    state = farthest(optimizer_state(first), optimizer_state(second))
    assert state == 0, f"optimizer state differs by {state}"
    loaded = farthest(predict(first, data[0]), predict(second, data[0]), relative=True)
    histories = [train(model, data, 3) for model in (first, second)]
    assert sorted(histories[0]) == sorted(histories[1]), [sorted(h) for h in histories]
    losses = [[history[key] for key in sorted(history)] for history in histories]
    later = farthest(first.get_weights(), second.get_weights())
    return loaded, later, farthest(*losses, relative=True)


def main() -> int:
    """Print a line for every model and way; 1 if any differs."""
    warnings.simplefilter("error")
    warnings.simplefilter("ignore", DeprecationWarning)  # Keras's own
    warnings.filterwarnings("ignore", "Layer .* was passed an input with a mask")
    wanted, failures = sys.argv[1:], 0
    print(f"Keras {keras.__version__} on {keras.backend.backend()}")  # noqa: T201 - a script
    for name, build, data in saved_models.all_models():
        if wanted and name not in wanted:
            continue
        for ending in (".keras", ".weights.h5"):
            for writer, reader in ((keras, kgui), (kgui, keras)):
                way = f"{writer.__name__.split('.')[0]} to {reader.__name__.split('.')[0]}"
                with tempfile.TemporaryDirectory() as folder:
                    try:
                        found = exchange(build, data(), writer, reader, ending, Path(folder))
                        if found is None:
                            continue
                        limits = PREDICTIONS, WEIGHTS, HISTORIES
                        good = all(a <= b for a, b in zip(found, limits, strict=True))
                        told = "loaded {:.1e}, trained on {:.1e}, losses {:.1e}".format(*found)
                    except Exception as error:
                        good, told = False, f"{type(error).__name__}: {error}"[:300]
                        if wanted:
                            traceback.print_exc()
                failures += not good
                print(f"{'ok  ' if good else 'BAD '} {name:26} {ending:11} {way:14} {told}")  # noqa: T201 - a script
    print(f"{failures} differ" if failures else "all alike")  # noqa: T201 - a script
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
