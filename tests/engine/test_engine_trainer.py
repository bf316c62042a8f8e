"""compile, fit, evaluate, predict: what they refuse, and what they leave as it was."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kgui import engine
from kgui.engine import Input, Model, Sequential, callbacks, layers, losses, metrics, ops
from kgui.engine.backend import kernels
from kgui.engine.errors import DataError, LayerError, ShapeError

RANDOM = np.random.default_rng(4)
X = RANDOM.uniform(-1, 1, (20, 3)).astype("float32")
Y = RANDOM.integers(0, 2, 20)


def classifier(**options: Any) -> Model:
    model = Sequential([Input((3,)), layers.Dense(4, "relu"), layers.Dense(2, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", **options)
    return model


def two_ends() -> Model:
    a, b = Input((3,), name="a"), Input((2,), name="b")
    hidden = layers.Dense(4, name="hidden")(layers.Concatenate()([a, b]))
    model = Model([a, b], [layers.Dense(1, name="p")(hidden), layers.Dense(2, name="q")(hidden)])
    model.compile("sgd", "mse")
    return model


STARTS = [X, X[:, :2].copy()]
ENDS = [X[:, :1].copy(), X[:, 1:].copy()]


def quiet(model: Model, *data: Any, **options: Any) -> dict[str, list[float]]:
    return model.fit(*data, verbose=0, **options).history


@pytest.mark.parametrize("method", ["fit", "evaluate"])
def test_uncompiled_models_say_so(method: str) -> None:
    model = Sequential([Input((3,)), layers.Dense(1)])
    with pytest.raises(ValueError, match=r"You must call `compile\(\)` before using the model"):
        getattr(model, method)(X, Y, verbose=0)
    assert model.predict(X).shape == (20, 1)


def test_no_loss_at_all() -> None:
    model = Sequential([Input((3,)), layers.Dense(1)])
    model.compile("sgd")
    with pytest.raises(ValueError, match="No loss to compute"):
        quiet(model, X, Y)


@pytest.mark.parametrize(
    ("x", "y", "sizes"),
    [
        (X, Y[:5], "'x' sizes: 20; 'y' sizes: 5"),
        (X[:4], Y, "'x' sizes: 4; 'y' sizes: 20"),
    ],
)
def test_unequal_lengths_are_listed(x: Any, y: Any, sizes: str) -> None:
    with pytest.raises(DataError, match=f"Data cardinality is ambiguous.*{sizes}"):
        quiet(classifier(), x, y)


def test_sample_weights_of_another_length() -> None:
    with pytest.raises(DataError, match="'sample_weight' sizes: 3"):
        quiet(classifier(), X, Y, sample_weight=np.ones(3))


@pytest.mark.parametrize("method", ["fit", "evaluate", "predict"])
def test_wrong_shapes_name_the_input(method: str) -> None:
    model = two_ends()
    data = [X, X] if method == "predict" else [[X, X], ENDS]
    with pytest.raises(DataError) as caught:
        getattr(model, method)(*([data] if method == "predict" else data), verbose=0)
    assert str(caught.value) == (
        "Input 1 with name 'b' of layer 'functional' is incompatible with the layer: "
        "expected shape=(None, 2), found shape=(20, 3)"
    )


def test_missing_and_surplus_inputs() -> None:
    with pytest.raises(DataError, match="Missing data for input b"):
        two_ends().predict({"a": X})
    with pytest.raises(DataError, match=r"expected 2 input\(s\). Received 1 instead"):
        two_ends().predict(X)


@pytest.mark.parametrize("y", [None, ENDS[0]], ids=["none", "one"])
def test_targets_for_too_few_outputs(y: Any) -> None:
    with pytest.raises(DataError, match=r"has 2 output\(s\), but targets for"):
        quiet(two_ends(), STARTS, y)


def test_targets_of_a_shape_that_does_not_fit() -> None:
    model = Sequential([Input((3,)), layers.Dense(2, "softmax")])
    model.compile("sgd", "categorical_crossentropy")
    with pytest.raises(ShapeError, match=r"target.shape=\(20, 5\)"):
        quiet(model, X, np.ones((20, 5)))


@pytest.mark.parametrize("y", [X[:, :2], X[:, 0], np.ones((20, 3))], ids=["2", "flat", "3"])
def test_regression_targets_are_never_spread_over_units(y: Any) -> None:
    model = Sequential([Input((3,)), layers.Dense(4)])
    model.compile("sgd", "mse")
    with pytest.raises(ShapeError):
        quiet(model, X, y)


@pytest.mark.parametrize("bad", [2, -1, 7, float("nan")])
@pytest.mark.parametrize("where", ["train", "validation", "evaluate"])
def test_labels_out_of_range_name_the_output(bad: float, where: str) -> None:
    wrong = Y.astype("float64")
    wrong[3] = bad
    model = classifier()
    before = model.get_weights()
    with pytest.raises(DataError, match=r"outside the valid range of \[0, 2\)") as caught:
        if where == "train":
            quiet(model, X, wrong)
        elif where == "validation":
            quiet(model, X, Y, validation_data=(X, wrong))
        else:
            model.evaluate(X, wrong, verbose=0)
    assert caught.value.values["output"] == model.layers[-1].name
    assert all(np.array_equal(*pair) for pair in zip(before, model.get_weights(), strict=True))


@pytest.mark.parametrize("data", [np.array(["a"] * 20), np.array([object()] * 20)])
def test_text_is_no_data(data: Any) -> None:
    with pytest.raises(DataError, match="must be numbers"):
        quiet(classifier(), X, data)
    with pytest.raises(DataError, match="must be numbers"):
        classifier().predict(np.tile(data[:, None], 3))


def test_no_samples() -> None:
    for call in (lambda m: quiet(m, X[:0], Y[:0]), lambda m: m.predict(X[:0])):
        with pytest.raises(DataError, match="There are no samples"):
            call(classifier())


@pytest.mark.parametrize("split", [1.0, 0.999, 0.96])
def test_splits_that_leave_nothing(split: float) -> None:
    with pytest.raises(ValueError, match="not sufficient to split"):
        quiet(classifier(), X, Y, validation_split=split)


@pytest.mark.parametrize("size", [0, -3])
def test_batch_sizes_are_positive(size: int) -> None:
    with pytest.raises(ValueError, match="positive integer"):
        quiet(classifier(), X, Y, batch_size=size)


def test_class_weights_need_one_output_and_no_sample_weights() -> None:
    with pytest.raises(ValueError, match="single output"):
        quiet(two_ends(), STARTS, ENDS, class_weight={0: 1.0})
    with pytest.raises(ValueError, match="no `sample_weight`"):
        quiet(classifier(), X, Y, class_weight={0: 1.0}, sample_weight=np.ones(20))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"loss": "no such"}, "Could not interpret loss identifier: no such"),
        (
            {"loss": "mse", "metrics": ["logcosh", "mse"]},
            "Could not interpret metric identifier: logcosh",
        ),
        ({"loss": ["mse", "mse", "mse"]}, "as many entries as the model has outputs"),
        ({"loss": {"p": "mse", "r": "mse"}}, "key 'r' does not correspond to any model output"),
    ],
)
def test_unknown_names_surface_in_fit(options: dict[str, Any], message: str) -> None:
    model = two_ends()
    model.compile("sgd", **options)
    with pytest.raises(ValueError, match=message):
        quiet(model, STARTS, ENDS)


def test_unknown_optimizers_surface_in_compile() -> None:
    with pytest.raises(ValueError, match="Could not interpret optimizer identifier: no such"):
        two_ends().compile("no such", "mse")


def test_batches_larger_than_the_data() -> None:
    one, other = classifier(), classifier()
    other.set_weights(one.get_weights())
    whole = {"shuffle": False, "epochs": 2}
    assert quiet(one, X, Y, batch_size=1000, **whole) == quiet(other, X, Y, batch_size=20, **whole)


def test_compiling_again_keeps_weights_loss_and_metrics() -> None:
    model = classifier(metrics=["accuracy"])
    quiet(model, X, Y)
    before = model.get_weights()
    model.compile("adam")
    assert all(np.array_equal(*pair) for pair in zip(before, model.get_weights(), strict=True))
    assert set(quiet(model, X, Y)) == {"loss", "accuracy"}
    assert int(model.optimizer.iterations.numpy()) == 1


def test_optimizer_state_goes_on_from_fit_to_fit() -> None:
    once, twice = classifier(), classifier()
    twice.set_weights(once.get_weights())
    for model in (once, twice):
        model.compile(engine.optimizers.Adam(0.05), "sparse_categorical_crossentropy")
    quiet(once, X, Y, epochs=4, shuffle=False)
    quiet(twice, X, Y, epochs=2, shuffle=False)
    quiet(twice, X, Y, epochs=4, initial_epoch=2, shuffle=False)
    for one, other in zip(once.get_weights(), twice.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_models_that_share_layers_train_in_turn() -> None:
    def pair() -> tuple[Model, Model, layers.Dense]:
        shared = layers.Dense(3, "tanh", kernel_initializer="ones", name="shared")
        models = []
        for units in (1, 2):
            inputs = Input((3,))
            end = layers.Dense(units, kernel_initializer="ones", name=f"end_{units}")
            models.append(Model(inputs, end(shared(inputs))))
            models[-1].compile(engine.optimizers.SGD(0.1, momentum=0.9), "mse")
        return models[0], models[1], shared

    first, second, shared = pair()
    seen = []
    for _ in range(3):
        quiet(first, X, ENDS[0], shuffle=False)
        quiet(second, X, ENDS[1], shuffle=False)
        seen.append(shared.get_weights()[0])
        # Both models and the layer look at one set of values.
        np.testing.assert_array_equal(first.get_weights()[0], second.get_weights()[0])
        np.testing.assert_array_equal(first.get_weights()[0], shared.get_weights()[0])
        hidden = np.tanh(X @ shared.get_weights()[0] + shared.get_weights()[1])
        kernel, bias = first.get_layer("end_1").get_weights()
        np.testing.assert_allclose(first.predict(X), hidden @ kernel + bias, 1e-5, 1e-6)
    assert not np.array_equal(seen[0], seen[1])
    # The first model's step is its own: the other model's training between changes only values.
    alone, _, own = pair()
    quiet(alone, X, ENDS[0], shuffle=False)
    again, _, _ = pair()
    quiet(again, X, ENDS[0], shuffle=False)
    np.testing.assert_array_equal(alone.get_weights()[0], own.get_weights()[0])


def test_setting_weights_while_training_is_felt() -> None:
    model = classifier()
    zeros = [np.zeros_like(weight) for weight in model.get_weights()]
    reset = callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: model.set_weights(zeros)
    )
    quiet(model, X, Y, callbacks=[reset])
    assert model.evaluate(X, Y, verbose=0) == pytest.approx(np.log(2), rel=1e-6)


def test_changing_what_is_trainable_after_the_first_fit() -> None:
    model = classifier()
    quiet(model, X, Y)
    model.layers[0].trainable = False
    with pytest.raises(ValueError, match="Compile the model again"):
        quiet(model, X, Y)
    model.compile("sgd")
    frozen = model.layers[0].get_weights()
    quiet(model, X, Y)
    assert all(
        np.array_equal(*pair) for pair in zip(frozen, model.layers[0].get_weights(), strict=True)
    )


def test_a_model_without_anything_to_train() -> None:
    model = classifier()
    model.trainable = False
    model.compile("adam")
    before = model.get_weights()
    assert len(quiet(model, X, Y, epochs=2)["loss"]) == 2
    assert all(np.array_equal(*pair) for pair in zip(before, model.get_weights(), strict=True))
    plain = Sequential([Input((3,)), layers.Activation("softmax")])
    plain.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    assert len(quiet(plain, X, Y)["accuracy"]) == 1


@pytest.mark.parametrize(
    "pack",
    [
        list,
        tuple,
        lambda ends: {"q": ends[0], "p": ends[1]},
        lambda ends: [ends[0], {"x": ends[1]}],
    ],
    ids=["list", "tuple", "dict", "nested"],
)
def test_predict_keeps_the_structure_of_outputs(pack: Callable[[Any], Any]) -> None:
    inputs = Input((3,))
    ends = [layers.Dense(2, name="two")(inputs), layers.Dense(1, name="one")(inputs)]
    model = Model(inputs, pack(ends))
    predicted = model.predict(X, batch_size=7)
    assert type(predicted) is type(pack([0, 0]))
    expected = pack([end(X) for end in (model.get_layer("two"), model.get_layer("one"))])
    flat = engine.structure.flatten
    assert len(flat(predicted)) == 2
    for one, other in zip(flat(predicted), flat(expected), strict=True):
        assert one.dtype == np.float32
        np.testing.assert_allclose(one, other, 1e-6, 1e-6)


def test_predict_takes_sizes_that_the_graph_leaves_open() -> None:
    inputs = Input((None, 3))
    model = Model(inputs, layers.Dense(2)(inputs))
    assert model.predict(np.ones((5, 4, 3)), batch_size=2).shape == (5, 4, 2)
    assert model.predict(np.ones((5, 1, 3))).shape == (5, 1, 2)


def test_predict_joins_along_the_batch() -> None:
    inputs = Input((3,))
    model = Model(inputs, layers.Concatenate(axis=0)([inputs, inputs]))
    assert model.predict(X, batch_size=8).shape == (40, 3)


def test_an_input_that_is_an_output() -> None:
    inputs = Input((3,))
    model = Model(inputs, [inputs, layers.Dense(1)(inputs)])
    np.testing.assert_array_equal(model.predict(X)[0], X)


def test_flat_data_fits_an_input_of_size_one() -> None:
    model = Sequential([Input((1,)), layers.Dense(1)])
    assert model.predict(X[:, 0]).shape == (20, 1)
    np.testing.assert_array_equal(model.predict(X[:, 0]), model.predict(X[:, :1]))


def test_predict_classes() -> None:
    model = classifier()
    with pytest.warns(DeprecationWarning, match="predict_classes"):
        found = model.predict_classes(X)
    np.testing.assert_array_equal(found, model.predict(X).argmax(-1))


def test_losses_for_some_outputs_need_targets_for_those() -> None:
    model = two_ends()
    model.compile("sgd", {"q": "mse"})
    assert set(quiet(model, STARTS, {"q": ENDS[1]})) == {"loss"}


def test_sample_weights_by_output_name() -> None:
    by_name, listed = two_ends(), two_ends()
    listed.set_weights(by_name.get_weights())
    weights = RANDOM.uniform(0, 2, 20)
    one = quiet(by_name, STARTS, ENDS, sample_weight={"q": weights}, shuffle=False)
    other = quiet(listed, STARTS, ENDS, sample_weight=[np.ones(20), weights], shuffle=False)
    assert one == other


def test_shuffling_keeps_samples_targets_and_weights_together() -> None:
    seen: list[Any] = []

    def keep(y_true: Any, y_pred: Any) -> Any:
        return ops.absolute(ops.subtract(y_true, y_pred))

    inputs = Input((1,))
    model = Model(inputs, layers.Activation("linear")(inputs))
    model.compile("sgd", keep)
    rows = np.arange(50, dtype="float32")
    notes = callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append(
            [buffer.copy() for buffer in model.train_program.buffers]
        )
    )
    history = quiet(
        model, rows, rows, sample_weight=rows, batch_size=8, epochs=3, callbacks=[notes]
    )
    assert history["loss"] == [0.0] * 3
    orders = []
    for epoch in range(3):
        parts = seen[epoch * 7 : epoch * 7 + 7]
        columns = [np.concatenate([p[i].reshape(-1) for p in parts]) for i in range(3)]
        assert np.array_equal(columns[0], columns[1]) and np.array_equal(columns[0], columns[2])
        assert sorted(columns[0]) == list(range(50))
        orders.append(columns[0].tolist())
    assert orders[0] != orders[1] != orders[2] != list(range(50))


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
    assert found["loss"] == pytest.approx(losses.get("mse")(ENDS[0], model.predict(X)), rel=1e-5)


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
