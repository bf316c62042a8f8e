"""Utilities for arrays and sequences, as `keras.utils`."""

from typing import Any

import numpy as np
import pytest

from kgui.engine import utils

LISTS = [[1], [2, 3], [4, 5, 6], []]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [[0, 0, 1], [0, 2, 3], [4, 5, 6], [0, 0, 0]]),
        ({"padding": "post", "value": 9}, [[1, 9, 9], [2, 3, 9], [4, 5, 6], [9, 9, 9]]),
        ({"maxlen": 2}, [[0, 1], [2, 3], [5, 6], [0, 0]]),
        ({"maxlen": 2, "truncating": "post"}, [[0, 1], [2, 3], [4, 5], [0, 0]]),
    ],
)
def test_padding(options: dict[str, Any], expected: list[list[int]]) -> None:
    padded = utils.pad_sequences(LISTS, **options)
    assert padded.dtype == np.int32
    assert padded.tolist() == expected


def test_padding_of_rows_and_texts() -> None:
    rows = utils.pad_sequences([[[1.5, 2]], [[3, 4], [5, 6]]], dtype="float64", padding="post")
    assert rows.tolist() == [[[1.5, 2], [0, 0]], [[3, 4], [5, 6]]]
    words = utils.pad_sequences([["a"], ["b", "c"]], dtype=object, value="-")
    assert words.tolist() == [["-", "a"], ["b", "c"]]


@pytest.mark.parametrize(
    ("sequences", "options", "text"),
    [
        (5, {}, "`sequences` must be iterable"),
        ([1, 2], {}, "Found non-iterable: 1"),
        (LISTS, {"padding": "left"}, 'Padding type "left" not understood'),
        (LISTS, {"truncating": "left"}, 'Truncating type "left" not understood'),
        ([[[1, 2]], [[3]]], {}, "at position 1 is different from expected shape"),
        (LISTS, {"value": "x"}, "is not compatible with `value`'s type"),
        ([], {}, "zero-size array"),
    ],
)
def test_padding_refuses(sequences: Any, options: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        utils.pad_sequences(sequences, **options)


@pytest.mark.parametrize(
    ("labels", "classes", "shape"),
    [([0, 2], None, (2, 3)), ([[0], [2]], 4, (2, 4)), ([[0, 1], [1, 1]], None, (2, 2, 2)),
     (1, None, (2,)), ([1.9], 3, (1, 3)), ([[[0], [1]]], None, (1, 2, 2))],
)  # fmt: skip
def test_one_hot_rows(labels: Any, classes: int | None, shape: tuple[int, ...]) -> None:
    rows = utils.to_categorical(labels, classes)
    assert (rows.shape, rows.dtype) == (shape, np.float64)
    np.testing.assert_array_equal(rows.sum(-1), 1)
    whole = np.array(labels, "int64").reshape(shape[:-1])
    np.testing.assert_array_equal(rows.argmax(-1), whole)


def test_one_hot_rows_out_of_range() -> None:
    assert utils.to_categorical([-1, 0], 3).tolist() == [[0, 0, 1], [1, 0, 0]]
    with pytest.raises(IndexError, match="index 5 is out of bounds"):
        utils.to_categorical([5], 3)
    with pytest.raises(ValueError, match="zero-size array"):
        utils.to_categorical([])


@pytest.mark.parametrize("order", [1, 2, np.inf])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_normalizing(axis: int, order: float) -> None:
    array = np.random.default_rng(1).normal(size=(3, 4))
    array[:, 1] = array[2] = 0
    lengths = np.linalg.norm(utils.normalize(array, axis, order), order, axis)
    np.testing.assert_allclose(lengths, np.abs(array).sum(axis) > 0)
    assert utils.normalize([3.0, 4.0]).tolist() == [[0.6, 0.8]]


def test_seeds() -> None:
    utils.set_random_seed(np.int64(3))  # type: ignore[arg-type] # as Keras users do
    first = np.random.rand()
    utils.set_random_seed(3)
    assert np.random.rand() == first
    for wrong in (1.5, "1", None):
        with pytest.raises(ValueError, match="Expected `seed` argument to be an integer"):
            utils.set_random_seed(wrong)  # type: ignore[arg-type] # that is the point
    utils.clear_session(free_memory=True)
