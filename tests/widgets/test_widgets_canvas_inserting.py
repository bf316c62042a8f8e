"""Layers dropped on a wire go into it, from the palette and from the canvas."""

import pytest
from canvas_hands import LEFT, Hand
from canvas_samples import NODE_TYPES, chain, check
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kgui.graph import edits
from kgui.widgets import theme
from kgui.widgets.canvas import CanvasScene, CanvasView
from kgui.widgets.canvas.mime import node_mime_data
from kgui.widgets.document import Document

ALT, NONE = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
COPY = Qt.DropAction.CopyAction


@pytest.fixture
def hand(qtbot: QtBot) -> Hand:
    """Input, Flatten, Dense, Dense in a row, wired, and a loose Dropout below."""
    project = chain()
    project = edits.add_node(project, edits.new_node(project, "Dropout", (300.0, 300.0)))
    document = Document(project, check)
    scene = CanvasScene(document, NODE_TYPES, theme.light())
    view = CanvasView(scene)
    qtbot.addWidget(view)
    view.resize(1300, 700)
    view.show()
    view.centerOn(500, 100)
    return Hand(view, scene, document)


def on_wire(hand: Hand) -> QPoint:
    """The middle of the wire from Flatten to Dense."""
    return (hand.output(1) + hand.input(2)) / 2


def lit(hand: Hand) -> list[int]:
    wires = hand.document.project.graph.wires
    return [index for index, wire in enumerate(wires) if hand.scene.wire_item(wire).is_lit]


def carry(hand: Hand, data: QMimeData, place: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
    viewport = hand.view.viewport()
    enter = QDragEnterEvent(place - QPoint(0, 90), COPY, data, LEFT, keys)
    QApplication.sendEvent(viewport, enter)
    QApplication.sendEvent(viewport, QDragMoveEvent(place, COPY, data, LEFT, keys))


def let_go(hand: Hand, data: QMimeData, place: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
    event = QDropEvent(QPointF(place), COPY, data, LEFT, keys)
    QApplication.sendEvent(hand.view.viewport(), event)


def covers(hand: Hand) -> bool:
    cards = [hand.view.node_item(node_id).card for node_id in hand.scene.node_ids()]
    return any(a.intersects(b) for a in cards for b in cards if a is not b)


def test_the_wire_glows_and_takes_the_layer(hand: Hand) -> None:
    place, data, before = on_wire(hand), node_mime_data("Dropout"), hand.document.project
    carry(hand, data, place)
    assert lit(hand) == [1]
    let_go(hand, data, place)
    assert lit(hand) == []
    assert hand.wires() == {(0, 1, 0), (1, 5, 0), (5, 2, 0), (2, 3, 0)}
    assert hand.document.history.undo_label == "Add Dropout"
    assert hand.view.selected_node_ids() == (hand.node(5).id,)
    assert not covers(hand)
    hand.document.undo()
    assert hand.document.project is before


def test_what_follows_moves_over_and_what_does_not_stays(hand: Hand) -> None:
    place, data = on_wire(hand), node_mime_data("Dropout")
    carry(hand, data, place)
    let_go(hand, data, place)
    xs = [node.position[0] for node in hand.document.project.graph.nodes]
    assert xs[:2] == [0, 280]
    assert xs[4] == 300
    assert xs[2] > 560
    assert xs[3] - xs[2] == 280
    assert all(x % 10 == 0 for x in xs)


def test_alt_keeps_the_layer_out(hand: Hand) -> None:
    place, data = on_wire(hand), node_mime_data("Dropout")
    carry(hand, data, place, ALT)
    assert lit(hand) == []
    let_go(hand, data, place, ALT)
    assert (1, 2, 0) in hand.wires()


def test_the_glow_goes_with_the_drag(hand: Hand) -> None:
    carry(hand, node_mime_data("Dropout"), on_wire(hand))
    QApplication.sendEvent(hand.view.viewport(), QDragLeaveEvent())
    assert lit(hand) == []
    carry(hand, node_mime_data("Dropout"), on_wire(hand))
    carry(hand, node_mime_data("Dropout"), QPoint(640, 650))
    assert lit(hand) == []


def test_an_input_goes_into_no_wire(hand: Hand) -> None:
    carry(hand, node_mime_data("Input"), on_wire(hand))
    assert lit(hand) == []
    let_go(hand, node_mime_data("Input"), on_wire(hand))
    assert hand.node(-1).type == "Input"
    assert (1, 2, 0) in hand.wires()


def middle_of(hand: Hand, index: int) -> QPoint:
    """Where to take hold of a node so that its middle follows the pointer."""
    return hand.pixel(hand.view.node_item(hand.node(index).id).card.center())


def test_a_loose_node_dragged_onto_a_wire_goes_into_it(hand: Hand) -> None:
    place, before = on_wire(hand), hand.document.project
    hand.press(middle_of(hand, 4), [place])
    assert lit(hand) == [1]
    hand.release(place)
    assert hand.wires() == {(0, 1, 0), (1, 4, 0), (4, 2, 0), (2, 3, 0)}
    assert hand.document.history.undo_label == "Insert dropout"
    assert lit(hand) == []
    assert not covers(hand)
    hand.document.undo()
    assert hand.document.project is before


def test_escape_on_the_wire_puts_it_back(hand: Hand) -> None:
    before, shown = hand.document.project, hand.scene.snapshot()
    hand.press(middle_of(hand, 4), [on_wire(hand)])
    hand.key(Qt.Key.Key_Escape)
    assert lit(hand) == []
    hand.release(on_wire(hand))
    assert hand.document.project is before
    assert hand.scene.snapshot() == shown


def test_a_wired_node_only_moves(hand: Hand) -> None:
    wires = hand.wires()
    hand.press(middle_of(hand, 3), [on_wire(hand)])
    assert lit(hand) == []
    hand.release(on_wire(hand))
    assert hand.wires() == wires
