"""Runs without a window: the same numbers every time, every part evaluated, faults told."""

from pathlib import Path

import numpy as np
import pytest
from drawn import chain, iris, node_id

from kgui.data.values import Array
from kgui.engine.backend import kernels
from kgui.graph import Project, edits
from kgui.interchange.npz import weights_of
from kgui.io.errors import InputError, MemoryNeedError, TrainingError
from kgui.training.events import BatchProgress, EpochEnded, Event, RunStarted
from kgui.training.failures import (
    DrawingError,
    DrawingTooLargeError,
    LayerFailedError,
    StopRequestedError,
)
from kgui.training.run import node_at_fault, train


def table(folder: Path, rows: int = 60, name: str = "rows.csv") -> str:
    """A CSV of two numbers and the larger one's name."""
    values = np.random.default_rng(0).normal(size=(rows, 2)).round(3)
    lines = [f"{a},{b},{'left' if a > b else 'right'}" for a, b in values]
    (folder / name).write_text("\n".join(["a,b,larger", *lines]), "utf-8")
    return name


def two_numbers(units: int = 2, activation: str = "softmax", **training: object) -> Project:
    layers = (
        ("Input", {"shape": [2]}),
        ("Dense", {"units": 8, "activation": "relu"}),
        ("Dense", {"units": units, "activation": activation}),
    )
    return chain(*layers, source="rows.csv", **training)  # type: ignore[arg-type] # literal layers


def test_a_run_learns_and_tells_every_epoch_once() -> None:
    events: list[Event] = []
    trained = train(iris(epochs=12, learning_rate=0.02), listener=events.append)
    told = [event for event in events if isinstance(event, EpochEnded)]
    assert isinstance(events[0], RunStarted)
    assert (events[0].epochs, events[0].steps, events[0].samples) == (12, 4, 120)
    assert [event.epoch for event in told] == list(range(12))
    assert trained.epochs == 12
    assert set(trained.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    for index, event in enumerate(told):
        assert event.logs == {name: row[index] for name, row in trained.history.items()}
    assert any(isinstance(event, BatchProgress) for event in events)
    assert trained.evaluation["train"]["accuracy"] > 0.9
    assert not trained.stopped


def test_the_same_seed_gives_the_same_history_and_weights_bit_for_bit() -> None:
    first, second = train(iris(seed=5)), train(iris(seed=5))
    assert first.history == second.history
    assert first.evaluation == second.evaluation
    pairs = zip(weights_of(first.model).values(), weights_of(second.model).values(), strict=True)
    assert all(np.array_equal(a, b) for a, b in pairs)
    assert train(iris(seed=6)).history != first.history


def test_a_run_leaves_the_process_as_it_was() -> None:
    """Names and random draws of one run do not depend on what ran before."""
    before = train(iris(epochs=1)).history
    np.random.default_rng().normal()
    train(two_on_iris())
    assert train(iris(epochs=1)).history == before


def two_on_iris() -> Project:
    """Iris with a Dropout, which draws at random."""
    return chain(
        ("Input", {"shape": [4]}),
        ("Dropout", {"rate": 0.5}),
        ("Dense", {"units": 3, "activation": "softmax"}),
        source="sample:iris",
        epochs=1,
    )


def test_every_part_is_evaluated_by_the_names_of_the_history(tmp_path: Path) -> None:
    table(tmp_path)
    project = edits.set_data(two_numbers(epochs=2), test=0.25)
    trained = train(project, folder=tmp_path)
    assert set(trained.evaluation) == {"train", "validation", "test"}
    assert all(set(part) == {"loss", "accuracy"} for part in trained.evaluation.values())
    last = {name: trained.history[f"val_{name}"][-1] for name in ("loss", "accuracy")}
    assert trained.evaluation["validation"] == pytest.approx(last, rel=1e-6)


def test_parts_that_do_not_exist_are_left_out(tmp_path: Path) -> None:
    table(tmp_path)
    trained = train(edits.set_data(two_numbers(epochs=1), validation=0), folder=tmp_path)
    assert set(trained.evaluation) == {"train"}
    assert set(trained.history) == {"loss", "accuracy"}


@pytest.mark.parametrize("loss", ["categorical_crossentropy", "mse"])
def test_class_indices_become_one_hot_where_the_loss_needs_it(loss: str) -> None:
    usual = train(iris(epochs=2)).history
    trained = train(iris(epochs=2, loss=loss))
    if loss == "categorical_crossentropy":
        assert trained.history["loss"] == pytest.approx(usual["loss"], rel=1e-5)
    assert trained.history["accuracy"] == pytest.approx(usual["accuracy"], abs=0.2)


def test_two_classes_may_share_one_unit(tmp_path: Path) -> None:
    table(tmp_path, 200)
    project = two_numbers(1, "sigmoid", epochs=20, learning_rate=0.05)
    assert train(project, folder=tmp_path).evaluation["train"]["accuracy"] > 0.9


def test_patience_ends_a_run_that_no_longer_gets_better() -> None:
    trained = train(iris(epochs=50, learning_rate=1e-12, patience=2))
    assert trained.epochs < 50
    assert not trained.stopped


class StopAfter:
    """Asks for a stop from the n-th question on."""

    def __init__(self, questions: int) -> None:
        self.left = questions

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


def test_a_stop_keeps_whole_epochs_and_what_was_learnt() -> None:
    whole = train(iris(epochs=9))
    stopped = train(iris(epochs=9), should_stop=StopAfter(20))
    assert stopped.stopped
    assert 0 < stopped.epochs < 9
    assert stopped.evaluation == {}
    for name, row in stopped.history.items():
        assert row == whole.history[name][: stopped.epochs]


@pytest.mark.parametrize("questions", range(0, 40, 3))
def test_a_stop_at_any_question_leaves_whole_epochs(questions: int) -> None:
    events: list[Event] = []
    try:
        trained = train(iris(epochs=2), listener=events.append, should_stop=StopAfter(questions))
    except StopRequestedError:
        assert questions == 0
        return
    told = [event for event in events if isinstance(event, EpochEnded)]
    assert trained.epochs == len(told) == len(trained.history.get("loss", []))


def test_a_loss_that_explodes_stops_at_once_and_names_the_layer() -> None:
    project = iris(epochs=20, optimizer="sgd", learning_rate=1e30)
    with pytest.raises(LayerFailedError, match=r"^The loss became .* in epoch \d+, batch \d+; "
                       r"the first bad value came from dense") as caught:  # fmt: skip
        train(project)
    assert "Lower the learning rate" in str(caught.value)
    assert node_at_fault(project, caught.value) == node_id(project, caught.value.layer)


def test_a_fault_inside_a_layer_names_its_node(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_in_softmax(monkeypatch, RuntimeError("the cable is loose"))
    project = iris()
    with pytest.raises(TrainingError) as caught:
        train(project)
    assert str(caught.value) == "dense_1 failed in the forward pass: the cable is loose."
    assert node_at_fault(project, caught.value) == node_id(project, "dense_1")


def test_memory_that_runs_out_is_told_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_in_softmax(monkeypatch, MemoryError())
    with pytest.raises(MemoryNeedError, match="memory was used up"):
        train(iris())


def fail_in_softmax(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let every softmax of a plan raise."""

    def bind(*arguments: Array, **options: object) -> object:
        def step() -> None:
            raise error

        return step

    monkeypatch.setattr("kgui.engine.execution.compiled_run", lambda: None)
    monkeypatch.setitem(kernels.KERNELS, "softmax", bind)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"units": 5},
            r"^dense_1: has 5 units, but the data has 3 classes: .*virginica\. Set units to 3\.$",
        ),
        ({"units": 0}, r"^dense_1: .*units.*"),
    ],
)
def test_a_drawing_that_does_not_fit_is_refused_with_its_node(
    options: dict[str, int], sentence: str
) -> None:
    project = iris()
    at = node_id(project, "dense_1")
    for option, value in options.items():
        project = edits.set_option(project, at, option, value)
    with pytest.raises(DrawingError, match=sentence) as caught:
        train(project)
    assert node_at_fault(project, caught.value) == at


def test_a_drawing_that_needs_too_much_memory_is_refused() -> None:
    project = iris()
    at = node_id(project, "dense")
    with pytest.raises(DrawingTooLargeError, match=r"^dense: needs .* of memory") as caught:
        train(edits.set_option(project, at, "units", 10**12))
    assert node_at_fault(project, caught.value) == at


def test_no_data_is_told() -> None:
    with pytest.raises(InputError, match="No data"):
        train(edits.set_data(iris(), source=""))
