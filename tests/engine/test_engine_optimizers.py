"""Optimizers, callbacks, penalties and constraints where Keras has no say, or the same one."""

from pathlib import Path

import numpy as np
import pytest
from small_models import X, Y, classifier, quiet

from kgui.engine import Input, Model, Sequential, callbacks, layers, ops, optimizers
from kgui.engine.optimizers import schedules

CLASSES = [
    getattr(optimizers, name)
    for name in optimizers.__all__
    if name[0].isupper() and name != "Optimizer"
]


@pytest.mark.parametrize("kind", CLASSES)
def test_an_optimizer_comes_back_from_its_config(kind: type[optimizers.Optimizer]) -> None:
    first = kind.from_config({"learning_rate": 0.25, "clipnorm": 2.0, "use_ema": True})
    again = optimizers.get(optimizers.serialize(first))
    assert type(again) is kind
    assert again.get_config() == first.get_config()
    assert again.get_config()["clipnorm"] == 2.0


def test_a_schedule_comes_back_with_its_optimizer() -> None:
    optimizer = optimizers.SGD(schedules.CosineDecay(0.5, 10))
    again = optimizers.get(optimizers.serialize(optimizer))
    assert float(again.learning_rate) == 0.5
    with pytest.raises(TypeError, match="not settable"):
        again.learning_rate = 0.1


def test_a_function_is_asked_for_the_learning_rate() -> None:
    rates = iter([0.5, 0.25, 0.125])
    model = Sequential([Input((1,)), layers.Dense(1, use_bias=False, kernel_initializer="ones")])
    model.compile(optimizers.SGD(lambda: next(rates)), "mse")
    quiet(model, np.zeros((3, 1)), np.zeros((3, 1)), batch_size=1)
    assert list(rates) == []


def test_a_table_is_written_while_fit_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    quiet(classifier(), X, Y, epochs=2, callbacks=[callbacks.CSVLogger(path)])
    rows = path.read_text("utf-8").splitlines()
    assert rows[0] == "epoch,loss,val_loss"
    assert [row.split(",")[0] for row in rows[1:]] == ["0", "1"]


def test_a_constraint_of_ones_own_holds_after_fit() -> None:
    x = Input((3,))
    dense = layers.Dense(2, kernel_constraint=lambda w: np.clip(w, -0.01, 0.01))  # type: ignore[arg-type] # a function
    model = Model(x, dense(x))
    model.compile("adam", "mse")
    quiet(model, X, X[:, :2], epochs=1)
    assert np.abs(dense.kernel.numpy()).max() <= 0.01 + 1e-7


def test_options_of_a_layer_are_in_its_config() -> None:
    dense = layers.Dense(2, kernel_regularizer="l2", bias_constraint="non_neg")
    config = dense.get_config()
    assert config["kernel_regularizer"]["class_name"] == "L2"
    assert type(layers.Dense.from_config(config).bias_constraint).__name__ == "NonNeg"


def test_axes_change_places() -> None:
    array = np.arange(24.0).reshape(2, 3, 4)
    np.testing.assert_array_equal(ops.transpose(array), array.T)
    np.testing.assert_array_equal(ops.transpose(array, (1, 0, 2)), array.transpose(1, 0, 2))
