"""Optimizers: the weights after several steps, and their settings."""

import numpy as np
from golden_cases import Keras, Results, case, fill, numpy_of, scalar, values

STEPS = 5


def _weights_after(keras: Keras, optimizer: object, steps: int = STEPS) -> list[object]:
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(4, activation="tanh"), layers.Dense(2)]
    )
    fill(model)
    model.compile(optimizer, "mse")
    x, y = values((4 * steps, 3), 1), values((4 * steps, 2), 2)
    model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0)
    return model.get_weights()


@case(1e-4)
def optimizer_steps(keras: Keras) -> Results:
    """Ten steps of every optimizer with its options; float32 noise adds up."""
    return _all_optimizers(keras, STEPS)


@case(1e-5)
def optimizer_first_steps(keras: Keras) -> Results:
    """Two steps of every optimizer with its options."""
    return _all_optimizers(keras, 1)


def _rarer(keras: Keras) -> list[tuple[str, object]]:
    made = keras.optimizers
    return [
        *((name, name) for name in ("AdamW", "adamax", "nadam", "Adagrad", "adadelta", "FTRL")),
        ("lion", "lion"),
        ("lamb", made.Lamb()),
        ("adamw options", made.AdamW(0.02, weight_decay=0.5, epsilon=1e-4)),
        ("amsgrad", made.Adam(0.1, beta_2=0.5, amsgrad=True)),
        ("adamax options", made.Adamax(0.02, beta_1=0.8, beta_2=0.9, epsilon=1e-3)),
        ("nadam options", made.Nadam(0.02, beta_1=0.8, beta_2=0.9, epsilon=1e-3)),
        ("adagrad options", made.Adagrad(0.1, initial_accumulator_value=0.01, epsilon=1e-3)),
        ("adadelta options", made.Adadelta(1.0, rho=0.8, epsilon=1e-2)),
        ("ftrl options", made.Ftrl(
            0.1, learning_rate_power=-0.7, initial_accumulator_value=0.2,
            l1_regularization_strength=0.01, l2_regularization_strength=0.02,
            l2_shrinkage_regularization_strength=0.03, beta=0.1)),
        ("lion options", made.Lion(0.02, beta_1=0.7, beta_2=0.6)),
        ("lamb options", made.Lamb(0.02, beta_1=0.8, beta_2=0.9, epsilon=1e-3)),
        ("clipnorm", made.SGD(0.5, clipnorm=0.2)),
        ("clipvalue", made.SGD(0.5, momentum=0.5, clipvalue=0.1)),
        ("global_clipnorm", made.Adam(0.1, global_clipnorm=0.3)),
        ("no clipping", made.SGD(0.1, clipnorm=1000.0)),
        ("weight decay", made.SGD(0.1, weight_decay=0.4)),
        ("ema", made.SGD(0.1, use_ema=True, ema_momentum=0.6)),
        ("ema overwriting", made.Adam(
            0.1, use_ema=True, ema_momentum=0.7, ema_overwrite_frequency=2)),
        ("accumulation", made.Adam(0.1, gradient_accumulation_steps=2, clipnorm=0.5)),
        ("accumulation of 3", made.SGD(
            0.1, gradient_accumulation_steps=3, weight_decay=0.2, use_ema=True)),
    ]  # fmt: skip


def _all_optimizers(keras: Keras, steps: int) -> Results:
    sgd, adam = keras.optimizers.SGD, keras.optimizers.Adam
    rmsprop = keras.optimizers.RMSprop
    results = {}
    for name, optimizer in (
        *_rarer(keras),
        ("sgd", "sgd"),
        ("adam", "adam"),
        ("SGD by its other name", "SGD"),
        ("sgd 0.1", sgd(0.1)),
        ("momentum", sgd(0.05, momentum=0.9)),
        ("nesterov", sgd(learning_rate=0.05, momentum=0.9, nesterov=True)),
        ("nesterov without momentum", sgd(0.05, nesterov=True)),
        ("adam 0.05", adam(0.05)),
        ("rmsprop", "rmsprop"),
        ("rmsprop options", rmsprop(0.02, rho=0.8, epsilon=1e-3)),
        ("rmsprop momentum", rmsprop(0.01, momentum=0.5, centered=True)),
        ("adam options", adam(0.02, beta_1=0.8, beta_2=0.95, epsilon=1e-3)),
    ):
        for index, weight in enumerate(_weights_after(keras, optimizer, steps)):
            results[f"{name} {index}"] = weight
    return results


@case()
def optimizer_settings(keras: Keras) -> Results:
    """Learning rate, iterations and what setting them does."""
    optimizer = keras.optimizers.SGD(0.05, momentum=0.5)
    results: dict[str, object] = {"rate": scalar(optimizer.learning_rate)}
    weights = _weights_after(keras, optimizer)
    results["iterations"] = int(scalar(optimizer.iterations))
    optimizer.learning_rate = 0.5
    results["new rate"] = scalar(optimizer.learning_rate)
    config = keras.optimizers.Adam(0.25).get_config()
    for key in ("learning_rate", "beta_1", "beta_2", "epsilon"):
        results[f"adam {key}"] = float(config[key])
    defaults = {"sgd": keras.optimizers.SGD(), "adam": keras.optimizers.Adam()}
    for name, made in defaults.items():
        results[f"{name} default rate"] = scalar(made.learning_rate)
    results["weights"] = len(weights)
    return results


@case()
def changing_rate(keras: Keras) -> Results:
    """A learning rate that a callback changes between batches."""
    layers = keras.layers
    model = fill(keras.Sequential([keras.Input((3,)), layers.Dense(2)]))
    model.compile(keras.optimizers.Adam(0.1), "mse")

    class Halve(keras.callbacks.Callback):  # type: ignore[name-defined, misc] # keras is an argument
        def on_train_batch_end(self, batch: int, logs: object = None) -> None:
            self.model.optimizer.learning_rate = 0.1 / (batch + 2)

    model.fit(values((12, 3), 1), values((12, 2), 2), batch_size=4, epochs=2, shuffle=False,
              verbose=0, callbacks=[Halve()])  # fmt: skip
    return {"kernel": model.get_weights()[0], "bias": model.get_weights()[1]}


@case(1e-4)
def optimizer_state(keras: Keras) -> Results:
    """The state of every optimizer: its variables in order, with shapes and values."""
    made = keras.optimizers
    results: dict[str, object] = {}
    for name, optimizer in (
        ("sgd", made.SGD(0.1)),
        ("momentum", made.SGD(0.1, momentum=0.5)),
        ("adam", made.Adam(0.1)),
        ("amsgrad", made.Adam(0.1, amsgrad=True)),
        ("rmsprop", made.RMSprop(0.1, momentum=0.5, centered=True)),
        ("adamax", made.Adamax(0.1)),
        ("nadam", made.Nadam(0.1)),
        ("adagrad", made.Adagrad(0.1)),
        ("adadelta", made.Adadelta(0.1)),
        ("ftrl", made.Ftrl(0.1)),
        ("lion", made.Lion(0.1)),
        ("ema", made.SGD(0.1, momentum=0.5, use_ema=True, gradient_accumulation_steps=2)),
    ):
        _weights_after(keras, optimizer, 2)
        state = [numpy_of(variable.value) for variable in optimizer.variables]
        results[f"{name} shapes"] = [list(array.shape) for array in state]
        for index, array in enumerate(state):
            results[f"{name} {index}"] = np.asarray(array, "float32")
    return results


@case()
def excluded_from_decay(keras: Keras) -> Results:
    """Weights that are spared the decay by name."""
    optimizer = keras.optimizers.AdamW(0.1, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    return {str(i): w for i, w in enumerate(_weights_after(keras, optimizer, 1))}


@case()
def optimizer_refusals(keras: Keras) -> Results:
    """What arguments are refused, and in which words."""
    made = keras.optimizers
    results: dict[str, object] = {}
    for name, make in (
        ("unknown", lambda: made.get("adamant")),
        ("two clips", lambda: made.SGD(clipnorm=1.0, clipvalue=1.0)),
        ("accumulation", lambda: made.SGD(gradient_accumulation_steps=1)),
        ("ema momentum", lambda: made.SGD(use_ema=True, ema_momentum=2.0)),
        ("ema frequency", lambda: made.SGD(use_ema=True, ema_overwrite_frequency=1.5)),
        ("rate", lambda: made.Adam("fast")),
        ("argument", lambda: made.Adam(speed=3)),
        ("decay", lambda: made.AdamW(weight_decay=None)),
        ("lion", lambda: made.Lion(beta_1=0.0)),
        ("ftrl", lambda: made.Ftrl(learning_rate_power=1.0)),
        ("ftrl l1", lambda: made.Ftrl(l1_regularization_strength=-1.0)),
        ("momentum", lambda: made.SGD(momentum=2.0)),
    ):
        try:
            make()
            results[name] = "taken"
        except (ValueError, TypeError) as error:
            results[name] = [type(error).__name__, str(error).partition(". Did you mean")[0]]
    return results
