"""The catalogue: what layer classes say of themselves, and how loudly it fails if they do not."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import pytest

from kgui.compiler import check_option, node_types
from kgui.compiler.reflection import arguments_in, node_type_of
from kgui.engine import layers
from kgui.engine.layers.merge import Merge
from kgui.engine.options import Range
from kgui.language import language


class Planted(layers.Layer):
    """Does something.

    More about it.

    Args:
        rate: How much, in a text
            of two lines.
        mode: In which way.
        sizes: How large.
        slope: How steep; none takes the usual slope.

    Nothing of this: is an argument.
    """

    def __init__(
        self,
        rate: Annotated[float, Range(0, 1, exclusive=True)],
        mode: Literal["fast", "slow"] | Callable[..., Any] | None = "fast",
        sizes: tuple[int, ...] | int = (2, 3),
        slope: Annotated[int, Range(minimum=2)] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)


class Inheriting(Planted):
    """Does the same."""


class Undocumented(layers.Layer):
    """Has an option that it does not explain."""

    def __init__(self, size: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)


class Unannotated(layers.Layer):
    """Has an option without a constraint.

    Args:
        size: How large.
    """

    def __init__(self, size=1, **kwargs: Any) -> None:  # type: ignore[no-untyped-def] # planted
        super().__init__(**kwargs)


class Unconstrained(layers.Layer):
    """Has an option that anything may be given to.

    Args:
        function: What to do.
    """

    def __init__(self, function: Callable[..., Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)


class Silent(layers.Layer):
    def call(self, inputs: Any) -> Any:
        return inputs


class Opaque(layers.Layer):
    """Has a default that no document could hold.

    Args:
        size: How large.
    """

    def __init__(self, size: int = {}, **kwargs: Any) -> None:  # type: ignore[assignment] # planted
        super().__init__(**kwargs)


class Joining(Merge):
    """Joins three or more."""

    least_inputs = 3


def test_palette_order_and_categories() -> None:
    names = list(node_types())
    assert names[:2] == ["Input", "Dense"]
    categories = list(dict.fromkeys(kind.category for kind in node_types().values()))
    assert categories == [
        "Core", "Sequences", "Activations", "Reshaping", "Regularization", "Normalization",
        "Merging", "Preprocessing", "Blocks",
    ]  # fmt: skip


def test_input_and_dense() -> None:
    source, dense = node_types()["Input"], node_types()["Dense"]
    assert (source.inputs, source.outputs, source.growing) == (0, 1, False)
    assert [option.name for option in source.options] == ["shape"]
    assert source.option("shape").required
    assert source.option("shape").kind == "shape"
    units = dense.option("units")
    assert (units.kind, units.minimum, units.required) == ("integer", 1, True)
    activation = dense.option("activation")
    assert (activation.kind, activation.optional, activation.default) == ("choice", True, None)
    assert "relu" in activation.choices
    assert dense.option("use_bias").default is True
    assert dense.summary == "Fully connected: every unit sees every input."
    assert "name" not in [option.name for option in dense.options]


def test_merging_layers_grow() -> None:
    assert (node_types()["Add"].inputs, node_types()["Add"].growing) == (2, True)
    joining = node_type_of(Joining)
    assert (joining.inputs, joining.growing) == (3, True)


def test_planted_layer_is_read() -> None:
    kind = node_type_of(Planted)
    assert kind.summary == "Does something."
    rate, mode, sizes, slope = kind.options
    assert (rate.minimum, rate.maximum, rate.exclusive, rate.required) == (0, 1, True, True)
    assert rate.help == "How much, in a text of two lines."
    assert (mode.kind, mode.choices, mode.default, mode.optional) == (
        "choice", ("fast", "slow"), "fast", True,
    )  # fmt: skip
    assert (sizes.kind, sizes.default) == ("integers", [2, 3])
    assert (slope.kind, slope.minimum, slope.optional) == ("integer", 2, True)


def test_options_of_a_base_class_keep_their_help() -> None:
    assert node_type_of(Inheriting).options == node_type_of(Planted).options


@pytest.mark.parametrize(
    ("planted", "reason"),
    [
        (Undocumented, "size is not documented"),
        (Unannotated, "size states no constraint"),
        (Unconstrained, "function states no constraint"),
        (Silent, "no docstring"),
        (Opaque, "default of size"),
    ],
)
def test_what_is_missing_fails_loudly(planted: type[layers.Layer], reason: str) -> None:
    with pytest.raises(TypeError, match=f"{planted.__name__}.*{reason}"):
        node_type_of(planted)


def test_arguments_of_a_docstring() -> None:
    assert arguments_in("Text.") == {}
    text = (
        "Text.\n\nArgs:\n    a: One: two.\n        Three.\n\n    b: Four.\n\nReturns:\n    c: No."
    )
    assert arguments_in(text) == {"a": "One: two. Three.", "b": "Four."}


def test_texts_are_in_the_language_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    before = node_types()
    monkeypatch.setattr(language, "translate", lambda text: f"<{text}>")
    dense = node_types()["Dense"]
    assert dense.summary == "<Fully connected: every unit sees every input.>"
    assert dense.category == "<Core>"
    assert dense.option("units").help.startswith("<Number of units")
    assert check_option("Dense", "units", 0) == "<units must be at least 1, not 0>"
    monkeypatch.undo()
    assert node_types()["Dense"] == before["Dense"]
    assert node_types() is before or node_types() == before


@pytest.mark.parametrize(
    ("kind", "option", "value", "message"),
    [
        ("Dense", "units", 64, ""),
        ("Dense", "units", 0, "units must be at least 1, not 0"),
        ("Dense", "units", True, "units must be a whole number, not True"),
        ("Dense", "units", "64", "units must be a whole number, not '64'"),
        ("Dense", "units", None, "units is not set"),
        ("Dense", "activation", None, ""),
        ("Dense", "unit", 64, "Dense has no option unit"),
        ("Dense", "name", "dense", "Dense has no option name"),
        ("Dropout", "rate", 1.5, "rate must be between 0 and 1, not 1.5"),
        ("Dropout", "seed", -1, "seed must be at least 0, not -1"),
        ("Input", "shape", [28, 28], ""),
        ("Input", "shape", [None, 3], ""),
        ("PReLU", "shared_axes", "a", "shared_axes must be whole numbers such as 1, 2; 'a' is not"),
        ("Input", "shape", [28, "x"], "shape must be sizes such as 28, 28; (28, 'x') is not"),
        ("Convolution99", "units", 1, "Convolution99 is not a layer that this program knows"),
    ],
)
def test_check_option(kind: str, option: str, value: Any, message: str) -> None:
    assert check_option(kind, option, value) == message


def test_choices_are_listed_in_full_and_long_values_are_not() -> None:
    message = check_option("Dense", "activation", "x" * 500)
    assert "hard_sigmoid, log_softmax" in message
    assert len(message) < 350
    assert check_option("Dense", "activation", "Relu").endswith("not 'Relu'")
    assert len(check_option("Input", "shape", [0] * 5000)) < 150
