"""Layers that users write: states, penalties, layers inside layers."""

from typing import Any

import numpy as np

from kgui.engine import Input, Layer, Metric, Model, backend, layers, ops, utils


class Centred(Layer):
    """Subtracts a running mean and multiplies by a matrix of its own."""

    def build(self, input_shape: tuple[int, ...]) -> None:
        self.mean = self.add_weight(
            shape=(input_shape[-1],), initializer="zeros", trainable=False, name="mean"
        )
        self.inner = layers.Dense(3)

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        if training:
            batch = ops.mean(inputs, axis=0)
            self.mean.assign(ops.add(ops.multiply(self.mean, 0.5), ops.multiply(batch, 0.5)))
        return self.inner(ops.subtract(inputs, self.mean))


class Charged(Layer):
    """Adds its inputs' mean square to the loss."""

    def call(self, inputs: Any) -> Any:
        self.add_loss(ops.mean(ops.square(inputs)))
        return inputs


def _data() -> tuple[Any, Any]:
    generator = np.random.default_rng(3)
    return generator.normal(size=(20, 4)).astype("f"), generator.normal(size=(20, 3)).astype("f")


def test_a_state_moves_once_a_batch_in_training_only() -> None:
    x, y = _data()
    layer = Centred()
    inputs = Input((4,))
    model = Model(inputs, layer(inputs))
    model.compile("sgd", "mse")
    model.fit(x, y, batch_size=10, epochs=1, shuffle=False, verbose=0)
    expected = 0.25 * x[:10].mean(0) + 0.5 * x[10:].mean(0)
    np.testing.assert_allclose(layer.mean.numpy(), expected, rtol=1e-5, atol=1e-6)
    model.evaluate(x, y, verbose=0)
    model.predict(x)
    np.testing.assert_allclose(layer.mean.numpy(), expected, rtol=1e-5, atol=1e-6)


def test_a_shared_state_moves_at_every_use() -> None:
    x, y = _data()
    layer = Centred()
    inputs = Input((4,))
    model = Model(inputs, layers.Add()([layer(inputs), layer(inputs)]))
    model.compile("sgd", "mse")
    model.fit(x, y, batch_size=20, epochs=1, verbose=0)
    np.testing.assert_allclose(layer.mean.numpy(), 0.75 * x.mean(0), rtol=1e-5, atol=1e-6)


def test_an_eager_call_moves_the_state_at_once() -> None:
    x, _ = _data()
    layer = Centred()
    layer(x, training=True)
    np.testing.assert_allclose(layer.mean.numpy(), 0.5 * x.mean(0), rtol=1e-5, atol=1e-6)


def test_weights_of_layers_inside_come_last_under_a_path_of_their_own() -> None:
    layer = Centred(name="outer")
    layer(np.zeros((1, 4), "f"))
    assert [weight.path for weight in layer.weights] == [
        "outer/mean", "outer/dense/kernel", "outer/dense/bias",
    ]  # fmt: skip
    layer.trainable = False
    assert not layer.inner.trainable
    assert layer.trainable_weights == []


def test_what_a_layer_adds_to_the_loss_counts_in_training_and_evaluation() -> None:
    x, y = _data()
    inputs = Input((4,))
    model = Model(inputs, layers.Dense(3)(Charged()(inputs)))
    model.compile("sgd", "mse")
    with_charge = model.evaluate(x, y, verbose=0)
    plain = float(np.mean((model.predict(x) - y) ** 2))
    np.testing.assert_allclose(with_charge, plain + float(np.mean(x**2)), rtol=1e-5)
    model(x)
    np.testing.assert_allclose(float(model.losses[0]), float(np.mean(x**2)), rtol=1e-5)
    np.testing.assert_allclose(model.evaluate(x, y, verbose=0), with_charge, rtol=1e-6)


class LargestError(Metric):
    """The largest absolute error, as a metric that a user would write."""

    def __init__(self, name: str = "largest") -> None:
        super().__init__(name)
        self.largest = self.add_variable((), "zeros", name="largest")

    def update_state(self, *args: Any, sample_weight: Any = None) -> None:
        worst = np.abs(np.asarray(args[0]) - np.asarray(args[1])).max()
        self.largest.assign(max(float(self.largest), float(worst)))

    def result(self) -> Any:
        return self.largest.numpy()


def test_a_metric_of_ones_own_is_reported_and_reset() -> None:
    with backend.use_session(backend.Session()):
        utils.set_random_seed(1)
        x, y = _data()
        inputs = Input((4,))
        model = Model(inputs, layers.Dense(3)(inputs))
        model.compile("sgd", "mse", metrics=[LargestError()])
        logs = model.evaluate(x, y, verbose=0, return_dict=True)
        np.testing.assert_allclose(logs["largest"], np.abs(model.predict(x) - y).max(), rtol=1e-5)
