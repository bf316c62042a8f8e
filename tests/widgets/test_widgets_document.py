"""The document: one value, a history, and one check for a burst of changes."""

from pathlib import Path

import pytest
from canvas_samples import chain, check
from pytestqt.qtbot import QtBot

from kgui.compiler.issues import Report
from kgui.graph import edits
from kgui.graph.project import Project
from kgui.widgets.document import Document


class CountingCheck:
    """A check that counts how often it is asked."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, project: Project) -> Report:
        self.count += 1
        return check(project)


@pytest.fixture
def counting() -> CountingCheck:
    return CountingCheck()


@pytest.fixture
def document(qtbot: QtBot, counting: CountingCheck) -> Document:
    made = Document(chain(), counting)
    with qtbot.waitSignal(made.report_changed):
        pass
    return made


def test_a_burst_of_changes_costs_one_check(
    document: Document, counting: CountingCheck, qtbot: QtBot
) -> None:
    before = counting.count
    with qtbot.waitSignal(document.report_changed) as heard:
        for units in (1, 2, 3):
            node = document.project.graph.nodes[2]
            document.apply("Units", edits.set_option(document.project, node.id, "units", units))
    assert counting.count == before + 1
    assert heard.args[0].shapes[document.project.graph.nodes[2].id] == ((None, 3),)


def test_report_is_never_that_of_another_value(document: Document) -> None:
    node = document.project.graph.nodes[3]
    document.apply("Units", edits.set_option(document.project, node.id, "units", 7))
    assert document.report.shapes[node.id] == ((None, 7),)


def test_views_hear_before_and_after(document: Document, qtbot: QtBot) -> None:
    before = document.project
    after = edits.set_training(before, epochs=9)
    with qtbot.waitSignal(document.changed) as heard, qtbot.waitSignal(document.history_changed):
        document.apply("Epochs", after)
    assert heard.args[0] is before
    assert heard.args[1] is document.project is after


def test_undo_and_redo_give_the_same_objects(document: Document) -> None:
    before = document.project
    after = edits.set_training(before, epochs=9)
    document.apply("Epochs", after)
    document.undo()
    assert document.project is before
    document.redo()
    assert document.project is after


def test_an_equal_value_is_no_step(document: Document, qtbot: QtBot) -> None:
    same = Project(document.project.id, document.project.graph)
    with qtbot.assertNotEmitted(document.changed):
        document.apply("Nothing", same)
    assert not document.history.can_undo


def test_nothing_to_undo_changes_nothing(document: Document, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(document.changed):
        document.undo()
        document.redo()


def test_modified_follows_the_saved_value(document: Document, tmp_path: Path) -> None:
    assert not document.is_modified
    document.apply("Epochs", edits.set_training(document.project, epochs=9))
    assert document.is_modified
    document.mark_saved(tmp_path / "a.kgui")
    assert not document.is_modified
    assert document.path == tmp_path / "a.kgui"
    document.undo()
    assert document.is_modified


def test_another_project_starts_a_history_of_its_own(document: Document, qtbot: QtBot) -> None:
    document.apply("Epochs", edits.set_training(document.project, epochs=9))
    before, other = document.project, Project()
    with qtbot.waitSignal(document.changed) as heard:
        document.replace(other, Path("b.kgui"))
    assert heard.args == [before, other]
    assert document.path == Path("b.kgui")
    assert not document.history.can_undo
    assert not document.is_modified


def test_recheck_tells_again_of_the_same_value(
    document: Document, counting: CountingCheck, qtbot: QtBot
) -> None:
    before = counting.count
    with qtbot.waitSignal(document.report_changed):
        document.recheck()
    assert counting.count == before + 1
