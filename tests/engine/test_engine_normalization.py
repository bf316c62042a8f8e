"""Normalizing layers: when statistics move, what they are of, what is refused."""

import tracemalloc
from typing import Any

import numpy as np
import pytest
from small_models import quiet

from kgui.engine import Input, Model, Sequential, layers
from kgui.engine.backend import Session, kernels_normalization
from kgui.engine.backend.kernels import KERNELS
from kgui.engine.errors import OptionError, ShapeError
from kgui.engine.ops.layout import layout
from kgui.engine.symbolic import KerasTensor

RANDOM = np.random.default_rng(6)
X = RANDOM.normal(2, 3, (20, 4)).astype("float32")
Y = RANDOM.normal(size=(20, 1)).astype("float32")


def moved(norm: Any) -> Any:
    return norm.moving_mean.numpy()


@pytest.mark.parametrize(
    ("shape", "axes", "seen", "reduced"),
    [
        ((5, 4), (0,), (5, 4), (0,)),
        ((5, 3, 4), (0, 1), (15, 4), (0,)),
        ((5, 3, 4), (1, 2), (5, 12), (1,)),
        ((5, 3, 2, 4), (0, 2), (5, 3, 2, 4), (0, 2)),
        ((5, 3, 2, 4), (0, 2, 3), (5, 3, 8), (0, 2)),
        ((5, 3), (), (15,), ()),
        ((5, 3), (0, 1), (15,), (0,)),
    ],
)
def test_layouts_have_as_few_axes_as_can_be(
    shape: tuple[int, ...], axes: tuple[int, ...], seen: tuple[int, ...], reduced: tuple[int, ...]
) -> None:
    assert layout(shape, axes) == (seen, reduced)


SHAPES = [(7, 5), (900, 90), (3, 4, 5), (2, 3, 4, 5), (1, 6), (6, 1), (3, 0)]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_sums_over_axes_equal_those_of_numpy(shape: tuple[int, ...], dtype: str) -> None:
    a, b = (RANDOM.normal(1, 2, shape).astype(dtype) for _ in range(2))
    every = range(2 ** len(shape))
    for axes in (tuple(i for i in range(len(shape)) if mask >> i & 1) for mask in every):
        seen = layout(shape, axes)
        expected = {
            "sum_along": a.sum(axes, dtype="float64"),
            "square_sum_along": (a * a).sum(axes, dtype="float64"),
            "product_sum_along": (a * b).sum(axes, dtype="float64"),
            "mean_along": a.sum(axes, dtype="float64") / seen.number,
            "mean_square_along": (a * a).sum(axes, dtype="float64") / seen.number,
        }
        for name, values in expected.items():
            out = np.full(values.shape, np.nan, dtype)
            reads = [a, b] if name == "product_sum_along" else [a]
            step = KERNELS[name](
                *(x.reshape(seen.shape) for x in reads), out=out, axes=seen.reduced
            )
            for _ in range(2):
                step()
            tolerance = 2e-4 if dtype == "float32" else 1e-9
            np.testing.assert_allclose(out, values, tolerance, tolerance, err_msg=name)


@pytest.mark.parametrize("axes", [(0,), (1,), (0, 2), (1, 2), (2,)], ids=str)
def test_blocks_of_rows_compute_what_the_whole_does(
    axes: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = (7, 4, 3)
    gradient, x = RANDOM.normal(size=(2, *shape))
    column = tuple(1 if axis in axes else size for axis, size in enumerate(shape))
    small = RANDOM.normal(size=(3, *column))

    def computed() -> list[Any]:
        outs = [np.empty(shape) for _ in range(3)]
        for name, reads, out, options in (
            ("center", (x,), outs[0], {"axes": axes}),
            ("normalized_gradient", (gradient, x, small[0]), outs[1], {"axes": axes}),
            ("scaled_gradient", (gradient, x, *small), outs[2], {}),
        ):
            share = {} if name == "center" else {"share": 0.3}
            KERNELS[name](*reads, out=out, **options, **share)()
        return outs

    whole = computed()
    for size in (1, 12, 40):
        monkeypatch.setattr(kernels_normalization, "BLOCK", size)
        for found, expected in zip(computed(), whole, strict=True):
            np.testing.assert_allclose(found, expected, 1e-12)


def test_statistics_move_once_per_call_in_training() -> None:
    norm = layers.BatchNormalization(momentum=0.75)
    norm(X)
    assert (moved(norm) == 0).all()
    norm(X, training=True)
    once = X.mean(0) / 4
    np.testing.assert_allclose(moved(norm), once, 1e-5)
    np.testing.assert_allclose(norm.moving_variance.numpy(), 0.75 + X.var(0) / 4, 1e-5)
    norm(X, training=True)
    np.testing.assert_allclose(moved(norm), once * 1.75, 1e-5)


def test_a_shared_layer_moves_twice_in_a_step() -> None:
    inputs, norm = Input((4,)), layers.BatchNormalization(momentum=0.5)
    both = layers.Add()([norm(inputs), norm(layers.Rescaling(2.0)(inputs))])
    model = Model(inputs, layers.Dense(1)(both))
    model.compile("sgd", "mse")
    quiet(model, X, Y, batch_size=20)
    np.testing.assert_allclose(moved(norm), X.mean(0) * (0.25 + 1), 1e-5)


def test_statistics_stay_in_evaluate_predict_and_where_frozen() -> None:
    norm = layers.BatchNormalization(momentum=0.5)
    model = Sequential([Input((4,)), norm, layers.Dense(1)])
    model.compile("sgd", "mse")
    model.evaluate(X, Y, verbose=0)
    model.predict(X)
    norm.trainable = False
    quiet(model, X, Y)
    assert (moved(norm) == 0).all()
    assert [w.name for w in norm.non_trainable_weights] == [
        "gamma", "beta", "moving_mean", "moving_variance",
    ]  # fmt: skip
    norm.trainable = True
    model.compile("sgd", "mse")
    quiet(model, X, Y, batch_size=20)
    np.testing.assert_allclose(moved(norm), X.mean(0) / 2, 1e-5)


def test_a_frozen_layer_goes_by_the_averages_in_training() -> None:
    norm = layers.BatchNormalization()
    norm.build_for(X)
    norm.set_weights([np.ones(4), np.zeros(4), np.full(4, 2.0), np.full(4, 9.0)])
    norm.trainable = False
    np.testing.assert_allclose(norm(X, training=True), (X - 2) / np.sqrt(9.001), 1e-5, 1e-6)


def test_weights_come_in_the_order_of_keras() -> None:
    norm = layers.BatchNormalization(renorm=True)
    norm.build_for(X)
    assert [w.name for w in norm.weights] == [
        "gamma", "beta", "moving_mean", "moving_variance", "moving_stddev", "renorm_mean",
        "renorm_stddev",
    ]  # fmt: skip
    assert len(norm.trainable_weights) == 2
    assert layers.BatchNormalization(scale=False, center=False).weights == []


@pytest.mark.parametrize("offset", [0, 1e4])
def test_far_from_zero_the_variance_stays_exact(offset: float) -> None:
    x = (RANDOM.normal(size=(64, 3)) + offset).astype("float32")
    for layer in (
        layers.BatchNormalization(epsilon=0),
        layers.LayerNormalization(axis=0, epsilon=0),
    ):
        y = layer(x, training=True) if "batch" in layer.name else layer(x)
        np.testing.assert_allclose(y.std(0), 1, 1e-4)


def test_masked_steps_count_in_no_statistic() -> None:
    x = RANDOM.normal(size=(3, 5, 2)).astype("float32")
    mask = RANDOM.random((3, 5)) < 0.5
    norm = layers.BatchNormalization(momentum=0.0)
    first = norm(x, training=True, mask=mask)
    np.testing.assert_allclose(moved(norm), x[mask].mean(0), 1e-4, 1e-6)
    np.testing.assert_allclose(norm.moving_variance.numpy(), x[mask].var(0), 1e-4, 1e-6)
    spoiled = np.where(mask[..., None], x, 1e3)
    np.testing.assert_allclose(
        norm(spoiled, training=True, mask=mask)[mask], first[mask], 1e-4, 1e-5
    )
    with pytest.raises(ValueError, match="one dimension less than the inputs"):
        norm(x, training=True, mask=mask[0])


def test_everything_in_double_precision(session: Session) -> None:
    session.floatx = "float64"
    x = RANDOM.normal(size=(6, 5, 4))
    norm = layers.BatchNormalization(axis=1)
    y = norm(x, training=True)
    assert y.dtype == np.float64 and moved(norm).dtype == np.float64
    expected = (x - x.mean((0, 2), keepdims=True)) / np.sqrt(x.var((0, 2), keepdims=True) + 1e-3)
    np.testing.assert_allclose(y, expected, 1e-12)
    flat = x.reshape(6, 5, 2, 2)
    groups = (flat - flat.mean((1, 3), keepdims=True)) / np.sqrt(
        flat.var((1, 3), keepdims=True) + 1e-3
    )
    np.testing.assert_allclose(layers.GroupNormalization(2)(x), groups.reshape(x.shape), 1e-12)


def test_whole_numbers_are_taken() -> None:
    whole = np.arange(12).reshape(3, 4)
    for layer in (layers.LayerNormalization(), layers.UnitNormalization()):
        assert layer(whole).dtype == np.float32
    assert layers.BatchNormalization()(whole, training=True).dtype == np.float32


def test_the_length_of_nothing_stays_nothing() -> None:
    x = np.array([[0, 0], [3, 4]], "float32")
    np.testing.assert_allclose(layers.UnitNormalization()(x), [[0, 0], [0.6, 0.8]], 1e-6)


def test_old_scaling_warns_and_keeps_the_mean() -> None:
    with pytest.warns(UserWarning, match="rms_scaling=True"):
        norm = layers.LayerNormalization(rms_scaling=True, epsilon=0)
    np.testing.assert_allclose(norm(X), X / X.std(1, keepdims=True), 1e-4)
    assert [w.name for w in norm.weights] == ["gamma"]
    with pytest.warns(UserWarning, match="rms_scaling=True"):
        assert type(norm).from_config(norm.get_config()).rms_scaling


def test_configurations_say_what_was_built() -> None:
    norm = layers.LayerNormalization()
    assert norm.get_config()["axis"] == -1
    norm(X)
    assert norm.get_config()["axis"] == [-1]
    groups = layers.GroupNormalization(-1)
    groups(X)
    assert groups.get_config()["groups"] == 4
    assert layers.LayerNormalization(axis=(2, 1)).get_config()["axis"] == [2, 1]


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: layers.GroupNormalization(0), OptionError, "`groups`, expected a positive"),
        (lambda: layers.GroupNormalization(3)(X), ShapeError, r"Number of groups \(3\) must be"),
        (lambda: layers.GroupNormalization()(X), ShapeError, r"groups \(32\) cannot be more"),
        (lambda: layers.BatchNormalization(axis=2)(X), ShapeError, "Axis 2 is out of bounds"),
        (lambda: layers.LayerNormalization((1, -1))(X), ShapeError, "the same axis twice"),
        (lambda: layers.LayerNormalization("last"), TypeError, "list/tuple of ints for the arg"),
        (lambda: layers.UnitNormalization(None), TypeError, "list/tuple of ints for the argument"),
        (lambda: layers.RMSNormalization(1.5), TypeError, "list/tuple of ints for the argument"),
        (lambda: layers.BatchNormalization(momentum=2), OptionError, "`momentum`.*between 0 and 1"),
        (lambda: layers.BatchNormalization(synchronized=True), ValueError, "TensorFlow backend"),
        (
            lambda: layers.BatchNormalization(renorm=True, renorm_clipping={"rmax": 1, "rmin": 2}),
            ValueError, "rmax should be greater than rmin",
        ),
        (
            lambda: layers.BatchNormalization()(KerasTensor((None, None))),
            ShapeError, "Axis -1 of input tensor should have a defined dimension",
        ),
    ],
)  # fmt: skip
def test_refusals(make: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        make()


@pytest.mark.parametrize("kind", [layers.BatchNormalization, layers.GroupNormalization])
def test_a_built_layer_knows_its_input(kind: Any) -> None:
    norm = kind(groups=2) if kind is layers.GroupNormalization else kind()
    norm(X)
    before = norm.get_weights()
    for wrong, message in ((X[:, :3], "expected axis -1"), (X[None], "expected ndim=2, found")):
        with pytest.raises(ShapeError, match=message):
            norm(wrong, training=True) if "batch" in norm.name else norm(wrong)
    for now, then in zip(norm.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_a_step_allocates_nothing() -> None:
    model = Sequential([Input((64,)), layers.Dense(64)])
    for layer in (
        layers.BatchNormalization(), layers.LayerNormalization(), layers.GroupNormalization(8),
        layers.RMSNormalization(), layers.UnitNormalization(), layers.Dropout(0.1, (None, 1)),
        layers.GaussianNoise(0.1), layers.GaussianDropout(0.1),
        layers.ActivityRegularization(0.1, 0.1), layers.BatchNormalization(renorm=True),
    ):  # fmt: skip
        model.add(layer)
    model.add(layers.Dense(1))
    model.compile("adam", "mse")
    quiet(model, RANDOM.normal(size=(300, 64)), RANDOM.normal(size=(300, 1)), batch_size=300)
    program = model.train_program
    assert program is not None
    tracemalloc.start()
    try:
        program.run()
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(10):
            program.run()
        now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert now - before < 2000
    assert peak - before < 50_000  # one array of the batch would take 76,800
