"""Starting, watching, stopping and failing runs in the window."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from window_fakes import World

from kgui.app import services
from kgui.training.events import BatchProgress, RunEnded
from kgui.widgets.number_fields import NumberField
from kgui.widgets.rows import Row
from kgui.widgets.window_keys import ExportKey


@pytest.fixture
def ready(world: World, qtbot: QtBot) -> list[str]:
    """A drawing with data, ready to be trained; the ids of its layers."""
    ids = world.draw(("Input", {}), ("Dense", {"units": 2}))
    world.workbench.data.choose("sample:iris")
    qtbot.waitUntil(lambda: world.workbench.data.state == "ready")
    assert world.window.actions_by_id["train.start"].isEnabled()
    return ids


def test_what_is_missing_is_said(world: World, qtbot: QtBot) -> None:
    start = world.window.actions_by_id["train.start"]
    panel = world.workbench.training_panel
    assert not start.isEnabled()
    assert start.toolTip().startswith("Draw a network first")
    world.draw(("Dense", {}))
    assert start.toolTip() == "Choose the data to train on first."
    assert panel.state.text() == start.toolTip()
    world.workbench.data.choose("sample:iris")
    qtbot.waitUntil(lambda: start.toolTip() == "Mend the problem first.")
    world.workbench.desk.train()
    assert world.window.notices.texts() == ["Mend the problem first."]
    assert world.runs == []


def test_a_run_gets_the_project_and_is_watched(world: World, ready: list[str]) -> None:
    world.trigger("train.start")
    (run,) = world.runs
    assert run.is_started
    assert run.project is world.project
    actions = world.window.actions_by_id
    assert not actions["train.start"].isEnabled()
    assert actions["train.stop"].isEnabled()
    assert world.workbench.training_panel.button.text() == "Stop"
    run.epoch(0, loss=1.0, val_loss=2.0)
    run.epoch(1, loss=0.5, val_loss=1.5)
    assert world.workbench.plots.points("loss") == [(1, 1.0), (2, 0.5)]
    assert world.workbench.plots.isVisible()
    run.end(RunEnded("finished"))
    assert actions["train.start"].isEnabled()
    assert world.workbench.training_panel.button.text() == "Train"


def test_progress_is_polled_not_pushed(world: World, ready: list[str], qtbot: QtBot) -> None:
    world.trigger("train.start")
    text = world.workbench.plots.progress.text
    world.runs[0].progress = BatchProgress(0, 5, 10, 1000.0, 12.0, {})
    qtbot.waitUntil(lambda: "batch 5 of 10" in text.text())


def test_stop_asks_the_run(world: World, ready: list[str]) -> None:
    world.workbench.training_panel.button.click()
    world.workbench.training_panel.button.click()
    assert world.runs[0].is_stopped
    world.runs[0].end(RunEnded("stopped"))
    assert world.window.actions_by_id["file.export_npz"].isEnabled()


def test_a_new_run_clears_the_curves(world: World, ready: list[str]) -> None:
    world.trigger("train.start")
    world.runs[0].epoch(0, loss=1.0)
    world.runs[0].end(RunEnded("finished"))
    world.trigger("train.start")
    assert world.workbench.plots.points("loss") == []
    world.runs[0].epoch(5, loss=9.0)  # a late word of the run before
    assert world.workbench.plots.points("loss") == []
    assert len(world.runs) == 2


def test_a_failure_is_told_and_marks_the_layer(
    world: World, ready: list[str], qtbot: QtBot
) -> None:
    world.trigger("train.start")
    world.runs[0].end(RunEnded("failed", "dense: the loss became NaN.", ready[1]))
    notice = world.window.notices.notices[-1]
    assert (notice.text, notice.level) == ("dense: the loss became NaN.", "error")
    problems = world.workbench.problems.list
    qtbot.waitUntil(lambda: problems.count() == 1)
    assert problems.item(0).text() == "dense: the loss became NaN."
    notice.buttons[0].click()
    assert world.workbench.canvas.selected_node_ids() == (ready[1],)
    assert world.window.notices.texts() == []
    assert world.window.actions_by_id["train.start"].isEnabled()
    world.draw(("Dropout", {}))
    qtbot.waitUntil(lambda: "NaN" not in problems.item(0).text())


def test_a_thread_that_dies_silently_is_a_failure(world: World, ready: list[str]) -> None:
    world.trigger("train.start")
    world.runs[0].finished.emit()
    assert not world.workbench.training.is_running
    assert world.window.notices.texts() == ["Training ended without a result; the log says more."]


def test_train_waits_for_data_that_are_being_read(world: World, qtbot: QtBot) -> None:
    world.draw(("Input", {}), ("Dense", {"units": 2}))
    world.sources.gate.clear()
    world.workbench.data.choose("sample:iris")
    world.trigger("train.start")
    assert world.runs == []
    world.sources.gate.set()
    qtbot.waitUntil(lambda: len(world.runs) == 1)
    assert world.runs[0].is_started


def test_closing_while_training_stops_the_run(world: World, ready: list[str]) -> None:
    world.trigger("train.start")
    world.questions.answer = "discard"
    world.window.close()
    assert world.runs[0].is_stopped
    assert not world.window.isVisible()


def test_a_run_that_does_not_stop_in_time_outlives_the_window(
    world: World, ready: list[str]
) -> None:
    world.trigger("train.start")
    closed: list[bool] = []
    world.runs[0].is_slow = True
    world.window.close()
    assert not world.window.isVisible()
    world.window.gone.connect(lambda: closed.append(True))
    world.runs[0].is_slow = False
    world.runs[0].end(RunEnded("stopped"))
    assert closed == [True]


def test_opening_another_document_forgets_run_and_curves(world: World, ready: list[str]) -> None:
    world.trigger("train.start")
    world.runs[0].epoch(0, loss=1.0)
    world.trigger("file.new")
    assert world.runs[0].is_stopped
    world.runs[0].end(RunEnded("stopped"))
    assert world.workbench.plots.points("loss") == []
    assert not world.window.actions_by_id["file.export_npz"].isEnabled()


def test_editing_while_training_leaves_the_run_alone(world: World, ready: list[str]) -> None:
    world.trigger("train.start")
    project = world.project
    world.draw(("Flatten", {}))
    assert world.runs[0].project is project


def line(row: Row) -> QLineEdit:
    assert isinstance(row.field, NumberField)
    return row.field.lineEdit()


def test_settings_are_steps_of_the_document(world: World) -> None:
    rows = world.workbench.training_panel.rows
    line(rows["epochs"]).selectAll()
    QTest.keyClicks(rows["epochs"].field, "20")
    QTest.keyClick(rows["epochs"].field, Qt.Key.Key_Return)
    QTest.keyClicks(rows["learning_rate"].field, "0.01")
    assert world.project.training.epochs == 20
    assert world.project.training.learning_rate == 0.01
    world.trigger("edit.undo")
    assert world.project.training.learning_rate is None
    assert line(rows["learning_rate"]).text() == ""
    world.trigger("edit.undo")
    assert world.project.training.epochs == 5
    assert line(rows["epochs"]).text() == "5"


@pytest.mark.parametrize(
    ("name", "text"), [("epochs", "0"), ("batch_size", "-1"), ("learning_rate", "0"),
                       ("learning_rate", "fast"), ("seed", "-1"), ("epochs", "1.5"),
                       ("batch_size", "")]
)  # fmt: skip
def test_bad_settings_are_explained_and_not_applied(world: World, name: str, text: str) -> None:
    row = world.workbench.training_panel.rows[name]
    before = world.project.training
    line(row).setText("")
    line(row).textEdited.emit("")
    line(row).setText(text)
    line(row).textEdited.emit(text)
    assert world.project.training == before
    assert row.message.text().endswith(".")


def test_momentum_is_shown_where_it_has_an_effect(world: World) -> None:
    rows = world.workbench.training_panel.rows
    assert rows["momentum"].isHidden()
    world.workbench.training_panel._set("optimizer")("sgd", "burst")
    assert not rows["momentum"].isHidden()
    world.workbench.training_panel._set("optimizer")("rmsprop", "burst")
    assert not rows["momentum"].isHidden()
    world.workbench.training_panel._set("optimizer")("lion", "burst")
    assert rows["momentum"].isHidden()


def test_the_program_names_the_optimizers_with_a_momentum() -> None:
    assert services().choices.with_momentum == ("sgd", "rmsprop")


@pytest.mark.parametrize("name", ["option.name", "option.units", "palette_search", "training.seed"])
def test_ctrl_e_is_left_to_the_window(world: World, name: str) -> None:
    (node_id,) = world.draw(("Dense", {"units": 2}))
    world.workbench.scene.select([node_id])
    field = world.window.findChild(QWidget, name)
    keys = field.findChild(ExportKey)  # without a screen Qt itself has no use for Ctrl+E

    def is_left(key: Qt.Key) -> bool:
        control = Qt.KeyboardModifier.ControlModifier
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, control)
        event.accept()
        return keys.eventFilter(field, event) and not event.isAccepted()

    assert is_left(Qt.Key.Key_E)
    assert not is_left(Qt.Key.Key_A)


def test_metrics_may_be_left_out(world: World) -> None:
    apply = world.workbench.training_panel._set("metrics")
    apply(None, "first")
    assert world.project.training.metrics == ()
    apply("accuracy", "second")
    assert world.project.training.metrics == ("accuracy",)


def test_a_refused_field_keeps_train_from_starting(world: World, ready: list[str]) -> None:
    field = world.workbench.training_panel.rows["epochs"].field.findChild(QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "abc")
    world.trigger("train.start")
    assert world.runs == []
    assert "Epochs holds a value that was not accepted" in " ".join(world.window.notices.texts())
