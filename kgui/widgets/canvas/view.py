"""The window onto the drawing: shows the scene, and hands mouse, keys and drops on."""

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGraphicsView

from kgui.language import tr
from kgui.widgets.canvas.connecting import Connecting
from kgui.widgets.canvas.drops import Drops
from kgui.widgets.canvas.editor import CanvasEditor
from kgui.widgets.canvas.geometry import MARGIN, centred
from kgui.widgets.canvas.hint import Hint
from kgui.widgets.canvas.inline import InlineEditor
from kgui.widgets.canvas.keys import CanvasKeys
from kgui.widgets.canvas.landing import PaletteLanding
from kgui.widgets.canvas.lining import LiningUp
from kgui.widgets.canvas.painter import DETAIL_ZOOM
from kgui.widgets.canvas.pointing import Pointing
from kgui.widgets.canvas.remarks.desk import RemarkDesk
from kgui.widgets.canvas.renaming import Renaming
from kgui.widgets.canvas.scene import HALF, CanvasScene
from kgui.widgets.canvas.search import NodeSearch
from kgui.widgets.canvas.sheet import Grid, paint_invitation
from kgui.widgets.canvas.walker import Walker
from kgui.widgets.canvas.zoom import STEP, Zoom


class CanvasView(QGraphicsView):
    """The canvas; what it can do with the selection it passes on from scene and editor."""

    selection_changed = Signal()
    zoom_changed = Signal(float)
    """Pixels per scene unit: 1.0 is 100 %."""
    refused = Signal(str)
    """An edit was not possible; the sentence says why."""
    node_activated = Signal(str)
    """A node was double-clicked, or Enter pressed on it."""

    def __init__(self, scene: CanvasScene) -> None:
        super().__init__(scene)
        self.setObjectName("canvas")
        self.setAccessibleName(tr("Canvas"))
        self.setAccessibleDescription(tr("The drawing of the network: layers and wires."))
        self._scene = scene
        self._grid = Grid()
        self._zoom = Zoom(self, self._show_zoom)
        self._hint = Hint(self, scene.theme)
        self._was_empty = True
        _set_up_painting(self)
        self._set_up_handlers(scene)
        self._pass_on(scene)

    def _set_up_handlers(self, scene: CanvasScene) -> None:
        self.editor = CanvasEditor(scene, scene.document, scene.node_types)
        self._pointing = Pointing(self.viewport(), scene, self, self._zoom)
        self.search = NodeSearch(self, self.viewport(), scene, self.editor, self._zoom.scene_point)
        self.seek = self.search.open_for
        self.inline = InlineEditor(self, scene)
        self.lining = LiningUp(scene)
        delete = self.editor.delete_selection
        self.remarks = RemarkDesk(self, scene, self._zoom.scene_point, delete)
        self.walker = Walker(self, scene)
        self.renaming = Renaming(self, scene)
        self.connecting = Connecting(self, scene, self.search.open_for)
        self.keys = CanvasKeys(self, scene, self.editor, self._pointing, self.walker)
        self.keys.search_wanted.connect(self.search.open_here)
        self.keys.edit_wanted.connect(self.node_activated)
        landing = PaletteLanding(scene, self.editor, self._zoom.scene_point, self.setFocus)
        self._drops = Drops(self.viewport(), scene.node_types, landing)
        scene.patched.connect(self._notice_emptiness)
        scene.theme_changed.connect(self._hint.dress)
        self._notice_emptiness()

    def _pass_on(self, scene: CanvasScene) -> None:
        scene.selection_changed.connect(self.selection_changed)
        self.editor.refused.connect(self.refused)
        self.connecting.refused.connect(self.refused)
        self._pointing.node_activated.connect(self.node_activated)
        self.node_activated.connect(self.inline.open_for)
        self._pointing.remark_activated.connect(self.remarks.edit)
        self.remarks.refused.connect(self.refused)
        self.zoom_changed.connect(self.remarks.typing.follow)
        self._pointing.ground_activated.connect(self.search.open_at)
        self.selected_node_ids = scene.selected_node_ids
        self.node_item = scene.node_item
        self.port_position = scene.port_position
        self.select_all = scene.select_all
        self.snap = scene.snapping.toggle
        self.add_node = self.editor.add_node
        self.delete_selection = self.editor.delete_selection
        self.heal_selection = self.editor.heal_selection
        self.bypass = self.editor.bypass
        self.duplicate = self.editor.duplicate
        self.arrange = self.lining.layout

    def append_node(self, type_name: str) -> str:
        """Add a layer after the selected ones, wired where that fits; its id, "" if refused."""
        middle = self._zoom.scene_point(QPointF(self.viewport().rect().center()))
        node_id = self.editor.append_node(type_name, centred(middle))
        if node_id:
            self.ensureVisible(self.node_item(node_id), 40, 40)
        return node_id

    def fit(self) -> None:
        """Show the whole drawing, or the origin at 100 % where nothing is drawn."""
        cards = [self.node_item(key).card for key in self._scene.node_ids()]
        area = _area([*cards, *self._scene.remarks.areas()])
        if area.isEmpty():
            self.zoom_reset()
            self.centerOn(0, 0)
        else:
            # A file may place nodes farther out than the scene reaches.
            sheet = QRectF(-HALF, -HALF, 2 * HALF, 2 * HALF)
            self._scene.setSceneRect(sheet.united(area.adjusted(-HALF, -HALF, HALF, HALF)))
            self._zoom.fit(area)

    def zoom_in(self) -> None:
        """One step nearer."""
        self._zoom.by(STEP)

    def zoom_out(self) -> None:
        """One step farther off."""
        self._zoom.by(1 / STEP)

    def zoom_reset(self) -> None:
        """100 %."""
        self._zoom.to(1.0)

    def zoom(self) -> float:
        """Pixels per scene unit."""
        return self._zoom.factor

    def pan(self, step: QPoint) -> None:
        """Move the drawing by so many pixels."""
        self._zoom.pan(step)

    def hint(self, text: str, pixel: QPoint) -> None:
        """Show a sentence beside the pointer; "" hides it."""
        self._hint.show_text(text, pixel)

    def reveal(self, node_id: str) -> None:
        """Select a node and bring it to the middle, large enough to be read."""
        self._scene.select([node_id])
        if self.zoom() < DETAIL_ZOOM:
            self.zoom_reset()
        self.centerOn(self.node_item(node_id).card.center())

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Qt's: the ground with its dots."""
        self._grid.paint(painter, QRectF(rect), self._scene.theme, self.zoom())

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # Qt's
        """Qt's: words where nothing is drawn yet."""
        if self._was_empty:
            painter.resetTransform()
            paint_invitation(painter, QRectF(self.viewport().rect()), self._scene.theme)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's: no wire is painted where it was before."""
        self._scene.flush()
        super().paintEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Qt's: shift the picture; the words over an empty canvas stay where they are."""
        super().scrollContentsBy(dx, dy)
        self.inline.follow()
        self.renaming.follow()
        if self._was_empty:
            self.viewport().update()

    def _show_zoom(self) -> None:
        self._scene.show_labels(self.zoom() >= DETAIL_ZOOM)
        self.inline.follow()
        self.renaming.follow()
        self.zoom_changed.emit(self.zoom())

    def _notice_emptiness(self) -> None:
        empty = not self._scene.node_ids() and not self._scene.remarks.areas()
        if empty != self._was_empty:
            self._was_empty = empty
            self.viewport().update()


def _set_up_painting(view: QGraphicsView) -> None:
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    view.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
    view.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
    view.setDragMode(QGraphicsView.DragMode.NoDrag)
    view.setMinimumSize(200, 150)


def _area(cards: Iterable[QRectF]) -> QRectF:
    """What holds all cards with halo and ports; empty without cards."""
    area = QRectF()
    for card in cards:
        area = area.united(card)
    return area.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN) if not area.isEmpty() else area
