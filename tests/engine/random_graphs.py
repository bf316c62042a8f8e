"""Random computations over leaves of every kind, each checked against the plain executor."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st
from reference import Planned, Tape

from kgui.engine import ops
from kgui.engine.calling import Call, calling
from kgui.engine.ops import crossentropy
from kgui.engine.symbolic import KerasTensor
from kgui.engine.variables import Variable

GENERATOR = np.random.default_rng(0)


def numbers(*shape: int) -> Any:
    return GENERATOR.uniform(-1.5, 1.5, shape)


def tame(x: Any) -> Any:
    """Keeps what follows from growing without limit."""
    return ops.clip(x, -3.0, 3.0)


UNARY = (
    ops.negative, ops.relu, ops.sigmoid, ops.tanh, ops.softplus, ops.leaky_relu, ops.elu,
    ops.absolute, ops.square,
    lambda x: ops.exp(tame(x)),
    lambda x: ops.expm1(tame(x)),
    lambda x: ops.sqrt(ops.add(ops.square(x), 0.5)),
    lambda x: ops.log(ops.add(ops.absolute(x), 0.5)),
    lambda x: ops.log1p(ops.square(x)),
    tame,
    lambda x: ops.add(x, 0.25),
    lambda x: ops.subtract(1.0, x),
    lambda x: ops.multiply(x, -0.5),
    lambda x: ops.divide(x, 4.0),
    lambda x: ops.cast(ops.greater(x, 0.1), "float64"),
    lambda x: ops.cast(ops.cast(ops.multiply(x, 10.0), "int32"), "float64"),
    lambda x: ops.softmax(x) if x.shape else x,
    lambda x: ops.log_softmax(x) if x.shape else x,
    lambda x: ops.cast(ops.argmax(x), "float64") if x.shape else x,
)  # fmt: skip

BINARY = (
    ops.add, ops.subtract, ops.multiply, ops.maximum, ops.minimum,
    lambda a, b: ops.divide(a, ops.add(ops.square(b), 1.0)),
    lambda a, b: ops.cast(ops.equal(a, b), "float64"),
    lambda a, b: ops.add(a, ops.negative(b)),
    lambda a, b: ops.add(ops.cast(ops.multiply(a, 3.0), "int32"), b),
    lambda a, b: ops.multiply(ops.add(a, 0.5), b),
)  # fmt: skip


def _shaping(x: Any, extra: int) -> Any:
    shape = tuple(x.shape)
    size = int(np.prod(shape))
    choices = [(size,), (-1, 1), (1, -1), (*shape, 1), shape]
    if size % 2 == 0:
        choices.append((2, -1))
    return ops.reshape(x, choices[extra % len(choices)])


def _reducing(x: Any, extra: int) -> Any:
    if not x.shape:
        return x
    axis = extra % len(x.shape)
    return (ops.sum, ops.mean)[extra % 2](x, axis=None if extra > 6 else axis)


def _product(x: Any, extra: int, weights: list[Any]) -> Any:
    fits = [w for w in weights if len(w.shape) == 2 and x.shape and x.shape[-1] == w.shape[0]]
    return ops.matmul(x, fits[extra % len(fits)]) if fits and len(x.shape) > 1 else x


def _joining(a: Any, b: Any, extra: int) -> Any:
    if not a.shape or tuple(a.shape) != tuple(b.shape):
        return a
    return ops.concatenate([a, b, a] if extra > 5 else [a, b], extra % len(a.shape))


def _classes(x: Any, extra: int) -> Any:
    if len(x.shape) < 1 or x.shape[-1] < 2:
        return x
    labels = np.arange(int(np.prod(x.shape[:-1]))).reshape(x.shape[:-1]) % x.shape[-1]
    p = ops.softmax(x)
    if extra > 6:
        losses = crossentropy.sparse_categorical_crossentropy(labels, p)
        return ops.add(losses, ops.mean(ops.square(p), axis=-1))
    if extra % 3 == 0:
        return ops.negative(crossentropy.take_class(labels, ops.log_softmax(x)))
    if extra % 3 == 1:
        return crossentropy.sparse_categorical_crossentropy(labels, p)
    hot = np.eye(x.shape[-1])[labels]
    return crossentropy.categorical_crossentropy(hot, p if extra > 4 else ops.sigmoid(x))


def build(steps: list[tuple[int, int, int, int]], leaves: list[Any], weights: list[Any]) -> Any:
    """All tensors of a random graph: each step uses what is there; a misfit step changes little."""
    tensors = list(leaves)
    for kind, first, second, extra in steps:
        a, b = tensors[-1 - first % len(tensors)], tensors[-1 - second % len(tensors)]
        tensors.append(_step(ORDER[kind], a, b, extra, weights))
    return tensors


def _step(kind: int, a: Any, b: Any, extra: int, weights: list[Any]) -> Any:
    if kind < len(UNARY):
        return UNARY[kind](a)
    kind -= len(UNARY)
    if kind < len(BINARY):
        try:
            np.broadcast_shapes(tuple(a.shape), tuple(b.shape))
        except ValueError:
            return ops.add(a, ops.mean(b))
        return BINARY[kind](a, b)
    choices = (
        lambda: _shaping(a, extra),
        lambda: _reducing(a, extra),
        lambda: _product(a, extra, weights),
        lambda: _joining(a, b, extra),
        lambda: _classes(a, extra),
    )
    return choices[kind - len(BINARY)]()


KINDS = len(UNARY) + len(BINARY) + 5
# Sums, products, negatives and views come often: they are what shares buffers.
OFTEN = [0, 0, 1, 3, 4, *range(len(UNARY), len(UNARY) + 3), *[len(UNARY) + len(BINARY)] * 4]
ORDER = [*OFTEN, *range(KINDS)]
BACK = st.sampled_from([0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9])
STEPS = st.lists(
    st.tuples(st.integers(0, len(ORDER) - 1), BACK, BACK, st.integers(0, 8)),
    min_size=1,
    max_size=12,
)


class Graph:
    """Leaves of every kind, and a computation over them."""

    def __init__(
        self, make: Callable[[list[Any], list[Any]], list[Any]], outputs: Any = ()
    ) -> None:
        self.inputs = [KerasTensor((4, 4), "float64", name="") for _ in range(3)]
        self.variables = [Variable(numbers(4, 4)), Variable(numbers(4)), Variable(numbers(4, 4))]
        self.frozen = Variable(numbers(4, 4), trainable=False)
        constants = [numbers(4, 4), numbers(1, 4)]
        with calling(Call(training=True, tracing=True)):
            # Variables alone would be computed at once: each is tied to an input.
            tied = [ops.add(v, ops.multiply(self.inputs[0], 0.0)) for v in self.variables]
            leaves = [
                *constants, self.variables[1], self.frozen, self.variables[2], *tied, *self.inputs
            ]  # fmt: skip
            made = make(leaves, [self.variables[0], self.frozen, constants[0]])
            made = [t for t in made if isinstance(t, KerasTensor) and t.node is not None]
            self.wanted = [made[-1 - index % len(made)] for index in outputs]
            self.loss = ops.mean(made[-1])
            for tensor in self.wanted[::2]:  # the others are only looked at, like metrics
                self.loss = ops.add(self.loss, ops.multiply(ops.mean(tensor), 0.5))

    def check(self) -> None:
        """Planned values and gradients equal the tape's, run after run."""
        planned = Planned(self.inputs, self.wanted, self.variables, self.loss)
        forward = Planned(self.inputs, [*self.wanted, self.loss])
        data = [[numbers(4, 4) for _ in self.inputs] for _ in range(2)]
        weights = [*self.variables, self.frozen]
        before = [v.array.copy() for v in weights]
        for arrays in (data[0], data[1], data[0]):
            values = {id(t): array for t, array in zip(self.inputs, arrays, strict=True)}
            tape = Tape([*self.wanted, self.loss], values)
            expected = [tape.values[id(tensor)] for tensor in [*self.wanted, self.loss]]
            close(planned.run(arrays), expected, "values while training")
            close(forward.run(arrays), expected, "values")
            gradients = tape.gradients(self.loss, self.variables)
            close(planned.gradients, gradients, "gradients")
        for variable, array in zip(weights, before, strict=True):
            np.testing.assert_array_equal(variable.array, array, "a plan wrote into a weight")


def close(found: list[Any], expected: list[Any], what: str) -> None:
    for index, (one, other) in enumerate(zip(found, expected, strict=True)):
        np.testing.assert_allclose(one, other, 1e-9, 1e-11, err_msg=f"{what} {index}")
