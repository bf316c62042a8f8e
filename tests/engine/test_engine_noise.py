"""Layers that disturb training: how much, where, and the same again from the same seed."""

from typing import Any

import numpy as np
import pytest
from small_models import X, Y, classifier, quiet

from kgui.engine import Input, Sequential, layers, regularizers
from kgui.engine.backend import Session, use_session
from kgui.engine.errors import OptionError, ShapeError

ONES = np.ones((200, 30, 20), "float32")


def test_dropout_keeps_the_mean() -> None:
    y = layers.Dropout(0.3)(ONES, training=True)
    assert (y == 0).mean() == pytest.approx(0.3, abs=0.01)
    np.testing.assert_allclose(np.unique(y), [0, 1 / 0.7], 1e-6)


@pytest.mark.parametrize(
    ("shape", "same"),
    [((None, 1, None), (1,)), ((200, 1, 1), (1, 2)), ((None, 30, 1), (2,)), ((20,), (0, 1))],
)
def test_noise_shape_shares_draws(shape: tuple[int | None, ...], same: tuple[int, ...]) -> None:
    y = layers.Dropout(0.5, noise_shape=shape)(ONES, training=True)
    assert (y.min(same) == y.max(same)).all()
    rest = tuple(axis for axis in range(3) if axis not in same)
    first = y.transpose(*same, *rest).reshape(-1, *(y.shape[axis] for axis in rest))[0]
    assert 0 < (first == 0).mean() < 1


@pytest.mark.parametrize("shape", [(None, 2, 1), (7, 1, 1), (1, 1, 1, 1)])
def test_noise_that_does_not_fit_is_refused_before_training(shape: Any) -> None:
    with pytest.raises(ShapeError, match="noise_shape="):
        layers.Dropout(0.5, noise_shape=shape)(ONES)


def test_spatial_dropout_drops_whole_features() -> None:
    y = layers.SpatialDropout1D(0.4)(ONES, training=True)
    assert (y.min(1) == y.max(1)).all()
    assert (y[:, 0] == 0).mean() == pytest.approx(0.4, abs=0.05)
    pictures = ONES.reshape(200, 5, 6, 20)
    for axes, data_format in (((1, 2), "channels_last"), ((2, 3), "channels_first")):
        y = layers.SpatialDropout2D(0.4, data_format=data_format)(pictures, training=True)
        assert (y.min(axes) == y.max(axes)).all()
        assert 0.3 < (y == 0).mean() < 0.5
    assert np.shares_memory(layers.SpatialDropout2D(0.4)(pictures), pictures)


@pytest.mark.parametrize("wrong", [ONES[0], ONES[None]])
def test_spatial_dropout_asks_for_its_number_of_axes(wrong: Any) -> None:
    with pytest.raises(ShapeError, match="expected ndim=3, found ndim="):
        layers.SpatialDropout1D(0.4)(wrong)


def test_gaussian_noise_is_normal() -> None:
    added = layers.GaussianNoise(0.5)(ONES, training=True) - 1
    assert added.mean() == pytest.approx(0, abs=0.01)
    assert added.std() == pytest.approx(0.5, rel=0.01)
    assert (abs(added) > 1).mean() == pytest.approx(0.0455, abs=0.005)


def test_gaussian_dropout_spreads_as_dropout_does() -> None:
    y = layers.GaussianDropout(0.2)(ONES * 3, training=True) / 3
    assert y.mean() == pytest.approx(1, abs=0.01)
    assert y.std() == pytest.approx(0.5, rel=0.01)
    with pytest.raises(OptionError, match="infinite noise"):
        layers.GaussianDropout(1.0)(ONES, training=True)


NOISY = [
    layers.Dropout, layers.GaussianDropout, layers.GaussianNoise, layers.SpatialDropout1D,
]  # fmt: skip


@pytest.mark.parametrize("kind", NOISY, ids=lambda kind: kind.__name__)
def test_the_same_seed_draws_the_same(kind: Any) -> None:
    first, second = kind(0.5, seed=3), kind(0.5, seed=3)
    once = first(ONES, training=True)
    np.testing.assert_array_equal(once, second(ONES, training=True))
    assert not np.array_equal(once, first(ONES, training=True))
    assert not np.array_equal(once, kind(0.5)(ONES, training=True))
    again = kind.from_config(first.get_config())
    np.testing.assert_array_equal(once, again(ONES, training=True))
    with use_session(Session(seed=5)):
        drawn = kind(0.5)(ONES, training=True)
    with use_session(Session(seed=5)):
        np.testing.assert_array_equal(drawn, kind(0.5)(ONES, training=True))


@pytest.mark.parametrize("kind", NOISY, ids=lambda kind: kind.__name__)
def test_every_step_draws_anew_and_only_training_does(kind: Any) -> None:
    model = Sequential([Input((30, 20)), kind(0.3)])
    model.compile("sgd", "mse")
    before = model.evaluate(ONES, ONES, verbose=0)
    assert before == 0
    losses = quiet(model, ONES, ONES, epochs=3, batch_size=200)["loss"]
    assert len(set(losses)) == 3 and min(losses) > 0
    np.testing.assert_array_equal(model.predict(ONES[:3]), ONES[:3])


def test_the_penalty_is_per_sample() -> None:
    layer = layers.ActivityRegularization(l1=0.5, l2=0.25)
    x = np.array([[1, -2], [3, 0], [0, 0]], "float32")
    assert np.shares_memory(layer(x), x)
    assert [float(loss) for loss in layer.losses] == [pytest.approx((0.5 * 6 + 0.25 * 14) / 3)]
    assert "activity_regularizer" not in layer.get_config()
    again = type(layer).from_config(layer.get_config())
    assert (again.l1, again.l2) == (0.5, 0.25)
    with pytest.raises(OptionError, match=r"`l1`.*at least 0"):
        layers.ActivityRegularization(l1=-1)


@pytest.mark.parametrize(
    "option",
    [
        {"kernel_initializer": "normal"}, {"kernel_initializer": "GlorotNormal"},
        {"kernel_initializer": "zero"}, {"kernel_initializer": "identity"},
        {"bias_initializer": "one"}, {"kernel_regularizer": "L1L2"},
        {"kernel_regularizer": "OrthogonalRegularizer"}, {"kernel_constraint": "MaxNorm"},
        {"kernel_initializer": lambda shape, dtype=None: np.full(shape, 3.0)},
        {"bias_initializer": np.array([1.0, 2.0])},
    ],
    ids=lambda option: str(next(iter(option.values()))),
)  # fmt: skip
def test_every_name_and_object_is_taken_by_layers(option: dict[str, Any]) -> None:
    model = Sequential([Input((3,)), layers.Dense(2, **option)])
    model.compile("sgd", "mse")
    assert np.isfinite(quiet(model, X, X[:, :2])["loss"]).all()


def test_mistyped_names_get_a_hint() -> None:
    with pytest.raises(OptionError, match=r"glorot_normall\..*Did you mean 'glorot_normal'"):
        layers.Dense(2, kernel_initializer="glorot_normall")
    with pytest.raises(ValueError, match=r"identifier: l1_l2\. Did you mean 'l1l2'"):
        regularizers.get("l1_l2")


def test_a_layer_of_one_name_learns_as_before() -> None:
    first, second = classifier(), classifier()
    second.set_weights(first.get_weights())
    assert quiet(first, X, Y, shuffle=False) == quiet(second, X, Y, shuffle=False)
