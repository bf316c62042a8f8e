"""Arguments by place and by name as Keras takes them: optimizers, inputs, names."""

import inspect

import numpy as np
import pytest

from kgui.engine import Input, Model, Sequential, layers, optimizers

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


@pytest.mark.parametrize("kind", ["Dense", "Flatten", "Dropout", "BatchNormalization", "Softmax"])
def test_layers_of_one_tensor_take_one(kind: str) -> None:
    options = {"Dense": {"units": 2}, "Dropout": {"rate": 0.5}}.get(kind, {})
    layer = getattr(layers, kind)(**options)
    tensor = Input((3,))
    with pytest.raises(ValueError, match=r"expects 1 input\(s\), but it received 2 input tensors"):
        layer([tensor, tensor])
    with pytest.raises(ValueError, match="Inputs to a layer should be tensors"):
        layer(None)
    with pytest.raises(ValueError, match=r"Only input tensors may be passed as positional"):
        layer("a")
    with pytest.raises(ValueError, match=r"Only input tensors may be passed as positional"):
        layer(tensor, 3)


def test_layers_of_ones_own_take_what_they_like() -> None:
    class Twice(layers.Layer):
        def call(self, inputs: object) -> object:
            first, second = inputs  # type: ignore[misc] # two tensors
            return first + second

    tensor = Input((3,))
    assert Twice()([tensor, tensor]).shape == (None, 3)


def test_python_says_which_argument_is_missing() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'units'"):
        layers.Dense()


def test_what_cannot_be_told_or_counted() -> None:
    with pytest.raises(ValueError, match="the layer isn't built"):
        layers.Dense(2).count_params()
    with pytest.raises(ValueError, match="Expected `trainable` to be a boolean"):
        layers.Dense(2, trainable="no")  # type: ignore[arg-type] # on purpose
    with pytest.raises(ValueError, match="because it has no layers"):
        Sequential().build((None, 3))
    model = Sequential([Input((3,)), layers.Dense(2)])
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match="Arguments not recognized"):
        model.evaluate(None, None, wrong=1)


def test_a_step_of_ones_own_is_not_passed_over_in_silence() -> None:
    class Own(Model):
        def train_step(self, data: object) -> dict[str, float]:
            return {}

    inputs = Input((3,))
    model = Own(inputs, layers.Dense(1)(inputs))
    model.compile("sgd", "mse")
    with pytest.raises(NotImplementedError, match=r"train_step.*GradientTape"):
        model.fit(np.ones((4, 3)), np.ones((4, 1)), verbose=0)
