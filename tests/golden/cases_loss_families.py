"""Losses by family: values, options, reductions with weights and masks, and gradients."""

from golden_cases import Keras, Results, case, fill, labels, numpy_of, one_hot, scalar, values

TRUE, PREDICTED = values((6, 4), 1), values((6, 4), 2)
POSITIVE = values((6, 4), 3, 0, 3)
LOGITS = values((6, 4), 3, -6, 6)
CLASSES = labels(6, 4, 2)
HOT = one_hot(CLASSES, 4)
PROBABILITIES = POSITIVE / POSITIVE.sum(-1, keepdims=True)
SOFT = PROBABILITIES[::-1].copy()
BINARY = labels(24, 2, 5).reshape(6, 4).astype("float32")
SIGNS = BINARY * 2 - 1
WEIGHTS = values((6,), 6, 0, 2)
REDUCTIONS = ("sum_over_batch_size", "mean", "sum", "mean_with_sample_weight", "none", None)

PAIRS = {
    "MeanAbsolutePercentageError": (TRUE, PREDICTED),
    "MeanSquaredLogarithmicError": (POSITIVE, PREDICTED),
    "Huber": (TRUE, PREDICTED),
    "LogCosh": (TRUE, PREDICTED),
    "CosineSimilarity": (TRUE, PREDICTED),
    "KLDivergence": (SOFT, PROBABILITIES),
    "Poisson": (POSITIVE, SOFT),
    "Hinge": (BINARY, PREDICTED),
    "SquaredHinge": (SIGNS, PREDICTED),
    "CategoricalHinge": (HOT, PREDICTED),
    "BinaryFocalCrossentropy": (BINARY, PROBABILITIES),
    "CategoricalFocalCrossentropy": (HOT, PROBABILITIES),
    "Dice": (BINARY, PROBABILITIES),
    "Tversky": (BINARY, PROBABILITIES),
}


@case()
def loss_classes(keras: Keras) -> Results:
    """Every class with its defaults, with weights, and the function of the same name."""
    results = {}
    for name, (true, predicted) in PAIRS.items():
        kind = getattr(keras.losses, name)
        results[f"{name} none"] = numpy_of(kind(reduction="none")(true, predicted))
        results[f"{name} mean"] = scalar(kind()(true, predicted))
        results[f"{name} weighted"] = scalar(kind()(true, predicted, WEIGHTS))
        results[f"{name} name"] = kind().name
        steps = (array.reshape(2, 3, 4) for array in (true, predicted))
        results[f"{name} steps"] = numpy_of(kind(reduction="none")(*steps))
    for name in ("huber", "log_cosh", "hinge", "kl_divergence", "poisson", "cosine_similarity"):
        function = getattr(keras.losses, name)
        results[f"function {name}"] = numpy_of(function(POSITIVE, SOFT))
    return results


@case()
def loss_options(keras: Keras) -> Results:
    """Options of single losses, and what is special at the edges."""
    losses, each = keras.losses, {"reduction": "none"}
    binary, categorical = losses.BinaryFocalCrossentropy, losses.CategoricalFocalCrossentropy
    zeros = TRUE * 0
    mixed = SIGNS.copy()
    mixed[0, 0] = 0
    results = {
        "huber delta": numpy_of(losses.Huber(delta=0.5, **each)(TRUE, PREDICTED)),
        "cosine of zeros": numpy_of(losses.CosineSimilarity(**each)(zeros, PREDICTED)),
        "cosine axis 0": numpy_of(losses.CosineSimilarity(axis=0, **each)(TRUE, PREDICTED)),
        "cosine axis 1": numpy_of(losses.CosineSimilarity(axis=1, **each)(TRUE, PREDICTED)),
        "percentage of zeros": numpy_of(
            losses.MeanAbsolutePercentageError(**each)(zeros, PREDICTED)
        ),
        "logarithms below": numpy_of(losses.MeanSquaredLogarithmicError(**each)(TRUE, PREDICTED)),
        "log_cosh far": numpy_of(losses.LogCosh(**each)(TRUE * 100, PREDICTED)),
        "divergence clipped": numpy_of(losses.KLDivergence(**each)(HOT, SOFT * 0)),
        "poisson of zeros": numpy_of(losses.Poisson(**each)(POSITIVE, zeros)),
        "hinge of signs": numpy_of(losses.Hinge(**each)(SIGNS, PREDICTED)),
        "hinge of mixed labels": numpy_of(losses.Hinge(**each)(mixed, PREDICTED)),
        "hinge of numbers": numpy_of(losses.SquaredHinge(**each)(TRUE, PREDICTED)),
        "binary focal logits": numpy_of(binary(from_logits=True, **each)(BINARY, LOGITS)),
        "binary focal balanced": numpy_of(
            binary(apply_class_balancing=True, **each)(BINARY, PROBABILITIES)
        ),
        "binary focal alpha": numpy_of(
            binary(apply_class_balancing=True, alpha=0.6, **each)(BINARY, PROBABILITIES)
        ),
        "binary focal smoothed": numpy_of(
            binary(label_smoothing=0.2, **each)(BINARY, PROBABILITIES)
        ),
        "binary focal sure": numpy_of(binary(gamma=1.5, **each)(BINARY, BINARY)),
        "categorical focal logits": numpy_of(categorical(from_logits=True, **each)(HOT, LOGITS)),
        "categorical focal alpha": numpy_of(categorical(alpha=0.6, **each)(HOT, PROBABILITIES)),
        "categorical focal smoothed": numpy_of(
            categorical(label_smoothing=0.2, **each)(HOT, POSITIVE)
        ),
        "categorical focal sure": numpy_of(categorical(**each)(HOT, HOT)),
        "dice axis": numpy_of(losses.Dice(axis=(1,), **each)(BINARY, PROBABILITIES)),
        "dice axis mean": scalar(losses.Dice(axis=-1)(BINARY, PROBABILITIES)),
        "tversky": scalar(losses.Tversky(alpha=0.2, beta=0.7)(BINARY, PROBABILITIES)),
        "tversky axis": numpy_of(losses.Tversky(axis=-1, **each)(BINARY, PROBABILITIES)),
        "lists": scalar(losses.Huber()([[0.0, 1.0], [2.0, 3.0]], [[1, 1], [4, 0]])),
    }
    for gamma in (0.0, 0.5, 1.0, 3.0):
        results[f"binary focal gamma {gamma}"] = numpy_of(
            binary(gamma=gamma, **each)(BINARY, PROBABILITIES)
        )
        results[f"categorical focal gamma {gamma}"] = numpy_of(
            categorical(gamma=gamma, **each)(HOT, PROBABILITIES)
        )
    return results


@case()
def reductions(keras: Keras) -> Results:
    """Every reduction, with weights of every shape and with a class that is ignored."""
    losses, results = keras.losses, {}
    steps = PROBABILITIES.reshape(2, 3, 4)
    for reduction in REDUCTIONS:
        mse = losses.MeanSquaredError(reduction=reduction)
        results[f"{reduction}"] = numpy_of(mse(TRUE, PREDICTED))
        results[f"{reduction} weighted"] = numpy_of(mse(TRUE, PREDICTED, WEIGHTS))
        results[f"{reduction} column"] = numpy_of(mse(TRUE, PREDICTED, WEIGHTS[:, None]))
        results[f"{reduction} no weight"] = numpy_of(mse(TRUE, PREDICTED, WEIGHTS * 0))
        for ignored in (1, 3):
            sparse = losses.SparseCategoricalCrossentropy(ignore_class=ignored, reduction=reduction)
            name = f"{reduction} without {ignored}"
            results[name] = numpy_of(sparse(CLASSES, PROBABILITIES))
            results[f"{name} weighted"] = numpy_of(sparse(CLASSES, PROBABILITIES, WEIGHTS))
            results[f"{name} steps"] = numpy_of(
                sparse(CLASSES.reshape(2, 3), steps, WEIGHTS.reshape(2, 3))
            )
    outside = CLASSES.copy()
    outside[::2] = -1
    logits = losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)
    results["outside"] = scalar(logits(outside, LOGITS))
    results["all ignored"] = scalar(logits(outside * 0 - 1, LOGITS))
    return results


@case(1e-4)
def gradients_of_families(keras: Keras) -> Results:
    """One step of plain SGD with every loss by its name or object."""
    losses = keras.losses
    chosen = {
        "mape": ("mape", TRUE, None),
        "msle": ("msle", POSITIVE, "relu"),
        "huber": ("huber", TRUE, None),
        "log_cosh": ("log_cosh", TRUE, None),
        "cosine_similarity": ("cosine_similarity", TRUE, None),
        "kld": ("kld", SOFT, "softmax"),
        "poisson": ("poisson", POSITIVE, "softplus"),
        "hinge": ("hinge", BINARY, None),
        "squared_hinge": ("squared_hinge", SIGNS, "tanh"),
        "categorical_hinge": ("categorical_hinge", HOT, None),
        "bce": ("bce", BINARY, "sigmoid"),
        "binary focal": ("binary_focal_crossentropy", BINARY, "sigmoid"),
        "categorical focal": ("categorical_focal_crossentropy", HOT, "softmax"),
        "dice": ("dice", BINARY, "sigmoid"),
        "tversky": ("tversky", BINARY, "sigmoid"),
        "ignored": (losses.SparseCategoricalCrossentropy(ignore_class=1), CLASSES, "softmax"),
        "weights": (losses.Huber(reduction="mean_with_sample_weight"), TRUE, None),
    }
    results = {}
    for name, (loss, target, activation) in chosen.items():
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, activation)])
        fill(model, spread=1.0)
        model.compile(keras.optimizers.SGD(0.1), loss)
        before = model.get_weights()[0]
        x = values((6, 3), 9)
        history = model.fit(
            x, target, batch_size=6, verbose=0, shuffle=False, sample_weight=WEIGHTS
        )
        results[name] = before - model.get_weights()[0]
        results[f"{name} loss"] = [float(value) for value in history.history["loss"]]
    return results


@case()
def loss_names(keras: Keras) -> Results:
    """Which strings stand for a loss, and what `get` makes of them."""
    names = [
        "mse", "MSE", "mae", "MAE", "mape", "MAPE", "msle", "MSLE", "bce", "BCE", "kld", "KLD",
        "huber", "Huber", "huber_loss", "logcosh", "log_cosh", "LogCosh", "cosine_similarity",
        "CosineSimilarity", "hinge", "squared_hinge", "categorical_hinge", "poisson", "Poisson",
        "kl_divergence", "KLDivergence", "kullback_leibler_divergence", "dice", "tversky",
        "mean_squared_error", "MeanSquaredError", "binary_focal_crossentropy",
        "categorical_focal_crossentropy", "sparse_categorical_crossentropy", "Mse", "loss",
        "mean_absolute_percentage_error", "mean_squared_logarithmic_error",
    ]  # fmt: skip
    results: dict[str, object] = {}
    for name in names:
        try:
            found = keras.losses.get(name)
        except ValueError as error:
            results[name] = str(error).partition(". Did you mean")[0]  # ours go on
        else:
            results[name] = getattr(found, "__name__", None) or f"{type(found).__name__} object"
    try:
        keras.losses.MeanSquaredError(reduction="max")
    except ValueError as error:
        results["reduction"] = str(error)[:43]
    config = keras.losses.get({"class_name": "Huber", "config": {"delta": 0.5}})
    results["config"] = scalar(config(TRUE, PREDICTED))
    return results
