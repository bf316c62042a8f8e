"""The palette: finding a layer, dragging it out, asking for it with mouse and keys."""

import pytest
from canvas_samples import NODE_TYPES
from PySide6.QtCore import QMimeData, QModelIndex, QPoint, QSize, Qt
from PySide6.QtGui import QDrag
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView
from pytestqt.qtbot import QtBot

from kgui.compiler.catalog import node_types
from kgui.widgets import theme
from kgui.widgets.canvas.mime import MIME_TYPE, dragged_type
from kgui.widgets.palette import TYPE_NAME, Palette


@pytest.fixture
def palette(qtbot: QtBot) -> Palette:
    made = Palette(NODE_TYPES, theme.light())
    qtbot.addWidget(made)
    made.resize(220, 520)
    made.show()
    return made


def entry(palette: Palette, name: str) -> QModelIndex:
    """The row of a layer in what is shown."""
    model = palette.view.model()
    flags = Qt.MatchFlag.MatchRecursive | Qt.MatchFlag.MatchExactly
    found = model.match(model.index(0, 0), TYPE_NAME, name, 1, flags)
    return found[0] if found else QModelIndex()


def centre(palette: Palette, name: str) -> QPoint:
    return palette.view.visualRect(entry(palette, name)).center()


def shown(palette: Palette) -> list[str]:
    return [name for name in NODE_TYPES if entry(palette, name).isValid()]


def test_every_type_is_there_once_under_its_category(palette: Palette) -> None:
    model = palette.view.model()
    headings = [model.index(row, 0) for row in range(model.rowCount())]
    found = {
        (heading.data(), model.index(row, 0, heading).data())
        for heading in headings
        for row in range(model.rowCount(heading))
    }
    assert found == {(kind.category, kind.name) for kind in NODE_TYPES.values()}
    assert sum(model.rowCount(heading) for heading in headings) == len(NODE_TYPES)


def test_the_view_is_found_by_name(palette: Palette) -> None:
    assert palette.findChild(QAbstractItemView, "palette") is palette.view


def test_mime_data_names_the_type(palette: Palette) -> None:
    data = palette.view.model().mimeData([entry(palette, "Dense")])
    assert data.formats() == [MIME_TYPE]
    assert bytes(data.data(MIME_TYPE).data()) == b"Dense"


def test_other_drags_name_no_type() -> None:
    data = QMimeData()
    data.setText("Dense")
    assert dragged_type(data) == ""


def test_tool_tips_show_markup_as_text(palette: Palette) -> None:
    tip = entry(palette, "Dense").data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;" in tip
    assert "Every input reaches every unit" in tip


def test_dragging_starts_a_drag_with_the_type_and_a_picture(
    palette: Palette, monkeypatch: pytest.MonkeyPatch
) -> None:
    drags: list[tuple[str, QSize, Qt.DropAction]] = []

    def record(drag: QDrag, action: Qt.DropAction) -> Qt.DropAction:
        drags.append((dragged_type(drag.mimeData()), drag.pixmap().size(), action))
        return action

    monkeypatch.setattr(QDrag, "exec", record)
    viewport, start = palette.view.viewport(), centre(palette, "Flatten")
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 6):
        QTest.mouseMove(viewport, start + QPoint(10 * step, 4 * step))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 20))
    assert [(name, action) for name, _, action in drags] == [("Flatten", Qt.DropAction.CopyAction)]
    assert drags[0][1].width() > 150


def test_a_heading_cannot_be_dragged(palette: Palette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QDrag, "exec", lambda *_: pytest.fail("a heading was dragged"))
    viewport = palette.view.viewport()
    start = palette.view.visualRect(palette.view.model().index(0, 0)).center()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(viewport, start + QPoint(60, 20))
    QTest.mouseMove(viewport, start + QPoint(80, 20))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start + QPoint(80, 20))


def test_double_click_asks_for_the_layer(palette: Palette, qtbot: QtBot) -> None:
    viewport = palette.view.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=centre(palette, "Add"))
    with qtbot.waitSignal(palette.node_requested) as asked:
        QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=centre(palette, "Add"))
    assert asked.args == ["Add"]


def test_enter_asks_for_the_marked_layer(palette: Palette, qtbot: QtBot) -> None:
    palette.view.setCurrentIndex(entry(palette, "Dropout"))
    with qtbot.waitSignal(palette.node_requested) as asked:
        QTest.keyClick(palette.view, Qt.Key.Key_Return)
    assert asked.args == ["Dropout"]


def test_search_leaves_what_fits_and_enter_takes_the_first(palette: Palette, qtbot: QtBot) -> None:
    QTest.keyClicks(palette.search, "aTeN")
    assert shown(palette) == ["Concatenate"]
    with qtbot.waitSignal(palette.node_requested) as asked:
        QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert asked.args == ["Concatenate"]
    palette.search.clear()
    assert shown(palette) == list(NODE_TYPES)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("normalization", "Normalization"),
        ("max", "Maximum"),
        ("elu", "ELU"),
        ("norm", "Normalization"),
        ("fc", "Dense"),
        ("bn", "BatchNormalization"),
    ],
)
def test_enter_takes_the_name_itself_or_one_that_begins_so(
    qtbot: QtBot, text: str, name: str
) -> None:
    palette = Palette(node_types(), theme.light())
    qtbot.addWidget(palette)
    QTest.keyClicks(palette.search, text)
    assert palette.view.currentIndex().data(TYPE_NAME) == name
    with qtbot.waitSignal(palette.node_requested) as asked:
        QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert asked.args == [name]


def test_search_finds_a_whole_category(palette: Palette) -> None:
    QTest.keyClicks(palette.search, "merging")
    assert shown(palette) == ["Add", "Concatenate"]


def test_search_without_a_match_asks_for_nothing(palette: Palette, qtbot: QtBot) -> None:
    QTest.keyClicks(palette.search, "zzz")
    assert shown(palette) == []
    with qtbot.assertNotEmitted(palette.node_requested):
        QTest.keyClick(palette.search, Qt.Key.Key_Return)


def test_down_goes_from_the_search_to_the_list(palette: Palette) -> None:
    QTest.keyClicks(palette.search, "de")
    QTest.keyClick(palette.search, Qt.Key.Key_Down)
    assert palette.view.currentIndex().data(TYPE_NAME) == "Dense"


def test_a_heading_folds_its_layers(palette: Palette) -> None:
    viewport, heading = palette.view.viewport(), palette.view.model().index(0, 0)
    place = palette.view.visualRect(heading).center()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert not palette.view.isExpanded(heading)
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert palette.view.isExpanded(heading)


def test_another_theme_colours_the_list(palette: Palette) -> None:
    before = palette.grab().toImage()
    palette.set_theme(theme.dark())
    assert palette.grab().toImage() != before
