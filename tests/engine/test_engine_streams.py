"""Generators, datasets and other streams of batches; steps; batches of changing sizes."""

import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from small_models import ENDS, STARTS, X, Y, classifier, quiet, two_ends

from kgui.engine import Input, Model, Sequential, callbacks, kept_programs, layers, utils
from kgui.engine.errors import DataError


def rows(count: int, size: int = 4) -> Iterator[Any]:
    """Batches that go through the data again and again."""
    for index in range(count):
        at = np.arange(index * size, index * size + size) % len(X)
        yield X[at], Y[at]


class Rows(utils.PyDataset):
    """Five batches of four rows."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.asked: list[int] = []
        self.threads: set[int] = set()

    def __len__(self) -> int:
        return 5

    def __getitem__(self, index: int) -> Any:
        self.asked.append(index)
        self.threads.add(threading.get_ident())
        part = slice(index * 4, index * 4 + 4)
        return X[part], Y[part]


class Loader:
    """Can be iterated again and again, as a data loader; gives lists, as that of PyTorch does."""

    def __init__(self, known: bool) -> None:
        if known:
            self.__class__ = type("Sized", (Loader,), {"__len__": lambda _: 5})

    def __iter__(self) -> Iterator[Any]:
        return iter([list(batch) for batch in rows(5)])


def twins(**options: Any) -> tuple[Model, Model]:
    one, other = classifier(**options), classifier(**options)
    other.set_weights(one.get_weights())
    return one, other


def alike(found: dict[str, list[float]], expected: dict[str, list[float]]) -> bool:
    assert list(found) == list(expected)
    return all(found[key] == pytest.approx(expected[key], rel=1e-5) for key in expected)


def equal(one: Model, other: Model) -> bool:
    pairs = zip(one.get_weights(), other.get_weights(), strict=True)
    return all(np.allclose(*pair, rtol=1e-6) for pair in pairs)


STREAMS: dict[str, Callable[[], Any]] = {
    "generator": lambda: rows(10),
    "iterator": lambda: iter(list(rows(10))),
    "dataset": Rows,
    "dataset in threads": lambda: Rows(workers=3, max_queue_size=2),
    "sized loader": lambda: Loader(known=True),
    "loader": lambda: Loader(known=False),
}


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_trains_as_arrays_do(name: str) -> None:
    one, other = twins(metrics=["accuracy"])
    expected = quiet(one, X, Y, batch_size=4, epochs=2, shuffle=False)
    endless = name in ("generator", "iterator")
    with warnings.catch_warnings():
        warnings.simplefilter("error" if name != "loader" else "ignore")
        steps = {"steps_per_epoch": 5} if endless else {}
        found = quiet(other, STREAMS[name](), epochs=2, shuffle=False, **steps)
    assert alike(found, expected)
    assert equal(one, other)


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_is_evaluated_and_predicted_as_arrays_are(name: str) -> None:
    model = classifier(metrics=["accuracy"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what ends without saying how long it is has run out
        found = model.evaluate(STREAMS[name](), steps=5, verbose=0)
        outputs = model.predict(STREAMS[name](), steps=5, verbose=0)
    assert found == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-5)
    np.testing.assert_allclose(outputs, model.predict(X, verbose=0), rtol=1e-5)


def test_a_generator_that_ends_early_warns_and_fit_goes_on() -> None:
    model = classifier()
    with pytest.warns(UserWarning, match="Your input ran out of data; interrupting training"):
        history = quiet(model, rows(7), epochs=3, steps_per_epoch=5)
    assert len(history["loss"]) == 3
    assert int(model.optimizer.iterations) == 5 + 2 + 2


def test_datasets_are_shuffled_by_batch_and_threads_make_batches() -> None:
    data = Rows(workers=2)
    quiet(classifier(), data, epochs=4)
    orders = [data.asked[1 + 5 * epoch : 6 + 5 * epoch] for epoch in range(4)]
    assert all(sorted(order) == [0, 1, 2, 3, 4] for order in map(sorted, orders))
    quiet_threads = data.threads - {threading.get_ident()}
    assert quiet_threads


def test_an_error_of_the_dataset_reaches_the_caller() -> None:
    class Broken(Rows):
        def __getitem__(self, index: int) -> Any:
            if index == 3:
                raise OSError("the disk is gone")
            return super().__getitem__(index)

    for workers in (1, 3):
        with pytest.raises(OSError, match="the disk is gone"):
            quiet(classifier(), Broken(workers=workers), shuffle=False)


def test_datasets_without_end_and_what_base_classes_ask_for() -> None:
    class Endless(utils.PyDataset):
        num_batches = None

        def __getitem__(self, index: int) -> Any:
            return X[:4] + index, Y[:4]

    history = quiet(classifier(), Endless(), epochs=2, steps_per_epoch=3)
    assert len(history["loss"]) == 2
    assert utils.Sequence is utils.PyDataset
    with pytest.raises(NotImplementedError, match="num_batches"):
        _ = utils.PyDataset().num_batches
    with pytest.raises(NotImplementedError):
        utils.PyDataset()[0]
    assert len(list(Rows())) == 5


def test_class_weights_of_streams() -> None:
    one, other = twins(weighted_metrics=["accuracy"])
    weights = {0: 2.0, 1: 0.5}
    expected = quiet(one, X, Y, batch_size=4, shuffle=False, class_weight=weights)
    found = quiet(other, rows(5), steps_per_epoch=5, class_weight=weights)
    assert alike(found, expected)
    weighted = ((*batch, np.ones(4)) for batch in rows(5))
    with pytest.raises(ValueError, match="cannot `class_weight` and `sample_weight`"):
        quiet(one, weighted, class_weight=weights)


def test_several_inputs_and_outputs() -> None:
    one, other = two_ends(), two_ends()
    other.set_weights(one.get_weights())
    expected = quiet(one, STARTS, ENDS, batch_size=10, shuffle=False)
    parts = [slice(0, 10), slice(10, 20)]
    stream = (
        ({"a": STARTS[0][part], "b": STARTS[1][part]}, [end[part] for end in ENDS])
        for part in parts
    )
    assert alike(quiet(other, stream, steps_per_epoch=2), expected)
    outputs = one.predict((([start[part] for start in STARTS],) for part in parts), steps=2,
                          verbose=0)  # fmt: skip
    assert [output.shape for output in outputs] == [(20, 1), (20, 2)]


def test_batches_of_many_sizes_keep_a_limited_number_of_programs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept_programs, "KEPT", 3)
    made: list[Any] = []
    original = kept_programs.Programs.get

    def get(self: Any, data: Any, count: int) -> Any:
        program = original(self, data, count)
        made.append(len(self._programs))
        return program

    monkeypatch.setattr(kept_programs.Programs, "get", get)
    sizes = [1, 2, 3, 4, 5, 6, 1, 2, 6, 6]
    one, other = twins()
    stream = ((X[:size], Y[:size]) for size in sizes)
    quiet(one, stream, steps_per_epoch=len(sizes))
    for size in sizes:
        other.train_on_batch(X[:size], Y[:size])
    assert max(made) == 3
    assert equal(one, other)


def test_inputs_whose_length_changes_from_batch_to_batch() -> None:
    inputs = Input((None, 3))
    model = Model(inputs, layers.Dense(2)(inputs))
    model.compile("sgd", "mse")
    stream = [(np.ones((2, size, 3)), np.ones((2, size, 2))) for size in (4, 7, 5)]
    history = quiet(model, iter([tuple(batch) for batch in stream]), steps_per_epoch=3)
    assert np.isfinite(history["loss"][0])


def test_shuffling_within_batches() -> None:
    seen: list[Any] = []
    model = classifier()
    notes = callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append(model.train_program.buffers[0].copy())
    )
    quiet(model, X, Y, batch_size=8, epochs=2, shuffle="batch", callbacks=[notes])
    first, again = seen[0], seen[3]
    assert not np.array_equal(first, X[:8]) or not np.array_equal(again, X[:8])
    for index, batch in enumerate(seen[:3]):
        expected = X[index * 8 : index * 8 + 8]
        assert sorted(map(tuple, batch)) == sorted(map(tuple, expected))


def test_steps_per_execution_calls_batch_hooks_less_often() -> None:
    calls: list[Any] = []
    notes = callbacks.LambdaCallback(
        on_train_batch_begin=lambda batch, logs: calls.append(("begin", batch)),
        on_train_batch_end=lambda batch, logs: calls.append(("end", batch)),
    )
    model = Sequential([Input((3,)), layers.Dense(2, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", steps_per_execution=2)
    quiet(model, X, Y, batch_size=4, callbacks=[notes])
    assert calls == [("begin", 0), ("end", 1), ("begin", 2), ("end", 3), ("begin", 4), ("end", 5)]
    assert int(model.optimizer.iterations) == 5


def test_run_eagerly_calls_layers_for_every_batch() -> None:
    class Counting(layers.Layer):
        calls = 0

        def call(self, inputs: Any) -> Any:
            """The inputs."""
            type(self).calls += 1
            return inputs

    for eager, least, most in ((False, 1, 4), (True, 5, 9)):
        Counting.calls = 0
        model = Sequential([Input((3,)), Counting(), layers.Dense(1)])
        model.compile("sgd", "mse", run_eagerly=eager)
        quiet(model, X, ENDS[0], batch_size=4)
        assert least <= Counting.calls - 1 <= most, eager
        assert model.run_eagerly is eager
    with pytest.warns(UserWarning, match="Disabling `jit_compile`"):
        model.compile("sgd", "mse", run_eagerly=True, jit_compile=True)
    assert model.jit_compile is False


def test_stops_in_evaluate_and_predict() -> None:
    model = classifier()

    def stop(batch: int, logs: Any) -> None:
        model.stop_evaluating = model.stop_predicting = batch == 1

    hooks = callbacks.LambdaCallback(on_test_batch_end=stop, on_predict_batch_end=stop)
    outputs = model.predict(X, batch_size=4, verbose=0, callbacks=[hooks])
    np.testing.assert_allclose(outputs, model.predict(X[:8], verbose=0), rtol=1e-6)
    found = model.evaluate(X, Y, batch_size=4, verbose=0, callbacks=[hooks])
    assert found == pytest.approx(model.evaluate(X[:8], Y[:8], verbose=0), rel=1e-6)


def test_validation_with_a_stream() -> None:
    one, other = twins()
    expected = quiet(one, X, Y, epochs=2, shuffle=False, validation_data=(X, Y))
    found = quiet(other, X, Y, epochs=2, shuffle=False, validation_data=Rows())
    assert alike(found, expected)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"y": Y}, "`y` should not be passed. Instead, the targets should be included"),
        ({"sample_weight": Y}, "the sample weights should be included as part of the generator"),
        ({"validation_split": 0.2}, "`validation_split` is only supported for tensors or NumPy"),
    ],
)
def test_arguments_that_streams_do_not_take(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        classifier().fit(rows(3), verbose=0, **options)


@pytest.mark.parametrize(
    ("stream", "message"),
    [
        (iter([]), "Received an empty generator"),
        (iter([[X, Y]]), "must return a tuple.* Received: list"),
    ],
)
def test_generators_that_give_nothing_or_no_tuples(stream: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        quiet(classifier(), stream)
