"""Optimizers: the weights after several steps, and their settings."""

from golden_cases import Keras, Results, case, fill, scalar, values

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


def _all_optimizers(keras: Keras, steps: int) -> Results:
    sgd, adam = keras.optimizers.SGD, keras.optimizers.Adam
    rmsprop = keras.optimizers.RMSprop
    results = {}
    for name, optimizer in (
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

    class Halve(keras.callbacks.Callback):  # type: ignore[name-defined, misc]
        def on_train_batch_end(self, batch: int, logs: object = None) -> None:
            self.model.optimizer.learning_rate = 0.1 / (batch + 2)

    model.fit(values((12, 3), 1), values((12, 2), 2), batch_size=4, epochs=2, shuffle=False,
              verbose=0, callbacks=[Halve()])  # fmt: skip
    return {"kernel": model.get_weights()[0], "bias": model.get_weights()[1]}
