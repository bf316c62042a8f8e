"""Metrics and losses as objects: planned equals updated by hand, configurations, faults."""

import inspect
from typing import Any

import numpy as np
import pytest

from kgui.engine import Input, Model, layers, losses, metrics
from kgui.engine.metrics import Metric

GENERATOR = np.random.default_rng(3)
X = GENERATOR.uniform(0.05, 0.95, (11, 4)).astype("float32")
HOT = np.eye(4, dtype="float32")[GENERATOR.integers(0, 4, 11)]
WEIGHTS = GENERATOR.uniform(0, 2, 11).astype("float32")
KINDS = [kind for kind in metrics._CLASSES.values() if kind.update_state is not Metric.update_state]
NEEDED: dict[str, dict[str, Any]] = {
    "IoU": {"num_classes": 4, "target_class_ids": [0, 1]},
    "OneHotIoU": {"num_classes": 4, "target_class_ids": [0, 1]},
    "MeanIoU": {"num_classes": 4},
    "OneHotMeanIoU": {"num_classes": 4},
    "SensitivityAtSpecificity": {"specificity": 0.5},
    "SpecificityAtSensitivity": {"sensitivity": 0.5},
    "PrecisionAtRecall": {"recall": 0.5},
    "RecallAtPrecision": {"precision": 0.5},
    "MeanMetricWrapper": {"fn": losses.huber},
}
"""Arguments that a metric cannot do without."""


def made(kind: type[Metric]) -> Metric:
    return kind(**NEEDED.get(kind.__name__, {}))


def echo(**options: Any) -> Model:
    """A model that gives back its input."""
    inputs = Input((4,))
    model = Model(inputs, layers.Activation("linear")(inputs))
    model.compile("sgd", "mse", **options)
    return model


PAIRED = [kind for kind in KINDS if kind not in (metrics.Mean, metrics.Sum)]
WEIGHABLE = [kind for kind in PAIRED if not issubclass(kind, metrics.IoU)]  # whole weights only


@pytest.mark.parametrize(
    ("kind", "weighted"), [*((k, False) for k in PAIRED), *((k, True) for k in WEIGHABLE)]
)
def test_evaluate_equals_updating_by_hand(kind: type[Metric], weighted: bool) -> None:
    target = HOT.argmax(-1).astype("int32") if "Sparse" in kind.__name__ else HOT
    target = HOT.astype("int32") if kind in (metrics.IoU, metrics.MeanIoU) else target
    by_hand, inside = made(kind), made(kind)
    weights = {"sample_weight": WEIGHTS} if weighted else {}
    by_hand.update_state(target, X, **weights)
    model = echo(**{"weighted_metrics" if weighted else "metrics": [inside]})
    if "Sparse" in kind.__name__:
        model.compile("sgd", "sparse_categorical_crossentropy")
    found = model.evaluate(X, target, batch_size=4, verbose=0, return_dict=True, **weights)
    np.testing.assert_allclose(found[inside.name], by_hand.result(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_metric_from_its_config(kind: type[Metric]) -> None:
    metric = made(kind)
    known = inspect.signature(kind).parameters
    config = {key: value for key, value in metric.get_config().items() if key in known}
    assert kind.from_config(NEEDED.get(kind.__name__, {}) | config).get_config() == (
        metric.get_config()
    )
    metric.reset_state()
    assert np.all(np.isfinite(metric.result()) | np.isnan(metric.result()))


@pytest.mark.parametrize(
    "kind", [k for k in losses.NAMES.values() if isinstance(k, type)], ids=lambda k: k.__name__
)
def test_loss_from_its_config(kind: Any) -> None:
    loss = kind(losses.huber) if kind is losses.LossFunctionWrapper else kind(name="own")
    again = kind.from_config(loss.get_config())
    assert again.get_config() == loss.get_config()


def test_a_metric_of_ones_own_update_is_not_planned() -> None:
    class Twice(metrics.MeanSquaredError):
        def update_state(self, *args: Any, sample_weight: Any = None) -> None:
            for _ in range(2):
                super().update_state(*args, sample_weight=sample_weight)

    twice = Twice("twice")
    echo(metrics=[twice]).evaluate(X, HOT, verbose=0)
    assert twice.state[1] == 22


def test_weights_reach_weighted_metrics_only() -> None:
    model = echo(metrics=["mse"], weighted_metrics=["mse"])
    logs = model.evaluate(X, HOT, sample_weight=WEIGHTS, verbose=0, return_dict=True)
    errors = ((X - HOT) ** 2).mean(-1)
    assert logs["mse"] == pytest.approx(errors.mean(), rel=1e-5)
    assert logs["weighted_mse"] == pytest.approx(np.average(errors, weights=WEIGHTS), rel=1e-5)
    assert logs["loss"] == pytest.approx((errors * WEIGHTS).mean(), rel=1e-5)


def test_a_metric_may_report_an_array(capsys: pytest.CaptureFixture[str]) -> None:
    model = echo(metrics=[metrics.F1Score()])
    history = model.fit(X, HOT, verbose=2).history
    assert np.shape(history["f1_score"][0]) == (4,)
    assert "f1_score: " in capsys.readouterr().out


def test_training_needs_one_number() -> None:
    inputs = Input((4,))
    model = Model(inputs, layers.Dense(4)(inputs))
    model.compile("sgd", losses.MeanSquaredError(reduction="none"))
    with pytest.raises(ValueError, match="needs one number"):
        model.fit(X, HOT, verbose=0)


def test_classes_are_along_the_last_axis() -> None:
    with pytest.raises(ValueError, match="along the last axis"):
        losses.CategoricalCrossentropy(axis=0)(HOT, X)
    with pytest.raises(ValueError, match="must be of type `int`"):
        losses.CategoricalFocalCrossentropy(axis=True)(HOT, X)


def test_ignored_labels_may_be_out_of_range() -> None:
    labels = HOT.argmax(-1).astype("int32")
    labels[::3] = 255
    inputs = Input((4,))
    model = Model(inputs, layers.Dense(4, activation="softmax")(inputs))
    model.compile("sgd", losses.SparseCategoricalCrossentropy(ignore_class=255))
    assert np.isfinite(model.fit(X, labels, verbose=0).history["loss"][0])
    with pytest.raises(ValueError, match="labels from"):
        labels[1] = 77
        model.fit(X, labels, verbose=0)
