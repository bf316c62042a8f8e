"""Metrics: which one "accuracy" means, values, names, and the means over batches."""

from golden_cases import Keras, Results, case, labels, numpy_of, one_hot, scalar, values

P = values((6, 3), 1, 0, 1)
CLASSES = labels(6, 3, 4)


def _logs(keras: Keras, x: object, y: object, metric: object, loss: object = "mse") -> object:
    """The value of a metric in evaluate, of a model that gives back its input."""
    inputs = keras.Input(x.shape[1:])
    model = keras.Model(inputs, keras.layers.Activation("linear")(inputs))
    model.compile("sgd", loss, metrics=[metric])
    return model.evaluate(x, y, batch_size=4, verbose=0, return_dict=True)


@case()
def accuracy_by_shapes(keras: Keras) -> Results:
    """ "accuracy" by the shapes of target and output."""
    results = {}
    sparse = "sparse_categorical_crossentropy"
    for name, x, y, loss in (
        ("binary (B, 1)", P[:, :1], (P[:, 1:2] > 0.5).astype("float32"), "mse"),
        ("binary (B,)", P[:, :1], (P[:, 1] > 0.5).astype("int32"), "mse"),
        ("sparse (B,)", P, CLASSES, sparse),
        ("sparse (B, 1)", P, CLASSES[:, None], sparse),
        ("categorical", P, one_hot(CLASSES, 3), "mse"),
        ("several binary", P, (P[::-1] > 0.5).astype("float32"), "binary_crossentropy"),
        ("steps sparse", P.reshape(2, 3, 3), CLASSES.reshape(2, 3), sparse),
        ("steps categorical", P.reshape(2, 3, 3), one_hot(CLASSES, 3).reshape(2, 3, 3), "mse"),
        ("steps binary", P[:, :1].reshape(2, 3, 1), (P[:, 1].reshape(2, 3, 1) > 0.5) * 1.0, "mse"),
        ("floats sparse", P, CLASSES.astype("float32"), sparse),
    ):
        for key in ("accuracy", "acc"):
            results[f"{name} {key}"] = float(_logs(keras, x, y, key, loss)[key])
    return results


@case()
def metrics_by_name(keras: Keras) -> Results:
    """Other metrics by name, object and function: key and value."""
    hot = one_hot(CLASSES, 3)
    binary = (P[::-1] > 0.5).astype("float32")

    def biggest_error(y_true: object, y_pred: object) -> object:
        return y_true - y_pred

    results: dict[str, object] = {}
    metrics = keras.metrics
    for name, y, metric in (
        ("mse", hot, "mse"),
        ("mean_squared_error", hot, "mean_squared_error"),
        ("mae", hot, "mae"),
        ("binary_accuracy", binary, "binary_accuracy"),
        ("categorical_accuracy", hot, "categorical_accuracy"),
        ("object", hot, metrics.CategoricalAccuracy()),
        ("named object", hot, metrics.MeanSquaredError(name="error")),
        ("threshold", binary, metrics.BinaryAccuracy(threshold=0.3)),
        ("function", hot, biggest_error),
        ("loss function", hot, keras.losses.mean_absolute_error),
    ):
        logs = {key: float(value) for key, value in _logs(keras, P, y, metric).items()}
        results[f"{name} keys"] = list(logs)
        results[name] = list(logs.values())
    return results


@case()
def metric_objects(keras: Keras) -> Results:
    """Objects used by hand: update, result, reset, weights."""
    mean = keras.metrics.Mean()
    empty = scalar(mean.result())
    mean.update_state(values((4,), 1), sample_weight=values((4,), 2, 0, 1))
    weighted = scalar(mean.result())
    mean.update_state(3.0)
    both = scalar(mean.result())
    mean.reset_state()
    accuracy = keras.metrics.SparseCategoricalAccuracy()
    accuracy.update_state(CLASSES, P)
    first = scalar(accuracy.result())
    accuracy.update_state(CLASSES[:2], P[:2], sample_weight=numpy_of([3.0, 1.0]))
    error = keras.metrics.MeanSquaredError()
    error.update_state(one_hot(CLASSES, 3), P, sample_weight=values((6,), 2, 0, 1))
    return {
        "empty": empty,
        "weighted": weighted,
        "both": both,
        "reset": scalar(mean.result()),
        "accuracy": first,
        "accuracy weighted": scalar(accuracy.result()),
        "error weighted": scalar(error.result()),
        "names": [mean.name, accuracy.name, error.name],
    }
