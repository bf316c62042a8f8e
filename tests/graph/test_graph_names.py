"""Names as Keras gives them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgui.graph.names import NAME, free_name, snake_case


@pytest.mark.parametrize(
    ("class_name", "name"),
    [
        ("Dense", "dense"),
        ("ReLU", "re_lu"),
        ("LeakyReLU", "leaky_re_lu"),
        ("PReLU", "p_re_lu"),
        ("ELU", "elu"),
        ("LSTM", "lstm"),
        ("Conv2D", "conv2d"),
        ("Conv2DTranspose", "conv2d_transpose"),
        ("GlobalAveragePooling2D", "global_average_pooling2d"),
        ("BatchNormalization", "batch_normalization"),
        ("InputLayer", "input_layer"),
    ],
)
def test_snake_case_is_keras(class_name: str, name: str) -> None:
    assert snake_case(class_name) == name


def test_free_name_counts_from_the_base() -> None:
    assert free_name("dense", set()) == "dense"
    assert free_name("dense", {"dense"}) == "dense_1"
    assert free_name("dense", {"dense", "dense_1", "dense_3"}) == "dense_2"
    assert free_name("dense_1", {"dense", "dense_1"}) == "dense_2"
    assert free_name("dense_05", {"dense_05"}) == "dense_05_1"
    assert free_name("_1", {"_1"}) == "_1_1"


@given(st.from_regex(NAME, fullmatch=True), st.integers(0, 12))
def test_free_names_are_names(wanted: str, count: int) -> None:
    taken: set[str] = set()
    for _ in range(count + 1):
        name = free_name(wanted, taken)
        assert NAME.fullmatch(name)
        assert name not in taken
        taken.add(name)
