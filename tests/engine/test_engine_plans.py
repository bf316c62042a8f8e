"""Plans against a plain executor, on random graphs: buffers shared wrongly would show here."""

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_graphs import BACK, STEPS, UNARY, Graph, build

from kgui.engine import ops
from kgui.engine.backend import Session, use_session
from kgui.engine.ops import crossentropy

EXAMPLES = int(os.environ.get("KGUI_PLAN_EXAMPLES", "300"))


@pytest.fixture(autouse=True)
def doubles(session: Session) -> None:
    session.floatx = "float64"


@settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES <= 300)
@given(steps=STEPS, outputs=st.lists(BACK, max_size=3))
def test_plans_equal_the_tape(steps: Any, outputs: list[int]) -> None:
    with use_session(Session(seed=0)) as session:
        session.floatx = "float64"
        Graph(lambda leaves, weights: build(steps, leaves, weights), outputs).check()


def _total(tensors: list[Any]) -> list[Any]:
    total = tensors[0]
    for tensor in tensors[1:]:
        total = ops.add(total, tensor)
    return [total]


@pytest.mark.parametrize("first", range(len(UNARY)))
def test_every_function_after_every_other(first: int) -> None:
    def make(leaves: list[Any], weights: list[Any]) -> list[Any]:
        def fresh() -> Any:
            return UNARY[first](ops.matmul(leaves[-1], weights[0]))

        chains = [function(fresh()) for function in UNARY]
        views = [function(ops.reshape(h := fresh(), h.shape)) for function in UNARY]
        same_rank = [tensor for tensor in [*chains, *views] if tuple(tensor.shape) == (4, 4)]
        rest = [ops.sum(tensor) for tensor in [*chains, *views] if tuple(tensor.shape) != (4, 4)]
        return _total([*same_rank, *rest])

    Graph(make).check()


X, W, FROZEN, CONSTANT, BIAS = -1, 0, 3, 0, 2
"""Places of the leaves: an input, the first weight matrix, frozen, constant, a bias."""


def _dense(x: Any, leaves: list[Any], weights: list[Any]) -> Any:
    return ops.add(ops.matmul(x, weights[W]), leaves[BIAS])


NASTY: dict[str, Callable[[list[Any], list[Any]], list[Any]]] = {
    "x * x": lambda v, w: [ops.multiply(h := _dense(v[X], v, w), h)],
    "a + a": lambda v, w: [ops.add(h := _dense(v[X], v, w), h)],
    "a - a": lambda v, w: [ops.subtract(h := _dense(v[X], v, w), h)],
    "a / a": lambda v, w: [ops.divide(h := ops.exp(v[X] + v[4]), h)],
    "max(a, a)": lambda v, w: [ops.maximum(h := _dense(v[X], v, w), h)],
    "weight * weight": lambda v, w: [ops.multiply(v[4], ops.multiply(v[4], v[X]))],
    "weight + weight": lambda v, w: [ops.add(v[4], ops.add(v[4], v[X]))],
    "view of a weight": lambda v, w: [
        ops.add(ops.reshape(w[W], (2, 8)), ops.reshape(v[X], (2, 8)))
    ],
    "negated view of a weight": lambda v, w: [
        ops.multiply(ops.negative(ops.reshape(ops.multiply(w[W], v[X]), (16,))), 2.0),
        ops.add(ops.sum(v[X]), ops.sum(ops.relu(ops.add(ops.reshape(v[4], (4, 4)), v[X])))),
    ],
    "layer shared by two inputs": lambda v, w: [
        ops.add(ops.relu(_dense(v[X], v, w)), ops.relu(_dense(v[-2], v, w)))
    ],
    "layer applied twice": lambda v, w: [_dense(ops.tanh(_dense(v[X], v, w)), v, w)],
    "Add then activation": lambda v, w: [
        ops.relu(ops.add(h := ops.tanh(_dense(v[X], v, w)), ops.negative(h)) + 0.1)
    ],
    "activation of a sum whose part is used again": lambda v, w: [
        ops.multiply(ops.sigmoid(ops.add(h := _dense(v[X], v, w), v[-2])), h)
    ],
    "residual": lambda v, w: [
        ops.relu(ops.add(h := ops.relu(_dense(v[X], v, w)), _dense(h, v, w)))
    ],
    "views in between": lambda v, w: [
        ops.relu(
            ops.reshape(ops.negative(ops.reshape(ops.tanh(_dense(v[X], v, w)), (16,))), (4, 4))
        )
    ],
    "view used twice": lambda v, w: [
        ops.add(flat := ops.reshape(h := _dense(v[X], v, w), (16,)), ops.negative(flat)),
        ops.add(ops.sum(ops.relu(flat)), ops.sum(ops.square(h))),
    ],
    "view of an input negated": lambda v, w: [
        ops.add(ops.negative(ops.reshape(v[X], (4, 4))), _dense(v[X], v, w))
    ],
    "constants folded, then added to": lambda v, w: [
        ops.add(ops.relu(ops.negative(v[CONSTANT])), _dense(v[X], v, w))
    ],
    "constant first": lambda v, w: [ops.subtract(ops.multiply(v[CONSTANT], 2.0), v[4] + v[X])],
    "constant twice": lambda v, w: [
        ops.add(c := ops.exp(v[CONSTANT]), ops.multiply(ops.add(c, v[X]), v[4]))
    ],
    "constant probabilities": lambda v, w: [
        ops.add(
            crossentropy.categorical_crossentropy(ops.softmax(v[X]), ops.softmax(v[CONSTANT])),
            ops.sum(_dense(v[X], v, w), axis=-1),
        )
    ],
    "frozen in the middle": lambda v, w: [
        _dense(ops.relu(ops.matmul(ops.tanh(_dense(v[X], v, w)), v[FROZEN])), v, w)
    ],
    "only frozen": lambda v, w: [ops.relu(ops.matmul(v[X], v[FROZEN]))],
    "probabilities used beside the loss": lambda v, w: [
        ops.add(
            crossentropy.sparse_categorical_crossentropy(
                np.arange(4), p := ops.softmax(_dense(v[X], v, w))
            ),
            ops.mean(ops.square(p), axis=-1),
        )
    ],
    "probabilities looked at": lambda v, w: [
        p := ops.softmax(_dense(v[X], v, w)),
        ops.cast(ops.argmax(p), "float64"),
        crossentropy.categorical_crossentropy(np.eye(4), p),
    ],
    "two losses of the same probabilities": lambda v, w: [
        ops.add(
            crossentropy.categorical_crossentropy(np.eye(4), p := ops.softmax(_dense(v[X], v, w))),
            crossentropy.sparse_categorical_crossentropy(np.arange(4)[::-1].copy(), p),
        )
    ],
    "joined with itself": lambda v, w: [
        ops.relu(ops.concatenate([h := _dense(v[X], v, w), h, ops.negative(h)], 0))
    ],
    "joined constants": lambda v, w: [
        ops.multiply(ops.concatenate([v[CONSTANT], v[1]], 0), ops.sum(_dense(v[X], v, w)))
    ],
    "scalars broadcast": lambda v, w: [
        ops.multiply(ops.add(total := ops.sum(v[4] + v[X]), v[-2]), total)
    ],
    "broadcast both ways": lambda v, w: [
        ops.multiply(
            ops.sum(h := _dense(v[X], v, w), axis=0), ops.expand_dims(ops.sum(h, axis=1), -1)
        )
    ],
    "nothing in between": lambda v, w: [ops.add(v[4], v[X])],
    "unused weights": lambda v, w: [ops.add(v[X], 1.0)],
}


@pytest.mark.parametrize("outputs", [(), (0,), (1, 0, 2)], ids=["loss", "output", "outputs"])
@pytest.mark.parametrize("name", NASTY)
def test_nasty_graphs(name: str, outputs: tuple[int, ...]) -> None:
    Graph(NASTY[name], outputs).check()
