"""Updates from gradients of one's own."""

import numpy as np
import pytest

from kgui.engine import GradientTape, Variable, ops
from kgui.engine.backend import Session, use_session
from kgui.engine.optimizers import SGD, Adam


def test_apply_to_some_of_the_variables() -> None:
    a, b = Variable([1.0, 2.0]), Variable(3.0)
    optimizer = Adam(0.1, weight_decay=0.5)
    optimizer.build([a, b])
    optimizer.apply([np.array([1.0, -1.0])], [a])
    assert b == 3.0
    moved = a.numpy()
    with pytest.warns(UserWarning, match=r"Gradients do not exist for variables \['variable'\]"):
        optimizer.apply_gradients([(None, a), (1.0, b)])
    np.testing.assert_array_equal(a, moved)
    assert b < 3.0
    assert int(optimizer.iterations) == 2


def test_refused_updates_change_nothing() -> None:
    a, stranger = Variable([1.0, 2.0]), Variable(3.0)
    optimizer = SGD(0.1)
    with pytest.raises(ValueError, match="the optimizer must already be built"):
        optimizer.apply([np.ones(2)])
    optimizer.build([a])
    for gradients, variables, message in (
        ([np.ones(2)], [stranger], "Unknown variable"),
        ([None], [a], "No gradients provided for any variable"),
        ([np.ones(3)], [a], "must have the shape of the variable"),
        ([np.ones(2), np.ones(2)], None, "must match `optimizer.variables`"),
        ([np.ones(2), np.ones(2)], [a, a], "two gradients"),
    ):
        with pytest.raises(ValueError, match=message):
            optimizer.apply(gradients, variables)
    np.testing.assert_array_equal(a, [1.0, 2.0])
    assert int(optimizer.iterations) == 0
    optimizer.apply([])
    assert int(optimizer.iterations) == 0


def test_apply_compiles_its_update_once() -> None:
    a = Variable([1.0, 2.0])
    optimizer = SGD(0.5)
    with use_session(Session()) as session:
        for _ in range(5):
            optimizer.apply([np.ones(2)], [a])
        plans = len(session.plans)
    np.testing.assert_array_equal(a, [-1.5, -0.5])
    assert 0 < plans <= 3
    optimizer.learning_rate = 1.0
    optimizer.apply([np.ones(2)])
    np.testing.assert_array_equal(a, [-2.5, -1.5])


def test_minimize() -> None:
    a = Variable(3.0)
    optimizer = SGD(0.25)
    with pytest.raises(ValueError, match="`tape` is required when a `Tensor` loss is passed"):
        optimizer.minimize(a * a, [a])
    optimizer.minimize(lambda: a * a, [a])
    assert a == 1.5
    with GradientTape() as tape:
        loss = a * a
    optimizer.minimize(loss, [a], tape=tape)
    assert a == 0.75
    for _ in range(40):
        optimizer.minimize(lambda: ops.square(a - 2.0), lambda: [a])
    assert float(a) == pytest.approx(2.0)
