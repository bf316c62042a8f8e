"""Whole fits of five epochs with fixed first weights: every number of the history."""

from typing import Any

from golden_cases import Keras, Results, case, fill, labels, one_hot, values

EPOCHS = 5
COUNT = 22
"""Samples: two batches of 8 and a last one of 6."""

X = values((COUNT, 6), 1)
CLASSES = labels(COUNT, 3, 2)
REGRESSION = X[:, :2] * 0.5 + X[:, 2:4] * X[:, 4:] * 0.2
SIDES = (X[:, 0] + X[:, 1] > 0).astype("float32")


def _classifier(keras: Keras) -> Any:
    layers = keras.layers
    return fill(
        keras.Sequential(
            [
                keras.Input((6,)),
                layers.Dense(8, activation="relu"),
                layers.Dense(3, activation="softmax"),
            ]
        )
    )


def _history(model: Any, *data: Any, **options: Any) -> dict[str, Any]:
    """Keys, in order, and numbers of a fit's history, and the weights at its end."""
    options = {"epochs": EPOCHS, "batch_size": 8, "shuffle": False, "verbose": 0, **options}
    history = model.fit(*data, **options)
    results: dict[str, Any] = {"keys": list(history.history), "epochs": list(history.epoch)}
    results.update(
        (key, [float(value) for value in numbers]) for key, numbers in history.history.items()
    )
    results["weights"] = [float(abs(weight).sum()) for weight in model.get_weights()]
    return results


@case(1e-4)
def fit_softmax(keras: Keras) -> Results:
    """Sparse targets, softmax, Adam, accuracy."""
    model = _classifier(keras)
    loss = "sparse_categorical_crossentropy"
    model.compile(keras.optimizers.Adam(0.02), loss, metrics=["accuracy"])
    return _history(model, X, CLASSES)


@case(1e-4)
def fit_one_hot(keras: Keras) -> Results:
    """One-hot targets with validation data of another size."""
    model = _classifier(keras)
    optimizer = keras.optimizers.SGD(0.1, momentum=0.9)
    model.compile(optimizer, "categorical_crossentropy", metrics=["acc"])
    held_out = (values((9, 6), 7), one_hot(labels(9, 3, 8), 3))
    return _history(
        model, X, one_hot(CLASSES, 3), validation_data=held_out, validation_batch_size=4
    )


@case(1e-4)
def fit_split(keras: Keras) -> Results:
    """The last part held out; metrics of several kinds; validation every other epoch."""
    model = _classifier(keras)
    model.compile("adam", "crossentropy", metrics=["accuracy", "sparse_categorical_accuracy"])
    return _history(model, X, CLASSES, validation_split=0.3, validation_freq=2)


@case(1e-4)
def fit_class_weight(keras: Keras) -> Results:
    """Class weights, which the held-out part must not feel."""
    weights = {0: 3.0, 2: 0.25}
    results = {}
    for name, targets in (("sparse", CLASSES), ("column", CLASSES[:, None]),
                          ("hot", one_hot(CLASSES, 3))):  # fmt: skip
        model = _classifier(keras)
        loss = "categorical_crossentropy" if name == "hot" else "sparse_categorical_crossentropy"
        model.compile("sgd", loss, metrics=["accuracy"])
        history = _history(model, X, targets, class_weight=weights, validation_split=0.25)
        results.update((f"{name} {key}", value) for key, value in history.items())
    return results


@case(1e-4)
def fit_sample_weight(keras: Keras) -> Results:
    """Weights of samples, also of those held out by a share and given with their weights."""
    weights = values((COUNT,), 4, 0, 3)
    model = _classifier(keras)
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    results = _history(model, X, CLASSES, sample_weight=weights, validation_split=0.25)
    model = _classifier(keras)
    model.compile("sgd", "sparse_categorical_crossentropy")
    held_out = (X[:7], CLASSES[:7], values((7,), 2, 0, 1))
    given = _history(model, X, CLASSES, sample_weight=weights, validation_data=held_out)
    return results | {f"given {key}": value for key, value in given.items()}


@case(1e-4)
def fit_binary(keras: Keras) -> Results:
    """One sigmoid unit; targets of rank 1; from probabilities and from logits."""
    results = {}
    for name, activation, loss in (
        ("sigmoid", "sigmoid", "binary_crossentropy"),
        ("logits", None, keras.losses.BinaryCrossentropy(from_logits=True)),
    ):
        layers = keras.layers
        model = keras.Sequential(
            [keras.Input((6,)), layers.Dense(5, "tanh"), layers.Dense(1, activation)]
        )
        fill(model).compile(keras.optimizers.Adam(0.01), loss, metrics=["accuracy"])
        history = _history(model, X, SIDES, validation_split=0.2)
        results.update((f"{name} {key}", value) for key, value in history.items())
    return results


@case(1e-4)
def fit_regression(keras: Keras) -> Results:
    """Mean squared error, with mae beside it, from pictures through Flatten and Rescaling."""
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((2, 3)),
            layers.Rescaling(0.5, offset=0.1),
            layers.Flatten(),
            layers.Dense(8, activation="elu"),
            layers.Dense(2),
        ]
    )
    optimizer = keras.optimizers.SGD(0.05, momentum=0.8, nesterov=True)
    fill(model).compile(optimizer, "mse", metrics=["mae"])
    return _history(model, X.reshape(COUNT, 2, 3), REGRESSION, initial_epoch=1, epochs=6)


def _two_ends(keras: Keras) -> Any:
    layers = keras.layers
    a, b = keras.Input((4,), name="a"), keras.Input((2,), name="b")
    shared = layers.Dense(4, activation="relu", name="shared")
    joined = layers.Concatenate(name="join")([shared(a), b, shared(shared(a))])
    trunk = layers.Dense(6, activation="tanh", name="trunk")(joined)
    kind = layers.Dense(3, activation="softmax", name="kind")(trunk)
    size = layers.Dense(2, name="size")(layers.Add(name="add")([trunk, layers.Dense(6)(b)]))
    return fill(keras.Model([a, b], [size, kind]))


ENDS = {"size": REGRESSION, "kind": CLASSES}
STARTS = [X[:, :4].copy(), X[:, 4:].copy()]


def _evaluated(model: Any, x: Any, y: Any, **options: Any) -> dict[str, Any]:
    listed = model.evaluate(x, y, verbose=0, batch_size=8, **options)
    named = model.evaluate(x, y, verbose=0, batch_size=8, return_dict=True, **options)
    listed = listed if isinstance(listed, list) else [listed]
    return {
        "evaluate": [float(value) for value in listed],
        "evaluate keys": list(named),
        "evaluate dict": [float(value) for value in named.values()],
    }


@case(1e-4)
def fit_two_outputs(keras: Keras) -> Results:
    """Losses, weights and metrics by output name; inputs and targets by name and by list."""
    model = _two_ends(keras)
    model.compile(
        keras.optimizers.Adam(0.01),
        loss={"kind": "sparse_categorical_crossentropy", "size": "mse"},
        loss_weights={"kind": 0.5, "size": 2.0},
        metrics={"kind": ["accuracy"], "size": ["mae", "mse"]},
    )
    by_name = {"b": STARTS[1], "a": STARTS[0]}
    results = _history(model, by_name, ENDS, validation_split=0.3)
    return results | _evaluated(model, STARTS, [ENDS["size"], ENDS["kind"]])


@case(1e-4)
def fit_two_outputs_lists(keras: Keras) -> Results:
    """Everything as lists; one loss for both; sample weights for both and for each."""
    both = [REGRESSION, REGRESSION[:, ::-1].copy()]
    weights = [values((COUNT,), 3, 0, 2), values((COUNT,), 4, 0, 2)]
    results = {}
    layers = keras.layers
    for name, given in (("none", None), ("one", weights[0]), ("each", weights)):
        inputs = keras.Input((6,))
        hidden = layers.Dense(4, "sigmoid")(inputs)
        ends = [layers.Dense(2, name="z")(hidden), layers.Dense(2, name="p")(hidden)]
        model = fill(keras.Model(inputs, ends))
        losses = ["mse", "mae"] if name == "each" else "mse"
        factors = [1.0, 3.0] if name == "each" else None
        model.compile("sgd", losses, loss_weights=factors, metrics=[["mae"], ["mae", "mse"]])
        history = _history(model, X, both, sample_weight=given, validation_data=(X, both))
        results.update((f"{name} {key}", value) for key, value in history.items())
        evaluated = _evaluated(model, X, both)
        results.update((f"{name} {key}", value) for key, value in evaluated.items())
    return results


@case(1e-4)
def fit_one_loss_of_two(keras: Keras) -> Results:
    """A loss for one output only."""
    model = _two_ends(keras)
    model.compile("sgd", loss={"kind": "sparse_categorical_crossentropy", "size": None})
    results = _history(model, STARTS, ENDS)
    return results | _evaluated(model, STARTS, ENDS)


@case(1e-4)
def fit_frozen(keras: Keras) -> Results:
    """A frozen layer, thawed and compiled again between two fits."""
    model = _two_ends(keras)
    model.get_layer("shared").trainable = False
    losses = ["mse", "sparse_categorical_crossentropy"]
    model.compile(keras.optimizers.Adam(0.01), losses)
    results = _history(model, STARTS, [ENDS["size"], ENDS["kind"]])
    model.get_layer("shared").trainable = True
    model.compile(keras.optimizers.Adam(0.01), losses)
    again = _history(model, STARTS, [ENDS["size"], ENDS["kind"]])
    return results | {f"thawed {key}": value for key, value in again.items()}


@case(1e-4)
def evaluate_orders(keras: Keras) -> Results:
    """What evaluate returns: one number, a list, a dict; weights; metrics in order."""
    results: dict[str, Any] = {}
    for name, metrics in (("loss", None), ("metrics", ["mse", "accuracy"])):
        model = _classifier(keras)
        model.compile("sgd", "sparse_categorical_crossentropy", metrics=metrics)
        targets = CLASSES if name == "loss" else CLASSES[:, None]
        if name == "metrics":
            model.compile("sgd", "categorical_crossentropy", metrics=metrics)
            targets = one_hot(CLASSES, 3)
        for key, value in _evaluated(model, X, targets).items():
            results[f"{name} {key}"] = value
        weights = values((COUNT,), 3, 0, 2)
        weighted = _evaluated(model, X, targets, sample_weight=weights)
        results.update((f"{name} weighted {key}", value) for key, value in weighted.items())
    return results


@case(1e-4)
def fit_steps_in_time(keras: Keras) -> Results:
    """Targets with an axis of steps, and weights for each step."""
    layers = keras.layers
    results = {}
    x = values((COUNT, 4, 3), 3)
    y = labels(COUNT * 4, 3, 2).reshape(COUNT, 4)
    for name, weights in (("none", None), ("step", values((COUNT, 4), 2, 0, 1))):
        stack = [keras.Input((4, 3)), layers.Dense(5, "relu"), layers.Dense(3, "softmax")]
        model = fill(keras.Sequential(stack))
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        history = _history(model, x, y, sample_weight=weights)
        results.update((f"{name} {key}", value) for key, value in history.items())
    return results
