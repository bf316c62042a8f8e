"""New, open, save, export: what happens to document, file and window."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from window_fakes import World

from kgui.training.events import RunEnded
from kgui.widgets.questions import with_suffix

COPY = Qt.DropAction.CopyAction
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def saved(world: World, tmp_path: Path) -> Path:
    """A drawing saved as graph.kgui."""
    world.draw(("Input", {}), ("Dense", {"units": 7}))
    world.questions.path = tmp_path / "graph.kgui"
    world.trigger("file.save")
    return tmp_path / "graph.kgui"


def test_the_title_tells_name_and_changes(world: World, saved: Path) -> None:
    assert world.window.windowTitle() == "graph.kgui[*] — kgui"
    assert not world.window.isWindowModified()
    world.draw(("Flatten", {}))
    assert world.window.isWindowModified()
    assert world.window.status.state.text() == "Not saved"
    world.trigger("edit.undo")
    assert not world.window.isWindowModified()
    assert world.window.status.state.text() == "Saved"


def test_save_asks_for_a_name_once(world: World, saved: Path) -> None:
    world.draw(("Flatten", {}))
    world.trigger("file.save")
    assert world.questions.asked == ["save as"]
    assert b"flatten" in saved.read_bytes()


def test_what_was_saved_opens_again(world: World, saved: Path) -> None:
    project = world.project
    world.trigger("file.new")
    assert world.project.graph.nodes == ()
    assert world.window.document.path is None
    world.questions.path = saved
    world.trigger("file.open")
    assert world.project == project
    assert not world.window.document.history.can_undo


def test_a_file_that_cannot_be_opened_changes_nothing(world: World, tmp_path: Path) -> None:
    world.draw(("Input", {}))
    before = world.project
    (tmp_path / "bad.kgui").write_text("not json")
    for name, sentence in (
        ("bad.kgui", "bad.kgui is not a kgui document."),
        ("gone.kgui", "There is no file gone.kgui."),
    ):
        world.questions.path = tmp_path / name
        world.trigger("file.open")
        assert world.window.notices.texts()[-1] == sentence
    assert world.project is before
    assert world.window.document.path is None
    assert "save Untitled" not in world.questions.asked


@pytest.mark.parametrize(
    ("answer", "kept", "written"), [("cancel", True, False), ("discard", False, False),
                                    ("save", False, True)]
)  # fmt: skip
def test_unsaved_changes_are_asked_about(
    world: World, saved: Path, answer: str, kept: bool, written: bool
) -> None:
    world.draw(("Flatten", {}))
    world.questions.answer = answer  # type: ignore[assignment]  # one of the literals
    world.trigger("file.new")
    assert world.questions.asked[-1] == "save graph.kgui"
    assert bool(world.project.graph.nodes) is kept
    assert (b"flatten" in saved.read_bytes()) is written


def test_a_save_that_fails_leaves_the_document_unsaved(world: World, tmp_path: Path) -> None:
    world.draw(("Input", {}))
    (tmp_path / "full").mkdir()
    world.questions.path = tmp_path / "full" / "graph.kgui"
    world.questions.answer = "save"
    world.trigger("file.new")
    assert world.project.graph.nodes
    assert world.window.document.is_modified
    assert world.window.notices.texts() == ["Could not save graph.kgui: the disk is full."]


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_file_changed_by_others_is_asked_about(
    world: World, saved: Path, overwrite: bool
) -> None:
    saved.write_text("{}")
    world.draw(("Flatten", {}))
    world.questions.overwrite = overwrite
    world.trigger("file.save")
    assert world.questions.asked[-1] == "overwrite graph.kgui"
    assert (b"flatten" in saved.read_bytes()) is overwrite
    assert world.window.document.is_modified is not overwrite


def test_a_file_deleted_by_others_is_written_again(world: World, saved: Path) -> None:
    saved.unlink()
    world.trigger("file.save")
    assert saved.exists()
    assert world.questions.asked == ["save as"]


def test_recent_files_open_from_the_menu(world: World, saved: Path) -> None:
    project = world.project
    world.trigger("file.new")
    action = world.window.recent_menu.actions()[0]
    assert (action.objectName(), action.text()) == ("file.recent.0", "graph.kgui")
    action.trigger()
    assert world.project == project


def test_recent_files_are_remembered_and_bad_settings_forgiven(
    world: World, saved: Path, make_world: Callable[[], World]
) -> None:
    world.settings.sync()
    assert [path.name for path in make_world().workbench.files.recent()] == ["graph.kgui"]
    world.settings.setValue("files/recent", "{broken")
    assert world.workbench.files.recent() == ()


def test_a_recent_file_that_is_gone_leaves_the_menu(world: World, saved: Path) -> None:
    world.trigger("file.new")
    saved.unlink()
    world.window.recent_menu.actions()[0].trigger()
    assert world.window.recent_menu.isEmpty()
    assert len(world.window.notices.texts()) == 1


def test_the_trained_model_is_exported(world: World, tmp_path: Path) -> None:
    world.workbench.data.choose("sample:iris")
    export = world.window.actions_by_id["file.export_npz"]
    assert not export.isEnabled()
    world.workbench.training.start(world.project, None)
    world.runs[0].end(RunEnded("finished"))
    assert export.isEnabled()
    world.questions.path = tmp_path / "model.npz"
    export.trigger()
    assert world.exported == [tmp_path / "model.npz"]
    assert world.window.notices.texts() == [f"The model was exported to {tmp_path}/model.npz."]
    world.trigger("file.new")
    assert not export.isEnabled()


def drop(world: World, path: Path) -> bool:
    """Whether the window takes the file; it is dropped then."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    viewport = world.workbench.canvas.viewport()  # which does not want it, and passes it on
    place = viewport.rect().center()
    enter = QDragEnterEvent(place, COPY, mime, LEFT, NONE)
    QApplication.sendEvent(viewport, enter)
    if enter.isAccepted():
        QApplication.sendEvent(world.window, QDropEvent(QPointF(place), COPY, mime, LEFT, NONE))
    return enter.isAccepted()


def test_files_dropped_on_the_window(world: World, saved: Path, tmp_path: Path) -> None:
    project = world.project
    world.trigger("file.new")
    assert drop(world, saved)
    assert world.project == project
    assert drop(world, tmp_path / "rows.csv")
    assert world.project.data.source == "rows.csv"  # beside the document
    assert not drop(world, tmp_path / "picture.jpeg")


def test_closing_asks_and_can_be_cancelled(world: World) -> None:
    world.draw(("Input", {}))
    world.questions.answer = "cancel"
    world.trigger("file.quit")
    assert world.window.isVisible()
    world.questions.answer = "discard"
    world.trigger("file.quit")
    assert not world.window.isVisible()
    assert world.questions.asked == ["save Untitled"] * 2


def test_the_arrangement_is_remembered(world: World, make_world: Callable[[], World]) -> None:
    world.window.resize(1100, 700)
    world.window.findChild(QAction, "view.dock.side").trigger()
    world.trigger("view.theme_dark")
    world.window.close()
    world.settings.sync()
    other = make_world()
    assert other.window.height() == 700  # the width is held to that of the screen
    assert not other.workbench.inspector.isVisible()


def test_suffixes_are_added_where_they_are_missing() -> None:
    assert with_suffix(Path("a"), ".kgui") == Path("a.kgui")
    assert with_suffix(Path("a.v1"), ".kgui") == Path("a.v1.kgui")
    assert with_suffix(Path("a.KGUI"), ".kgui") == Path("a.KGUI")
    assert with_suffix(None, ".kgui") is None
