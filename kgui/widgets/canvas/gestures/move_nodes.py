"""Drag the selected nodes; they snap to the grid, Shift moves freely.

A node without wires that is let go on a wire goes into it; Alt keeps it out.
"""

from functools import cached_property

from PySide6.QtCore import QPointF, Qt

from kgui.compiler.node_types import NodeType
from kgui.widgets.canvas import commands
from kgui.widgets.canvas.geometry import snapped
from kgui.widgets.canvas.gestures.gesture import Gesture, Pointer, Surface
from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.canvas.wire_under import WireUnder


class MoveNodes(Gesture):
    """The items follow the pointer; the document hears of it once, at the end."""

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, scene: CanvasScene, surface: Surface, start: Pointer, node_id: str) -> None:
        super().__init__(scene, surface, start)
        self._node_id = node_id
        self._select_at_press(node_id)
        self._moving = False
        self._under = WireUnder(scene)
        self._before = {
            key: scene.node_item(key).pos() for key in {*scene.selected_node_ids()} | {node_id}
        }

    def _select_at_press(self, node_id: str) -> None:
        selected = self.scene.selected_node_ids()
        self._was_selected = node_id in selected
        self._toggles = self.start.control or self.start.shift
        if self._was_selected:
            return
        if self._toggles:
            self.scene.select((*selected, node_id), self.scene.selected_wires())
        else:
            self.scene.select([node_id])

    def move(self, pointer: Pointer) -> None:
        """Put the nodes where they would go."""
        if not self._moving and not pointer.is_away_from(self.start):
            return
        if not self._moving:
            self._moving = True
            self._raise(3)
        step = self._step(pointer)
        for node_id, position in self._before.items():
            self.scene.place(node_id, position + step)
        if self._is_loose and not pointer.alt:
            middle = self.scene.node_item(self._node_id).card.center()
            self._under.follow(middle, self._node_type())
        else:
            self._under.show(None)

    @cached_property
    def _is_loose(self) -> bool:
        """Whether one node is dragged that has no wires."""
        wires = self.scene.document.project.graph.wires
        return len(self._before) == 1 and not any(
            self._node_id in (wire.source, wire.target) for wire in wires
        )

    def _node_type(self) -> NodeType:
        graph = self.scene.document.project.graph
        node = graph.node(self._node_id)
        return commands.type_of_node(self.scene.node_types, graph, node)

    def _step(self, pointer: Pointer) -> QPointF:
        """The way of the grabbed node; the others keep their distance from it."""
        way = pointer.position - self.start.position
        if pointer.shift and not self._toggles:
            return way
        grabbed = self._before[self._node_id]
        return snapped(grabbed + way) - grabbed

    def release(self, pointer: Pointer) -> None:
        """Write the new positions as one step; a click without a drag selects."""
        self.move(pointer)
        if not self._moving:
            self._click()
            return
        self._raise(2)
        step, wire = self._step(pointer), self._under.wire
        self._under.show(None)
        if wire is not None:
            place = self._before[self._node_id] + step
            commands.insert(self.scene.document, self._node_id, wire, place)
        elif not step.isNull():
            positions = {
                key: (place.x() + step.x(), place.y() + step.y())
                for key, place in self._before.items()
            }
            commands.move(self.scene.document, positions)

    def cancel(self) -> None:
        """Put the nodes back."""
        self._raise(2)
        self._under.show(None)
        for node_id, position in self._before.items():
            if node_id in self.scene.node_ids():
                self.scene.place(node_id, position)

    def _click(self) -> None:
        if not self._was_selected:
            return
        if self._toggles:
            rest = [key for key in self.scene.selected_node_ids() if key != self._node_id]
            self.scene.select(rest, self.scene.selected_wires())
        else:
            self.scene.select([self._node_id])

    def _raise(self, level: float) -> None:
        for node_id in self._before:
            if node_id in self.scene.node_ids():
                self.scene.node_item(node_id).setZValue(level)
