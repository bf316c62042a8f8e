"""Every primitive on a tape: the gradients are those of a plan, and NumPy's ways lead to them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from loop_samples import LOOP_SAMPLES
from op_samples import OP_SAMPLES
from rare_samples import RARE_SAMPLES
from reference import Planned

from kgui.engine import GradientTape, KerasTensor, Variable, ops
from kgui.engine.backend import Session
from kgui.engine.calling import Call, calling
from kgui.engine.tensors import Tensor

SAMPLES = OP_SAMPLES | LOOP_SAMPLES | RARE_SAMPLES
A = np.random.default_rng(2).uniform(0.3, 1.7, (3, 4))
B = np.random.default_rng(3).uniform(0.3, 1.7, (3, 4))


@pytest.fixture(autouse=True)
def doubles(session: Session) -> None:
    session.floatx = "float64"


def planned(function: Callable[..., Any], arrays: list[Any]) -> list[Any]:
    """The gradients of the sum of squares, from a plan."""
    inputs = [Variable(array) for array in arrays]
    zeros = [KerasTensor(array.shape, "float64", name="") for array in arrays]
    with calling(Call(training=True, tracing=True)):
        tied = [ops.add(v, zero) for v, zero in zip(inputs, zeros, strict=True)]
        loss = ops.sum(ops.square(function(*tied)))
    plan = Planned(zeros, [], inputs, loss)
    plan.run([np.zeros(array.shape) for array in arrays])
    return plan.gradients


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_gradients_are_those_of_a_plan(name: str) -> None:
    for function, arrays in SAMPLES[name]:
        sources = [Variable(array) for array in arrays]
        with GradientTape() as tape:
            loss = ops.sum(ops.square(function(*sources)))
        found = tape.gradient(loss, sources, unconnected_gradients="zero")
        for mine, theirs in zip(found, planned(function, arrays), strict=True):
            np.testing.assert_allclose(mine, theirs, 1e-10, 1e-12)


BY_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "arithmetic": lambda x, y: 1 - x * 2 + y / 3 - -x,
    "powers": lambda x, y: x**2 + 2**x + x**y + x**0.5,
    "products": lambda x, y: x @ y.T @ x,
    "parts": lambda x, y: x[0] * y[1:, 2].sum() + x[..., None][0, :, 0],
    "picked": lambda x, y: x[[0, 2, 0]] * y[np.arange(3), [1, 1, 0]][:, None],
    "masked": lambda x, y: x * (x > 1) + y[y > 1].sum(),
    "reductions": lambda x, y: x.sum(1) * x.max() + y.mean(0)[:3] + x.prod() + y.var(),
    "shapes": lambda x, y: x.reshape(4, 3) @ y.T.T + x.swapaxes(0, 1) @ y,
    "limits": lambda x, y: x.clip(0.5, 1.0) + abs(y - 1) % 0.3,
}
BY_NUMPY: dict[str, Callable[[Any, Any], Any]] = {
    "joined": lambda x, y: np.concatenate([x, y]) * np.stack([x, y], 1).reshape(6, 4),
    "elementwise": lambda x, y: np.exp(x) * np.tanh(y) + np.sqrt(np.square(x)) + np.maximum(x, y),
    "reductions": lambda x, y: np.sum(x, axis=0) * np.mean(y) + np.std(x) * np.max(y),
    "chosen": lambda x, y: np.where(x > 1, x, y) + np.clip(x, 0.5, 1.0),
    "shapes": lambda x, y: np.transpose(x) @ np.squeeze(y) + np.dot(x.T, y) + np.linalg.norm(x),
}


def nearby(function: Callable[[Any, Any], Any], way: Any) -> float:
    """The change of the sum along a direction, by finite differences."""
    step = 1e-6
    ahead = np.sum(function(A + step * way[0], B + step * way[1]))
    behind = np.sum(function(A - step * way[0], B - step * way[1]))
    return float(ahead - behind) / (2 * step)


@pytest.mark.parametrize("function", [*BY_OPERATORS.values(), *BY_NUMPY.values()])
def test_operators_and_functions_of_numpy(function: Callable[[Any, Any], Any]) -> None:
    x, y = ops.convert_to_tensor(A), ops.convert_to_tensor(B)
    plain = function(x, y)
    assert type(plain) is Tensor
    np.testing.assert_array_equal(plain, function(A, B))
    with GradientTape() as tape:
        tape.watch([x, y])
        result = function(x, y)
    np.testing.assert_allclose(result, plain, 1e-12)
    way = np.random.default_rng(4).normal(size=(2, 3, 4))
    found = tape.gradient(result, [x, y], unconnected_gradients="zero")
    predicted = float(np.sum(found[0] * way[0] + found[1] * way[1]))
    assert predicted == pytest.approx(nearby(function, way), rel=1e-6, abs=1e-8)


def test_variables_have_the_operators_of_arrays() -> None:
    x, y = Variable(A), Variable(B)
    for function in (BY_OPERATORS["arithmetic"], BY_OPERATORS["powers"]):
        np.testing.assert_allclose(function(x, y), function(A, B))
    np.testing.assert_array_equal(x[1:, 0], A[1:, 0])
    np.testing.assert_array_equal([row.sum() for row in x], A.sum(1))
    np.testing.assert_array_equal(A * x, A * A)
    np.testing.assert_array_equal(x > y, A > B)
    assert (len(x), x.ndim, x.shape, x.dtype) == (3, 2, (3, 4), "float64")
    assert {x: 1}[x] == 1


def test_variables_in_the_call_of_a_layer_are_traced() -> None:
    weight = Variable(A)
    zero = KerasTensor(A.shape, "float64", name="")
    with calling(Call(tracing=True)):
        tensor = zero + 2 * weight - B * weight
        with pytest.raises(TypeError, match="would compute once"):
            np.arctan2(weight, 1.0)
    plan = Planned([zero], [tensor])
    np.testing.assert_allclose(plan.run([np.zeros(A.shape)])[0], 2 * A - B * A)
    weight.assign(B)
    np.testing.assert_allclose(plan.run([np.zeros(A.shape)])[0], 2 * B - B * B)


def test_changes_in_place_make_new_tensors() -> None:
    x = ops.convert_to_tensor(A)
    before = x
    x += 1
    np.testing.assert_array_equal(before, A)
    np.testing.assert_array_equal(x, A + 1)
    taken = x.numpy()
    taken[:] = 0
    np.testing.assert_array_equal(x, A + 1)
    assert type(taken) is np.ndarray


def test_assign_add_and_sub() -> None:
    variable = Variable([1.0, 2.0])
    variable.assign_add([1.0, 1.0])
    variable.assign_sub(ops.convert_to_tensor([0.5, 0.0]))
    np.testing.assert_array_equal(variable, [1.5, 3.0])
    with pytest.raises(ValueError, match="must match"):
        variable.assign_add(np.ones((3, 2)))
