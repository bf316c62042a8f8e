"""Derivatives of all losses against finite differences in float64."""

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from gradient_check import POSITIVE, Check, numbers

from kgui.engine import activations, losses, ops

pytestmark = pytest.mark.usefixtures("doubles")

LOSSES = [
    item
    for item in vars(losses).values()
    if inspect.isclass(item)
    and issubclass(item, losses.Loss)
    and item not in (losses.Circle, losses.Loss, losses.LossFunctionWrapper)
]
LABELLED = ("sparse", "generalized")
"""Parts of the names of losses whose targets are labels."""


def test_circle_loss() -> None:
    loss = losses.Circle(gamma=4, reduction="sum")
    Check(lambda x: loss(np.array([0, 1, 0, 1]), ops.normalize(x)), [numbers(4, 3)]).run()


@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "sum", "none"])
@pytest.mark.parametrize("kind", LOSSES, ids=lambda kind: kind.__name__)
def test_loss(kind: Any, reduction: str) -> None:
    given = inspect.signature(kind).parameters
    for options in ({}, {"from_logits": True}, {"label_smoothing": 0.2}):
        if set(options) <= set(given):
            _check_loss(kind(reduction=reduction, **options), "from_logits" in options)


def _check_loss(loss: losses.Loss, logits: bool) -> None:
    sparse = any(part in loss.name for part in LABELLED)
    targets = np.array([2, 0, 1, 1]) if sparse else numbers(4, 3, low=0.1, high=0.9)
    weights = numbers(4, **POSITIVE)

    def of(x: Any, activation: Callable[[Any], Any], given: Any) -> Any:
        return loss(targets, activation(x), given)

    for activation in (activations.linear,) if logits else (ops.softmax, ops.sigmoid):
        for given in (None, weights):
            Check(partial(of, activation=activation, given=given), [numbers(4, 3)]).run()


@pytest.mark.parametrize("kind", LOSSES, ids=lambda kind: kind.__name__)
def test_loss_of_steps(kind: Any) -> None:
    sparse = any(part in kind().name for part in LABELLED)
    targets = np.array([[2, 0], [1, 1]]) if sparse else numbers(2, 2, 3, low=0.1, high=0.9)
    weights = numbers(2, 2, **POSITIVE)
    Check(lambda x: kind()(targets, ops.softmax(x), weights), [numbers(2, 2, 3)]).run()
