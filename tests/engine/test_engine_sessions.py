"""Seeds, names and number types: repeatable, and each thread's own where asked for."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from kgui import engine
from kgui.engine import Input, Model, Sequential, layers
from kgui.engine.backend import Session, floatx, get_session, set_floatx, use_session
from kgui.engine.backend.threads import limit_threads
from kgui.engine.losses import mean_squared_error
from kgui.engine.utils import clear_session, set_random_seed, to_categorical

X = np.random.default_rng(0).uniform(-1, 1, (64, 5)).astype("float32")
Y = (X.sum(-1) > 0).astype("int32")


def trained(epochs: int = 3) -> tuple[dict[str, list[float]], list[Any]]:
    model = Sequential(
        [Input((5,)), layers.Dense(8, "relu"), layers.Dropout(0.3), layers.Dense(2, "softmax")]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(X, Y, epochs=epochs, batch_size=10, verbose=0, validation_split=0.25)
    return history.history, model.get_weights()


def same(one: Any, other: Any) -> bool:
    return one[0] == other[0] and all(
        np.array_equal(*pair) for pair in zip(one[1], other[1], strict=True)
    )


def test_a_seed_repeats_a_run_bit_for_bit() -> None:
    set_random_seed(3)
    first = trained()
    set_random_seed(3)
    second = trained()
    set_random_seed(4)
    assert same(first, second)
    assert not same(first, trained())


def test_seeds_are_checked() -> None:
    for seed in (-1, 2**32):
        with pytest.raises(ValueError, match="Expected `seed`"):
            set_random_seed(seed)


def test_sessions_are_apart() -> None:
    outer = get_session()
    before = outer.random.getstate()
    with use_session(Session(seed=9)) as inner:
        assert get_session() is inner is not outer
        set_floatx("float64")
        first = trained(1)
        assert first[1][0].dtype == np.float64
        name = layers.Dense(1).name
    assert get_session() is outer and floatx() == "float32"
    assert outer.random.getstate() == before
    with use_session(Session(seed=9)):
        set_floatx("float64")
        assert same(first, trained(1))
        assert layers.Dense(1).name == name


def test_names_start_again() -> None:
    first = layers.Dense(1).name
    assert layers.Dense(1).name != first
    clear_session()
    assert layers.Dense(1).name == "dense"


def test_unknown_number_types() -> None:
    with pytest.raises(ValueError, match="Unknown `floatx` value: float16"):
        set_floatx("float16")


def in_threads(work: Callable[[int], Any], count: int) -> list[Any]:
    """What work(0), work(1)... return, run at the same time."""
    results: list[Any] = [None] * count
    barrier = threading.Barrier(count)

    def run(index: int) -> None:
        barrier.wait()
        results[index] = work(index)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results


def test_two_fits_in_two_threads_are_the_same_as_alone() -> None:
    def work(index: int) -> Any:
        with use_session(Session(seed=index)):
            return trained(8)

    alone = [work(0), work(1)]
    assert all(same(*pair) for pair in zip(alone, in_threads(work, 2), strict=True))
    assert not same(*alone)


def test_predicting_while_another_model_trains() -> None:
    idle = Sequential([Input((5,)), layers.Dense(3, "tanh", kernel_initializer="ones")])
    expected = idle.predict(X)

    def work(index: int) -> bool:
        if index:
            return all(np.array_equal(idle.predict(X), expected) for _ in range(20))
        trained(8)
        return True

    assert in_threads(work, 2) == [True, True]


def blas_threads() -> list[int]:
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def test_the_limit_of_blas_threads_holds_in_every_thread() -> None:
    def work(index: int) -> list[int]:
        with limit_threads(1):
            return blas_threads()

    before = blas_threads()
    limited = [1] * len(before)
    assert work(0) == limited
    assert in_threads(work, 1) == [limited]
    assert work(0) == limited
    assert blas_threads() == before


def test_calls_in_a_thread_do_not_see_the_caller_tracing() -> None:
    layer = layers.Dense(2)

    class Outer(layers.Layer):
        def call(self, inputs: Any) -> Any:
            """Lets another thread compute while this call is traced."""
            seen.extend(in_threads(lambda index: layer(np.ones((1, 3))).shape, 1))
            return inputs

    seen: list[Any] = []
    Outer()(Input((3,)))
    assert seen == [(1, 2)]


def test_doubles_from_end_to_end(session: Session) -> None:
    session.floatx = "float64"
    inputs = Input((5,))
    model = Model(inputs, layers.Dense(1)(layers.Dense(4, "tanh")(inputs)))
    model.compile("adam", "mse")
    model.fit(X, X[:, :1], verbose=0)
    predicted = model.predict(X)
    assert predicted.dtype == np.float64
    loss = float(np.mean(mean_squared_error(X[:, :1].astype("float64"), predicted)))
    assert model.evaluate(X, X[:, :1], verbose=0) == pytest.approx(loss, rel=1e-12)


def test_training_flag_reaches_inner_layers() -> None:
    inner_in = Input((50,))
    inner = Sequential([layers.Dropout(0.5, seed=1)])
    nested = Model(inner_in, inner(inner_in))
    ones = np.ones((4, 50), "float32")
    assert np.array_equal(nested(ones), ones)
    dropped = nested(ones, training=True)
    assert 0.2 < float((dropped == 0).mean()) < 0.8
    assert set(np.unique(dropped)) == {0.0, 2.0}
    forced = Model(inner_in, layers.Dropout(0.5)(inner_in, training=True))
    assert (forced(ones) == 0).any()
    assert not (forced.predict(ones, verbose=0) == 0).any()  # told otherwise, as in Keras
    never = Model(inner_in, layers.Dropout(0.5)(inner_in, training=False))
    never.compile("sgd", "mse")
    assert never.evaluate(ones, ones, verbose=0) == 0.0
    assert never.fit(ones, ones, verbose=0).history["loss"] != [0.0]  # and here as well


def test_one_hot_rows() -> None:
    np.testing.assert_array_equal(to_categorical([0, 2]), [[1, 0, 0], [0, 0, 1]])
    assert to_categorical([[1], [0]]).shape == (2, 2)
    assert to_categorical([1], num_classes=5).dtype == np.float64
    with pytest.raises(IndexError):
        to_categorical([3], num_classes=2)


def test_public_names_exist() -> None:
    for module in (engine, engine.layers, engine.ops, engine.callbacks, engine.backend):
        assert all(hasattr(module, name) for name in module.__all__)
