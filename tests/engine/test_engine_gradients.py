"""Derivatives against finite differences in float64, of everything the engine exports."""

import inspect
import typing
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pytest
from loop_samples import LOOP_SAMPLES
from op_samples import OP_SAMPLES
from rare_samples import RARE_SAMPLES
from reference import Planned

from kgui.engine import activations, layers, losses, ops
from kgui.engine.backend import SeedGenerator, Session
from kgui.engine.calling import Call, calling
from kgui.engine.layers.layer import Layer
from kgui.engine.options import ActivationName
from kgui.engine.symbolic import KerasTensor
from kgui.engine.variables import Variable

GENERATOR = np.random.default_rng(1)
STEP = 1e-6


@pytest.fixture(autouse=True)
def doubles(session: Session) -> None:
    session.floatx = "float64"


def numbers(*shape: int, low: float = -1.5, high: float = 1.5) -> Any:
    return GENERATOR.uniform(low, high, shape)


class Check:
    """A function of arrays, planned with training on, and its numerical derivative."""

    def __init__(
        self,
        function: Callable[..., Any],
        arrays: Sequence[Any],
        weights: Sequence[Variable] = (),
        seeds: Sequence[SeedGenerator] = (),
    ) -> None:
        self.seeds = [(seed.generator.bit_generator, _state(seed)) for seed in seeds]
        inputs = [Variable(array) for array in arrays]
        # Variables alone would be computed at once: each is tied to an input of zeros.
        zeros = [KerasTensor(array.shape, "float64", name="") for array in arrays]
        with calling(Call(training=True, tracing=True)):
            tied = [ops.add(v, zero) for v, zero in zip(inputs, zeros, strict=True)]
            output = function(*tied)
            self.loss = ops.sum(ops.multiply(output, numbers(*output.shape)))
        self.variables = [*inputs, *weights]
        self.planned = Planned(zeros, [output], self.variables, self.loss)
        self.zeros = [np.zeros(array.shape) for array in arrays]
        with calling(Call(training=True)):
            self.reset()
            self.eager = function(*arrays)

    def reset(self) -> None:
        """Random draws start where they started."""
        for generator, state in self.seeds:
            generator.state = state

    def value(self) -> float:
        """The loss for what the variables hold now."""
        self.reset()
        return float(self.planned.run(self.zeros)[-1])

    def run(self) -> None:
        """Planned equals eager; the gradient predicts the change along random directions."""
        self.value()
        np.testing.assert_allclose(self.planned.outputs[0], self.eager, 1e-12, 1e-14)
        gradients = [gradient.copy() for gradient in self.planned.gradients]
        for _ in range(3):
            ways = [numbers(*v.shape) for v in self.variables]
            pairs = zip(gradients, ways, strict=True)
            predicted = sum(float((gradient * way).sum()) for gradient, way in pairs)
            change = self.moved(ways, STEP) - self.moved(ways, -STEP)
            assert predicted == pytest.approx(change / (2 * STEP), rel=1e-6, abs=1e-7)

    def moved(self, ways: Sequence[Any], step: float) -> float:
        """The loss a step along the directions."""
        before = [v.array.copy() for v in self.variables]
        for variable, way in zip(self.variables, ways, strict=True):
            variable.array += step * way
        value = self.value()
        for variable, array in zip(self.variables, before, strict=True):
            variable.array[...] = array
        return value


def _state(seed: SeedGenerator) -> Any:
    return seed.generator.bit_generator.state


POSITIVE = {"low": 0.3, "high": 2.0}
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


LOSSES = [
    item
    for item in vars(losses).values()
    if inspect.isclass(item)
    and issubclass(item, losses.Loss)
    and item not in (losses.Circle, losses.Loss, losses.LossFunctionWrapper)
]
LABELLED = ("sparse", "generalized")
"""Parts of the names of losses whose targets are labels."""


def test_circle_loss() -> None:
    loss = losses.Circle(gamma=4, reduction="sum")
    Check(lambda x: loss(np.array([0, 1, 0, 1]), ops.normalize(x)), [numbers(4, 3)]).run()


@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "sum", "none"])
@pytest.mark.parametrize("kind", LOSSES, ids=lambda kind: kind.__name__)
def test_loss(kind: Any, reduction: str) -> None:
    given = inspect.signature(kind).parameters
    for options in ({}, {"from_logits": True}, {"label_smoothing": 0.2}):
        if set(options) <= set(given):
            _check_loss(kind(reduction=reduction, **options), "from_logits" in options)


def _check_loss(loss: losses.Loss, logits: bool) -> None:
    sparse = any(part in loss.name for part in LABELLED)
    targets = np.array([2, 0, 1, 1]) if sparse else numbers(4, 3, low=0.1, high=0.9)
    weights = numbers(4, **POSITIVE)

    def of(x: Any, activation: Callable[[Any], Any], given: Any) -> Any:
        return loss(targets, activation(x), given)

    for activation in (activations.linear,) if logits else (ops.softmax, ops.sigmoid):
        for given in (None, weights):
            Check(partial(of, activation=activation, given=given), [numbers(4, 3)]).run()


@pytest.mark.parametrize("kind", LOSSES, ids=lambda kind: kind.__name__)
def test_loss_of_steps(kind: Any) -> None:
    sparse = any(part in kind().name for part in LABELLED)
    targets = np.array([[2, 0], [1, 1]]) if sparse else numbers(2, 2, 3, low=0.1, high=0.9)
    weights = numbers(2, 2, **POSITIVE)
    Check(lambda x: kind()(targets, ops.softmax(x), weights), [numbers(2, 2, 3)]).run()
