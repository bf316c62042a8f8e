"""Activations, operators, picking by index and the new layers: faults, float64, steady memory."""

import math
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from reference import Planned
from small_models import quiet

from kgui.engine import Input, Model, activations, layers, ops
from kgui.engine.backend import Session
from kgui.engine.calling import Call, calling
from kgui.engine.errors import LayerError, ShapeError
from kgui.engine.symbolic import KerasTensor
from kgui.engine.variables import Variable

ROW, OTHER, STEPS = Input((4,)), Input((5,)), Input((3, 4))
FAR = np.array([-1e4, -100.0, 0.0, 100.0, 1e4])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", sorted({*activations._BY_NAME} - {"exponential", "threshold"}))
def test_activations_are_stable_far_out(name: str, dtype: str, session: Session) -> None:
    session.floatx = dtype
    points = Variable(FAR[:4] if name == "glu" else FAR)
    zero = KerasTensor(points.shape, dtype, name="")
    with calling(Call(training=True, tracing=True)):
        output = activations.get(name)(ops.add(points, zero))
        loss = ops.sum(output)
    planned = Planned([zero], [output], [points], loss)
    planned.run([np.zeros(points.shape)])
    assert planned.outputs[0].dtype == dtype
    assert np.isfinite(planned.outputs[0]).all()
    assert np.isfinite(planned.gradients[0]).all()


def test_error_function() -> None:
    x = np.concatenate([np.linspace(-6, 6, 1001), [0.0, 1e-12, -1e-6, 30.0, -30.0]])
    exact = [math.erf(value) for value in x]
    np.testing.assert_allclose(ops.erf(x), exact, rtol=1e-15, atol=3e-16)
    single = x.astype("float32")
    exact = [math.erf(value) for value in single]
    np.testing.assert_allclose(ops.erf(single), exact, rtol=3e-7)


def test_activations_by_other_identifiers() -> None:
    assert activations.get(None) is activations.linear
    assert activations.get("swish") is activations.silu
    assert activations.deserialize({"class_name": "function", "config": "gelu"}).__name__ == "gelu"
    assert activations.serialize(activations.get("hard_swish")) == "hard_silu"
    assert activations.deserialize("own", {"own": np.tanh}) is np.tanh


def test_unknown_activation_names_the_nearest() -> None:
    message = "Could not interpret activation function identifier: rellu. Did you mean 'relu'"
    for refused in (lambda: activations.get("rellu"), lambda: layers.Dense(2, activation="rellu")):
        with pytest.raises(ValueError, match=message):
            refused()


REFUSED: list[tuple[Callable[[], Any], str]] = [
    (lambda: ROW + OTHER, r"incompatible shapes: \(None, 4\) and \(None, 5\)"),
    (lambda: ROW @ np.ones((5, 2)), "must be equal"),
    (lambda: ops.matmul(STEPS, np.ones((2, 5, 4))), "Inner dimensions"),
    (lambda: ROW[:, 4], "out-of-bounds index 4"),
    (lambda: ROW[:, 1, 2], "to many indices"),
    (lambda: ROW["a"], "Unsupported key type for array slice. Received: `a`"),
    (lambda: ROW[..., ...], "only have one ellipsis"),
    (lambda: ops.take(ROW, [1], axis=2), "axis 2 is out of bounds"),
    (lambda: ops.squeeze(STEPS, 1), "Cannot squeeze axis=1, because the dimension is not 1"),
    (lambda: ops.split(STEPS, 2, axis=1), "must be divisible by"),
    (lambda: ops.broadcast_to(np.ones((3, 2)), (3, 4)), "cannot broadcast"),
    (lambda: ops.max(np.ones((0, 2)), axis=0), "Cannot compute the max of an empty tensor"),
    (lambda: ops.normalize(ROW, order=0), "`order` must be an int >= 1"),
    (lambda: ops.softmax(ROW, axis=3), "out of bounds"),
    (lambda: activations.glu(OTHER), "must be known and even"),
    (lambda: layers.Dot(0)([ROW, ROW]), "axis 0"),
    (lambda: layers.Dot((1, 1))([ROW, OTHER]), r"axis values 4 \(at axis 1\) != 5 \(at axis 1\)"),
    (lambda: layers.Dot((1, 2, 1)), "should contain two elements"),
    (lambda: layers.Dot(1)([ROW]), "called on a list of 2 inputs"),
    (lambda: layers.Subtract()([ROW] * 3), "exactly 2 inputs"),
    (lambda: layers.Maximum()([ROW, OTHER]), r"Received shapes \(4,\) and \(5,\)"),
    (lambda: layers.Add()([Input((4,), 2), Input((4,), 3)]), "different batch sizes"),
    (lambda: layers.Reshape((3,))(ROW), r"input_shape=\(4,\), target_shape=\(3,\)"),
    (lambda: layers.Reshape((-1, 3))(ROW), "cannot by divided"),
    (lambda: layers.Reshape((-1, -1)), "at most one unknown dimension"),
    (lambda: layers.Permute((1, 3)), "consecutive and start from 1"),
    (lambda: layers.Permute((2, 1))(ROW), "expected ndim=3, found ndim=2"),
    (lambda: layers.RepeatVector(2)(STEPS), "expected ndim=2, found ndim=3"),
    (lambda: layers.PReLU()(Input((None, 4))), "must be fully-defined"),
    (lambda: layers.PReLU(shared_axes=5)(STEPS), "out of range"),
    (lambda: layers.Softmax()(np.ones((2, 3)), mask=np.ones((2, 4))), "must be broadcastable"),
    (lambda: layers.ReLU(negative_slope=-1), "negative_slope"),
    (lambda: layers.Rescaling("much"), "expected a number"),
    (lambda: layers.Lambda(lambda x: x).get_config(), "which a file never carries"),
]


@pytest.mark.parametrize(("refused", "message"), REFUSED)
def test_misuse_is_refused(refused: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        refused()


def test_a_prelu_keeps_to_the_shape_it_was_built_for() -> None:
    layer = layers.PReLU(shared_axes=[1])
    layer(STEPS)
    layer(Input((7, 4)))
    with pytest.raises(ShapeError, match="expected shape"):
        layer(Input((3, 5)))


def _lookup(rows: int) -> tuple[Planned, Variable]:
    table, indices = Variable(np.arange(20.0).reshape(10, 2)), KerasTensor((rows,), "int32", "")
    with calling(Call(training=True, tracing=True)):
        output = ops.take(table, indices, axis=0)
        loss = ops.sum(ops.multiply(output, output))
    return Planned([indices], [output], [table], loss), table


def test_taking_adds_gradients_up() -> None:
    planned, table = _lookup(4)
    planned.run([np.array([3, 3, -1, 0])])
    expected = np.zeros((10, 2))
    for row in (3, 3, 9, 0):
        expected[row] += 2 * table.array[row]
    np.testing.assert_array_equal(planned.gradients[0], expected)


@pytest.mark.parametrize("index", [10, -11])
def test_an_index_out_of_range_is_named(index: int) -> None:
    planned, _ = _lookup(2)
    with pytest.raises(LayerError, match=f"index {index} is out of bounds for axis 0 with size 10"):
        planned.run([np.array([0, index])])
    with pytest.raises(IndexError, match=f"index {index} is out of bounds"):
        ops.take(np.ones(10), [index], axis=0)


def test_lookups_leave_nothing_behind() -> None:
    planned, _ = _lookup(64)
    planned.plan.run()
    tracemalloc.start()
    try:
        planned.plan.run()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(10):
            planned.plan.run()
        assert tracemalloc.get_traced_memory()[0] - before < 1000
    finally:
        tracemalloc.stop()


def test_arrays_on_either_side() -> None:
    row = np.arange(4, dtype="float32")
    outputs = [row + ROW, ROW - row, row / (ROW + 5), row**ROW, np.ones((2, 4), "float32") @ STEPS[
        :, 0:1, :
    ].reshape((-1, 4, 1))]  # fmt: skip
    model = Model([ROW, STEPS], outputs)
    x, steps = np.full((3, 4), 2.0, "float32"), np.ones((3, 3, 4), "float32")
    first, second, third, fourth, fifth = model.predict([x, steps], verbose=0)
    np.testing.assert_allclose(first, row + x)
    np.testing.assert_allclose(second, x - row)
    np.testing.assert_allclose(third, row / (x + 5), 1e-6)
    np.testing.assert_allclose(fourth, row**x, 1e-6)
    np.testing.assert_allclose(fifth, np.full((3, 2, 1), 4.0))


def test_operators_compare_as_keras_does() -> None:
    assert (ROW > 1).dtype == (ROW >= 1).dtype == (ROW != ROW).dtype == (~(ROW > 0)).dtype == "bool"
    assert (ROW == OTHER) is False
    assert len({ROW, OTHER}) == 2
    assert round(abs(-ROW), 2).shape == (7 // ROW).shape == (ROW % 2).shape == (None, 4)


def test_sequences_of_open_length() -> None:
    opened = Input((None, 3))
    middle = ops.squeeze(ops.expand_dims(opened, 2), 2)[:, ::2]
    model = Model(opened, layers.Flatten()(ops.max(middle, axis=1, keepdims=True)))
    for length in (3, 6):
        x = np.random.default_rng(length).normal(size=(2, length, 3)).astype("float32")
        np.testing.assert_array_equal(model.predict(x, verbose=0), x[:, ::2].max(axis=1))


def test_a_composed_function_is_one_operation() -> None:
    a, b = layers.Dense(2, name="a")(ROW), layers.Dense(2, name="b")(ROW)
    model = Model(ROW, ops.var(b, axis=1) + ops.norm(a, axis=1))
    names = [layer.name for layer in model.layers]
    assert names.index("b") < names.index("a")


def test_layers_in_float64(session: Session) -> None:
    session.floatx = "float64"
    inputs = Input((3, 4))
    hidden = layers.Multiply()([layers.PReLU()(inputs), layers.Softmax(axis=1)(inputs)])
    hidden = layers.Dot(2)([hidden, layers.Lambda(lambda x: x**3 / 2)(inputs)])
    model = Model(inputs, layers.Dense(1, "gelu")(layers.Flatten()(hidden)))
    model.compile("sgd", "mse")
    random = np.random.default_rng(2)
    history = quiet(model, random.normal(size=(8, 3, 4)), random.normal(size=(8, 1)), epochs=2)
    assert history["loss"][1] < history["loss"][0]
    assert model.predict(random.normal(size=(2, 3, 4)), verbose=0).dtype == "float64"


def test_a_mask_as_a_tensor_of_the_graph() -> None:
    scores, mask = Input((4,)), Input((4,), dtype="bool")
    model = Model([scores, mask], layers.Softmax()(scores, mask=mask))
    x, kept = np.zeros((1, 4), "float32"), np.array([[True, False, True, False]])
    np.testing.assert_allclose(model.predict([x, kept], verbose=0), [[0.5, 0, 0.5, 0]])
