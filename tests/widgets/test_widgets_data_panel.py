"""Choosing data: off the GUI thread, undoable, and files only when the user asks."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from window_fakes import World

from kgui.data.values import Summary, Target
from kgui.graph import edits
from kgui.graph.project import DataSettings, Project
from kgui.widgets.data_panel import summary_text
from kgui.widgets.number_fields import PercentField


def state(world: World) -> str:
    return world.workbench.data.state


def choose_sample(world: World, index: int) -> None:
    box = world.workbench.data_panel.sample
    box.setCurrentIndex(index)
    box.activated.emit(index)


def test_a_sample_is_read_and_summed_up(world: World, qtbot: QtBot) -> None:
    panel = world.workbench.data_panel
    assert panel.state.text() == "No data yet: choose a sample or open a file."
    choose_sample(world, 1)
    assert world.project.data.source == "sample:mnist"
    assert state(world) == "reading"
    qtbot.waitUntil(lambda: state(world) == "ready")
    assert panel.state.text().splitlines() == [
        "MNIST: 150 rows", "Input x: (784,)", "Target species: 2 classes",
        "setosa, virginica",
    ]  # fmt: skip
    assert panel.notes.text() == "2 rows with missing values are left out."
    assert not panel.load.isVisible()


def test_choosing_is_a_step_that_can_be_undone(world: World, qtbot: QtBot) -> None:
    choose_sample(world, 0)
    qtbot.waitUntil(lambda: state(world) == "ready")
    choose_sample(world, 1)
    qtbot.waitUntil(lambda: state(world) == "ready")
    world.trigger("edit.undo")
    assert world.workbench.data_panel.sample.currentText() == "Iris"
    qtbot.waitUntil(lambda: state(world) == "ready")
    world.trigger("edit.undo")
    assert state(world) == "none"
    assert world.workbench.data.summary is None
    assert world.workbench.data_panel.sample.currentIndex() == -1


def test_the_latest_request_wins(world: World, qtbot: QtBot) -> None:
    world.sources.gate.clear()
    choose_sample(world, 0)
    choose_sample(world, 1)
    choose_sample(world, 0)
    choose_sample(world, 1)
    assert state(world) == "reading"
    world.sources.gate.set()
    qtbot.waitUntil(lambda: state(world) == "ready")
    summary = world.workbench.data.summary
    assert summary is not None
    assert summary.title == "sample:mnist"
    assert len(world.sources.asked) == 2  # the first, and the last


def test_a_slow_source_does_not_come_back_after_undo(world: World, qtbot: QtBot) -> None:
    world.sources.gate.clear()
    choose_sample(world, 0)
    world.trigger("edit.undo")
    assert state(world) == "none"
    world.sources.gate.set()
    qtbot.waitUntil(lambda: not world.workbench.data.is_reading)
    assert state(world) == "none"
    assert world.workbench.data.summary is None


def test_the_summary_reaches_the_check(world: World, qtbot: QtBot) -> None:
    world.draw(("Input", {"shape": [28, 28]}), ("Dense", {}))
    assert world.window.document.report.errors == ()
    choose_sample(world, 0)
    qtbot.waitUntil(lambda: len(world.window.document.report.errors) == 1)
    problems = world.workbench.problems.list
    qtbot.waitUntil(lambda: problems.count() == 1)
    wanted = "input: expects (28, 28) but the data has (784,). Change the shape."
    assert problems.item(0).text() == wanted
    assert world.window.docks.bottom.tabText(1) == "Problems (1)"


def test_a_click_on_a_problem_shows_the_layer(world: World, qtbot: QtBot) -> None:
    ids = world.draw(("Input", {}))
    project = edits.add_node(world.project, edits.new_node(world.project, "Dense", (900.0, 900.0)))
    world.window.document.apply("Alone", project)
    problems = world.workbench.problems.list
    qtbot.waitUntil(lambda: problems.count() == 1)
    world.window.docks.bring_forward("problems")
    place = problems.visualItemRect(problems.item(0)).center()
    QTest.mouseClick(problems.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert world.workbench.canvas.selected_node_ids() == (project.graph.nodes[1].id,)
    assert ids[0] not in world.workbench.canvas.selected_node_ids()


def test_a_file_that_cannot_be_used_is_explained(
    world: World, qtbot: QtBot, tmp_path: Path
) -> None:
    world.questions.path = tmp_path / "broken.csv"
    world.workbench.data_panel.open_file.click()
    qtbot.waitUntil(lambda: state(world) == "failed")
    panel = world.workbench.data_panel
    assert "row 3 has 2 fields, the header has 5" in panel.state.text()
    assert panel.source.text() == f"File: {tmp_path}/broken.csv"
    assert panel.load.text() == "Try again"
    asked = len(world.sources.asked)
    panel.load.click()
    qtbot.waitUntil(lambda: len(world.sources.asked) == asked + 1)


def test_files_named_in_a_document_are_opened_only_when_asked(
    world: World, qtbot: QtBot, tmp_path: Path
) -> None:
    world.window.document.replace(Project(data=DataSettings("rows.csv")), tmp_path / "a.kgui")
    assert state(world) == "waiting"
    panel = world.workbench.data_panel
    assert "Not loaded" in panel.state.text()
    assert panel.load.isVisible() or not panel.isVisible()
    assert world.sources.asked == []
    panel.load.click()
    qtbot.waitUntil(lambda: state(world) == "ready")
    assert world.sources.asked == ["rows.csv"]
    world.window.document.replace(Project(data=DataSettings("sample:iris")), None)
    qtbot.waitUntil(lambda: state(world) == "ready")


def test_another_document_does_not_inherit_what_was_asked_for(
    world: World, qtbot: QtBot, tmp_path: Path
) -> None:
    world.questions.path = tmp_path / "rows.csv"
    world.workbench.data_panel.open_folder.click()
    qtbot.waitUntil(lambda: state(world) == "ready")
    source = world.project.data.source
    world.trigger("file.new")
    world.window.document.replace(Project(data=DataSettings(source)), None)
    assert state(world) == "waiting"


@pytest.mark.parametrize(
    ("text", "share", "sentence"), [("25", 0.25, ""), ("0", 0.0, ""), ("100", 0.2, "1"),
                                    ("x", 0.2, "x")]
)  # fmt: skip
def test_shares_are_per_cents(world: World, text: str, share: float, sentence: str) -> None:
    row = world.workbench.data_panel.rows["validation"]
    assert isinstance(row.field, PercentField)
    assert row.field.lineEdit().text() == "20"
    row.field.lineEdit().selectAll()
    QTest.keyClicks(row.field, text)
    assert world.project.data.validation == share
    assert (sentence in row.message.text()) if sentence else row.message.text() == ""


def test_the_target_column_is_read_when_it_is_complete(world: World, qtbot: QtBot) -> None:
    choose_sample(world, 0)
    qtbot.waitUntil(lambda: state(world) == "ready")
    field = world.workbench.data_panel.rows["target"].field
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "width")
    assert world.project.data.target == ""
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert world.project.data.target == "width"
    qtbot.waitUntil(lambda: state(world) == "ready")
    assert world.sources.asked == ["sample:iris"] * 2


def test_numbers_are_summed_up_too() -> None:
    summary = Summary("Houses", 1, {"x": (4,)}, Target("price", "numbers"))
    assert summary_text(summary).splitlines()[-1] == "Target price: a number"
    several = Target("digit", "classes", tuple("0123456789ab"))
    text = summary_text(Summary("Digits", 2000, {"x": (8, 8)}, several))
    assert text.splitlines()[0] == "Digits: 2,000 rows"
    assert text.endswith("8, 9, …")
