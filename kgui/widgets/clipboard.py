"""Cut, copy and paste of layers: text in the document's own format, also between windows."""

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication

from kgui.graph import edits, from_json, remarks
from kgui.graph.copies import Incoming, from_bytes, incoming, to_bytes
from kgui.graph.framing import Things, with_content, with_frames_around
from kgui.graph.parts import part_of, paste_part
from kgui.graph.rewiring import attach
from kgui.graph.storage import to_json
from kgui.io.errors import KguiError
from kgui.language import tr, trn
from kgui.widgets.canvas import CanvasScene
from kgui.widgets.canvas.carried import node_rectangles
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
        """Put what is selected on the clipboard: layers, the wires between them, remarks."""
        things = self._things()
        if not things:
            return
        data = QMimeData()
        text = to_json(part_of(self._document.project, things))
        data.setData(MIME_TYPE, text)
        data.setData(WIRES_MIME_TYPE, to_bytes(incoming(self._document.project, things.nodes)))
        data.setText(text.decode())
        QGuiApplication.clipboard().setMimeData(data)

    def cut(self) -> None:
        """Copy, then delete, as one step."""
        things = self._things()
        self.copy()
        if not things:
            return
        count = len(things.nodes)
        label = trn("Cut layer", "Cut {count} layers", count) if count else tr("Cut")
        project = remarks.remove(self._document.project, things.frames, things.notes)
        self._document.apply(label.format(count=count), edits.remove(project, things.nodes))

    def _things(self) -> Things:
        """What is selected, what its frames hold, and frames that hold nothing else."""
        chosen, nodes = self._scene.chosen(), node_rectangles(self._scene)
        notes, project = self._scene.remarks.note_rectangles(), self._document.project
        held = with_content(project, chosen, nodes, notes)
        return with_frames_around(project, held, nodes, notes)

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
            copied = from_json(text.encode(), tr("the clipboard"))
        except KguiError:
            if self._paste_code(text):
                return
            self._tell(tr("The clipboard holds no layers."), "warning")
            return
        try:
            project, new = paste_part(self._document.project, copied, (STEP, STEP))
            ids = [node.id for node in project.graph.nodes if node.id in new.nodes]
            project = attach(project, wires.to_copies(copied.graph.nodes, ids))
        except ValueError as error:
            self._tell(str(error), "warning")
            return
        count = len(ids)
        label = trn("Paste layer", "Paste {count} layers", count) if count else tr("Paste")
        self._document.apply(label.format(count=count), project)
        self._scene.select(ids, (), new)
