"""Real events on a real canvas: a hand that presses, drags and drops where the program says."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kgui.graph.project import Node
from kgui.widgets.canvas import CanvasScene, CanvasView
from kgui.widgets.document import Document

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


class Hand:
    """Works on a view; nodes are counted in the order of the document."""

    def __init__(self, view: CanvasView, scene: CanvasScene, document: Document) -> None:
        self.view, self.scene, self.document = view, scene, document

    def node(self, index: int) -> Node:
        return self.document.project.graph.nodes[index]

    def wires(self) -> set[tuple[int, int, int]]:
        """The wires as (source, target, target port)."""
        place = {node.id: index for index, node in enumerate(self.document.project.graph.nodes)}
        return {
            (place[wire.source], place[wire.target], wire.target_port)
            for wire in self.document.project.graph.wires
        }

    def pixel(self, position: QPointF) -> QPoint:
        return self.view.mapFromScene(position)

    def output(self, index: int) -> QPoint:
        return self.pixel(self.view.port_position(self.node(index).id, 0, True))

    def input(self, index: int, port: int = 0) -> QPoint:
        return self.pixel(self.view.port_position(self.node(index).id, port, False))

    def body(self, index: int) -> QPoint:
        """A place on the header of a node, away from its ports."""
        card = self.view.node_item(self.node(index).id).card
        return self.pixel(card.topLeft() + QPointF(card.width() / 2, 14))

    def press(
        self,
        start: QPoint,
        way: Sequence[QPoint],
        keys: Qt.KeyboardModifier = NONE,
        button: Qt.MouseButton = LEFT,
    ) -> None:
        """Press, and move through places in small steps; the button stays down."""
        viewport = self.view.viewport()
        QTest.mousePress(viewport, button, keys, start)
        place = start
        for goal in way:
            for step in range(1, 6):
                QTest.mouseMove(viewport, place + (goal - place) * step / 5)
            place = goal

    def release(
        self, place: QPoint, keys: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT
    ) -> None:
        QTest.mouseRelease(self.view.viewport(), button, keys, place)

    def drag(
        self,
        start: QPoint,
        goal: QPoint,
        keys: Qt.KeyboardModifier = NONE,
        button: Qt.MouseButton = LEFT,
    ) -> None:
        self.press(start, [goal], keys, button)
        self.release(goal, keys, button)

    def click(self, place: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseClick(self.view.viewport(), LEFT, keys, place)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.view, key, keys)

    def drop(self, data: QMimeData, place: QPoint) -> bool:
        """Drag over the canvas and drop; whether the drag was accepted."""
        viewport, copy = self.view.viewport(), Qt.DropAction.CopyAction
        enter = QDragEnterEvent(place - QPoint(5, 5), copy, data, LEFT, NONE)
        move = QDragMoveEvent(place, copy, data, LEFT, NONE)
        for event in (enter, move):
            QApplication.sendEvent(viewport, event)
            if not event.isAccepted():
                return False
        QApplication.sendEvent(viewport, QDropEvent(QPointF(place), copy, data, LEFT, NONE))
        return True

    def wheel(self, place: QPoint, notches: int, keys: Qt.KeyboardModifier = NONE) -> None:
        event = QWheelEvent(
            QPointF(place),
            QPointF(self.view.viewport().mapToGlobal(place)),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            keys,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.view.viewport(), event)

    def leave(self) -> None:
        QApplication.sendEvent(self.view.viewport(), QEvent(QEvent.Type.Leave))
