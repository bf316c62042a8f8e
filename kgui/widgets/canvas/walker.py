"""Walking the drawing by keys: what is selected next, brought into view and said."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtWidgets import QGraphicsView

from kgui.graph.project import Wire
from kgui.widgets.canvas.node_item import NodeItem
from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.canvas.walking import Centres, nearest_node, next_node, wires_at


@dataclass(frozen=True)
class Step:
    """A step that was walked: the opposite one leads back, also where several ways do."""

    start: str
    goal: str
    direction: QPointF


class Walker(QObject):
    """Selects nodes along the wires, and the wires of a node one after another."""

    def __init__(self, view: QGraphicsView, scene: CanvasScene) -> None:
        super().__init__(view)
        self._view, self._scene = view, scene
        self._last: Step | None = None
        self._place: QPointF | None = None
        self._anchor = ""
        """The node whose wires are gone through."""
        scene.selection_changed.connect(self._remember)

    @property
    def current(self) -> str:
        """Id of the selected node from which a step starts; "" where none is selected."""
        selected = self._scene.selected_node_ids()
        focused = self._scene.focusItem()
        if isinstance(focused, NodeItem) and focused.node_id in selected:
            return focused.node_id
        return selected[-1] if selected else ""

    def walk(self, direction: QPointF, *, extend: bool = False) -> None:
        """Select the next node that way, beside those selected where `extend` is given."""
        wires = self._scene.selected_wires()
        if wires and not self._scene.selected_node_ids():
            self._leave_wire(wires[0], direction)
            return
        current = self.current
        goal = self._goal(current, direction) if current else self._nearest()
        if goal is None:
            return
        if current:
            self._last = Step(current, goal, direction)
        others = self._scene.selected_node_ids() if extend else ()
        self.select(goal, others)

    def select(self, node_id: str, others: tuple[str, ...] = ()) -> None:
        """Select a node, give it the keyboard and bring it into view."""
        self._scene.select([*others, node_id])
        item = self._scene.node_item(node_id)
        self._scene.setFocusItem(item, Qt.FocusReason.TabFocusReason)
        self._view.ensureVisible(item, 40, 40)

    def next_wire(self) -> None:
        """Select the next wire of the node."""
        self._go_to_wire(1)

    def previous_wire(self) -> None:
        """Select the wire before it."""
        self._go_to_wire(-1)

    def _go_to_wire(self, step: int) -> None:
        node_id, chosen = self.current, self._scene.selected_wires()
        wires: tuple[Wire, ...] = ()
        if node_id:
            self._anchor = node_id
        elif chosen and self._anchor not in (chosen[0].source, chosen[0].target):
            self._anchor = chosen[0].source
        if self._anchor in self._scene.node_ids():
            wires = wires_at(self._scene.document.project.graph, self._anchor, self._centres())
        if not wires:
            return
        place = wires.index(chosen[0]) if chosen and chosen[0] in wires and not node_id else None
        start = 0 if step > 0 else -1
        wire = wires[(place + step) % len(wires) if place is not None else start]
        self._scene.select((), [wire])
        self._scene.flush()
        self._view.ensureVisible(self._scene.wire_item(wire), 40, 40)

    def _leave_wire(self, wire: Wire, direction: QPointF) -> None:
        if direction.x():
            self.select(wire.source if direction.x() < 0 else wire.target)
        else:
            self._go_to_wire(1 if direction.y() > 0 else -1)

    def _goal(self, node_id: str, direction: QPointF) -> str | None:
        last = self._last
        if last is not None and (last.goal, last.direction) == (node_id, -direction):
            self._last = None
            if last.start in self._scene.node_ids():
                return last.start
        graph = self._scene.document.project.graph
        return next_node(graph, node_id, direction, self._centres())

    def _nearest(self) -> str | None:
        middle = self._view.mapToScene(self._view.viewport().rect().center())
        return nearest_node(self._place or middle, self._centres())

    def _centres(self) -> Centres:
        return {key: self._scene.node_item(key).card.center() for key in self._scene.node_ids()}

    def _remember(self) -> None:
        """Where the selection was: that is where the next step starts when it is gone."""
        if current := self.current:
            self._place = self._scene.node_item(current).card.center()
