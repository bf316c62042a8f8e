"""Alt and drag: copies of what is selected follow the pointer, and stay where they are let go."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPixmapItem, QGraphicsRectItem

from kgui.graph.framing import Things
from kgui.widgets.canvas import moving
from kgui.widgets.canvas.carried import Carried
from kgui.widgets.canvas.geometry import MARGIN
from kgui.widgets.canvas.gestures.carry import Carry
from kgui.widgets.canvas.gestures.gesture import Pointer, Surface
from kgui.widgets.canvas.painter import NodePainter, node_pixmap
from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.canvas.wire_item import WireItem

OPACITY = 0.65


class CloneThings(Carry):
    """Pale pictures follow the pointer; the originals stay."""

    cursor = Qt.CursorShape.DragCopyCursor

    def __init__(
        self, scene: CanvasScene, surface: Surface, start: Pointer, pressed: Things
    ) -> None:
        super().__init__(scene, surface, start, pressed)
        self._ghosts = QGraphicsRectItem()
        self._ghosts.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self._ghosts.setZValue(6)
        self._ghosts.setOpacity(OPACITY)

    def _begin(self) -> None:
        super()._begin()
        _picture(self.scene, self._carried, self._ghosts, self.surface.zoom())
        self.scene.addItem(self._ghosts)

    def _place(self, step: QPointF) -> None:
        self._ghosts.setPos(step)

    def _finish(self, step: QPointF) -> None:
        things = self._carried.things
        try:
            copies = moving.clone(self.scene.document, things, (step.x(), step.y()))
        except ValueError as error:
            self.surface.hint(str(error), self.start.pixel)
            return
        self.scene.select(copies.nodes, (), copies)

    def _clear(self) -> None:
        super()._clear()
        if self._ghosts.scene() is not None:
            self.scene.removeItem(self._ghosts)


def _picture(scene: CanvasScene, carried: Carried, parent: QGraphicsItem, zoom: float) -> None:
    """Nodes as they look, the wires among them, and the outlines of frames and notes."""
    painter = NodePainter(scene.theme)
    for key in carried.nodes:
        item = scene.node_item(key)
        picture = QGraphicsPixmapItem(node_pixmap(painter, item.look, max(1.0, zoom)), parent)
        picture.setPos(item.pos() - QPointF(MARGIN, MARGIN))
        picture.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
    for wire in scene.document.project.graph.wires:
        if {wire.source, wire.target} <= carried.nodes.keys():
            line = WireItem(wire, scene.theme, parent)
            line.lay(*scene.items_shown.ends(wire))
            line.setParentItem(parent)
    pen = QPen(scene.theme.accent, 1.5, Qt.PenStyle.DashLine)
    for remark in scene.remarks.items(carried.things):
        outline = QGraphicsRectItem(remark.area, parent)
        outline.setPen(pen)
