"""Faults while computing, functions and callbacks of one's own, and what is printed."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from small_models import ENDS, X, Y, classifier, quiet

from kgui.engine import Input, Model, Sequential, callbacks, layers, losses, metrics, ops
from kgui.engine.backend import kernels
from kgui.engine.errors import LayerError


class Faulty(layers.Layer):
    """Emits a kernel that fails in its second step."""

    def call(self, inputs: Any) -> Any:
        """inputs, later an error."""
        return _Breaks()(inputs)


class _Breaks(ops.primitive.Primitive):
    def forward(self, emit: Any, inputs: Any, out: Any) -> Any:
        return ops.primitive.Forward(inputs, emit("breaks_in_tests", *inputs, out=out()))


@pytest.fixture
def broken_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    def make(x: Any, out: Any) -> Callable[[], None]:
        def step() -> None:
            raise FloatingPointError("too bad")

        return step

    monkeypatch.setitem(kernels.KERNELS, "breaks_in_tests", make)


@pytest.mark.usefixtures("broken_kernel")
@pytest.mark.parametrize("method", ["fit", "evaluate", "predict"])
def test_a_fault_in_a_kernel_names_the_layer(method: str) -> None:
    inner = Input((4,))
    nested = Model(inner, Faulty(name="culprit", trainable=False)(inner), name="nested")
    inputs = Input((3,))
    model = Model(inputs, layers.Dense(1)(nested(layers.Dense(4)(inputs))))
    model.layers[2].trainable = False
    model.compile("sgd", "mse")
    model.trainable = False
    data = (X,) if method == "predict" else (X, ENDS[0])
    with pytest.raises(LayerError, match="'culprit' failed in the forward pass: too bad") as caught:
        getattr(model, method)(*data, verbose=0)
    assert (caught.value.layer, caught.value.phase) == ("culprit", "forward")
    assert isinstance(caught.value.__cause__, FloatingPointError)


def test_first_non_finite_names_the_layer() -> None:
    model = Sequential(
        [
            Input((3,)),
            layers.Dense(4, name="fine"),
            layers.Activation("exponential", name="explodes"),
            layers.Dense(1, name="after"),
        ]
    )
    model.compile("sgd", "mse")
    assert model.first_non_finite() == ""
    quiet(model, X, ENDS[0], batch_size=20)
    assert model.first_non_finite() == ""
    model.get_layer("fine").set_weights([np.full((3, 4), 1e3), np.full(4, 1e4)])
    history = quiet(model, X, ENDS[0], batch_size=20)
    assert model.first_non_finite() == "explodes"
    assert not np.isfinite(history["loss"][0])


def test_custom_losses_and_metrics() -> None:
    def worst(y_true: Any, y_pred: Any) -> Any:
        return ops.square(ops.subtract(y_true, y_pred))

    class Largest(metrics.Metric):
        """The largest target; no plan can compute it."""

        def reset_state(self) -> None:
            """Start again."""
            self.value = 0.0

        def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
            """Take in a batch."""
            self.value = max(self.value, float(y_true.max()))

        def result(self) -> float:
            """The largest so far."""
            return self.value

    model = Sequential([Input((3,)), layers.Dense(1)])
    model.compile("sgd", worst, metrics=[Largest(), worst])
    history = quiet(model, X, ENDS[0], batch_size=8, validation_data=(X[:5], ENDS[0][:5]))
    assert history["largest"] == [float(ENDS[0].max())]
    assert history["val_largest"] == [float(ENDS[0][:5].max())]
    assert history["worst"][0] == pytest.approx(history["loss"][0], rel=1e-6)
    found = model.evaluate(X, ENDS[0], verbose=0, return_dict=True)
    assert found["loss"] == pytest.approx(
        losses.MeanSquaredError()(ENDS[0], model.predict(X)), rel=1e-5
    )


def test_validation_frequency_as_a_list() -> None:
    history = quiet(classifier(), X, Y, epochs=5, validation_split=0.3, validation_freq=[1, 4])
    assert (len(history["loss"]), len(history["val_loss"])) == (5, 2)


def test_old_spelling_of_epochs() -> None:
    with pytest.warns(DeprecationWarning, match="renamed `epochs`"):
        assert len(quiet(classifier(), X, Y, nb_epoch=3)["loss"]) == 3


@pytest.mark.parametrize(("verbose", "lines"), [(0, 0), (1, 4), (2, 4), ("auto", 4)])
def test_what_fit_prints(verbose: Any, lines: int, capsys: pytest.CaptureFixture[str]) -> None:
    classifier().fit(X, Y, epochs=2, verbose=verbose, validation_split=0.2)
    printed = capsys.readouterr().out
    assert printed.count("\n") == lines
    assert ("Epoch 2/2" in printed) is (lines > 0)
    assert ("val_loss" in printed) is (lines > 0)


def test_what_evaluate_prints(capsys: pytest.CaptureFixture[str]) -> None:
    model = classifier()
    model.evaluate(X, Y, batch_size=8)
    assert "3/3" in (printed := capsys.readouterr().out)
    assert printed.count("\n") == 1 and "loss: " in printed


def test_one_callback_without_a_list() -> None:
    epochs: list[int] = []
    one = callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: epochs.append(epoch))
    quiet(classifier(), X, Y, epochs=2, callbacks=one)
    assert epochs == [0, 1]


def test_early_stopping_on_an_unknown_name_asks_for_the_mode() -> None:
    with pytest.raises(ValueError, match="mode"):
        quiet(classifier(), X, Y, callbacks=[callbacks.EarlyStopping("strange")])


def test_a_callback_that_raises_stops_everything() -> None:
    ended: list[Any] = []

    def fail(epoch: int, logs: Any) -> None:
        raise KeyError("mine")

    hooks = callbacks.LambdaCallback(on_epoch_end=fail, on_train_end=ended.append)
    with pytest.raises(KeyError, match="mine"):
        quiet(classifier(), X, Y, callbacks=[hooks])
    assert ended == []
