"""Derivatives of operations and layers against finite differences in float64."""

import inspect
import typing
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from gradient_check import POSITIVE, Check, numbers
from loop_samples import LOOP_SAMPLES
from op_samples import OP_SAMPLES
from rare_samples import RARE_SAMPLES
from reference import Planned

from kgui.engine import activations, layers, ops
from kgui.engine.backend import SeedGenerator
from kgui.engine.calling import Call, calling
from kgui.engine.layers.layer import Layer
from kgui.engine.options import ActivationName
from kgui.engine.symbolic import KerasTensor
from kgui.engine.variables import Variable

pytestmark = pytest.mark.usefixtures("doubles")

A, B = numbers(3, 4), numbers(3, 4)
SAMPLES: dict[str, list[tuple[Callable[..., Any], list[Any]]]] = {
    "add": [(ops.add, [A, B]), (ops.add, [A, numbers(4)]), (ops.add, [numbers(3, 1), A])],
    "subtract": [(ops.subtract, [A, B]), (ops.subtract, [numbers(1, 4), numbers(2, 3, 4)])],
    "multiply": [(ops.multiply, [A, B]), (ops.multiply, [numbers(3, 1), numbers(4)])],
    "divide": [
        (ops.divide, [A, numbers(3, 4, **POSITIVE)]),
        (ops.divide, [numbers(4), numbers(3, 1, **POSITIVE)]),
    ],
    "maximum": [(ops.maximum, [A, B]), (ops.maximum, [A, numbers(4)])],
    "minimum": [(ops.minimum, [A, B]), (ops.minimum, [numbers(3, 1), A])],
    "sqrt": [(ops.sqrt, [numbers(3, 4, **POSITIVE)])],
    "log": [(ops.log, [numbers(3, 4, **POSITIVE)])],
    "log1p": [(ops.log1p, [numbers(3, 4, **POSITIVE)])],
    "clip": [(lambda x: ops.clip(x, -0.5, 0.7), [A])],
    "leaky_relu": [(ops.leaky_relu, [A]), (lambda x: ops.leaky_relu(x, 1.4), [A])],
    "elu": [(ops.elu, [A]), (lambda x: ops.elu(x, 0.3), [A])],
    "matmul": [(ops.matmul, [A, numbers(4, 2)]), (ops.matmul, [numbers(2, 3, 4), numbers(4, 5)])],
    "sum": [
        (ops.sum, [A]),
        (lambda x: ops.sum(x, axis=0), [A]),
        (lambda x: ops.sum(x, axis=(0, -1)), [numbers(2, 3, 4)]),
    ],
    "mean": [(ops.mean, [A]), (lambda x: ops.mean(x, axis=1), [numbers(2, 3, 4)])],
    "reshape": [(lambda x: ops.reshape(x, (2, -1)), [A])],
    "expand_dims": [(lambda x: ops.expand_dims(x, 1), [A])],
    "squeeze": [(lambda x: ops.squeeze(x, 1), [numbers(3, 1, 4)])],
    "concatenate": [
        (lambda a, b: ops.concatenate([a, b, a], 0), [A, B]),
        (lambda a, b: ops.concatenate([a, b, a], 1), [A, numbers(3, 2)]),
        (lambda a, b: ops.concatenate([a, b], -2), [numbers(2, 3, 4), numbers(2, 1, 4)]),
    ],
    "cast": [(lambda x: ops.cast(ops.square(x), "float64"), [A])],
    "equal": [(lambda a, b: ops.cast(ops.equal(a, b), "float64"), [A, B])],
    "greater": [(lambda a, b: ops.cast(ops.greater(a, b), "float64"), [A, B])],
    "dropout": [],
}
"""Calls that fit a primitive's arguments; one that is not listed is called with one array."""
SAMPLES |= OP_SAMPLES | LOOP_SAMPLES | RARE_SAMPLES


@pytest.mark.parametrize("name", ops.__all__)
def test_primitive(name: str) -> None:
    function = getattr(ops, name)
    for sample, arrays in SAMPLES.get(name, [(function, [A]), (function, [numbers(2, 3, 2)])]):
        Check(sample, arrays).run()


@pytest.mark.parametrize("rate", [0.0, 0.4, 1.0])
def test_dropout_primitive(rate: float) -> None:
    seed = SeedGenerator(3)
    Check(lambda x: ops.dropout(x, rate, seed), [A], seeds=[seed]).run()


def test_extremes_share_the_gradient_of_ties() -> None:
    same = Variable(A)
    zero = KerasTensor(A.shape, "float64", name="")
    with calling(Call(tracing=True)):
        loss = ops.sum(ops.maximum(ops.add(same, zero), same))
    planned = Planned([zero], [], [same], loss)
    planned.run([np.zeros(A.shape)])
    np.testing.assert_allclose(planned.gradients[0], 1.0)


def test_whole_numbers_have_no_gradient() -> None:
    weight = Variable(A)
    zero = KerasTensor(A.shape, "float64", name="")
    with calling(Call(tracing=True)):
        whole = ops.cast(ops.cast(ops.add(weight, zero), "int32"), "float64")
        loss = ops.sum(ops.multiply(whole, 3.0))
    planned = Planned([zero], [], [weight], loss)
    planned.run([np.zeros(A.shape)])
    np.testing.assert_array_equal(planned.gradients[0], 0.0)


THRESHOLD = partial(activations.threshold, threshold=0.2, default_value=-1.0)


@pytest.mark.parametrize("name", [*typing.get_args(ActivationName), *activations._BY_NAME])
def test_activation(name: str) -> None:
    function = THRESHOLD if name == "threshold" else activations.get(name)
    Check(function, [numbers(3, 4, low=-4, high=8)]).run()
    Check(lambda x: function(ops.add(x, x)), [numbers(2, 3, 4)]).run()


@pytest.mark.parametrize(
    "options",
    [
        {"negative_slope": 0.3},
        {"max_value": 0.8},
        {"threshold": 0.4},
        {"negative_slope": 0.3, "max_value": 0.8, "threshold": 0.2},
    ],
    ids=str,
)
def test_relu_with_options(options: dict[str, float]) -> None:
    Check(lambda x: activations.relu(x, **options), [A]).run()


LAYERS = [getattr(layers, name) for name in layers.__all__]
KINDS = [k for k in LAYERS if inspect.isclass(k) and issubclass(k, Layer) and k is not Layer]
OPTIONS: dict[str, list[dict[str, Any]]] = {
    "InputLayer": [],
    "Dense": [
        {"units": 3},
        {"units": 2, "use_bias": False},
        *({"units": 4, "activation": name} for name in typing.get_args(ActivationName)),
    ],
    "Activation": [{"activation": "tanh"}],
    "CategoryEncoding": [],
    "Discretization": [],
    "Embedding": [],
    "TimeDistributed": [],
    "Wrapper": [],
    "Normalization": [
        {"mean": 0.5, "variance": 4.0},
        {"mean": 0.5, "variance": 0.3, "axis": 1, "invert": True},
    ],
    "Dropout": [{"rate": 0.4}, {"rate": 0.0}, {"rate": 0.4, "noise_shape": (1,)}],
    "GaussianDropout": [{"rate": 0.4}, {"rate": 0.0}],
    "GaussianNoise": [{"stddev": 0.4}, {"stddev": 0.0}],
    "SpatialDropout1D": [{"rate": 0.4}],
    "SpatialDropout2D": [{"rate": 0.4}, {"rate": 0.4, "data_format": "channels_first"}],
    "BatchNormalization": [
        {},
        {"center": False},
        {"scale": False},
        {"center": False, "scale": False},
        {"axis": 1},
    ],
    "LayerNormalization": [
        {},
        {"center": False},
        {"scale": False},
        {"center": False, "scale": False},
        {"axis": 1},
        {"axis": (0, 1)},
    ],
    "GroupNormalization": [{"groups": 1}, {"groups": -1}, {"groups": 1, "scale": False}],
    "RMSNormalization": [{}, {"axis": 1}],
    "UnitNormalization": [{}, {"axis": 1}],
    "Concatenate": [{}, {"axis": 1}, {"axis": 0}],
    "Dot": [{"axes": -1}, {"axes": 1, "normalize": True}],
    "Lambda": [{"function": lambda x: x**2 + 2 * x[:1]}],
    "LeakyReLU": [{}],
    "ReLU": [{}, {"max_value": 0.5, "negative_slope": 0.1, "threshold": 0.2}],
    "PReLU": [{}, {"shared_axes": 1}],
    "Reshape": [{"target_shape": (-1, 3, 1)}],
    "Permute": [],
    "RepeatVector": [],
    "Rescaling": [{"scale": 0.3}, {"scale": [0.3], "offset": -0.2}],
    "Softmax": [{}, {"axis": 1}],
}
"""Options that a layer cannot do without, and some that change what it computes."""


SHAPES: dict[str, tuple[tuple[int, ...], ...]] = {
    "SpatialDropout1D": ((2, 3, 4),),
    "SpatialDropout2D": ((2, 3, 2, 4),),
}
"""Shapes for layers that do not take two axes as well as three."""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_layer(kind: type[Layer]) -> None:
    for options in OPTIONS.get(kind.__name__, [{}]):
        for shape in SHAPES.get(kind.__name__, ((4, 3), (2, 3, 4))):
            _check_layer(kind(**options), shape)


def test_layers_of_fixed_rank() -> None:
    _check_layer(layers.Permute((2, 1)), (2, 3, 4))
    _check_layer(layers.RepeatVector(3), (4, 3))


def _check_layer(layer: Layer, shape: tuple[int, ...]) -> None:
    growing = getattr(layer, "growing", None)
    count = 1 if growing is None else 3 if growing else 2
    arrays = [numbers(*shape) for _ in range(count)]

    def call(*tensors: Any) -> Any:
        return layer(list(tensors) if count > 1 else tensors[0])

    call(*arrays)
    for weight in layer.weights:
        weight.assign(numbers(*weight.shape))
    seeds = [item for item in vars(layer).values() if isinstance(item, SeedGenerator)]
    Check(call, arrays, layer.trainable_weights, seeds).run()
