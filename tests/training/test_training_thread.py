"""The training thread: order of its signals, one end, quick stops, faults at their node."""

import logging
import sys
import time
from collections.abc import Callable

import pytest
from drawn import chain, iris, node_id
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from kgui.engine.backend import kernels
from kgui.graph import Project, edits
from kgui.training.events import EpochEnded, RunEnded, RunStarted
from kgui.training.run import train
from kgui.training.thread import TrainingThread

WAIT = 20_000
"""Milliseconds; only a machine in trouble needs them."""


class Witness(QObject):
    """Collects what a thread tells, in the GUI thread."""

    def __init__(self, thread: TrainingThread) -> None:
        super().__init__()
        self.events: list[object] = []
        thread.started_run.connect(self.take)
        thread.epoch_ended.connect(self.take)
        thread.ended.connect(self.take)

    def take(self, event: object) -> None:
        self.events.append(event)

    @property
    def ends(self) -> list[RunEnded]:
        return [event for event in self.events if isinstance(event, RunEnded)]

    @property
    def epochs(self) -> list[int]:
        return [event.epoch for event in self.events if isinstance(event, EpochEnded)]


def run(qtbot: QtBot, project: Project) -> tuple[TrainingThread, Witness]:
    """Train a project in a thread until its end."""
    thread = TrainingThread(project)
    witness = Witness(thread)
    thread.start()
    finish(qtbot, thread, witness)
    return thread, witness


def finish(qtbot: QtBot, thread: TrainingThread, witness: Witness) -> None:
    qtbot.waitUntil(lambda: bool(witness.ends), timeout=WAIT)
    assert thread.wait(WAIT)


def wide(epochs: int = 1000) -> Project:
    """A run that takes longer than a test: many epochs of many batches."""
    layers = (
        ("Input", {"shape": [4]}),
        ("Dense", {"units": 64, "activation": "relu"}),
        ("Dense", {"units": 3, "activation": "softmax"}),
    )
    return chain(*layers, source="sample:iris", epochs=epochs, batch_size=1)  # type: ignore[arg-type] # literal layers


def test_events_come_in_order_with_one_point_per_epoch_and_one_end(qtbot: QtBot) -> None:
    thread, witness = run(qtbot, iris(epochs=7))
    assert isinstance(witness.events[0], RunStarted)
    assert witness.epochs == list(range(7))
    assert witness.events[-1] == RunEnded("finished")
    assert len(witness.ends) == 1
    assert thread.trained is not None
    assert thread.trained.epochs == 7
    newest = thread.latest()
    assert newest is not None
    assert newest.steps == 4


def test_the_thread_gives_the_numbers_that_a_plain_call_gives(qtbot: QtBot) -> None:
    thread, _ = run(qtbot, iris(epochs=4, seed=3))
    plain = train(iris(epochs=4, seed=3))
    assert thread.trained is not None
    assert thread.trained.history == plain.history
    assert thread.trained.evaluation == plain.evaluation


def test_a_stop_answers_within_a_tenth_of_a_second(qtbot: QtBot) -> None:
    thread = TrainingThread(wide())
    witness = Witness(thread)
    thread.start()
    qtbot.waitUntil(lambda: len(witness.epochs) >= 1, timeout=WAIT)
    began = time.perf_counter()
    thread.stop()
    assert thread.wait(WAIT)
    took = time.perf_counter() - began
    finish(qtbot, thread, witness)
    assert took < 0.1
    assert witness.ends == [RunEnded("stopped")]
    assert thread.trained is not None
    assert thread.trained.stopped
    assert thread.trained.epochs == len(witness.epochs)


def test_a_stop_before_the_start_trains_nothing(qtbot: QtBot) -> None:
    thread = TrainingThread(iris())
    witness = Witness(thread)
    thread.start()
    thread.stop()
    finish(qtbot, thread, witness)
    assert len(witness.ends) == 1
    assert witness.ends[0].outcome in ("stopped", "finished")


def test_twenty_starts_and_stops_leave_one_end_each_and_nothing_behind(qtbot: QtBot) -> None:
    usual = sys.getswitchinterval()
    for cycle in range(20):
        thread = TrainingThread(wide())
        witness = Witness(thread)
        thread.start()
        if cycle % 2:
            qtbot.waitUntil(lambda w=witness: bool(w.events), timeout=WAIT)  # type: ignore[misc] # a default
        thread.stop()
        finish(qtbot, thread, witness)
        assert len(witness.ends) == 1
        assert witness.ends[0].outcome == "stopped"
        assert thread.isFinished()
    assert sys.getswitchinterval() == usual


@pytest.fixture
def broken_softmax(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every softmax of a plan raises."""

    def bind(*arguments: object, **options: object) -> Callable[[], None]:
        def step() -> None:
            raise RuntimeError("the cable is loose")

        return step

    monkeypatch.setattr("kgui.engine.execution.compiled_run", lambda: None)
    monkeypatch.setitem(kernels.KERNELS, "softmax", bind)


@pytest.mark.usefixtures("broken_softmax")
def test_a_fault_in_a_layer_ends_the_run_at_its_node(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    project = iris()
    with caplog.at_level(logging.ERROR):
        thread, witness = run(qtbot, project)
    assert witness.ends == [
        RunEnded(
            "failed",
            "dense_1 failed in the forward pass: the cable is loose.",
            node_id(project, "dense_1"),
        )
    ]
    assert thread.trained is None
    assert "RuntimeError: the cable is loose" in caplog.text


def test_a_drawing_that_does_not_fit_ends_the_run_at_its_node(qtbot: QtBot) -> None:
    project = iris()
    at = node_id(project, "dense_1")
    _, witness = run(qtbot, edits.set_option(project, at, "units", 7))
    assert [(end.outcome, end.node_id) for end in witness.ends] == [("failed", at)]
    assert "7 units" in witness.ends[0].message


def test_a_file_that_is_gone_ends_the_run_with_one_sentence(qtbot: QtBot) -> None:
    _, witness = run(qtbot, edits.set_data(iris(), source="nowhere.csv"))
    assert len(witness.ends) == 1
    assert witness.ends[0].outcome == "failed"
    assert "nowhere.csv" in witness.ends[0].message


@pytest.mark.parametrize("error", [ValueError("odd"), SystemExit(3), KeyboardInterrupt()])
def test_whatever_is_raised_there_is_one_end(
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: BaseException,
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise error

    monkeypatch.setattr("kgui.training.thread.train", fail)
    _, witness = run(qtbot, iris())
    assert [end.outcome for end in witness.ends] == ["failed"]
    assert type(error).__name__ in witness.ends[0].message
    assert type(error).__name__ in caplog.text


def test_the_switch_interval_is_short_while_training_only(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    monkeypatch.setattr(
        "kgui.training.thread.train",
        lambda *arguments, **options: seen.append(sys.getswitchinterval()),
    )
    usual = sys.getswitchinterval()
    run(qtbot, iris())
    assert seen == [pytest.approx(0.0005)]
    assert sys.getswitchinterval() == usual
