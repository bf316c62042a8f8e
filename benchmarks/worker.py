"""One engine in one process: told a workload, it answers each line with a round's seconds."""

import os
import sys
import time
import warnings
from collections.abc import Callable

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
warnings.filterwarnings("ignore")

from workloads import WORKLOADS, Workload  # noqa: E402 - the thread limits come first

Round = Callable[[], object]


def kgui(work: Workload) -> Round:
    """Our own fit, as a script calls it."""
    from kgui.engine import Input, Model, layers

    inputs = Input((work.sizes[0],))
    tensor = inputs
    for size in work.sizes[1:-1]:
        tensor = layers.Dense(size, activation="relu")(tensor)
    model = Model(inputs, layers.Dense(work.sizes[-1], activation="softmax")(tensor))
    model.compile("adam", "sparse_categorical_crossentropy")
    x, y = work.data()
    return lambda: model.fit(x, y, batch_size=work.batch, epochs=work.epochs, verbose=0)


def torch(work: Workload, fused: bool = False) -> Round:
    """A plain training loop in PyTorch."""
    import torch as t

    t.set_num_threads(1)
    modules: list[t.nn.Module] = []
    for before, after in zip(work.sizes, work.sizes[1:], strict=False):
        modules += [t.nn.Linear(before, after), t.nn.ReLU()]
    model = t.nn.Sequential(*modules[:-1])
    optimizer = t.optim.Adam(model.parameters(), fused=fused)
    loss = t.nn.CrossEntropyLoss()
    rows, labels = work.data()
    x, y = t.from_numpy(rows), t.from_numpy(labels).long()

    def run() -> None:
        for _ in range(work.epochs):
            order = t.randperm(len(x))
            for start in range(0, len(x), work.batch):
                part = order[start : start + work.batch]
                optimizer.zero_grad()
                loss(model(x[part]), y[part]).backward()
                optimizer.step()

    return run


def keras(work: Workload) -> Round:
    """Keras 3 on the backend that KERAS_BACKEND names."""
    import keras as k

    stack = [k.layers.Dense(size, activation="relu") for size in work.sizes[1:-1]]
    last = k.layers.Dense(work.sizes[-1], activation="softmax")
    model = k.Sequential([k.Input((work.sizes[0],)), *stack, last])
    model.compile("adam", "sparse_categorical_crossentropy")
    x, y = work.data()
    return lambda: model.fit(x, y, batch_size=work.batch, epochs=work.epochs, verbose=0)


def sklearn(work: Workload) -> Round:
    """scikit-learn's MLPClassifier."""
    from sklearn.neural_network import MLPClassifier

    x, y = work.data()
    model = MLPClassifier(work.sizes[1:-1], batch_size=work.batch, max_iter=work.epochs,
                          n_iter_no_change=10**6, alpha=0.0)  # fmt: skip
    return lambda: model.fit(x, y)


def main(engine: str, workload: str) -> None:
    """Build, warm up, then one round per line read."""
    work = WORKLOADS[workload]
    if engine.startswith("keras-"):
        os.environ["KERAS_BACKEND"] = engine.removeprefix("keras-")
    makers: dict[str, Callable[[Workload], Round]] = {
        "kgui": kgui,
        "torch": torch,
        "torch-fused": lambda w: torch(w, fused=True),
        "keras-torch": keras,
        "keras-jax": keras,
        "scikit-learn": sklearn,
    }
    run = makers[engine](work)
    run()
    print("ready", flush=True)
    for _ in sys.stdin:
        began = time.perf_counter()
        run()
        print(time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
