"""Cut, copy and paste of layers: text in the document's own format, also between windows."""

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication

from kgui.graph import edits, from_json
from kgui.graph.copies import Incoming, from_bytes, incoming, to_bytes
from kgui.graph.project import Graph, Project
from kgui.graph.rewiring import attach
from kgui.graph.sharing import detached
from kgui.graph.storage import to_json
from kgui.io.errors import KguiError
from kgui.language import tr, trn
from kgui.widgets.canvas import CanvasScene
from kgui.widgets.document import Document
from kgui.widgets.notices import Level

MIME_TYPE = "application/x-kgui+json"
WIRES_MIME_TYPE = "application/x-kgui-wires+json"
"""Wires into what was copied: they mean something in the same document only."""
STEP = 30.0
"""Scene units between a layer and its copy."""


class Clipboard(QObject):
    """Works on the selection of one canvas."""

    def __init__(
        self,
        document: Document,
        scene: CanvasScene,
        tell: Callable[[str, Level], object],
        paste_code: Callable[[str], bool],
    ) -> None:
        super().__init__(document)
        self._document, self._scene, self._tell = document, scene, tell
        self._paste_code = paste_code

    def copy(self) -> None:
        """Put the selected layers and the wires between them on the clipboard."""
        chosen = set(self._scene.selected_node_ids())
        graph = self._document.project.graph
        if not chosen:
            return
        nodes = detached(graph, chosen)
        wires = tuple(wire for wire in graph.wires if {wire.source, wire.target} <= chosen)
        data = QMimeData()
        text = to_json(Project(graph=Graph(nodes, wires)))
        data.setData(MIME_TYPE, text)
        data.setData(WIRES_MIME_TYPE, to_bytes(incoming(self._document.project, chosen)))
        data.setText(text.decode())
        QGuiApplication.clipboard().setMimeData(data)

    def cut(self) -> None:
        """Copy, then delete, as one step."""
        self.copy()
        chosen = self._scene.selected_node_ids()
        if not chosen:
            return
        label = trn("Cut layer", "Cut {count} layers", len(chosen)).format(count=len(chosen))
        self._document.apply(label, edits.remove(self._document.project, chosen))

    def paste(self) -> None:
        """Insert the layers of the clipboard, a little aside of where they were."""
        self._paste(Incoming())

    def paste_wired(self) -> None:
        """Paste, and feed the copies from what feeds the layers that were copied."""
        data = QGuiApplication.clipboard().mimeData().data(WIRES_MIME_TYPE)
        wires = from_bytes(bytes(data.data()))
        here = wires.document == self._document.project.id
        self._paste(wires if here else Incoming())

    def _paste(self, wires: Incoming) -> None:
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            return
        try:
            graph = from_json(text.encode(), tr("the clipboard")).graph
        except KguiError:
            if self._paste_code(text):
                return
            self._tell(tr("The clipboard holds no layers."), "warning")
            return
        try:
            project, ids = edits.paste(
                self._document.project, graph.nodes, graph.wires, (STEP, STEP)
            )
            project = attach(project, wires.to_copies(graph.nodes, ids))
        except ValueError as error:
            self._tell(str(error), "warning")
            return
        label = trn("Paste layer", "Paste {count} layers", len(ids)).format(count=len(ids))
        self._document.apply(label, project)
        self._scene.select(ids)
