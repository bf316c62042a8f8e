"""The second backend: the same numbers bit for bit, swapped in without anybody waiting."""

import importlib.util
from typing import Any

import numpy as np
import pytest

from kgui.engine import Input, Model, backend, layers
from kgui.engine.backend import choice, get_session
from kgui.engine.backend.native.lowering import lower
from kgui.engine.callbacks import LambdaCallback
from kgui.engine.errors import LayerError
from kgui.engine.utils import set_random_seed

compiled = pytest.mark.skipif(not choice.available(), reason="needs the extra kgui[fast]")


def network(loss: str = "sparse_categorical_crossentropy", optimizer: Any = "adam") -> Model:
    """Branches, every activation with kernels of its own, two sums."""
    inputs = Input((6,))
    first = layers.Dense(9, activation="relu")(inputs)
    second = layers.Dense(9, activation="tanh")(inputs)
    third = layers.Dense(5, activation="sigmoid")(layers.Add()([first, second]))
    joined = layers.Concatenate()([third, first])
    outputs = layers.Dense(3, activation="softmax")(layers.Dropout(0.25)(joined))
    model = Model(inputs, outputs)
    model.compile(optimizer, loss, metrics=["accuracy"])
    return model


def data(kind: str = "sparse_categorical_crossentropy") -> tuple[Any, Any]:
    """Rows that leave a rest after the last whole batch."""
    generator = np.random.default_rng(3)
    x = generator.normal(size=(75, 6)).astype("float32")
    labels = generator.integers(0, 3, 75)
    return x, labels if kind.startswith("sparse") else np.eye(3, dtype="float32")[labels]


def trained(name: str, loss: str, optimizer: Any, **options: Any) -> tuple[Any, list[Any]]:
    """History and weights after some epochs."""
    get_session().backend = name
    set_random_seed(5)
    model = network(loss, optimizer)
    x, y = data(loss)
    arguments = {"batch_size": 16, "epochs": 3, "validation_split": 0.2, **options}
    history = model.fit(x, y, verbose=0, **arguments)
    return history.history, model.get_weights()


@compiled
@pytest.mark.parametrize("optimizer", ["adam", "sgd", "rmsprop", "adamw"])
@pytest.mark.parametrize(
    "loss", ["sparse_categorical_crossentropy", "categorical_crossentropy", "mean_squared_error"]
)
def test_both_backends_give_the_same_bits(loss: str, optimizer: str) -> None:
    assert backend.wait_for_kernels()
    slow, weights = trained("numpy", loss, optimizer)
    fast, others = trained("numba", loss, optimizer)
    assert fast == slow
    assert all(np.array_equal(a, b) for a, b in zip(weights, others, strict=True))


@compiled
@pytest.mark.parametrize("momentum", [0.9, 0.5])
@pytest.mark.parametrize("nesterov", [False, True])
def test_momentum_gives_the_same_bits(momentum: float, nesterov: bool) -> None:
    from kgui.engine.optimizers import SGD

    assert backend.wait_for_kernels()
    results = [
        trained(name, "mean_squared_error", SGD(0.05, momentum=momentum, nesterov=nesterov))
        for name in ("numpy", "numba")
    ]
    assert results[0][0] == results[1][0]


@compiled
def test_a_training_changes_over_between_two_epochs() -> None:
    assert backend.wait_for_kernels()
    whole, _ = trained("numpy", "mean_squared_error", "adam")
    used = []

    def begin(epoch: int, logs: Any) -> None:
        get_session().backend = "numpy" if epoch == 0 else "numba"
        used.append(backend.backend())

    watching = [LambdaCallback(on_epoch_begin=begin)]
    mixed, _ = trained("numpy", "mean_squared_error", "adam", callbacks=watching)
    assert used == ["numpy", "numba", "numba"]
    assert mixed == whole


@compiled
def test_a_network_of_dense_layers_is_one_stretch() -> None:
    """Nothing of the article's network stays in Python."""
    assert backend.wait_for_kernels()
    model = network()
    x, y = data()
    model.fit(x, y, verbose=0)
    assert model.train_program is not None
    plan = model.train_program.plan
    left = {at.kernel for at in plan.instructions if lower(at) is None}
    rare = {"random_mask", "tanh_gradient", "sigmoid", "sigmoid_gradient", "concatenate"}
    assert left <= rare
    assert len(plan.steps) < len(plan.instructions) / 2


@compiled
def test_nan_is_found_and_faults_name_their_layer() -> None:
    assert backend.wait_for_kernels()
    model = network()
    x, y = data()
    model.fit(x, y, verbose=0)
    model.layers[1].kernel.array[0, 0] = np.nan
    model.train_on_batch(x, y)
    assert model.first_non_finite() == model.layers[1].name
    assert model.train_program is not None
    plan = model.train_program.plan

    def fail() -> None:
        raise MemoryError("no more")

    at = next(i for i, step in enumerate(plan.steps) if step is not plan.opening)
    plan.steps[at] = fail
    with pytest.raises(LayerError, match="no more"):
        plan.run()


def test_names_that_are_no_backend_are_refused() -> None:
    with pytest.raises(ValueError, match="Unknown backend: 'cupy'"):
        backend.use("cupy")


def test_without_the_extra_numpy_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "numba" else found(name)
    )
    monkeypatch.setattr(choice, "_loading", choice.Loading())
    with pytest.raises(ImportError, match=r"pip install kgui\[fast\]"):
        backend.use("numba")
    backend.prepare()
    assert not backend.wait_for_kernels()
    assert backend.backend() == "numpy"
    model = network()
    model.fit(*data(), verbose=0)
