"""Arguments by place and by name as Keras takes them: optimizers, inputs, names."""

import inspect

import pytest

from kgui.engine import Input, Model, layers, optimizers

COMMON = [
    "weight_decay",
    "clipnorm",
    "clipvalue",
    "global_clipnorm",
    "use_ema",
    "ema_momentum",
    "ema_overwrite_frequency",
    "loss_scale_factor",
    "gradient_accumulation_steps",
    "name",
]


@pytest.mark.parametrize("kind", ["SGD", "Adam", "RMSprop", "Ftrl", "Adafactor", "Lion"])
def test_common_arguments_follow_an_optimizers_own(kind: str) -> None:
    maker = getattr(optimizers, kind)
    names = list(inspect.signature(maker).parameters)
    assert names[-11:-1] == COMMON
    own = [inspect.signature(maker).parameters[name].default for name in names[:-11]]
    made = maker(*own, 0.5, None, 2.0, None, True, 0.9, 3, None, 4, "mine").get_config()
    assert (made["weight_decay"], made["clipvalue"], made["use_ema"]) == (0.5, 2.0, True)
    assert (made["gradient_accumulation_steps"], made["name"]) == (4, "mine")


def test_adamw_has_the_decay_among_its_own() -> None:
    names = list(inspect.signature(optimizers.AdamW).parameters)
    assert names[1] == "weight_decay"
    assert names[6:-1] == COMMON[1:]
    made = optimizers.AdamW(0.1, 0.2, 0.3, 0.4, 0.5, True, 1.0).get_config()
    assert (made["weight_decay"], made["amsgrad"], made["clipnorm"]) == (0.2, True, 1.0)


def test_arguments_given_twice_or_too_many_are_refused() -> None:
    with pytest.raises(TypeError, match="multiple values for argument 'weight_decay'"):
        optimizers.SGD(0.1, 0.2, False, 0.3, weight_decay=0.4)
    with pytest.raises(TypeError, match="common arguments"):
        optimizers.SGD(*range(20))


def test_an_input_layer_takes_every_spelling() -> None:
    assert layers.InputLayer(batch_shape=[2, 3]).batch_shape == (2, 3)
    assert layers.InputLayer((3,), 4, "int32").batch_shape == (4, 3)
    assert layers.InputLayer.from_config(layers.InputLayer((5,)).get_config()).batch_shape == (
        None,
        5,
    )
    for wrong in ({"shape": (3,), "batch_shape": (2, 3)}, {"batch_size": 2, "batch_shape": (2, 3)}):
        with pytest.raises(ValueError, match="at the same time"):
            layers.InputLayer(**wrong)
    with pytest.raises(ValueError, match="You must pass a `shape` argument"):
        layers.InputLayer()


def test_a_tensor_becomes_an_input() -> None:
    first = Input((3,))
    middle = layers.Dense(2)(first)
    model = Model(Input(tensor=middle, name="middle"), layers.Dense(4)(middle))
    assert (model.input_shape, model.count_params()) == ((None, 2), 12)


@pytest.mark.parametrize("shape", [3, (-1,), (1.5,), "ab"])
def test_what_is_no_shape_is_refused(shape: object) -> None:
    with pytest.raises(ValueError, match="to a shape"):
        Input(shape)  # type: ignore[arg-type] # on purpose


def test_names_and_types_that_cannot_be() -> None:
    for name in ("a/b", 3):
        with pytest.raises(ValueError, match="cannot contain character `/`"):
            layers.Dense(2, name=name)
    with pytest.raises(ValueError, match="Invalid dtype"):
        layers.Dense(2, dtype="floaty")
