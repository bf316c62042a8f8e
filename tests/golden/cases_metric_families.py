"""Metrics by family: values over batches, options, weights, names, and weighted_metrics."""

import numpy as np
from golden_cases import Keras, Results, case, labels, numpy_of, one_hot, values

P = values((8, 4), 1, 0, 1)
LOGITS = values((8, 4), 7, -4, 4)
CLASSES = labels(8, 4, 4)
HOT = one_hot(CLASSES, 4)
BINARY = labels(32, 2, 5).reshape(8, 4).astype("float32")
TRUE, PREDICTED = values((8, 4), 1), values((8, 4), 2)
SOFT = P / P.sum(-1, keepdims=True)
WEIGHTS = values((8,), 6, 0, 2)


def _value(metric: object, true: object, predicted: object, weights: object = None) -> object:
    """The result over two batches of unequal size."""
    for rows in (slice(0, 5), slice(5, 8)):
        weight = {} if weights is None else {"sample_weight": weights[rows]}
        metric.update_state(true[rows], predicted[rows], **weight)
    result = numpy_of(metric.result())
    return result.astype("float32")


def _both(results: dict, name: str, make: object, true: object, predicted: object) -> None:
    results[name] = _value(make(), true, predicted)
    results[f"{name} weighted"] = _value(make(), true, predicted, WEIGHTS)


@case()
def means_of_losses(keras: Keras) -> Results:
    """Mean-type metrics of every loss, and their names."""
    results: dict[str, object] = {}
    for name, true, predicted in (
        ("MeanSquaredError", TRUE, PREDICTED),
        ("MeanAbsoluteError", TRUE, PREDICTED),
        ("MeanAbsolutePercentageError", TRUE, PREDICTED),
        ("MeanSquaredLogarithmicError", P, PREDICTED),
        ("RootMeanSquaredError", TRUE, PREDICTED),
        ("CosineSimilarity", TRUE, PREDICTED),
        ("LogCoshError", TRUE, PREDICTED),
        ("KLDivergence", SOFT[::-1], SOFT),
        ("Poisson", P, SOFT),
        ("Hinge", BINARY, PREDICTED),
        ("SquaredHinge", BINARY * 2 - 1, PREDICTED),
        ("CategoricalHinge", HOT, PREDICTED),
        ("BinaryCrossentropy", BINARY, P),
        ("CategoricalCrossentropy", HOT, P),
        ("SparseCategoricalCrossentropy", CLASSES, P),
        ("Accuracy", BINARY, (P > 0.5).astype("float32")),
        ("BinaryAccuracy", BINARY, P),
        ("CategoricalAccuracy", HOT, P),
        ("SparseCategoricalAccuracy", CLASSES, P),
        ("R2Score", TRUE, PREDICTED),
    ):
        _both(results, name, getattr(keras.metrics, name), true.copy(), predicted)
        results[f"{name} name"] = getattr(keras.metrics, name)().name
    for k in (1, 2, 3, 5):
        top = keras.metrics.TopKCategoricalAccuracy
        sparse = keras.metrics.SparseTopKCategoricalAccuracy
        if k < 4:
            _both(results, f"top {k}", lambda k=k, top=top: top(k=k), HOT, P)
            _both(results, f"sparse top {k}", lambda k=k, top=sparse: top(k=k), CLASSES, P)
    ignoring = keras.metrics.SparseCategoricalCrossentropy
    _both(results, "ignored class", lambda: ignoring(ignore_class=1), CLASSES, P)
    ids = np.argsort(-P, axis=-1).astype("float32")
    results["sorted ids"] = _value(
        keras.metrics.SparseTopKCategoricalAccuracy(k=2, from_sorted_ids=True), CLASSES, ids
    )
    results["defaults"] = [
        keras.metrics.TopKCategoricalAccuracy().name,
        keras.metrics.SparseTopKCategoricalAccuracy().name,
    ]
    return results


@case()
def reductions_of_metrics(keras: Keras) -> Results:
    """Mean and Sum of values of several axes, with weights of several shapes."""
    results: dict[str, object] = {}
    steps = values((4, 3, 2), 3)
    for name in ("Mean", "Sum"):
        kind = getattr(keras.metrics, name)
        for key, weight in (
            ("plain", None),
            ("(B,)", values((4,), 2, 0, 1)),
            ("(B, 1)", values((4, 1), 2, 0, 1)),
            ("(B, T)", values((4, 3), 2, 0, 1)),
            ("(B, T, 2)", values((4, 3, 2), 2, 0, 1)),
        ):
            for values_of in (steps, steps[..., 0].copy()):
                if weight is not None and weight.ndim > values_of.ndim:
                    continue
                metric = kind()
                metric.update_state(values_of, sample_weight=weight)
                results[f"{name} {key} rank {values_of.ndim}"] = numpy_of(metric.result())
        metric = kind()
        metric.update_state([[1.0, 2.0], [3.0, 5.0]])
        metric.update_state([4.0])
        metric.update_state(6.0)
        results[f"{name} mixed"] = numpy_of(metric.result())
    return results


@case(2e-5)
def confusion(keras: Keras) -> Results:
    """Counts, precision, recall and F scores with their options."""
    metrics = keras.metrics
    results: dict[str, object] = {}
    for name in (
        "TruePositives", "FalsePositives", "TrueNegatives", "FalseNegatives", "Precision",
        "Recall",
    ):  # fmt: skip
        kind = getattr(metrics, name)
        _both(results, name, kind, BINARY, P)
        _both(results, f"{name} several", lambda k=kind: k(thresholds=[0.2, 0.5, 0.9]), BINARY, P)
        _both(results, f"{name} even", lambda k=kind: k(thresholds=[0.0, 0.5, 1.0]), BINARY, P)
        results[f"{name} flat"] = _value(kind(), BINARY[:, 0], P[:, :1])
        results[f"{name} edge"] = _value(kind(), BINARY, BINARY / 2)
        results[f"{name} empty"] = numpy_of(kind().result())
    for name in ("Precision", "Recall"):
        kind = getattr(metrics, name)
        _both(results, f"{name} top_k", lambda k=kind: k(top_k=2), BINARY, P)
        _both(results, f"{name} class_id", lambda k=kind: k(class_id=1), BINARY, P)
        _both(results, f"{name} both", lambda k=kind: k(top_k=2, class_id=1), BINARY, P)
        _both(results, f"{name} 0.3", lambda k=kind: k(thresholds=0.3, top_k=2), BINARY, P)
    for average in (None, "micro", "macro", "weighted"):
        _both(results, f"F1 {average}", lambda a=average: metrics.F1Score(average=a), HOT, P)
        for threshold in (None, 0.4):
            _both(
                results,
                f"Fbeta {average} {threshold}",
                lambda a=average, t=threshold: metrics.FBetaScore(a, beta=2.0, threshold=t),
                BINARY,
                P,
            )
    return results


@case()
def areas(keras: Keras) -> Results:
    """AUC with every curve and summation, labels apart, logits; the best at a condition."""
    metrics = keras.metrics
    results: dict[str, object] = {}
    true, predicted = BINARY.reshape(-1, 1)[:24], P.reshape(-1, 1)[:24]
    for curve in ("ROC", "PR", "PRGAIN"):
        for method in ("interpolation", "majoring", "minoring"):
            name = f"{curve} {method}"
            make = lambda c=curve, m=method: metrics.AUC(curve=c, summation_method=m)  # noqa: E731 - one a turn
            results[name] = _value(make(), true, predicted)
            results[f"{name} weighted"] = _value(make(), true, predicted, WEIGHTS)
            several = metrics.AUC(curve=curve, summation_method=method, multi_label=True)
            results[f"{name} labels"] = _value(several, BINARY, P)
    for name, options in (
        ("few", {"num_thresholds": 5}),
        ("two", {"num_thresholds": 2}),
        ("own", {"thresholds": [0.1, 0.35, 0.8]}),
        ("own even", {"thresholds": [0.25, 0.5, 0.75]}),
        ("labels weighted", {"multi_label": True, "label_weights": [1.0, 2.0, 0.5, 0.0]}),
        ("label weights", {"label_weights": [1.0, 2.0, 0.5, 0.0]}),
        ("own labels", {"multi_label": True, "thresholds": [0.1, 0.35, 0.8]}),
    ):
        results[name] = _value(metrics.AUC(**options), BINARY, P)
        results[f"{name} weighted"] = _value(metrics.AUC(**options), BINARY, P, WEIGHTS)
    results["logits"] = _value(metrics.AUC(from_logits=True), BINARY, LOGITS)
    results["flat"] = _value(metrics.AUC(), BINARY[:, 0], P[:, :1])
    results["sure"] = _value(metrics.AUC(), BINARY, BINARY)
    results["empty"] = numpy_of(metrics.AUC().result())
    for name in (
        "SensitivityAtSpecificity", "SpecificityAtSensitivity", "PrecisionAtRecall",
        "RecallAtPrecision",
    ):  # fmt: skip
        kind = getattr(metrics, name)
        _both(results, name, lambda k=kind: k(0.6), BINARY, P)
        _both(results, f"{name} class", lambda k=kind: k(0.5, class_id=1), BINARY, P)
        _both(results, f"{name} one", lambda k=kind: k(0.4, num_thresholds=1), BINARY, P)
    return results


@case()
def overlaps(keras: Keras) -> Results:
    """Intersections over unions."""
    metrics = keras.metrics
    found = labels(8, 4, 1)
    return {
        "MeanIoU": _value(metrics.MeanIoU(4), CLASSES, found),
        "MeanIoU weighted": _value(metrics.MeanIoU(4), CLASSES, found, labels(8, 4, 3)),
        "MeanIoU absent": _value(metrics.MeanIoU(6), CLASSES, found),
        "MeanIoU ignored": _value(metrics.MeanIoU(4, ignore_class=1), CLASSES, found),
        "IoU": _value(metrics.IoU(4, [0, 2]), CLASSES, found),
        "BinaryIoU": _value(metrics.BinaryIoU(threshold=0.4), BINARY, P),
        "OneHotIoU": _value(metrics.OneHotIoU(4, [0, 1]), HOT, P),
        "OneHotMeanIoU": _value(metrics.OneHotMeanIoU(4), HOT, P),
        "names": [metrics.MeanIoU(4).name, metrics.BinaryIoU().name, metrics.IoU(2, [0]).name],
    }


@case()
def r2_options(keras: Keras) -> Results:
    """R2 aggregated in every way, and adjusted."""
    results: dict[str, object] = {}
    for aggregation in (None, "uniform_average", "variance_weighted_average"):
        for count in (0, 3):
            _both(
                results,
                f"{aggregation} {count}",
                lambda a=aggregation, n=count: keras.metrics.R2Score(a, n),
                TRUE,
                PREDICTED,
            )
    return results


@case()
def metrics_while_training(keras: Keras) -> Results:
    """Keys and values of metrics and weighted_metrics in fit, with validation."""
    x = values((8, 4), 9, 0, 1)
    results: dict[str, object] = {}
    metrics = keras.metrics
    for name, plain, weighted in (
        ("auc", [metrics.AUC(), metrics.AUC(curve="PR"), "recall", "precision"], None),
        ("same", ["mse", "mse", "acc"], ["mse", "acc", "mae", "mse"]),
        ("weighted alone", None, ["mse", metrics.RootMeanSquaredError(), metrics.AUC(name="a")]),
        ("means", ["mape", "msle", "cosine_similarity", "hinge"], ["kl_divergence", "poisson"]),
        ("nested", [["mae"], [metrics.Recall(name="r")]], [[metrics.R2Score()]]),
    ):
        for weights in (None, WEIGHTS):
            inputs = keras.Input((4,))
            model = keras.Model(inputs, keras.layers.Activation("linear")(inputs))
            model.compile("sgd", "mse", metrics=plain, weighted_metrics=weighted)
            history = model.fit(
                x, BINARY, sample_weight=weights, batch_size=3, epochs=1, verbose=0,
                shuffle=False, validation_data=(x[:5], BINARY[:5]),
            ).history  # fmt: skip
            key = f"{name}{'' if weights is None else ' with weights'}"
            results[f"{key} keys"] = [k for k in history if k != "loss"]
            results[key] = [float(value[0]) for value in history.values()]
            again = model.evaluate(x, BINARY, sample_weight=weights, batch_size=3, verbose=0)
            results[f"{key} evaluate"] = [float(value) for value in again]
    return results


@case()
def metric_names(keras: Keras) -> Results:
    """Which strings stand for a metric, and names that count."""
    results: dict[str, object] = {}
    for name in (
        "mse", "MSE", "mae", "mape", "msle", "bce", "BCE", "kld", "kl_divergence", "huber",
        "log_cosh", "logcosh", "log_cosh_error", "auc", "AUC", "precision", "Recall", "r2_score",
        "root_mean_squared_error", "rmse", "f1_score", "true_positives", "hinge", "poisson",
        "top_k_categorical_accuracy", "sparse_top_k_categorical_accuracy", "accuracy", "acc",
        "cosine_similarity", "mean", "sum", "binary_io_u", "binary_iou",
    ):  # fmt: skip
        try:
            found = keras.metrics.get(name)
        except ValueError as error:
            results[name] = str(error).partition(". Did you mean")[0]  # ours go on
        else:
            results[name] = type(found).__name__
    metrics = keras.metrics
    keras.utils.clear_session()
    kinds = (metrics.AUC, metrics.AUC, metrics.Precision, metrics.TruePositives, metrics.Precision)
    results["counted"] = [kind().name for kind in kinds]
    for name, make in {
        "threshold": lambda: metrics.Precision(thresholds=1.5),
        "num_thresholds": lambda: metrics.AUC(num_thresholds=1),
        "curve": lambda: metrics.AUC(curve="roc curve"),
        "method": lambda: metrics.AUC(summation_method="left"),
        "labels": lambda: metrics.AUC(num_labels=3),
        "beta": lambda: metrics.FBetaScore(beta=1),
        "f1 threshold": lambda: metrics.F1Score(threshold=1.5),
        "aggregation": lambda: metrics.R2Score(class_aggregation="mean"),
        "regressors": lambda: metrics.R2Score(num_regressors=-1),
        "specificity": lambda: metrics.SensitivityAtSpecificity(1.5),
        "class id": lambda: metrics.IoU(2, [2]),
        "not a list": lambda: keras.Sequential([keras.layers.Dense(1)]).compile(metrics="mse"),
    }.items():
        try:
            make()
        except ValueError as error:
            results[f"fault {name}"] = str(error)
    return results
