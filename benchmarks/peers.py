"""A round of training in every engine, as its own users would write it."""

import os
from collections.abc import Callable
from typing import Any

import numpy as np
from workloads import Workload

Round = Callable[[], object]


def kgui(work: Workload, backend: str) -> Round:
    """Our own fit, as a script calls it."""
    from kgui.engine import Input, Model, layers
    from kgui.engine import backend as backends

    backends.use(backend)
    if backend == "numba":
        assert backends.wait_for_kernels()
    model = stacked(work, Input, Model, layers)
    return fit_round(model, work)


def stacked(work: Workload, make_input: Any, make_model: Any, layers: Any) -> Any:
    """The workload's network; Keras and kgui are spelt alike."""
    inputs = make_input((work.sizes[0],))
    if work.branches > 1:
        _, hidden, classes = work.sizes
        first, second, third = (layers.Dense(hidden, activation="relu")(inputs) for _ in range(3))
        joined = layers.Concatenate()([layers.Add()([first, second]), third])
        shared = layers.Dense(hidden, activation="relu")(joined)
        ends = [layers.Dense(classes, activation="softmax")(shared) for _ in range(2)]
        model = make_model(inputs, ends)
        model.compile("adam", ["sparse_categorical_crossentropy"] * 2)
        return model
    tensor = inputs
    for size in work.sizes[1:-1]:
        tensor = layers.Dense(size, activation="relu")(tensor)
    model = make_model(inputs, layers.Dense(work.sizes[-1], activation="softmax")(tensor))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def fit_round(model: Any, work: Workload) -> Round:
    """A fit of the workload's epochs."""
    x, y = work.data()
    targets = [y, y] if work.branches > 1 else y
    return lambda: model.fit(x, targets, batch_size=work.batch, epochs=work.epochs, verbose=0)


def keras(work: Workload, backend: str) -> Round:
    """Keras 3 on that backend."""
    os.environ["KERAS_BACKEND"] = backend
    import keras as k

    return fit_round(stacked(work, k.Input, k.Model, k.layers), work)


def torch(work: Workload, fused: bool = False, compiled: bool = False) -> Round:
    """A plain training loop in PyTorch."""
    import torch as t

    t.set_num_threads(1)

    class Network(t.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            pairs = zip(work.sizes, work.sizes[1:], strict=False)
            if work.branches > 1:
                wide, hidden, classes = work.sizes
                pairs = [(wide, hidden)] * 3 + [(2 * hidden, hidden)] + [(hidden, classes)] * 2
            self.parts = t.nn.ModuleList(t.nn.Linear(a, b) for a, b in pairs)

        def forward(self, x: Any) -> list[Any]:
            relu, parts = t.relu, self.parts
            if work.branches > 1:
                first, second, third = (relu(part(x)) for part in parts[:3])
                shared = relu(parts[3](t.cat([first + second, third], 1)))
                return [parts[4](shared), parts[5](shared)]
            for part in parts[:-1]:
                x = relu(part(x))
            return [parts[-1](x)]

    model = Network()
    optimizer = t.optim.Adam(model.parameters(), fused=fused)
    loss = t.nn.CrossEntropyLoss()
    rows, labels = work.data()
    x, y = t.from_numpy(rows), t.from_numpy(labels).long()

    def objective(part: Any, target: Any) -> Any:
        return sum(loss(output, target) for output in model(part))

    call = t.compile(objective) if compiled else objective

    def run() -> None:
        for _ in range(work.epochs):
            order = t.randperm(len(x))
            for start in range(0, len(x), work.batch):
                part = order[start : start + work.batch]
                optimizer.zero_grad()
                call(x[part], y[part]).backward()
                optimizer.step()

    return run


def jax(work: Workload, scan: bool) -> Round:  # noqa: C901 - one network, by hand
    """JAX by hand: a jitted step with donated state, or a jitted epoch of them (`lax.scan`)."""
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    import jax as j
    import jax.numpy as jnp

    generator = np.random.default_rng(0)
    weights = [(generator.normal(0, 0.05, (a, b)).astype("f4"), np.zeros(b, "f4"))
               for _, a, b in work.products()]  # fmt: skip
    rows, labels = (jnp.asarray(array) for array in work.data())

    def outputs(w: Any, x: Any) -> list[Any]:
        layer, relu = (lambda at, value: value @ w[at][0] + w[at][1]), j.nn.relu
        if work.branches > 1:
            first, second, third = (relu(layer(at, x)) for at in range(3))
            shared = relu(layer(3, jnp.concatenate([first + second, third], 1)))
            return [layer(4, shared), layer(5, shared)]
        for at in range(len(w) - 1):
            x = relu(layer(at, x))
        return [layer(len(w) - 1, x)]

    def objective(w: Any, x: Any, y: Any) -> Any:
        picked = [j.nn.log_softmax(out)[jnp.arange(len(y)), y] for out in outputs(w, x)]
        return -sum(value.mean() for value in picked)

    def step(state: Any, part: Any) -> Any:
        w, m, v, time = state
        value, g = j.value_and_grad(objective)(w, rows[part], labels[part])
        time, tree = time + 1, j.tree_util.tree_map
        m = tree(lambda a, b: a + (b - a) * 0.1, m, g)
        v = tree(lambda a, b: a + (b * b - a) * 0.001, v, g)
        alpha = 0.001 * jnp.sqrt(1 - 0.999**time) / (1 - 0.9**time)
        w = tree(lambda a, b, c: a - alpha * b / (jnp.sqrt(c) + 1e-7), w, m, v)
        return (w, m, v, time), value

    zeros = j.tree_util.tree_map(np.zeros_like, weights)
    state = j.device_put((weights, zeros, j.tree_util.tree_map(np.zeros_like, weights), 0.0))
    one = j.jit(step, donate_argnums=0)
    epoch = j.jit(lambda s, parts: j.lax.scan(step, s, parts), donate_argnums=0)
    whole = len(rows) // work.batch

    def run() -> None:
        nonlocal state
        for _ in range(work.epochs):
            order = generator.permutation(len(rows))
            parts = order[: whole * work.batch].reshape(whole, -1)
            if scan:
                state, _ = epoch(state, parts)
            else:
                for part in parts:
                    state, _ = one(state, part)
            if len(rows) % work.batch:
                state, _ = one(state, order[whole * work.batch :])
        j.block_until_ready(state)

    return run


def sklearn(work: Workload) -> Round:
    """scikit-learn's MLPClassifier."""
    from sklearn.neural_network import MLPClassifier

    if work.branches > 1:
        raise NotImplementedError("it has no branches")
    x, y = work.data()
    model = MLPClassifier(work.sizes[1:-1], batch_size=work.batch, max_iter=work.epochs,
                          n_iter_no_change=10**6, alpha=0.0)  # fmt: skip
    return lambda: model.fit(x, y)


def sgemm(work: Workload) -> Round:
    """The matrix products of the steps and nothing else: the limit."""
    calls: list[Callable[[], object]] = []
    for index, (rows, before, after) in enumerate(work.products()):
        x, w, y = (np.ones(s, "f4") for s in ((rows, before), (before, after), (rows, after)))
        sets: list[tuple[Any, Any, Any]] = [(x, w, y), (x.T, y, w.copy())]
        if index >= work.branches:
            sets.append((y, w.T, x.copy()))
        calls += [lambda a=a, b=b, out=out: a.dot(b, out) for a, b, out in sets]

    def run() -> None:
        for _ in range(work.steps):
            for call in calls:
                call()

    return run


PEERS: dict[str, Callable[[Workload], Round]] = {
    "kgui": lambda work: kgui(work, "numpy"),
    "kgui-fast": lambda work: kgui(work, "numba"),
    "torch": torch,
    "torch-fused": lambda work: torch(work, fused=True),
    "torch.compile": lambda work: torch(work, fused=True, compiled=True),
    "keras-torch": lambda work: keras(work, "torch"),
    "keras-jax": lambda work: keras(work, "jax"),
    "jax-step": lambda work: jax(work, scan=False),
    "jax-scan": lambda work: jax(work, scan=True),
    "scikit-learn": sklearn,
    "sgemm": sgemm,
}
OURS = ("kgui", "kgui-fast")
