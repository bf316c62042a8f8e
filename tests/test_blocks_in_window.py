"""Blocks and shared layers in the real window, by mouse and keys."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from kgui.app import create_window
from kgui.compiler import build
from kgui.graph import Wire, edits
from kgui.graph.blocks import BLOCK
from kgui.widgets.main_window import MainWindow

CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
NONE = Qt.KeyboardModifier.NoModifier


class Desk:
    """A window with Input, Dense, Dropout and Dense in a row, and what is done to it."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot
        self.bench = window.workbench
        project = window.document.project
        for index, (kind, options) in enumerate((
            ("Input", {"shape": [6]}), ("Dense", {"units": 6}), ("Dropout", {"rate": 0.1}),
            ("Dense", {"units": 3}),
        )):  # fmt: skip
            node = edits.new_node(project, kind, (index * 260.0, 0.0), options)
            before = project.graph.nodes[-1:]
            project = edits.add_node(project, node)
            for other in before:
                project = edits.connect(project, Wire(other.id, 0, node.id, 0))
        window.document.apply("Draw", project)
        self.ids = [node.id for node in project.graph.nodes]
        self.bench.canvas.fit()
        self.bench.canvas.setFocus()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.bench.canvas, key, modifiers)

    def select(self, *ids: str) -> None:
        self.bench.scene.select(ids)

    def names(self) -> set[str]:
        """Of the nodes shown."""
        return {self.bench.scene.node_item(key).look.name for key in self.bench.scene.node_ids()}

    def pixel(self, node_id: str) -> QPoint:
        item = self.bench.scene.node_item(node_id)
        return self.bench.canvas.mapFromScene(item.card.center() - QPoint(0, 18))

    def notices(self) -> list[str]:
        return self.window.notices.texts()

    def grouped(self) -> str:
        """Group the two in the middle; the block's id."""
        self.select(*self.ids[1:3])
        self.key(Qt.Key.Key_G, CONTROL | SHIFT)
        (block,) = self.bench.scene.selected_node_ids()
        return block


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    window = create_window()
    qtbot.waitExposed(window)
    yield Desk(window, qtbot)
    window.close_without_asking()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_layers_become_a_block_and_come_out_again(desk: Desk) -> None:
    before = desk.window.document.project
    block = desk.grouped()
    assert desk.names() == {"input", "block", "dense_1"}
    assert desk.bench.scene.node_item(block).look.summary == "2 layers"
    desk.key(Qt.Key.Key_U, CONTROL | SHIFT)
    assert desk.names() == {"dense", "dense_1", "dropout", "input"}
    desk.key(Qt.Key.Key_Z, CONTROL)
    desk.key(Qt.Key.Key_Z, CONTROL)
    assert desk.window.document.project is before


@pytest.mark.parametrize("way", ["double-click", "enter", "alt-down"])
def test_ways_into_a_block_and_out_of_it(desk: Desk, way: str) -> None:
    block = desk.grouped()
    if way == "double-click":
        QTest.mouseDClick(
            desk.bench.canvas.viewport(), Qt.MouseButton.LeftButton, NONE, desk.pixel(block)
        )
    else:
        keys = {"enter": (Qt.Key.Key_Return, NONE), "alt-down": (Qt.Key.Key_Down, ALT)}
        desk.key(*keys[way])
    assert desk.names() == {"input", "dense", "dropout", "output"}
    crumbs = [button.text() for button in desk.bench.breadcrumb.findChildren(QToolButton)]
    assert crumbs == ["Drawing", "block"]
    if way == "double-click":
        back = desk.bench.breadcrumb.findChild(QToolButton, "breadcrumb.0")
        assert back is not None
        QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    else:
        desk.key(Qt.Key.Key_Up, ALT)
        assert desk.bench.scene.selected_node_ids() == (block,)
    assert desk.names() == {"input", "block", "dense_1"}
    assert not desk.bench.breadcrumb.isVisible()


def test_edits_within_a_block_are_steps_of_the_document(desk: Desk) -> None:
    block = desk.grouped()
    grouped = desk.window.document.project
    desk.key(Qt.Key.Key_Return)
    desk.select(desk.ids[2])
    desk.key(Qt.Key.Key_Backspace)
    assert desk.names() == {"input", "dense", "output"}
    inside = desk.window.document.project.graph.node(block).inside
    assert inside is not None and len(inside.nodes) == 3
    assert desk.window.document.history.undo_label == "Delete dropout and reconnect"
    desk.key(Qt.Key.Key_Z, CONTROL)
    assert desk.window.document.project is grouped
    assert desk.names() == {"input", "dense", "dropout", "output"}
    desk.key(Qt.Key.Key_Z, CONTROL)  # the block itself goes: the drawing is shown again
    assert desk.names() == {"input", "dense", "dropout", "dense_1"}
    assert desk.bench.level.blocks == ()


def test_a_problem_in_a_block_is_seen_outside_and_found_by_a_click(desk: Desk) -> None:
    block = desk.grouped()
    desk.key(Qt.Key.Key_Return)
    level = desk.bench.level
    level.apply("Wrong", edits.set_option(level.project, desk.ids[1], "units", 0))
    desk.key(Qt.Key.Key_Up, ALT)
    assert desk.window.document.report.errors
    desk.qtbot.waitUntil(lambda: desk.bench.scene.node_item(block).look.severity == "error")
    desk.bench.problems.chosen.emit(desk.ids[1])
    assert desk.bench.level.blocks == (block,)
    assert desk.bench.scene.selected_node_ids() == (desk.ids[1],)


def test_only_what_has_a_place_is_offered(desk: Desk) -> None:
    assert {"BlockInput", "BlockOutput"}.isdisjoint(desk.bench.scene.offered_types)
    assert BLOCK in desk.bench.scene.offered_types
    desk.grouped()
    desk.key(Qt.Key.Key_Return)
    offered = desk.bench.scene.offered_types
    assert {"BlockInput", "BlockOutput", BLOCK} <= offered.keys()
    assert "Input" not in offered


def test_sharing_by_keys_shows_one_tint_and_counts_once(desk: Desk) -> None:
    second = desk.ids[3]
    desk.bench.level.apply("Same", edits.set_option(desk.bench.level.project, second, "units", 6))
    desk.select(desk.ids[1], second)
    desk.key(Qt.Key.Key_L, CONTROL)
    looks = [desk.bench.scene.node_item(key).look for key in (desk.ids[1], second)]
    assert [look.chip for look in looks] == ["shared ×2"] * 2
    assert looks[0].group == looks[1].group is not None
    assert desk.window.document.report.total_parameters == 42
    assert build(desk.window.document.project).count_params() == 42
    desk.key(Qt.Key.Key_L, CONTROL | SHIFT)
    assert desk.window.document.report.total_parameters == 84
    assert desk.bench.scene.node_item(second).look.chip == ""


def test_a_shared_copy_follows_the_original(desk: Desk) -> None:
    desk.select(desk.ids[1])
    desk.key(Qt.Key.Key_D, ALT)
    (copy,) = desk.bench.scene.selected_node_ids()
    level = desk.bench.level
    assert level.project.graph.node(copy).shares == desk.ids[1]
    level.apply("Units", edits.set_option(level.project, desk.ids[1], "units", 9))
    assert desk.bench.scene.node_item(copy).look.summary == "9"
    desk.select(desk.ids[1])
    desk.key(Qt.Key.Key_Delete)
    assert level.project.graph.node(copy).options == {"units": 9}


def test_what_cannot_be_grouped_or_shared_is_said(desk: Desk) -> None:
    before = desk.window.document.project
    desk.select(*desk.ids[:2])
    desk.key(Qt.Key.Key_G, CONTROL | SHIFT)
    said = " ".join([*desk.notices(), desk.window.statusBar().currentMessage()])
    assert "outside of blocks" in said
    desk.key(Qt.Key.Key_L, CONTROL)
    assert desk.window.document.project is before


def test_a_copy_of_a_block_has_a_drawing_of_its_own(desk: Desk) -> None:
    block = desk.grouped()
    desk.key(Qt.Key.Key_C, CONTROL)
    desk.key(Qt.Key.Key_V, CONTROL)
    (copy,) = desk.bench.scene.selected_node_ids()
    graph = desk.window.document.project.graph
    one, other = graph.node(block).inside, graph.node(copy).inside
    assert one is not None and other is not None
    assert not {node.id for node in one.nodes} & {node.id for node in other.nodes}


def test_ports_taken_away_within_take_their_wires(desk: Desk) -> None:
    block = desk.grouped()
    desk.key(Qt.Key.Key_Return)
    port = next(n.id for n in desk.bench.level.project.graph.nodes if n.type == "BlockOutput")
    desk.select(port)
    desk.key(Qt.Key.Key_Delete)
    wires = desk.window.document.project.graph.wires
    assert [wire.target for wire in wires] == [block]


def test_opening_another_document_leaves_the_block(desk: Desk) -> None:
    desk.grouped()
    desk.key(Qt.Key.Key_Return)
    desk.window.document.replace(edits.Project(), None)
    assert desk.bench.level.blocks == ()
    assert desk.names() == set()
