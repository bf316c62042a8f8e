"""Matrix products of our own: BLAS's bits, whatever the shape; fused with the update, the same."""

from typing import Any

import numpy as np
import pytest

from kgui.engine import Input, Model, Sequential, backend, layers
from kgui.engine.backend import choice, get_session
from kgui.engine.backend.emitter import Instruction
from kgui.engine.backend.native import codes, product_choice
from kgui.engine.backend.native.lowering import lower
from kgui.engine.backend.threads import limit_threads
from kgui.engine.utils import set_random_seed

pytestmark = pytest.mark.skipif(not choice.available(), reason="needs the extra kgui[fast]")


def run() -> Any:
    """The compiled interpreter."""
    assert backend.wait_for_kernels()
    return choice.compiled_run()


def product(m: int, n: int, k: int, first: bool, second: bool) -> Instruction:
    """A product of random matrices, each turned in memory or not."""
    generator = np.random.default_rng(m * n * k)

    def matrix(rows: int, columns: int, turned: bool) -> Any:
        shape = (columns, rows) if turned else (rows, columns)
        values = generator.standard_normal(shape, "float32")
        return values.T if turned else values

    reads = matrix(m, k, first), matrix(k, n, second)
    return Instruction("dot", reads, np.full((m, n), 7, "float32"), {}, "", "")


@pytest.mark.parametrize("turned", [(False, False), (True, False), (False, True), (True, True)])
@pytest.mark.parametrize(
    "size", [(2, 2, 2), (8, 48, 5), (13, 37, 29), (33, 65, 100), (5, 16, 450), (31, 100, 1000)]
)
def test_our_products_have_the_bits_of_blas(
    size: tuple[int, int, int], turned: tuple[bool, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is faster: ours is taken where it adds in BLAS's order, at no edge otherwise."""
    monkeypatch.setattr(product_choice, "_chosen", {})
    monkeypatch.setattr(product_choice, "least_seconds", lambda *_: [0, 1])
    at = product(*size, *turned)
    blas = lower(at)
    assert blas is not None
    row = product_choice.better_product(at, blas, run())
    if size == (8, 48, 5):
        assert row.numbers[0] == codes.PRODUCT
    with limit_threads(1):
        wanted = at.reads[0].dot(at.reads[1])
        product_choice.Stretch(run(), [row])()
    assert np.array_equal(at.out, wanted)


def test_a_product_that_is_slower_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product_choice, "_chosen", {})
    monkeypatch.setattr(product_choice, "least_seconds", lambda *_: [1, 0])
    at = product(8, 16, 8, False, False)
    blas = lower(at)
    assert blas is not None
    assert product_choice.better_product(at, blas, run()) is blas


def networks(optimizer: Any) -> list[Model]:
    """One layer after the other, and weights that are used twice in a step.

    The first has so many weights that BLAS takes part in the updates, the second has not.
    """
    plain = Sequential([layers.Dense(300, activation="relu"), layers.Dense(3)])
    inputs = Input((40,))
    twice = layers.Dense(40, activation="relu")
    again = Model(inputs, layers.Dense(3)(twice(twice(inputs))))
    for model in (plain, again):
        model.compile(optimizer, "mse")
    return [plain, again]


@pytest.mark.parametrize("options", [{}, {"clipnorm": 0.1}, {"weight_decay": 0.01}])
def test_gradients_that_become_updates_at_once_give_the_same_weights(
    options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kgui.engine.optimizers import Adam

    monkeypatch.setattr(product_choice, "_chosen", {})
    monkeypatch.setattr(product_choice, "least_seconds", lambda *_: [0, 1])
    assert backend.wait_for_kernels()
    x = np.random.default_rng(0).standard_normal((64, 40), "float32")
    results = []
    for name in ("numpy", "numba"):
        get_session().backend = name
        set_random_seed(1)
        models = networks(Adam(0.01, **options)), networks(Adam(0.01, **options))
        chosen = [models[0][0], models[1][1]]
        for model in chosen:
            model.fit(x, x[:, :3], epochs=3, verbose=0)
        results.append([array for model in chosen for array in model.get_weights()])
    assert all(np.array_equal(a, b) for a, b in zip(*results, strict=True))


def operations_of(model: Model) -> list[int]:
    """The codes of what the compiled training step does."""
    assert model.train_program is not None
    steps = [step for step in model.train_program.plan.steps if hasattr(step, "codes")]
    return [code for step in steps for code in step.codes]


def test_adam_comes_with_the_gradients(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both weights of the plain network are updated stripe by stripe."""
    monkeypatch.setattr(product_choice, "_chosen", {})
    monkeypatch.setattr(product_choice, "least_seconds", lambda *_: [0, 1])
    assert backend.wait_for_kernels()
    get_session().backend = "numba"
    model = networks("adam")[0]
    x = np.random.default_rng(0).standard_normal((64, 40), "float32")
    model.fit(x, x[:, :3], verbose=0)
    found = operations_of(model)
    assert found.count(codes.PRODUCT_ADAM) == 2
    assert found.count(codes.HELD) == 2
