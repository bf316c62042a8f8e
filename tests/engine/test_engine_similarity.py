"""Losses and metrics of embeddings and correlation: Keras's numbers, and training with them."""

import numpy as np
import pytest

from kgui.engine import Input, Model, layers, losses, metrics

EMBEDDINGS = np.array([[1, 0], [0.6, 0.8], [0, 1], [0.8, -0.6]], "float32")
LABELS = np.array([0, 0, 1, 1])
LIKELY = np.array([[0.7, 0.3], [0.2, 0.8], [0.6, 0.4], [0.5, 0.5]], "float32")


def test_circle_is_that_of_keras() -> None:
    assert float(losses.Circle(gamma=4)(LABELS, EMBEDDINGS)) == pytest.approx(6.8582625)
    each = losses.Circle(reduction=None)(LABELS, EMBEDDINGS)
    np.testing.assert_allclose(each, [38.4, 38.4, 230.4, 230.4], 1e-5)


def test_generalized_cross_entropy_is_that_of_keras() -> None:
    loss = losses.CategoricalGeneralizedCrossEntropy()
    assert float(loss(LABELS, LIKELY)) == pytest.approx(0.688282)
    with pytest.raises(ValueError, match="must be in the interval"):
        losses.CategoricalGeneralizedCrossEntropy(q=1)


def test_correlations_are_those_of_keras() -> None:
    metric = metrics.ConcordanceCorrelation(axis=0)
    metric.update_state(LIKELY, EMBEDDINGS)
    assert float(metric.result()) == pytest.approx(0.0991919)
    line = metrics.PearsonCorrelation(axis=0)
    line.update_state(LIKELY, LIKELY * 3 - 1)
    assert float(line.result()) == pytest.approx(1.0)


def test_embeddings_are_trained_with_circle() -> None:
    inputs = Input((2,))
    model = Model(inputs, layers.UnitNormalization()(layers.Dense(2)(inputs)))
    model.compile("sgd", losses.Circle(gamma=4), metrics=[])
    history = model.fit(EMBEDDINGS, LABELS, epochs=20, batch_size=4, verbose=0).history["loss"]
    assert history[-1] < history[0]
