"""How rows are divided into training, validation and test."""

import numpy as np
import pytest

from kgui.data.source import divide
from kgui.graph.project import DataSettings
from kgui.io.errors import InputError


def test_classes_keep_their_shares() -> None:
    labels = np.repeat([0, 1, 2], [100, 20, 10])
    train, validation, test = divide(
        labels, "classes", DataSettings(validation=0.25, test=0.2), seed=1, own_test=False
    )
    assert sorted(np.concatenate([train, validation, test])) == list(range(130))
    assert np.bincount(labels[test]).tolist() == [20, 4, 2]
    assert np.bincount(labels[validation]).tolist() == [20, 4, 2]


@pytest.mark.parametrize("seed", range(8))
def test_rare_classes_stay_in_training(seed: int) -> None:
    labels = np.array([0] * 20 + [1] * 17 + [2, 3, 4])
    shares = DataSettings(validation=0.3, test=0.3)
    parts = divide(labels, "classes", shares, seed, own_test=False)
    assert set(labels[parts[0]]) == {0, 1, 2, 3, 4}
    assert sorted(np.concatenate(parts)) == list(range(40))


def test_the_seed_decides() -> None:
    labels = np.arange(50) % 2
    parts = [divide(labels, "classes", DataSettings(), seed, False)[0] for seed in (1, 1, 2)]
    assert np.array_equal(parts[0], parts[1])
    assert not np.array_equal(parts[0], parts[2])


def test_a_part_without_rows_is_refused() -> None:
    with pytest.raises(InputError, match="validation part would have no rows"):
        divide(np.zeros(2), "numbers", DataSettings(validation=0.1), 0, False)
