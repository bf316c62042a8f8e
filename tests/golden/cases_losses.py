"""Losses: values, options, reductions, weights, ranks, and their gradients."""

from golden_cases import Keras, Results, case, fill, labels, numpy_of, one_hot, scalar, values

LOGITS = values((6, 4), 3, -6, 6)
RAW = values((6, 4), 4, 0, 3)
PROBABILITIES = RAW / RAW.sum(-1, keepdims=True)
CLASSES = labels(6, 4, 2)
SOFT = PROBABILITIES[::-1].copy()
BINARY = labels(24, 2, 5).reshape(6, 4).astype("float32")
WEIGHTS = values((6,), 6, 0, 2)


@case()
def regression_losses(keras: Keras) -> Results:
    """Mean squared and absolute errors, with every reduction."""
    results = {}
    a, b = values((3, 4, 2), 1), values((3, 4, 2), 2)
    for name in ("MeanSquaredError", "MeanAbsoluteError"):
        kind = getattr(keras.losses, name)
        for reduction in ("sum_over_batch_size", "sum", "mean", "none", None):
            loss = kind(reduction=reduction)
            results[f"{name} {reduction}"] = numpy_of(loss(a, b))
            if reduction != "mean":
                weighted = loss(a[:, 0], b[:, 0], sample_weight=WEIGHTS[:3])
                results[f"{name} {reduction} weighted"] = numpy_of(weighted)
        results[f"{name} weights (B, T)"] = scalar(kind()(a, b, values((3, 4), 3, 0, 2)))
        results[f"{name} weights (B, 1)"] = scalar(kind()(a, b, values((3, 1), 3, 0, 2)))
        results[f"{name} scalar weight"] = scalar(kind()(a, b, numpy_of(0.5)))
        results[f"{name} name"] = kind().name
    return results


@case()
def crossentropies(keras: Keras) -> Results:
    """Cross-entropies of probabilities and of logits, with label smoothing."""
    losses, hot = keras.losses, one_hot(CLASSES, 4)
    categorical, sparse = losses.CategoricalCrossentropy, losses.SparseCategoricalCrossentropy
    binary = losses.BinaryCrossentropy
    each = {"reduction": "none"}
    return {
        "categorical": numpy_of(categorical(**each)(hot, PROBABILITIES)),
        "soft targets": numpy_of(categorical(**each)(SOFT, PROBABILITIES)),
        "not normalised": numpy_of(categorical(**each)(hot, RAW)),
        "smoothed": numpy_of(categorical(label_smoothing=0.1, **each)(hot, PROBABILITIES)),
        "logits": numpy_of(categorical(from_logits=True, **each)(hot, LOGITS)),
        "logits smoothed": scalar(categorical(from_logits=True, label_smoothing=0.2)(hot, LOGITS)),
        "sparse": numpy_of(sparse(**each)(CLASSES, PROBABILITIES)),
        "sparse column": numpy_of(sparse(**each)(CLASSES[:, None], PROBABILITIES)),
        "sparse floats": scalar(sparse()(CLASSES.astype("float32"), PROBABILITIES)),
        "sparse logits": numpy_of(sparse(from_logits=True, **each)(CLASSES, LOGITS)),
        "sparse steps": numpy_of(
            sparse(**each)(CLASSES.reshape(2, 3), PROBABILITIES.reshape(2, 3, 4))
        ),
        "sparse weighted": scalar(sparse()(CLASSES, PROBABILITIES, sample_weight=WEIGHTS)),
        "sparse weighted column": scalar(
            sparse()(CLASSES, PROBABILITIES, sample_weight=WEIGHTS[:, None])
        ),
        "binary": numpy_of(binary(**each)(BINARY, PROBABILITIES)),
        "binary smoothed": numpy_of(binary(label_smoothing=0.1, **each)(BINARY, PROBABILITIES)),
        "binary logits": numpy_of(binary(from_logits=True, **each)(BINARY, LOGITS)),
        "binary logits smoothed": scalar(
            binary(from_logits=True, label_smoothing=0.1)(BINARY, LOGITS)
        ),
        "names": [categorical().name, sparse().name, binary().name],
    }


@case()
def clipped_probabilities(keras: Keras) -> Results:
    """Probabilities of exactly 0 and 1, and logits far out."""
    sure = numpy_of([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]).astype("float32")
    wrong = numpy_of([2, 2]).astype("int32")
    far = numpy_of([[1e3, -1e3, 0.0], [-1e4, 1e4, 1e4]]).astype("float32")
    each = {"reduction": "none"}
    losses = keras.losses
    return {
        "sparse": numpy_of(losses.SparseCategoricalCrossentropy(**each)(wrong, sure)),
        "categorical": numpy_of(losses.CategoricalCrossentropy(**each)(one_hot(wrong, 3), sure)),
        "binary": numpy_of(losses.BinaryCrossentropy(**each)(1 - sure, sure)),
        "sparse logits": numpy_of(
            losses.SparseCategoricalCrossentropy(from_logits=True, **each)(wrong, far)
        ),
        "categorical logits": numpy_of(
            losses.CategoricalCrossentropy(from_logits=True, **each)(one_hot(wrong, 3), far)
        ),
        "binary logits": numpy_of(
            losses.BinaryCrossentropy(from_logits=True, **each)(1 - sure, far)
        ),
    }


@case()
def rank_alignment(keras: Keras) -> Results:
    """Targets, predictions and weights whose ranks differ by an axis of 1."""
    flat, column = values((5,), 1), values((5, 1), 2)
    steps, deep = values((3, 4), 3), values((3, 4, 1), 4)
    weights = values((5,), 5, 0, 1)
    mse = keras.losses.MeanSquaredError
    none = mse(reduction="none")
    return {
        "(B,) and (B, 1)": numpy_of(none(flat, column)),
        "(B, 1) and (B,)": numpy_of(none(column, flat)),
        "(B, T) and (B, T, 1)": numpy_of(none(steps, deep)),
        "(B, T, 1) and (B, T)": numpy_of(none(deep, steps)),
        "weights (B,)": scalar(mse()(flat, column, sample_weight=weights)),
        "weights (B, 1)": scalar(mse()(flat, column, sample_weight=weights[:, None])),
        "steps, weights (B, 1)": scalar(mse()(steps, deep, sample_weight=weights[:3, None])),
        "function": numpy_of(keras.losses.mean_squared_error(steps, steps[::-1].copy())),
        "binary": scalar(
            keras.losses.BinaryCrossentropy()(numpy_of([0, 1, 1, 0, 1]), abs(column) / 3)
        ),
    }


def _step(keras: Keras, activation: str | None, loss: object, target: object) -> object:
    """The change of a small model's weights by one step of plain SGD: minus the gradient."""
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, activation=activation)])
    fill(model, spread=2.0)
    model.compile(keras.optimizers.SGD(1.0), loss)
    before = model.get_weights()
    model.fit(values((6, 3), 9), target, batch_size=6, verbose=0, shuffle=False)
    pairs = zip(before, model.get_weights(), strict=True)
    return numpy_of([(old - new).reshape(-1).tolist() for old, new in pairs if old.ndim == 2])


@case(1e-4)
def loss_gradients(keras: Keras) -> Results:
    """Gradients through activation and loss, where both may be one kernel."""
    losses, hot = keras.losses, one_hot(CLASSES, 4)
    smooth = losses.CategoricalCrossentropy(label_smoothing=0.1)
    logits = {"from_logits": True}
    return {
        "softmax, sparse": _step(keras, "softmax", "sparse_categorical_crossentropy", CLASSES),
        "softmax, categorical": _step(keras, "softmax", "categorical_crossentropy", hot),
        "softmax, soft": _step(keras, "softmax", "categorical_crossentropy", SOFT),
        "softmax, smoothed": _step(keras, "softmax", smooth, hot),
        "softmax, mse": _step(keras, "softmax", "mse", hot),
        "sigmoid, sparse": _step(keras, "sigmoid", "sparse_categorical_crossentropy", CLASSES),
        "sigmoid, categorical": _step(keras, "sigmoid", "categorical_crossentropy", hot),
        "sigmoid, binary": _step(keras, "sigmoid", "binary_crossentropy", BINARY),
        "logits, sparse": _step(
            keras, None, losses.SparseCategoricalCrossentropy(**logits), CLASSES
        ),
        "logits, categorical": _step(keras, None, losses.CategoricalCrossentropy(**logits), hot),
        "logits, binary": _step(keras, None, losses.BinaryCrossentropy(**logits), BINARY),
        "tanh, mae": _step(keras, "tanh", "mae", hot),
        "sum": _step(keras, None, losses.MeanSquaredError(reduction="sum"), hot),
    }


@case()
def gradient_at_logit_zero(keras: Keras) -> Results:
    """A model whose logits are exactly 0, as with weights of zero."""
    results = {}
    for name, loss in (
        ("binary", keras.losses.BinaryCrossentropy(from_logits=True)),
        ("categorical", keras.losses.CategoricalCrossentropy(from_logits=True)),
    ):
        zeros = keras.layers.Dense(2, kernel_initializer="zeros")
        model = keras.Sequential([keras.Input((3,)), zeros])
        model.compile(keras.optimizers.SGD(1.0), loss)
        target = one_hot(labels(4, 2), 2)
        model.fit(values((4, 3)), target, batch_size=4, verbose=0)
        results[name] = model.get_weights()[0]
        results[f"{name} bias"] = model.get_weights()[1]
    return results
