"""A robot at the real window on a real (virtual) screen: Qt's own drag and drop, by the mouse.

Run by test_robot.py in a process of its own. Every move comes from a timer, so that the loop
inside the drag sees it. Prints what was drawn.
"""

import sys
from collections import deque
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTreeView, QWidget

from kgui.app import create_window
from kgui.widgets.main_window import MainWindow

PAUSE = 25
"""Milliseconds between the robot's moves."""
LAYERS = ("Input", "Flatten", "Dense", "Dense")
LEFT = Qt.MouseButton.LeftButton
Move = Callable[[], object]


def place_in(window: MainWindow, widget: QWidget, point: QPoint) -> QPoint:
    return widget.mapTo(window, point)


def palette_place(window: MainWindow, name: str) -> QPoint:
    """Where a layer stands in the palette, told by the program."""
    view = window.findChild(QTreeView, "palette")
    found = view.model().match(
        view.model().index(0, 0), Qt.ItemDataRole.DisplayRole, name, 1,
        Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive,
    )  # fmt: skip
    return place_in(window, view.viewport(), view.visualRect(found[0]).center())


def port_place(window: MainWindow, index: int, is_output: bool) -> QPoint:
    canvas = window.workbench.canvas
    node = window.document.project.graph.nodes[index]
    scene = canvas.port_position(node.id, 0, is_output)
    return place_in(window, canvas.viewport(), canvas.mapFromScene(scene))


class Robot(QObject):
    """Makes one move at a time from a queue; a move may start a loop in which the next is made."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self.window = window
        self.moves: deque[Move] = deque()

    def step(self) -> None:
        """Make the next move, after seeing to the one that follows."""
        if self.moves:
            # A new timer each time: one that is being served does not fire in a loop inside.
            QTimer.singleShot(PAUSE, self.step)
            self.moves.popleft()()

    def plan(self, find: Callable[[], tuple[QPoint, QPoint]]) -> None:
        """Put a drag at the end of the queue; where it goes is asked for when it begins."""
        self.moves.append(lambda: self._begin(*find()))

    def _begin(self, start: QPoint, goal: QPoint) -> None:
        handle, keys = self.window.windowHandle(), Qt.KeyboardModifier.NoModifier
        way = [start + (goal - start) * step / 12 for step in range(13)]
        moves = [
            partial(QTest.mouseMove, handle, start),
            partial(QTest.mousePress, handle, LEFT, keys, start),
            *(partial(QTest.mouseMove, handle, place) for place in way),
            partial(QTest.mouseRelease, handle, LEFT, keys, goal),
            *[lambda: None] * 4,
        ]
        self.moves.extendleft(reversed(moves))


def plan_the_job(robot: Robot) -> None:
    """Four layers out of the palette, three wires between them."""
    window = robot.window
    viewport = window.workbench.canvas.viewport()

    def layer(name: str, column: int) -> tuple[QPoint, QPoint]:
        goal = place_in(window, viewport, QPoint(120 + 215 * column, 220))
        return palette_place(window, name), goal

    def wire(index: int) -> tuple[QPoint, QPoint]:
        return port_place(window, index, True), port_place(window, index + 1, False)

    for column, name in enumerate(LAYERS):
        robot.plan(partial(layer, name, column))
    for index in range(3):
        robot.plan(partial(wire, index))


def main() -> int:
    """Let the robot work, and say what stands on the canvas."""
    application = QApplication([])
    window = create_window()
    window.resize(1400, 900)
    window.move(0, 0)
    robot = Robot(window)
    plan_the_job(robot)
    robot.moves.append(application.exit)  # not quit: that would ask to save first
    QTimer.singleShot(500, robot.step)
    QTimer.singleShot(60_000, application.exit)
    application.exec()
    graph = window.document.project.graph
    places = {node.id: index for index, node in enumerate(graph.nodes)}
    print(" ".join(node.type for node in graph.nodes))
    print(" ".join(f"{places[w.source]}-{places[w.target]}" for w in graph.wires))
    window.close_without_asking()
    return 0


if __name__ == "__main__":
    sys.exit(main())
