"""From what is typed at the cursor to layers in the drawing, wired to what asked for them."""

from collections.abc import Callable, Collection, Mapping, Sequence

from PySide6.QtCore import QObject, QPoint, QPointF, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QGraphicsPathItem, QWidget

from kgui.compiler.finding import synonym_for
from kgui.compiler.fitting import why_not_take
from kgui.compiler.node_types import NodeType
from kgui.graph.project import Wire
from kgui.widgets.canvas.adding import NewNode, first_options
from kgui.widgets.canvas.editor import CanvasEditor
from kgui.widgets.canvas.geometry import wire_middle, wire_path
from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.canvas.search.box import SearchBox
from kgui.widgets.canvas.search.phrases import Layer, Phrase, read
from kgui.widgets.canvas.wire_item import wire_pen
from kgui.widgets.canvas.wiring import Wiring

MOST_RECENT = 8


class NodeSearch(QObject):
    """Opens the box over a view, offers what fits there, and has the editor add what is chosen."""

    recent_changed = Signal(object)
    """The names of the types added last, the latest first."""

    def __init__(
        self,
        view: QWidget,
        viewport: QWidget,
        scene: CanvasScene,
        editor: CanvasEditor,
        scene_point: Callable[[QPointF], QPointF],
    ) -> None:
        super().__init__(view)
        self.recent: tuple[str, ...] = ()
        """Names of the types added last, the latest first."""
        self._viewport = viewport
        self._scene = scene
        self._editor = editor
        self._scene_point = scene_point
        self._wiring: Wiring | None = None
        self._into: Wire | None = None
        self._place = QPointF()
        self._phrase = Phrase()
        self._offered: tuple[NodeType, ...] = ()
        self._preview: QGraphicsPathItem | None = None
        self.box = SearchBox(view, scene.theme)
        self.box.typed.connect(self._read)
        self.box.chosen.connect(self._choose)
        self.box.closed.connect(self._forget)
        editor.added.connect(self._remember)
        scene.theme_changed.connect(self.box.dress)
        scene.document.changed.connect(self.close)

    @property
    def known(self) -> Collection[str]:
        """Names of all types that there are."""
        return self._scene.node_types.keys()

    def open_here(self) -> None:
        """Open at the selected wire, at the pointer, or in the middle where that is elsewhere."""
        wires = self._scene.selected_wires()
        if len(wires) == 1 and not self._scene.selected_node_ids():
            self._open_in(wires[0])
            return
        pixel = self._viewport.mapFromGlobal(QCursor.pos())
        if not self._viewport.rect().contains(pixel) or not self._viewport.underMouse():
            pixel = self._viewport.rect().center()
        self._open(pixel, self._scene_point(QPointF(pixel)), None)

    def _open_in(self, wire: Wire) -> None:
        """Open for a layer that goes into a wire."""
        place = wire_middle(self._scene.wire_item(wire).path())
        self._open(self._view_point(place), place, None)
        self._into = wire

    def open_at(self, place: QPointF, pixel: QPoint) -> None:
        """Open for a layer at a point of the scene, wired to nothing."""
        self._scene.select(())
        self._open(pixel, place, None)

    def open_for(self, wiring: Wiring, place: QPointF, pixel: QPoint) -> None:
        """Open for a layer at the loose end of a wire; only what fits there is offered."""
        self._open(pixel, place, wiring)
        self._lay_preview(wiring)

    def _view_point(self, place: QPointF) -> QPoint:
        origin = self._scene_point(QPointF(0, 0))
        right = self._scene_point(QPointF(100, 0))
        zoom = 100 / (right.x() - origin.x())
        return ((place - origin) * zoom).toPoint()

    def close(self) -> None:
        """Close the box without effect."""
        self.box.close_box()

    def _open(self, pixel: QPoint, place: QPointF, wiring: Wiring | None) -> None:
        self.box.close_box()
        self._place, self._wiring = place, wiring
        types = tuple(self._scene.offered_types.values())
        self._offered = types if wiring is None else tuple(filter(self._fits, types))
        self.box.open_at(pixel)

    def _fits(self, node_type: NodeType) -> bool:
        wiring = self._wiring
        assert wiring is not None  # noqa: S101  # asked for wires only
        options = {**first_options(node_type), **self._editor.suggest(node_type.name)}
        start = wiring.start
        if wiring.wanted == "output":
            fitting = wiring.fitting
            return not fitting.why_not_feed(node_type, options, start.node_id, start.port)
        if not node_type.inputs and not node_type.growing:
            return False
        shape = wiring.fitting.output_shape(start.node_id, start.port)
        return shape is None or not why_not_take(node_type.name, options, [shape])

    def _read(self, text: str) -> None:
        types = tuple(self._scene.offered_types.values())
        self._phrase = read(text, self._offered, types, self.recent)
        last = text.rpartition(">")[2]
        self.box.show_choices([_row(layer, last) for layer in self._phrase.choices])

    def _choose(self, row: int) -> None:
        nodes = [NewNode(layer.node_type, layer.options) for layer in self._phrase.layers(row)]
        wiring, place, into = self._wiring, self._place, self._into
        self.box.close_box()
        if into is not None:
            self._editor.insert_row(nodes, into, place)
        elif wiring is not None:
            self._editor.add_at_wire(nodes, wiring, place)
        else:
            self._editor.add_row(nodes, place)

    def _forget(self) -> None:
        self._wiring = self._into = None
        if self._preview is not None:
            self._scene.removeItem(self._preview)
            self._preview = None

    def _remember(self, names: Sequence[str]) -> None:
        """The names come in the order in which they were added."""
        order = dict.fromkeys((*reversed(names), *self.recent))
        self.recent = tuple(order)[:MOST_RECENT]
        self.recent_changed.emit(self.recent)

    def _lay_preview(self, wiring: Wiring) -> None:
        """The wire hangs where it was let go, for as long as the box is open."""
        start = wiring.start
        fixed = self._scene.port_position(start.node_id, start.port, start.side == "output")
        ends = (fixed, self._place) if wiring.wanted == "input" else (self._place, fixed)
        self._preview = QGraphicsPathItem(wire_path(*ends))
        self._preview.setPen(wire_pen(self._scene.theme, selected=True))
        self._preview.setZValue(5)
        self._scene.addItem(self._preview)


def _row(layer: Layer, text: str) -> tuple[str, str, str]:
    """Name, remark and category of a choice: the values that were read, or why it was found."""
    kind: NodeType = layer.node_type
    values: Mapping[str, object] = layer.options
    said = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in values.items())
    return kind.name, said or synonym_for(kind, text.strip()) or kind.category, kind.category
