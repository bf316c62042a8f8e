"""Draw a wire from either end, or take hold of the end of one that is there."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsPathItem

from kgui.graph import edits
from kgui.graph.project import Project, Wire
from kgui.language import tr
from kgui.widgets.canvas import commands
from kgui.widgets.canvas.geometry import wire_path
from kgui.widgets.canvas.gestures.gesture import Gesture, Pointer, Surface
from kgui.widgets.canvas.hits import node_at, port_at, port_near
from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.canvas.wire_item import wire_pen
from kgui.widgets.canvas.wiring import PortEnd, Wiring


class DrawWire(Gesture):
    """The loose end follows the pointer, snaps to what fits, and says why something does not."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, scene: CanvasScene, surface: Surface, start: Pointer, port: PortEnd) -> None:
        super().__init__(scene, surface, start)
        self._pressed = port.node_id
        self._taken = _wire_into(scene.document.project, port)
        project = scene.document.project
        if self._taken is not None:
            project = edits.disconnect(project, self._taken)
            port = PortEnd(self._taken.source, "output", self._taken.source_port)
        self._wiring = Wiring(project, port, scene.document.report)
        self._moved = False
        self._end: PortEnd | None = None
        self._preview = QGraphicsPathItem()
        self._preview.setZValue(5)
        scene.addItem(self._preview)

    def move(self, pointer: Pointer) -> None:
        """Lay the loose end, and show whether it could stay there."""
        if not self._moved:
            if not pointer.is_away_from(self.start):
                return
            self._begin()
        self._end = self._target(pointer)
        reason, misfit = self._reason(self._end), ""
        if self._end is not None and not reason:
            misfit = self._wiring.misfit(self._end)
            misfit = misfit and tr("{reason} It can be drawn all the same.").format(reason=misfit)
        self.surface.hint(reason or misfit, pointer.pixel)
        loose = pointer.position if self._end is None or reason else None
        self._lay(loose, self._pen(refused=bool(reason), misfit=bool(misfit)))
        if reason:
            self._end = None

    def release(self, pointer: Pointer) -> None:
        """Connect, replace or disconnect as one step; a new wire on the ground asks for a layer."""
        self.move(pointer)
        refused = self._end is None and self._target(pointer) is not None
        self._clear()
        if not self._moved:
            self.scene.select([self._pressed])
            return
        if refused:
            return
        before, project = self.scene.document.project, self._wiring.project
        if self._end is None and self._taken is None:
            self.surface.seek(self._wiring, pointer.position, pointer.pixel)
            return
        if self._end is None:
            label = tr("Disconnect")
        elif self._end == self._wiring.start:
            return
        else:
            project = edits.connect(project, self._wiring.wire_to(self._end))
            label = tr("Connect") if self._taken is None else tr("Reconnect")
        if set(project.graph.wires) != set(before.graph.wires):
            self.scene.document.apply(label, project)

    def cancel(self) -> None:
        """Take the loose end away; a wire that was taken hold of stays."""
        self._clear()

    def _begin(self) -> None:
        self._moved = True
        self.scene.show_wiring(self._wiring)
        if self._taken is not None:
            self.scene.wire_item(self._taken).hide_wire(hidden=True)

    def _clear(self) -> None:
        self.surface.hint("", self.start.pixel)
        self.scene.removeItem(self._preview)
        self.scene.show_wiring(None)
        if self._taken is not None and self._taken in self.scene.document.project.graph.wires:
            self.scene.wire_item(self._taken).hide_wire(hidden=False)

    def _target(self, pointer: Pointer) -> PortEnd | None:
        """Where the wire would end: a port under the pointer, one near it, or a node's free one."""
        zoom, wiring = self.surface.zoom(), self._wiring
        exact = port_at(self.scene, pointer.position, zoom)
        if exact is not None:
            return None if exact == wiring.start else exact
        near = port_near(self.scene, pointer.position, zoom, wiring.wanted, wiring.node_id)
        if near is not None:
            return near
        node_id = node_at(self.scene, pointer.position)
        return self._free_port(node_id) if node_id is not None else None

    def _free_port(self, node_id: str) -> PortEnd:
        if self._wiring.wanted == "output":
            return PortEnd(node_id, "output", 0)
        name = self.scene.document.project.graph.node(node_id).type
        node_type = commands.type_of(self.scene.node_types, name)
        port = commands.free_input(self._wiring.project, node_type, node_id)
        return PortEnd(node_id, "input", port)

    def _reason(self, end: PortEnd | None) -> str:
        if end is None:
            return ""
        item, name = self.scene.node_item(end.node_id), self._name(end.node_id)
        if item.port_count(is_output=end.side == "output") > 0:
            return self._wiring.why_not(end)
        text = tr("{name} has no input.") if end.side == "input" else tr("{name} has no output.")
        return text.format(name=name)

    def _name(self, node_id: str) -> str:
        return self.scene.document.project.graph.node(node_id).name

    def _pen(self, *, refused: bool, misfit: bool) -> QPen:
        theme = self.scene.theme
        pen = wire_pen(theme, selected=True)
        if refused or misfit:
            pen.setColor(theme.error if refused else theme.warning)
            pen.setStyle(Qt.PenStyle.DashLine)
        return pen

    def _lay(self, loose: QPointF | None, pen: QPen) -> None:
        fixed = self._place(self._wiring.start)
        other = loose if loose is not None else self._place(self._end)
        forward = self._wiring.wanted == "input"
        start, end = (fixed, other) if forward else (other, fixed)
        self._preview.setPen(pen)
        self._preview.setPath(wire_path(start, end))

    def _place(self, end: PortEnd | None) -> QPointF:
        assert end is not None  # noqa: S101  # a wire is laid to a point or to a port
        return self.scene.port_position(end.node_id, end.port, end.side == "output")


def _wire_into(project: Project, port: PortEnd) -> Wire | None:
    """The wire whose end is on an input port."""
    if port.side == "output":
        return None
    for wire in project.graph.wires:
        if (wire.target, wire.target_port) == (port.node_id, port.port):
            return wire
    return None
