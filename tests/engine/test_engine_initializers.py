"""Initializers: limits, moments, repeatability; not the values, which are our own."""

import math
from typing import Any

import numpy as np
import pytest

from kgui.engine import initializers
from kgui.engine.backend import SeedGenerator
from kgui.engine.errors import ShapeError
from kgui.engine.initializers import compute_fans

SHAPE = (300, 200)
IN, OUT = SHAPE
CUT = 0.87962566103423978
"""Standard deviation of a normal distribution cut at two of them."""

UNIFORM = {
    "glorot_uniform": math.sqrt(6 / (IN + OUT)),
    "he_uniform": math.sqrt(6 / IN),
    "lecun_uniform": math.sqrt(3 / IN),
    "random_uniform": 0.05,
    "uniform": 0.05,
}
NORMAL = {
    "glorot_normal": (math.sqrt(2 / (IN + OUT)), 2 / CUT),
    "he_normal": (math.sqrt(2 / IN), 2 / CUT),
    "lecun_normal": (math.sqrt(1 / IN), 2 / CUT),
    "truncated_normal": (0.05 * CUT, 2 / CUT),
    "random_normal": (0.05, 6.0),
}
"""Standard deviation, and the largest value in units of it."""


@pytest.mark.parametrize("name", UNIFORM)
def test_uniform(name: str) -> None:
    values, limit = initializers.get(name)(SHAPE), UNIFORM[name]
    assert 0.999 * limit < abs(values).max() <= limit * (1 + 1e-6)
    assert values.mean() == pytest.approx(0, abs=limit / 50)
    assert values.std() == pytest.approx(limit / math.sqrt(3), rel=0.02)


@pytest.mark.parametrize("name", NORMAL)
def test_normal(name: str) -> None:
    values = initializers.get(name)(SHAPE)
    deviation, largest = NORMAL[name]
    assert values.std() == pytest.approx(deviation, rel=0.02)
    assert values.mean() == pytest.approx(0, abs=deviation / 50)
    assert abs(values).max() <= largest * deviation * (1 + 1e-5)
    assert abs(values).max() > 1.9 * deviation


@pytest.mark.parametrize(
    ("shape", "fans"),
    [
        ((), (1, 1)),
        ((7,), (7, 7)),
        ((3, 4), (3, 4)),
        ((5, 5, 3, 8), (75, 200)),
        ((2, 3, 4), (6, 8)),
    ],
)
def test_fans(shape: tuple[int, ...], fans: tuple[int, int]) -> None:
    assert compute_fans(shape) == fans


def test_variance_scaling_of_every_mode() -> None:
    for mode, fan in (("fan_in", IN), ("fan_out", OUT), ("fan_avg", (IN + OUT) / 2)):
        for kind in ("uniform", "truncated_normal", "untruncated_normal"):
            values = initializers.VarianceScaling(3.0, mode, kind)(SHAPE)
            assert values.std() == pytest.approx(math.sqrt(3.0 / fan), rel=0.02)


@pytest.mark.parametrize("shape", [(20, 8), (8, 20), (4, 5, 10)])
def test_orthogonal(shape: tuple[int, ...]) -> None:
    values = initializers.Orthogonal(gain=2.0)(shape).reshape(-1, shape[-1]).astype("float64")
    square = values.T @ values if values.shape[0] >= values.shape[1] else values @ values.T
    np.testing.assert_allclose(square, 4.0 * np.eye(len(square)), atol=1e-5)


def test_orthogonal_needs_two_axes() -> None:
    with pytest.raises(ShapeError, match="at least two-dimensional"):
        initializers.Orthogonal()((3,))


def test_constants() -> None:
    assert (initializers.get("zeros")((2, 3)) == 0).all()
    assert (initializers.get("ones")((2, 3)) == 1).all()
    assert (initializers.Constant(2.5)((2, 3)) == 2.5).all()


RANDOM = sorted(set(UNIFORM) | set(NORMAL) | {"orthogonal"})


@pytest.mark.parametrize("name", RANDOM)
def test_objects_repeat_themselves_and_differ_from_each_other(name: str) -> None:
    first, second = initializers.get(name), initializers.get(name)
    np.testing.assert_array_equal(first((4, 5)), first((4, 5)))
    assert not np.array_equal(first((4, 5)), second((4, 5)))
    kind: Any = type(first)
    np.testing.assert_array_equal(kind(seed=3)((4, 5)), kind(seed=3)((4, 5)))
    assert first((4, 5)).dtype == np.float32
    assert first((4, 5), "float64").dtype == np.float64


@pytest.mark.parametrize("name", sorted(set(initializers.BY_NAME)))
def test_configurations(name: str) -> None:
    first = initializers.get(name)
    config = {"class_name": type(first).__name__, "config": first.get_config()}
    again = initializers.get(config)
    assert type(again) is type(first) and again.get_config() == first.get_config()


def test_a_seed_generator_goes_on() -> None:
    seeded = initializers.RandomNormal(seed=SeedGenerator(4))
    first, second = seeded((5, 5)), seeded((5, 5))
    assert not np.array_equal(first, second)
    again = initializers.get(initializers.serialize(seeded))
    np.testing.assert_array_equal(again((5, 5)), first)
    with pytest.raises(ValueError, match="`seed` argument should be an instance of"):
        initializers.RandomUniform(seed="three")


def test_clones_draw_seeds_of_their_own() -> None:
    first = initializers.HeNormal()
    assert not np.array_equal(first.clone()((4, 5)), first((4, 5)))
    fixed = initializers.HeNormal(seed=2)
    np.testing.assert_array_equal(fixed.clone()((4, 5)), fixed((4, 5)))


def test_axes_that_count_as_inputs_and_outputs() -> None:
    assert compute_fans((3, 4, 5, 6), [0, 1], [2, 3]) == (12, 30)
    values = initializers.GlorotUniform(seed=1, input_axes=[0, 1], output_axes=[2])((40, 50, 30))
    assert abs(values).max() == pytest.approx(math.sqrt(6 / 2030), rel=1e-3)


def test_identity_needs_a_matrix() -> None:
    np.testing.assert_array_equal(initializers.Identity(3.0)((2, 3)), [[3, 0, 0], [0, 3, 0]])
    with pytest.raises(ShapeError, match="only be used for 2D matrices"):
        initializers.Identity()((2, 2, 2))


def test_functions_arrays_and_nothing() -> None:
    def threes(shape: tuple[int, ...], dtype: str | None = None) -> Any:
        return np.full(shape, 3.0)

    assert initializers.get(threes) is threes
    assert initializers.get(None) is None
    given = initializers.get(np.arange(4.0))
    np.testing.assert_array_equal(given((4,)), np.arange(4))
    with pytest.raises(ValueError, match="Expected `shape` to be"):
        given((5,))
    with pytest.raises(ValueError, match="Could not interpret initializer identifier: 3"):
        initializers.get(3)


@pytest.mark.parametrize("name", ["hann", "hamming", "blackman", "boxcar"])
def test_waves_under_a_window(name: str) -> None:
    waves = initializers.STFT("imag", name, "density")((9, 1, 5), "float64")
    plain = initializers.STFT("imag", None, None)((9, 1, 5), "float64")
    shade = {
        "hann": np.hanning, "hamming": np.hamming, "blackman": np.blackman, "boxcar": np.ones,
    }[name](9)  # fmt: skip
    expected = plain * shade[:, None, None] / np.sqrt((shade**2).sum())
    np.testing.assert_allclose(waves, expected, atol=1e-12)
    for wrong in ({"side": "left"}, {"window": "round"}, {"scaling": "much"}):
        with pytest.raises(ValueError, match=r"side should|Unknown window|Scaling is invalid"):
            initializers.STFT(**wrong)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"scale": 0}, "`scale` must be positive"),
        ({"mode": "fan"}, "Invalid `mode` argument: fan"),
        ({"distribution": "round"}, "Invalid `distribution` argument: round"),
    ],
)
def test_variance_scaling_refuses(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        initializers.VarianceScaling(**wrong)
    assert initializers.VarianceScaling(distribution="NORMAL").distribution == "truncated_normal"


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("glorot_unifrom", "Did you mean 'glorot_uniform'"),
        ("HeNorml", "'HeNormal'"),
        ("zzz", "identifier: zzz$"),
    ],
)
def test_mistyped_names(word: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        initializers.get(word)


def test_unknown_names() -> None:
    with pytest.raises(ValueError, match="Could not interpret initializer identifier: nope"):
        initializers.get("nope")
