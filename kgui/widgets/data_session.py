"""The data of the document: read off the GUI thread, and only when the user wants it."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QThread, Signal

from kgui.data.values import Summary
from kgui.graph import edits
from kgui.graph.project import DataSettings, OptionValue, Project
from kgui.io.errors import KguiError
from kgui.language import tr
from kgui.widgets.document import Document
from kgui.widgets.services import SummarySource

SAMPLE = "sample:"

OpenSource = Callable[[DataSettings, Path | None], SummarySource]
State = Literal["none", "waiting", "reading", "ready", "failed"]
"""waiting: the document names a file that nobody has asked to open in this session."""


class Reading(QThread):
    """Opens one source; what came of it is there when the thread has finished."""

    def __init__(
        self, open_source: OpenSource, settings: DataSettings, folder: Path | None
    ) -> None:
        super().__init__()
        self._open_source, self._settings, self._folder = open_source, settings, folder
        self.summary: Summary | None = None
        self.error: Exception | None = None

    def run(self) -> None:
        """Qt's: the work in the thread."""
        try:
            self.summary = self._open_source(self._settings, self._folder).summary
        except Exception as error:  # told in the GUI thread
            self.error = error


class DataSession(QObject):
    """Follows the data settings of the document; the latest request wins."""

    changed = Signal()
    """State, summary or message have changed."""
    idle = Signal()
    """No thread is at work any more."""

    def __init__(self, document: Document, open_source: OpenSource) -> None:
        super().__init__(document)
        self._document, self._open_source = document, open_source
        self._wanted: tuple[DataSettings, Path | None] | None = None
        self._reading: Reading | None = None
        self._allowed: set[str] = set()
        self.state: State = "none"
        self.summary: Summary | None = None
        self.message = ""
        document.changed.connect(self._follow)
        document.history_changed.connect(self._consider)

    @property
    def source(self) -> str:
        """The source named in the document."""
        return self._document.project.data.source

    @property
    def is_reading(self) -> bool:
        """Whether a thread is at work, wanted or not."""
        return self._reading is not None

    def suggestions(self, type_name: str) -> dict[str, OptionValue]:
        """Options that fit a new node of that type to the data: the shape of an Input."""
        if type_name != "Input" or self.summary is None:
            return {}
        shapes = list(self.summary.input_shapes.values())
        taken = sum(node.type == "Input" for node in self._document.project.graph.nodes)
        return {"shape": list(shapes[min(taken, len(shapes) - 1)])} if shapes else {}

    def start(self) -> None:
        """Look at the document for the first time."""
        self._consider()

    def choose(self, source: str) -> None:
        """Take a sample or a file as the data of the document, as one step of the history."""
        self._allowed.add(source)
        project = self._document.project
        if source == project.data.source:
            self.load()
            return
        label = tr("Choose data")
        self._document.apply(label, edits.set_data(project, source=source, target=""))

    def choose_path(self, path: Path) -> None:
        """Take a file or folder; named relative to the document where it lies below it."""
        folder = self.folder
        if folder is not None and path.is_relative_to(folder):
            path = path.relative_to(folder)
        self.choose(path.as_posix())

    def load(self) -> None:
        """Read the source that the document names, because the user asks for it."""
        self._allowed.add(self.source)
        self._wanted = None
        self._consider()

    def forget_choices(self) -> None:
        """Another document is open: its files are not opened before the user asks."""
        self._allowed.clear()

    def close(self) -> bool:
        """Wait for the thread; false if it takes longer than five seconds."""
        return self._reading is None or self._reading.wait(5000)

    @property
    def folder(self) -> Path | None:
        """The folder that paths in the document are relative to."""
        path = self._document.path
        return path.resolve().parent if path is not None else None

    def _follow(self, before: Project, after: Project) -> None:
        if before.data != after.data:
            self._consider()

    def _consider(self) -> None:
        wanted = self._request()
        if wanted == self._wanted:
            return
        self._wanted = wanted
        source = wanted[0].source
        if not source:
            self._settle("none")
        elif source.startswith(SAMPLE) or source in self._allowed:
            self._settle("reading")
            self._read()
        else:
            self._settle("waiting")

    def _request(self) -> tuple[DataSettings, Path | None]:
        """The settings that a summary depends on, and the folder."""
        data = self._document.project.data
        settings = DataSettings(data.source, data.target, data.missing, data.scaling)
        return settings, None if data.source.startswith(SAMPLE) else self.folder

    def _read(self) -> None:
        if self._reading is not None or self._wanted is None:
            return  # the thread at work looks again when it is done
        self._reading = Reading(self._open_source, *self._wanted)
        self._read_for = self._wanted
        self._reading.finished.connect(self._take)
        self._reading.start()

    def _take(self) -> None:
        reading, self._reading = self._reading, None
        if reading is None:
            return
        reading.wait()
        if self._read_for != self._wanted:
            if self.state == "reading":
                self._read()
        elif reading.error is None:
            self._settle("ready", reading.summary)
        else:
            self._settle("failed", None, _sentence(reading.error))
        if self._reading is None:
            self.idle.emit()

    def _settle(self, state: State, summary: Summary | None = None, message: str = "") -> None:
        had_summary = self.summary
        self.state, self.summary, self.message = state, summary, message
        self.changed.emit()
        if summary is not had_summary:
            self._document.recheck()


def _sentence(error: Exception) -> str:
    if isinstance(error, KguiError):
        return str(error)
    # A slip of the program, not of the file: it belongs in the log as well.
    sys.excepthook(type(error), error, error.__traceback__)
    return tr("The data could not be read: {reason}").format(reason=error)
