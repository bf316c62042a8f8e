"""One layer asked for shapes: by the engine itself, in an abstract session, remembered."""

import pytest

from kgui.compiler import examination
from kgui.compiler.examination import Outcome, examine
from kgui.engine import Input, layers
from kgui.engine.backend import Session, use_session
from kgui.engine.errors import OptionError, ShapeError
from kgui.engine.variables import Outline


def test_weights_of_an_abstract_session_have_shapes_and_no_values() -> None:
    with use_session(Session(abstract=True)):
        layer = layers.Dense(10**15)
        assert layer(Input((10**15,))).shape == (None, 10**15)
    kernel, bias = layer.weights
    assert isinstance(kernel, Outline)
    assert (kernel.shape, kernel.size, kernel.array.size) == ((10**15, 10**15), 10**30, 0)
    assert (bias.dtype, bias.path) == ("float32", "dense/bias")
    assert layer.count_params() == 10**30 + 10**15


def test_other_sessions_make_values() -> None:
    with use_session(Session()):
        layer = layers.Dense(3)
        layer(Input((4,)))
    assert not any(isinstance(weight, Outline) for weight in layer.weights)
    assert layer.count_params() == 15


def test_an_initializer_refuses_shapes_with_and_without_values() -> None:
    for abstract in (False, True):
        with use_session(Session(abstract=abstract)):
            layer = layers.Dense(3, bias_initializer="orthogonal")
            with pytest.raises(ShapeError, match="at least two-dimensional"):
                layer(Input((4,)))


def test_limits_within_an_optional_option_hold() -> None:
    with pytest.raises(OptionError, match="seed"):
        layers.Dropout(0.5, seed=-1)
    with pytest.raises(OptionError, match="scale"):
        layers.Rescaling(float("nan"))


def test_same_question_same_answer_without_asking_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = examine("Dense", {"units": 3, "use_bias": False}, [(None, 4)])
    assert first == Outcome(((None, 3),), 12)
    monkeypatch.setattr(examination, "layer_classes", dict)
    assert examine("Dense", {"use_bias": False, "units": 3}, [(None, 4)]) is first
    with pytest.raises(KeyError):
        examine("Dense", {"units": 3, "use_bias": False}, [(None, 7777)])


def test_true_is_not_one() -> None:
    examine("Rescaling", {"scale": 1, "offset": 1}, [(None, 4)])
    outcome = examine("Rescaling", {"scale": 1, "offset": True}, [(None, 4)])
    assert outcome.fault is not None
    assert outcome.fault.option == "offset"
    assert outcome.fault.message == "offset must be a number, not True"
