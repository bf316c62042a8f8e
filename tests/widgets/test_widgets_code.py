"""The code panel: follows the drawing, draws what is typed, pasted, opened or dropped."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPalette, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QToolButton
from pytestqt.qtbot import QtBot

from kgui.app import create_window
from kgui.graph import edits
from kgui.widgets.code import CodeDesk, CodePanel
from kgui.widgets.code.colours import LEAST_CONTRAST, CodeColours, readable
from kgui.widgets.code.editor import CodeEditor
from kgui.widgets.main_window import MainWindow
from kgui.widgets.theme import contrast, dark, light

CODE = """\
import keras
from keras import layers

inputs = keras.Input(shape=(4,))
x = layers.Dense(8, activation="relu")(inputs)
model = keras.Model(inputs, layers.Dense(3, activation="softmax")(x))
model.compile("sgd", "sparse_categorical_crossentropy")
"""
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """The whole program."""
    window = create_window()
    qtbot.waitExposed(window)
    yield window
    window.close_without_asking()
    window.deleteLater()


def panel_of(window: MainWindow) -> CodePanel:
    return window.workbench.code_panel


def desk_of(window: MainWindow) -> CodeDesk:
    return window.workbench.code


def kinds(window: MainWindow) -> list[str]:
    return [node.type for node in window.document.project.graph.nodes]


def draw(window: MainWindow, text: str = CODE) -> None:
    """Paste a program onto the canvas."""
    QGuiApplication.clipboard().setText(text)
    window.actions_by_id["edit.paste"].trigger()
    desk_of(window).refresh()


def put(window: MainWindow, text: str) -> None:
    """Replace the text in the panel, as a paste of everything does."""
    editor = panel_of(window).editor
    editor.selectAll()
    editor.insertPlainText(text)


def test_the_panel_is_found_by_its_name(window: MainWindow) -> None:
    editor = window.findChild(QPlainTextEdit, "code")
    assert editor is panel_of(window).editor
    assert editor.accessibleName()
    assert "# The drawing is empty." in editor.toPlainText()


def test_it_follows_the_drawing(window: MainWindow, qtbot: QtBot) -> None:
    draw(window)
    node_id = window.document.project.graph.nodes[1].id
    after = edits.set_option(window.document.project, node_id, "units", 77)
    window.document.apply("Set units", after)
    qtbot.waitUntil(lambda: "layers.Dense(77" in panel_of(window).text)
    assert panel_of(window).text == desk_of(window).text
    window.document.undo()
    qtbot.waitUntil(lambda: "layers.Dense(8" in panel_of(window).text)
    assert not panel_of(window).is_edited


def test_a_program_on_the_clipboard_is_pasted_as_a_drawing(window: MainWindow) -> None:
    draw(window)
    assert kinds(window) == ["Input", "Dense", "Dense"]
    assert window.document.project.training.optimizer == "sgd"
    assert window.document.history.undo_label == "Paste code"
    window.document.undo()
    assert window.document.project.graph.nodes == ()


def test_pasted_beside_a_drawing_it_is_added_below_and_selected(window: MainWindow) -> None:
    draw(window)
    lowest = max(node.position[1] for node in window.document.project.graph.nodes)
    training = window.document.project.training
    draw(window, CODE.replace("sgd", "adam"))
    nodes = window.document.project.graph.nodes
    assert [node.name for node in nodes[3:]] == ["input_layer_1", "dense_2", "dense_3"]
    assert all(node.position[1] > lowest for node in nodes[3:])
    selected = window.workbench.canvas.selected_node_ids()
    assert set(selected) == {node.id for node in nodes[3:]}
    assert window.document.project.training == training


def test_what_cannot_be_pasted_is_told_and_changes_nothing(window: MainWindow) -> None:
    before = window.document.project
    draw(window, CODE.replace("layers.Dense(8", "layers.Conv9D(8"))
    assert window.notices.texts() == ["Line 5: Conv9D is not a layer that this program knows."]
    assert window.document.project is before
    draw(window, "Dear all, the meeting is on Monday.")
    assert window.notices.texts()[-1] == "The clipboard holds no layers."


def test_typed_code_is_drawn_as_one_step(window: MainWindow, qtbot: QtBot) -> None:
    draw(window)
    before = window.document.project
    apply = window.actions_by_id["code.apply"]
    assert not apply.isEnabled()
    put(window, panel_of(window).text.replace("Dense(8", "Dense(9"))
    assert apply.isEnabled()
    qtbot.waitUntil(lambda: panel_of(window).state.text() == "This can be drawn.")
    apply.trigger()
    after = window.document.project
    assert after.graph.nodes[1].options["units"] == 9
    assert [node.id for node in after.graph.nodes] == [node.id for node in before.graph.nodes]
    assert not apply.isEnabled()
    assert panel_of(window).text == desk_of(window).text
    window.document.undo()
    assert window.document.project is before


def test_ctrl_shift_return_draws_it(window: MainWindow) -> None:
    draw(window)
    window.activateWindow()
    window.actions_by_id["view.code"].trigger()
    put(window, panel_of(window).text.replace("Dense(8", "Dense(9"))
    QTest.keyClick(panel_of(window).editor, Qt.Key.Key_Return, CTRL | SHIFT)
    assert window.document.project.graph.nodes[1].options["units"] == 9


def test_a_mistake_is_marked_and_changes_nothing(window: MainWindow, qtbot: QtBot) -> None:
    draw(window)
    before, panel = window.document.project, panel_of(window)
    put(window, panel.text.replace("Dense(8", "Dence(8"))
    qtbot.waitUntil(lambda: panel.state.text().startswith("Line 5: Dence is not a layer"))
    assert [mark.cursor.blockNumber() for mark in panel.editor.extraSelections()] == [4]
    window.actions_by_id["code.apply"].trigger()
    assert panel.editor.textCursor().blockNumber() == 4
    assert panel.is_edited
    assert window.document.project is before
    window.actions_by_id["code.revert"].trigger()
    assert panel.text == desk_of(window).text
    assert panel.editor.extraSelections() == []
    assert panel.state.text().startswith("Type or paste")


def test_what_was_typed_is_not_lost_when_the_drawing_changes(window: MainWindow) -> None:
    draw(window)
    put(window, "import keras  # mine")
    window.workbench.canvas.append_node("Dropout")
    desk_of(window).refresh()
    assert panel_of(window).text == "import keras  # mine"
    window.actions_by_id["code.revert"].trigger()
    assert "# dropout: has no input" in panel_of(window).text


def test_typing_it_back_is_no_change(window: MainWindow, qtbot: QtBot) -> None:
    draw(window)
    panel = panel_of(window)
    panel.editor.insertPlainText("x")
    assert panel.is_edited
    panel.editor.undo()
    assert not panel.is_edited
    assert not window.actions_by_id["code.apply"].isEnabled()


def test_another_document_drops_what_was_typed(window: MainWindow, qtbot: QtBot) -> None:
    draw(window)
    put(window, "import keras  # mine")
    window.workbench.files.questions.save_changes = lambda name: "discard"  # type: ignore[method-assign]
    window.actions_by_id["file.new"].trigger()
    qtbot.waitUntil(lambda: "# The drawing is empty." in panel_of(window).text)


def test_copy_takes_the_code_along(window: MainWindow) -> None:
    draw(window)
    window.actions_by_id["edit.copy_code"].trigger()
    assert QGuiApplication.clipboard().text() == desk_of(window).text
    assert "layers.Dense(8" in desk_of(window).text
    put(window, "import keras  # mine")
    window.actions_by_id["edit.copy_code"].trigger()
    assert QGuiApplication.clipboard().text() == "import keras  # mine"


def test_a_file_is_opened_onto_the_drawing(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(CODE, "utf-8")
    window.workbench.files.questions.code_to_open = lambda folder: path  # type: ignore[method-assign]
    window.actions_by_id["file.open_code"].trigger()
    assert kinds(window) == ["Input", "Dense", "Dense"]
    assert window.document.history.undo_label == "Open net.py"
    assert window.document.path is None
    path.write_text(CODE.replace("keras.Input(shape", "keras.Input(shap"), "utf-8")
    before = window.document.project
    window.workbench.open_dropped(path)
    assert window.notices.texts()[-1].startswith("net.py: Line 4: Input has no argument shap")
    assert window.document.project is before


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"import keras\n" * 200_000])
def test_a_file_that_is_no_program_is_told(
    window: MainWindow, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "odd.py"
    path.write_bytes(content)
    window.workbench.open_dropped(path)
    assert len(window.notices.texts()) == 1
    window.workbench.open_dropped(tmp_path / "missing.py")
    assert len(window.notices.texts()) == 2
    assert window.document.project.graph.nodes == ()


def test_remarks_are_told(window: MainWindow) -> None:
    draw(window, CODE.replace('"sgd"', "Ranger()"))
    assert window.notices.texts() == [
        "Line 7: the optimizer Ranger() is left out: the training settings cannot hold it."
    ]


def test_buttons_for_typed_code_are_there_only_for_it(window: MainWindow) -> None:
    window.actions_by_id["view.code"].trigger()
    button = panel_of(window).findChild(QToolButton, "code.apply.button")
    assert button is not None
    assert not button.isVisible()
    put(window, "import keras")
    assert button.isVisible()
    button.click()
    assert panel_of(window).state.text() == "The code makes no Keras model."


@pytest.fixture
def editor(qtbot: QtBot) -> CodeEditor:
    """An editor of a test's own."""
    editor = CodeEditor(light())
    qtbot.addWidget(editor)
    editor.resize(500, 200)
    editor.show()
    return editor


AFTER = ["", "b", "a\nc\n", "a\nb\nb\nc\n", "a\na", "x\nz", "y\nz", "x\n\n"]


@pytest.mark.parametrize("before", ["", "a", "a\nb\nc\n", "a\na\na", "x\ny\nz"])
@pytest.mark.parametrize("after", AFTER)
def test_any_text_becomes_any_other(editor: CodeEditor, before: str, after: str) -> None:
    editor.show_text(before)
    assert editor.toPlainText() == before
    editor.show_text(after)
    assert editor.toPlainText() == after
    assert not editor.document().isUndoAvailable()


def test_a_change_far_away_leaves_cursor_and_scroll_bar_alone(editor: CodeEditor) -> None:
    lines = [f"line {number}" for number in range(200)]
    editor.show_text("\n".join(lines))
    editor.go_to(150)
    top = editor.verticalScrollBar().value()
    assert top > 0
    lines[180] = "another"
    editor.show_text("\n".join(lines))
    assert editor.textCursor().blockNumber() == 149
    assert editor.verticalScrollBar().value() == top


def test_undo_of_the_window_is_heard_where_nothing_was_typed(window: MainWindow) -> None:
    draw(window)
    window.activateWindow()
    window.actions_by_id["view.code"].trigger()
    QApplication.processEvents()
    QTest.keyClick(panel_of(window).editor, Qt.Key.Key_Z, CTRL)
    assert window.document.project.graph.nodes == ()


def colour_at(editor: CodeEditor, line: int, column: int) -> str:
    """The colour of a letter, as the highlighter set it."""
    layout = editor.document().findBlockByNumber(line).layout()
    for piece in layout.formats():
        if piece.start <= column < piece.start + piece.length:  # type: ignore[attr-defined]
            return str(piece.format.foreground().color().name())  # type: ignore[attr-defined]
    return ""


@pytest.mark.parametrize("theme", [light(), dark()], ids=lambda theme: theme.name)
def test_layers_have_the_colours_of_their_nodes(qtbot: QtBot, theme: object) -> None:
    assert not isinstance(theme, str)
    editor = CodeEditor(theme)  # type: ignore[arg-type]
    qtbot.addWidget(editor)
    colours = CodeColours(editor.document(), {"Dense": "Core"}, theme)  # type: ignore[arg-type]
    editor.show_text('x = layers.Dense(12)  # "relu"\nreturn f(a, "b")')
    colours.rehighlight()
    core = readable(theme.category("Core"), theme.base, theme.text)  # type: ignore[attr-defined]
    assert colour_at(editor, 0, 11) == core.name()
    found = {colour_at(editor, *place) for place in ((0, 11), (0, 17), (0, 22), (1, 0), (1, 12))}
    assert len(found) == 5
    assert "" not in found
    assert colour_at(editor, 0, 0) == ""


def test_every_colour_is_readable() -> None:
    for theme in (light(), dark()):
        for colour in (*theme.categories.values(), *theme.series, theme.muted, theme.accent):
            shown = readable(colour, theme.base, theme.text)
            assert contrast(shown, theme.base) >= LEAST_CONTRAST


def test_the_theme_changes_the_panel(window: MainWindow) -> None:
    for name in ("dark", "light"):
        window.actions_by_id[f"view.theme_{name}"].trigger()
        ink = panel_of(window).state.palette().color(QPalette.ColorRole.WindowText)
        assert ink == window.workbench.appearance.theme.muted
    cursor = QTextCursor(panel_of(window).editor.document())
    assert cursor.atStart()
