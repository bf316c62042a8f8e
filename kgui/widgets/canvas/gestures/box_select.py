"""Select what a box touches; Ctrl toggles, Shift adds."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsRectItem

from kgui.graph.framing import Things
from kgui.graph.project import Wire
from kgui.widgets.canvas.gestures.gesture import Gesture, Pointer, Surface
from kgui.widgets.canvas.node_item import NodeItem
from kgui.widgets.canvas.scene import CanvasScene


class BoxSelect(Gesture):
    """A box from where the drag began to the pointer."""

    def __init__(self, scene: CanvasScene, surface: Surface, start: Pointer) -> None:
        super().__init__(scene, surface, start)
        self._nodes_before = frozenset(scene.selected_node_ids())
        self._wires_before = scene.selected_wires()
        self._remarks_before = scene.remarks.selected()
        self._box = QGraphicsRectItem()
        self._box.setZValue(10)
        pen = QPen(scene.theme.accent, 1.0)
        pen.setCosmetic(True)
        self._box.setPen(pen)
        fill = QColor(scene.theme.accent)
        fill.setAlphaF(0.12)
        self._box.setBrush(fill)
        self._box.hide()
        scene.addItem(self._box)

    def move(self, pointer: Pointer) -> None:
        """Show the box and select what it touches now."""
        if not self._box.isVisible() and not pointer.is_away_from(self.start):
            return
        box = QRectF(self.start.position, pointer.position).normalized()
        self._box.setRect(box)
        self._box.show()
        nodes = self._chosen(self._nodes_before, self._touched(box), pointer)
        self.scene.select(nodes, self._kept_wires(pointer), self._remarks(box, pointer))

    def release(self, pointer: Pointer) -> None:
        """Keep the selection; without a drag, a plain click on the ground selects nothing."""
        self.move(pointer)
        if not self._box.isVisible() and not pointer.shift and not pointer.control:
            self.scene.select(())
        self.scene.removeItem(self._box)

    def cancel(self) -> None:
        """Select again what was selected."""
        self.scene.removeItem(self._box)
        self.scene.select(self._nodes_before, self._wires_before, self._remarks_before)

    def _touched(self, box: QRectF) -> frozenset[str]:
        found = self.scene.items(box, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        return frozenset(
            item.node_id
            for item in found
            if isinstance(item, NodeItem) and item.card.intersects(box)
        )

    def _remarks(self, box: QRectF, pointer: Pointer) -> Things:
        """Notes that are touched, and frames that are wholly in the box: it may begin in one."""
        shown, before = self.scene.remarks, self._remarks_before
        frames = [key for key, item in shown.frames.items() if box.contains(item.area)]
        notes = [key for key, item in shown.notes.items() if box.intersects(item.area)]
        return Things(
            frames=self._chosen(before.frames, frozenset(frames), pointer),
            notes=self._chosen(before.notes, frozenset(notes), pointer),
        )

    @staticmethod
    def _chosen(
        before: frozenset[str], touched: frozenset[str], pointer: Pointer
    ) -> frozenset[str]:
        if pointer.control:
            return before ^ touched
        return before | touched if pointer.shift else touched

    def _kept_wires(self, pointer: Pointer) -> tuple[Wire, ...]:
        return self._wires_before if pointer.control or pointer.shift else ()
