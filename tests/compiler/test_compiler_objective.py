"""Loss, metrics and optimizer: "auto" resolved, and a model that trains with them."""

from typing import Any

import numpy as np
import pytest
from compiler_drawings import chain, classifier

from kgui.compiler import (
    LOSSES,
    METRICS,
    OPTIMIZERS,
    build,
    compile_model,
    needs_one_hot,
    resolve_loss,
)
from kgui.compiler.objective import ALSO_METRICS, OTHER_NAMES, last_activation
from kgui.data.values import Target
from kgui.engine import losses, metrics, optimizers
from kgui.engine.backend import Session, use_session
from kgui.io.errors import InputError

THREE = Target("kind", "classes", ("a", "b", "c"))
TWO = Target("kind", "classes", ("a", "b"))
PRICE = Target("price", "numbers")


def resolved(
    units: int, activation: str, target: Target, **settings: Any
) -> tuple[str, bool, list[str]]:
    """Name of the loss, whether it takes logits, metrics."""
    project = classifier([4], units, activation, **settings)
    loss, chosen = resolve_loss(project, target, (None, units), activation)
    if isinstance(loss, str):
        return loss, False, chosen
    logits = getattr(loss, "from_logits", None)
    return loss.name, loss.options["from_logits"] if logits is None else logits, chosen


@pytest.mark.parametrize(
    ("units", "activation", "target", "expected"),
    [
        (3, "softmax", THREE, ("sparse_categorical_crossentropy", False, ["accuracy"])),
        (3, "linear", THREE, ("sparse_categorical_crossentropy", True, ["accuracy"])),
        (3, "log_softmax", THREE, ("sparse_categorical_crossentropy", True, ["accuracy"])),
        (1, "sigmoid", TWO, ("binary_crossentropy", False, ["accuracy"])),
        (2, "softmax", TWO, ("sparse_categorical_crossentropy", False, ["accuracy"])),
        (1, "linear", PRICE, ("mse", False, ["mae"])),
    ],
)
def test_auto(units: int, activation: str, target: Target, expected: Any) -> None:
    assert resolved(units, activation, target) == expected
    assert resolved(units, activation, target, loss="auto") == expected


def test_chosen_names() -> None:
    chosen = resolved(
        3, "softmax", THREE, loss="categorical_crossentropy", metrics=("auto", "accuracy", "mse")
    )
    assert chosen == ("categorical_crossentropy", False, ["accuracy", "mse"])
    assert resolved(3, "linear", THREE, loss="categorical_crossentropy")[1]
    assert resolved(1, "sigmoid", TWO, loss="bce")[0] == "binary_crossentropy"
    assert (
        resolved(3, "softmax", THREE, loss="crossentropy")[0] == "sparse_categorical_crossentropy"
    )


@pytest.mark.parametrize(
    ("units", "loss", "target", "needed"),
    [
        (3, "auto", THREE, False),
        (3, "sparse_categorical_crossentropy", THREE, False),
        (3, "categorical_crossentropy", THREE, True),
        (3, "mse", THREE, True),
        (1, "binary_crossentropy", TWO, False),
        (1, "mse", PRICE, False),
    ],
)
def test_one_hot(units: int, loss: str, target: Target, needed: bool) -> None:
    assert needs_one_hot(classifier([4], units, loss=loss), target, (None, units)) is needed


def test_every_name_offered_is_one_that_the_engine_knows() -> None:
    with use_session(Session()):
        for name in [*LOSSES, *(name for name in OTHER_NAMES if OTHER_NAMES[name] != "auto")]:
            losses.get(name)
        for name in [*METRICS, *ALSO_METRICS]:
            if name not in ("accuracy", "acc"):
                metrics.get(name)
        for name in OPTIMIZERS:
            optimizers.get(name)


def test_last_activation() -> None:
    def of(*layers: tuple[str, dict[str, Any]]) -> str:
        return last_activation(build(chain(("Input", {"shape": [4]}), *layers)))

    assert of(("Dense", {"units": 3, "activation": "softmax"})) == "softmax"
    assert of(("Dense", {"units": 3})) == "linear"
    assert of(("Dense", {"units": 3}), ("Activation", {"activation": "sigmoid"})) == "sigmoid"
    softened = ("Dense", {"units": 3, "activation": "softmax"})
    assert of(softened, ("Dropout", {"rate": 0.5})) == "linear"
    assert of(("Dense", {"units": 3}), ("Softmax", {})) == "softmax"
    assert of(softened, ("Identity", {}), ("Reshape", {"target_shape": [3, 1]})) == "softmax"
    assert of(("Identity", {})) == "linear"


def test_optimizer_settings() -> None:
    def optimizer(**settings: Any) -> Any:
        project = classifier([4], 3, **settings)
        model = build(project)
        compile_model(model, project, THREE)
        return model.optimizer

    adam = optimizer()
    assert isinstance(adam, optimizers.Adam)
    assert float(adam.learning_rate) == pytest.approx(0.001)
    assert float(optimizer(learning_rate=0.5).learning_rate) == 0.5
    sgd = optimizer(optimizer="sgd", momentum=0.9)
    assert isinstance(sgd, optimizers.SGD)
    assert (sgd.momentum, float(sgd.learning_rate)) == (0.9, pytest.approx(0.01))
    assert isinstance(optimizer(momentum=0.9), optimizers.Adam)


@pytest.mark.parametrize("settings", [{"loss": "x"}, {"optimizer": "x"}, {"metrics": ("x",)}])
def test_names_that_do_not_exist(settings: dict[str, Any]) -> None:
    project = classifier([4], 3)
    model = build(project)
    with pytest.raises(InputError, match=r"x does not exist; possible are .*\.$"):
        compile_model(model, classifier([4], 3, **settings), THREE)
    assert model.compiled is None


@pytest.mark.parametrize(
    ("units", "activation", "target", "key"),
    [(2, "softmax", TWO, "accuracy"), (2, None, TWO, "accuracy"), (1, "sigmoid", TWO, "accuracy"),
     (1, None, PRICE, "mae")],
)  # fmt: skip
def test_what_was_resolved_trains(
    units: int, activation: str | None, target: Target, key: str
) -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=(64, 4)).astype("float32")
    labels = (x[:, 0] > 0).astype("int32")
    y: Any = labels if target.kind == "classes" else x[:, :1] * 2
    project = classifier([4], units, activation, optimizer="sgd", learning_rate=0.5)
    with use_session(Session(seed=0)):
        model = build(project)
        compile_model(model, project, target)
        history = model.fit(x, y, epochs=8, batch_size=16, verbose=0).history
    assert history["loss"][-1] < history["loss"][0] * 0.6
    assert key in history
