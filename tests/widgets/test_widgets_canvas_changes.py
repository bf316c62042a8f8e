"""Healing, bypassing and pasting by the keys of a real window."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from window_fakes import World

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def ids(world: World) -> Sequence[str]:
    """Input, Dense, Dropout and Dense in a row."""
    drawn = world.draw(("Input", {}), ("Dense", {"units": 8}), ("Dropout", {}), ("Dense", {}))
    world.workbench.canvas.setFocus()
    return drawn


def key(world: World, pressed: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(world.workbench.canvas, pressed, keys)


def wires(world: World) -> set[tuple[str, str]]:
    names = {node.id: node.name for node in world.project.graph.nodes}
    return {(names[wire.source], names[wire.target]) for wire in world.project.graph.wires}


CHAIN = {("input", "dense"), ("dense", "dropout"), ("dropout", "dense_1")}


def test_backspace_heals_the_chain_in_one_step(world: World, ids: Sequence[str]) -> None:
    world.select(ids[1], ids[2])
    key(world, Qt.Key.Key_Backspace)
    assert wires(world) == {("input", "dense_1")}
    assert world.window.document.history.undo_label == "Delete 2 layers and reconnect"
    key(world, Qt.Key.Key_Z, CONTROL)
    assert wires(world) == CHAIN


def test_delete_cuts(world: World, ids: Sequence[str]) -> None:
    world.select(ids[2])
    key(world, Qt.Key.Key_Delete)
    assert wires(world) == {("input", "dense")}


def test_backspace_on_a_wire_deletes_it(world: World, ids: Sequence[str]) -> None:
    world.workbench.scene.select((), [world.project.graph.wires[1]])
    key(world, Qt.Key.Key_Backspace)
    assert wires(world) == {("input", "dense"), ("dropout", "dense_1")}
    assert world.window.document.history.undo_label == "Delete wire"


def test_m_bypasses_and_takes_back_in(world: World, ids: Sequence[str]) -> None:
    world.select(ids[2])
    world.workbench.canvas.fit()
    plain = world.workbench.canvas.grab().toImage()
    key(world, Qt.Key.Key_M)
    assert world.project.graph.node(ids[2]).bypassed
    item = world.workbench.scene.node_item(ids[2])
    assert item.look.bypassed
    assert item.look.summary == "bypassed"
    assert world.workbench.canvas.grab().toImage() != plain
    assert world.window.document.history.undo_label == "Bypass dropout"
    key(world, Qt.Key.Key_M)
    assert not world.project.graph.node(ids[2]).bypassed
    assert world.window.document.history.undo_label == "Use dropout again"


def test_an_input_is_not_bypassed_and_the_status_bar_says_why(
    world: World, ids: Sequence[str]
) -> None:
    before = world.project
    world.select(ids[0])
    key(world, Qt.Key.Key_M)
    assert world.project is before
    assert "input has no input" in world.window.statusBar().currentMessage()


def test_bypassing_a_selection_leaves_its_input_alone(world: World, ids: Sequence[str]) -> None:
    world.select(*ids)
    key(world, Qt.Key.Key_M)
    assert [node.bypassed for node in world.project.graph.nodes] == [False, True, True, True]


def test_paste_with_wires_feeds_the_copy(world: World, ids: Sequence[str]) -> None:
    world.select(ids[1], ids[2])
    key(world, Qt.Key.Key_C, CONTROL)
    key(world, Qt.Key.Key_V, CONTROL | SHIFT)
    assert wires(world) == CHAIN | {("input", "dense_2"), ("dense_2", "dropout_1")}
    assert world.window.document.history.undo_label == "Paste 2 layers"
    key(world, Qt.Key.Key_Z, CONTROL)
    key(world, Qt.Key.Key_V, CONTROL)
    assert wires(world) == CHAIN | {("dense_2", "dropout_1")}


def test_wires_stay_behind_in_another_document(world: World, ids: Sequence[str]) -> None:
    world.select(ids[1])
    key(world, Qt.Key.Key_C, CONTROL)
    world.trigger("file.new")
    world.workbench.canvas.setFocus()
    key(world, Qt.Key.Key_V, CONTROL | SHIFT)
    assert [node.name for node in world.project.graph.nodes] == ["dense"]
    assert wires(world) == set()


def test_paste_with_wires_of_text_pastes_the_layers(world: World, ids: Sequence[str]) -> None:
    world.select(ids[1])
    key(world, Qt.Key.Key_C, CONTROL)
    clipboard = QGuiApplication.clipboard()
    clipboard.setText(clipboard.text())
    key(world, Qt.Key.Key_V, CONTROL | SHIFT)
    assert wires(world) == CHAIN
    assert len(world.project.graph.nodes) == 5
