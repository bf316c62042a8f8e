"""The menus of the canvas: what can be done with a node, a wire, a port or the ground."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from kgui.graph.project import Wire
from kgui.language import tr
from kgui.widgets.canvas import CanvasScene, CanvasView
from kgui.widgets.canvas import commands as edit_commands
from kgui.widgets.canvas.geometry import wire_middle
from kgui.widgets.canvas.hits import node_at, port_at, wire_at
from kgui.widgets.canvas.wiring import PortEnd

Kind = Literal["node", "wire", "port", "canvas"]

GAP = ""
NODE = (
    "node.edit", "node.rename", "node.connect", "wire.next", GAP, "node.bypass", "node.collapse",
    "block.enter", "node.group", "node.*", "block.*", "problems.repair", GAP,
    "edit.cut", "edit.copy", "edit.paste", "edit.duplicate", GAP, "edit.delete", "edit.heal", GAP,
    "arrange.*", "edit.select_*", GAP, "help.layer",
)  # fmt: skip
CONTENTS: Mapping[Kind, Sequence[str]] = {
    "node": NODE,
    "port": (GAP, *NODE),
    "wire": (GAP, "node.add", "wire.*", GAP, "edit.delete"),
    "canvas": (
        "node.add", GAP, "edit.paste", "edit.paste_wired", GAP, "edit.select_*", "arrange.*", GAP,
        "view.fit*", "view.zoom_*", "view.snap", "view.minimap", GAP, "edit.undo", "edit.redo",
    ),
}  # fmt: skip
"""What stands in each menu: ids of actions, or patterns of ids; what matches twice stands once."""
FOLDED = 3
"""So many actions of one pattern go into a menu of their own."""
NEVER = frozenset({"node.add"})
"""Only where it is named itself."""


class ContextMenus(QObject):
    """Opens at the pointer or, by keys, at what is selected; objectNames are "menu.<kind>"."""

    def __init__(
        self, canvas: CanvasView, scene: CanvasScene, actions: Mapping[str, QAction]
    ) -> None:
        super().__init__(canvas)
        self._canvas, self._scene, self._actions = canvas, scene, actions
        self.menus: dict[Kind, QMenu] = {}
        for kind in CONTENTS:
            self.menus[kind] = QMenu(canvas)
            self.menus[kind].setObjectName(f"menu.{kind}")
        canvas.viewport().installEventFilter(self)
        canvas.installEventFilter(self)
        canvas.keys.menu_wanted.connect(self.open_here)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's: the right button; the key for menus is one of the canvas's own."""
        if isinstance(event, QContextMenuEvent):
            is_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
            dragging = QApplication.mouseButtons() & Qt.MouseButton.LeftButton
            if is_mouse and not dragging:
                self.open_at(self._canvas.viewport().mapFromGlobal(event.globalPos()))
            return True
        return super().eventFilter(watched, event)

    def open_at(self, pixel: QPoint) -> None:
        """Open the menu of what is at a point of the viewport; it is selected first."""
        position, zoom = self._canvas.mapToScene(pixel), self._canvas.zoom()
        if (port := port_at(self._scene, position, zoom)) is not None:
            self._keep_or_select(port.node_id)
            self._open("port", pixel, self._of_port(port))
        elif (node_id := node_at(self._scene, position)) is not None:
            self._keep_or_select(node_id)
            self._open("node", pixel)
        elif (wire := wire_at(self._scene, position, zoom)) is not None:
            if wire not in self._scene.selected_wires():
                self._scene.select((), [wire])
            self._open("wire", pixel, self._of_wire(wire))
        else:
            self._open("canvas", pixel)

    def open_here(self) -> None:
        """Open the menu of what is selected."""
        nodes, wires = self._scene.selected_node_ids(), self._scene.selected_wires()
        if nodes:
            item = self._scene.node_item(self._canvas.walker.current)
            self._canvas.ensureVisible(item, 40, 40)
            self._open("node", self._pixel(item.card.center()))
        elif wires:
            middle = wire_middle(self._scene.wire_item(wires[0]).path())
            self._open("wire", self._pixel(middle), self._of_wire(wires[0]))
        else:
            self._open("canvas", self._canvas.viewport().rect().center())

    def _keep_or_select(self, node_id: str) -> None:
        if node_id not in self._scene.selected_node_ids():
            self._scene.select([node_id])

    def _pixel(self, position: QPointF) -> QPoint:
        return self._canvas.mapFromScene(position)

    def _open(self, kind: Kind, pixel: QPoint, extras: Iterable[QAction] = ()) -> None:
        menu = self.menus[kind]
        menu.clear()
        for extra in extras:
            extra.setParent(menu)
            menu.addAction(extra)
        fill(menu, CONTENTS[kind], self._actions)
        menu.popup(self._canvas.viewport().mapToGlobal(pixel))

    def _of_port(self, port: PortEnd) -> Iterator[QAction]:
        connecting = self._canvas.connecting
        connect = _action("port.connect", tr("Connect this port…"))
        connect.triggered.connect(partial(connecting.open_from, [port]))
        yield connect
        disconnect = _action("port.disconnect", tr("Disconnect this port"))
        wires = self._wires_at(port)
        disconnect.setEnabled(bool(wires))
        document = self._scene.document
        disconnect.triggered.connect(partial(edit_commands.delete, document, (), wires))
        yield disconnect

    def _of_wire(self, wire: Wire) -> Iterator[QAction]:
        graph, walker = self._scene.document.project.graph, self._canvas.walker
        ends = (("wire.source", wire.source), ("wire.target", wire.target))
        for name, node_id in ends:
            text = tr("Go to {name}").format(name=graph.node(node_id).name.replace("&", "&&"))
            action = _action(name, text)
            action.triggered.connect(partial(walker.select, node_id))
            yield action

    def _wires_at(self, port: PortEnd) -> tuple[Wire, ...]:
        wires = self._scene.document.project.graph.wires
        if port.side == "input":
            return tuple(w for w in wires if (w.target, w.target_port) == (port.node_id, port.port))
        return tuple(w for w in wires if (w.source, w.source_port) == (port.node_id, port.port))


def _action(name: str, text: str) -> QAction:
    action = QAction(text)
    action.setObjectName(name)
    return action


def fill(menu: QMenu, contents: Sequence[str], actions: Mapping[str, QAction]) -> None:
    """Put actions into a menu by ids and patterns; many of one pattern in a menu of their own."""
    named = {pattern for pattern in contents if "*" not in pattern} | NEVER
    gap = not menu.isEmpty()
    for pattern in contents:
        if pattern == GAP:
            gap = gap or not menu.isEmpty()
            continue
        found = [
            action
            for name, action in actions.items()
            if name == pattern or ("*" in pattern and name not in named and _fits(name, pattern))
        ]
        if found and gap:
            menu.addSeparator()
        gap = gap and not found
        if len(found) >= FOLDED:
            folded = menu.addMenu(_title(pattern))
            folded.setObjectName(f"{menu.objectName()}.{pattern.split('.')[0]}")
            folded.addActions(found)
        else:
            menu.addActions(found)


def _fits(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern)


def _title(pattern: str) -> str:
    titles = {
        "arrange.*": tr("Arrange"),
        "edit.select_*": tr("Select"),
        "view.zoom_*": tr("Zoom"),
        "block.*": tr("Block"),
        "wire.*": tr("Wires"),
        "node.*": tr("Layer"),
    }
    return titles.get(pattern, tr("More"))
