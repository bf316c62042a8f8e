"""Derivatives against finite differences in float64."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from reference import Planned

from kgui.engine import ops
from kgui.engine.backend import SeedGenerator
from kgui.engine.calling import Call, calling
from kgui.engine.symbolic import KerasTensor
from kgui.engine.variables import Variable

GENERATOR = np.random.default_rng(1)
STEP = 1e-6
POSITIVE = {"low": 0.3, "high": 2.0}


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
