"""A node carried over a wire: which wire it would go into glows."""

from PySide6.QtCore import QPointF, QRectF, Qt

from kgui.compiler.node_types import NodeType
from kgui.graph.project import Wire
from kgui.widgets.canvas.geometry import near_wire
from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.canvas.wire_item import WireItem

REACH = 24.0
"""Scene units between a wire and the middle of a node that is put into it."""


class WireUnder:
    """The wire that glows because what is carried would go into it."""

    def __init__(self, scene: CanvasScene) -> None:
        self.wire: Wire | None = None
        self._scene = scene

    def show(self, wire: Wire | None) -> None:
        """Let one wire glow, or none."""
        if wire == self.wire:
            return
        for old_or_new, lit in ((self.wire, False), (wire, True)):
            item = self._scene.items_shown.wires.get(old_or_new) if old_or_new else None
            if item is not None:
                item.mark_lit(lit=lit)
        self.wire = wire

    def follow(self, middle: QPointF, node_type: NodeType) -> None:
        """Let the wire glow that runs through the middle of a node of that type, if it fits."""
        able = (node_type.inputs > 0 or node_type.growing) and node_type.outputs > 0
        self.show(self._nearest(middle) if able else None)

    def _nearest(self, middle: QPointF) -> Wire | None:
        area = QRectF(middle.x() - REACH, middle.y() - REACH, 2 * REACH, 2 * REACH)
        found = self._scene.items(area, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        wires = [item for item in found if isinstance(item, WireItem)]
        near = [item for item in wires if near_wire(item.path(), middle, REACH)]
        nearer = (item for item in near if near_wire(item.path(), middle, REACH / 4))
        best = next(nearer, near[0]) if near else None
        return best.wire if best is not None else None
