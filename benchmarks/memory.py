"""Resident size while training 784-512-10 on as many rows as MNIST has, against what it must be.

python benchmarks/memory.py
"""

import resource
import sys

import numpy as np


def resident() -> float:
    """The largest resident size so far, in MB."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (2**20 if sys.platform == "darwin" else 2**10)


def main() -> None:
    """Print what is there, what was used, and the ratio."""
    from kgui.engine import Input, backend, layers
    from kgui.engine.models import Sequential

    backend.use("numpy")
    interpreter = resident()
    x, y = np.ones((60000, 784), "float32"), np.zeros(60000, "int32")
    model = Sequential([Input((784,)), layers.Dense(512, activation="relu")])
    model.add(layers.Dense(10, activation="softmax"))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=1, verbose=0)
    weights = 4 * model.count_params() / 2**20
    activations = 4 * 2 * 32 * (784 + 512 + 10) / 2**20
    needed = interpreter + (x.nbytes + y.nbytes) / 2**20 + 4 * weights + activations
    print(f"interpreter {interpreter:.0f} MB, data {x.nbytes / 2**20:.0f} MB, weights, gradients "
          f"and two states {4 * weights:.1f} MB, activations {activations:.1f} MB")  # fmt: skip
    print(f"needed {needed:.0f} MB, resident {resident():.0f} MB: {resident() / needed:.2f}")


if __name__ == "__main__":
    main()
