"""Sessions as programs see them: readable, replaceable; the limit of BLAS threads is shared."""

import threading
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from kgui.engine import Input, Sequential, backend, layers, utils
from kgui.engine.backend import Session
from kgui.engine.backend.threads import limit_threads

X, Y = np.ones((8, 3), "float32"), np.zeros((8, 1), "float32")


def test_a_session_can_be_read_and_replaced(session: Session) -> None:
    assert backend.get_session() is session
    assert session.backend == "auto"
    assert backend.backend() in ("numba", "numpy")
    assert backend.image_data_format() == "channels_last"
    other = Session(seed=5)
    other.floatx, other.epsilon = "float64", 1e-5
    backend.set_session(other)
    assert backend.get_session() is other
    assert (backend.floatx(), backend.epsilon()) == ("float64", 1e-5)
    assert repr(other).startswith("Session(seed=5, floatx='float64', epsilon=1e-05, threads=1")
    with backend.use_session(Session()) as inner:
        backend.set_session(session)
        assert backend.get_session() is session is not inner
    assert backend.get_session() is other
    with pytest.raises(TypeError, match="Expected a Session"):
        backend.set_session("numpy")  # type: ignore[arg-type] # refused


def test_a_session_knows_its_names_seed_and_plans(session: Session) -> None:
    utils.set_random_seed(42)
    assert session.seed == 42
    model = Sequential([Input((3,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0)
    model.train_on_batch(X, Y)
    assert session.names["dense"] == 1
    assert len(session.plans) > 0
    backend.clear_session()
    assert not session.names
    assert not session.plans
    assert session.seed == 42


def test_the_same_seed_repeats_in_another_thread() -> None:
    def work() -> Any:
        with backend.use_session(Session()):
            utils.set_random_seed(3)
            model = Sequential([Input((3,)), layers.Dropout(0.5), layers.Dense(4)])
            model.compile("adam", "mse")
            history = model.fit(X, np.ones((8, 4)), epochs=3, batch_size=4, verbose=0)
            return [*model.get_weights(), np.array(history.history["loss"])]

    results: list[Any] = [work()]
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    thread.join(20)
    assert all(np.array_equal(*pair) for pair in zip(*results, strict=True))


def blas_threads() -> list[int]:
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def test_limits_of_blas_threads_end_in_any_order() -> None:
    before = blas_threads()
    first, second, third = limit_threads(1), limit_threads(1), limit_threads(2)
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert blas_threads() == [1] * len(before)
    third.__enter__()
    assert blas_threads() == [1] * len(before)
    second.__exit__(None, None, None)
    assert blas_threads() == [2] * len(before)
    third.__exit__(None, None, None)
    assert blas_threads() == before


def test_limits_in_two_threads_overlap() -> None:
    before, began, over = blas_threads(), threading.Event(), threading.Event()

    def work() -> None:
        with limit_threads(1):
            began.set()
            over.wait(20)

    thread = threading.Thread(target=work)
    with limit_threads(1):
        thread.start()
        began.wait(20)
    assert blas_threads() == [1] * len(before)
    over.set()
    thread.join(20)
    assert blas_threads() == before
