"""Random tensors: their statistics, their seeds, and new values in every run of a plan."""

from typing import Any

import numpy as np
import pytest

from kgui.engine import Input, Layer, Model, ops, random


def test_the_same_number_gives_the_same_values_a_generator_the_next() -> None:
    first, again = random.normal((5,), seed=3), random.normal((5,), seed=3)
    np.testing.assert_array_equal(first, again)
    generator = random.SeedGenerator(3)
    assert not np.array_equal(
        random.normal((5,), seed=generator), random.normal((5,), seed=generator)
    )


@pytest.mark.parametrize(
    ("values", "mean", "deviation"),
    [
        (random.normal((40_000,), 2.0, 3.0, seed=0), 2.0, 3.0),
        (random.uniform((40_000,), -1.0, 1.0, seed=0), 0.0, 3**-0.5),
        (random.truncated_normal((40_000,), 1.0, 2.0, seed=0), 1.0, 2 * 0.8796),
        (random.randint((40_000,), 0, 10, seed=0), 4.5, 8.25**0.5),
    ],
)
def test_statistics(values: Any, mean: float, deviation: float) -> None:
    assert np.mean(values) == pytest.approx(mean, abs=0.05)
    assert np.std(values) == pytest.approx(deviation, rel=0.02)


def test_types_and_limits() -> None:
    assert random.normal((2,), dtype="float64", seed=1).dtype == np.float64
    assert random.uniform((2,), 0, 5, dtype="int32", seed=1).dtype == np.int32
    assert np.abs(random.truncated_normal((10_000,), seed=2)).max() <= 2


def test_dropout_by_slices() -> None:
    dropped = np.asarray(random.dropout(np.ones((4, 6, 5), "f"), 0.5, (None, 1, None), seed=1))
    assert set(np.unique(dropped)) == {0.0, 2.0}
    assert (dropped == dropped[:, :1]).all()


def test_shuffle_and_categorical() -> None:
    mixed = random.shuffle(np.arange(10), seed=5)
    assert sorted(mixed) == list(range(10))
    drawn = random.categorical(np.log([[0.1, 0.9]] * 2), 5_000, seed=0)
    assert drawn.shape == (2, 5_000)
    assert drawn.mean() == pytest.approx(0.9, abs=0.02)


class Noisy(Layer):
    """Adds normal numbers, in prediction too."""

    def __init__(self) -> None:
        super().__init__()
        self.seed_generator = random.SeedGenerator(9)

    def call(self, inputs: Any) -> Any:
        return ops.add(inputs, random.normal(inputs.shape, seed=self.seed_generator))


def test_a_plan_draws_anew_in_every_run() -> None:
    inputs = Input((3,))
    model = Model(inputs, Noisy()(inputs))
    rows = model.predict(np.zeros((8, 3), "f"), batch_size=4)
    assert np.unique(rows).size == rows.size
