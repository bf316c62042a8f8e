"""Layers are found by the names that people bring along."""

import pytest

from kgui.compiler.catalog import node_types
from kgui.compiler.finding import SYNONYMS, find, synonym_for

ALL = tuple(node_types().values())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Affine", "Dense"),
        ("FC", "Dense"),
        ("Linear", "Dense"),
        ("fully-connected", "Dense"),
        ("BN", "BatchNormalization"),
        ("batch norm", "BatchNormalization"),
        ("dense", "Dense"),
        ("max", "Maximum"),
        ("elu", "ELU"),
        ("norm", "Normalization"),
        ("concat", "Concatenate"),
        ("skip", "Add"),
    ],
)
def test_the_first_found_is_what_was_meant(text: str, name: str) -> None:
    assert find(ALL, text)[0].name == name


def test_of_equals_the_last_used_comes_first() -> None:
    assert [kind.name for kind in find(ALL, "", ("Dropout", "Dense"))][:3] == [
        "Dropout", "Dense", "Input",
    ]  # fmt: skip
    assert find(ALL, "d", ("Dot",))[0].name == "Dot"
    assert find(ALL, "dense", ("Dot",))[0].name == "Dense"


def test_nothing_is_found_for_nonsense() -> None:
    assert find(ALL, "zzz") == ()


def test_the_synonym_is_told_where_the_name_does_not_say_it() -> None:
    dense = node_types()["Dense"]
    assert synonym_for(dense, "fc") == "FC"
    assert synonym_for(dense, "den") == ""


def test_no_synonym_is_the_name_of_another_layer() -> None:
    names = {kind.name.casefold() for kind in ALL}
    assert not names & {word.casefold() for words in SYNONYMS.values() for word in words}
