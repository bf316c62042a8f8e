"""Between drawing and code: writes the one as the other, as one step of the history."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from kgui.data.values import Summary
from kgui.graph import edits
from kgui.graph.project import Project
from kgui.io.errors import KguiError
from kgui.language import tr
from kgui.widgets.canvas import CanvasScene
from kgui.widgets.code.panel import CodePanel
from kgui.widgets.document import Document
from kgui.widgets.notices import Level
from kgui.widgets.questions import Questions
from kgui.widgets.services import CodeReader, CodeServices

PATIENCE = 150
"""Milliseconds after an edit until its code is shown: a drag writes it once."""
GAP = 160.0
"""Scene units between the drawing and what is pasted under it."""


class CodeDesk(QObject):
    """Keeps the panel up to date, and makes drawings of code."""

    shown = Signal()
    """The panel should be in front."""
    drawn = Signal()
    """A whole drawing came out of code."""
    edited_changed = Signal()

    def __init__(
        self,
        document: Document,
        scene: CanvasScene,
        services: CodeServices,
        summary: Callable[[], Summary | None],
        tell: Callable[[str, Level], object],
    ) -> None:
        super().__init__(document)
        self._document, self._scene, self._services = document, scene, services
        self._summary, self._tell = summary, tell
        self._panel: CodePanel | None = None
        self._timer = QTimer(self, singleShot=True, interval=PATIENCE)
        self._timer.timeout.connect(self.refresh)
        document.changed.connect(self._timer.start)
        document.report_changed.connect(self._timer.start)

    def join(self, panel: CodePanel) -> None:
        """Write into a panel, and read from it."""
        self._panel = panel
        panel.typed.connect(self._look_at)
        panel.edited_changed.connect(self.edited_changed)
        self.refresh()

    @property
    def is_edited(self) -> bool:
        """Whether the panel holds a text that was typed and is not drawn."""
        return self._panel is not None and self._panel.is_edited

    @property
    def text(self) -> str:
        """The code of the drawing as it is now."""
        document = self._document
        return self._services.write(document.project, self._summary(), document.report)

    def refresh(self) -> None:
        """Show the code of the drawing in the panel."""
        if self._panel is not None:
            self._panel.show_code(self.text)

    def show(self) -> None:
        """Bring the panel forward and put the cursor into it."""
        self.shown.emit()
        if self._panel is not None:
            self._panel.editor.setFocus()

    def copy(self) -> None:
        """Put the code on the clipboard: what was typed, or the drawing's."""
        typed = self._panel.text if self._panel is not None and self.is_edited else ""
        QGuiApplication.clipboard().setText(typed or self.text)

    def revert(self) -> None:
        """Drop what was typed."""
        if self._panel is not None:
            self._panel.revert()

    def apply(self) -> None:
        """Draw what was typed."""
        panel = self._panel
        if panel is None or not panel.is_edited:
            return
        try:
            reading = self._services.read(panel.text)
        except KguiError as error:
            line = getattr(error, "line", 0)
            panel.tell(str(error), line)
            panel.editor.go_to(line)
            return
        self._take(tr("Change code"), reading)
        panel.revert()

    def open(self, questions: Questions, folder: Path) -> None:
        """Ask for a Python file and draw what it describes."""
        if path := questions.code_to_open(folder):
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Draw what a Python file describes; where that fails everything stays as it is."""
        try:
            reading = self._services.read(self._services.load(path))
        except KguiError as error:
            self._tell(tr("{file}: {reason}").format(file=path.name, reason=error), "error")
            return
        self._take(tr("Open {file}").format(file=path.name), reading)
        self.revert()

    def paste(self, text: str) -> bool:
        """Add what a program on the clipboard describes; false if it is none."""
        if not self._services.is_code(text):
            return False
        try:
            reading = self._services.read(text)
            if not self._document.project.graph.nodes:  # nor any block to be in
                self._take(tr("Paste code"), reading)
            else:
                self._add(reading)
        except (KguiError, ValueError) as error:
            self._tell(str(error), "warning")
        return True

    def _take(self, label: str, reading: CodeReader) -> None:
        """Make the drawing anew, with the settings of the code."""
        self._document.apply(label, reading.onto(self._document.project))
        self._tell_remarks(reading)
        self._timer.stop()
        self.refresh()
        self.drawn.emit()

    def _add(self, reading: CodeReader) -> None:
        """Put the layers under those of the level that is shown; the settings stay."""
        level = self._scene.document
        project, added = level.project, reading.onto(Project()).graph
        offset = _below(project, [node.position for node in added.nodes])
        after, ids = edits.paste(project, added.nodes, added.wires, offset)
        level.apply(tr("Paste code"), after)
        self._scene.select(ids)
        self._tell_remarks(reading)

    def _tell_remarks(self, reading: CodeReader) -> None:
        if reading.remarks:
            self._tell(" ".join(reading.remarks[:3]), "information")

    def _look_at(self, text: str) -> None:
        """Say at once what cannot be read in a text that is being typed."""
        if self._panel is None:
            return
        try:
            reading = self._services.read(text)
        except KguiError as error:
            self._panel.tell(str(error), getattr(error, "line", 0))
        else:
            self._panel.tell("", 0, reading.remarks)


def _below(project: Project, positions: list[tuple[float, float]]) -> tuple[float, float]:
    """The way from positions to a place under a drawing."""
    here = [node.position for node in project.graph.nodes] or positions
    left, top = min(x for x, _ in positions), min(y for _, y in positions)
    return min(x for x, _ in here) - left, max(y for _, y in here) + GAP - top
