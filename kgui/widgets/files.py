"""New, open, save, export: the document and its file; a failure tells why and changes nothing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSettings, Signal

from kgui.graph.diff import difference
from kgui.graph.project import Project
from kgui.io.errors import KguiError
from kgui.language import tr
from kgui.widgets.document import Document
from kgui.widgets.notices import Level
from kgui.widgets.questions import Questions
from kgui.widgets.services import Services

MOST_RECENT = 8
RECENT = "files/recent"


class Files(QObject):
    """Keeps document and file together."""

    opened = Signal()
    """Another document is open."""
    recent_changed = Signal()

    def __init__(
        self,
        document: Document,
        services: Services,
        questions: Questions,
        settings: QSettings,
        tell: Callable[[str, Level], object],
        trained: Callable[[], Any],
    ) -> None:
        super().__init__(document)
        self._document, self._services = document, services
        self.questions = questions
        self._settings, self._tell = settings, tell
        self._fingerprint: Any = None
        self._trained = trained

    @property
    def name(self) -> str:
        """What the document is called."""
        path = self._document.path
        return path.name if path is not None else tr("Untitled")

    def new(self) -> None:
        """Start an empty document."""
        if self.may_leave():
            self._replace(Project(), None, None)

    def open(self) -> None:
        """Ask for a file and open it."""
        if path := self.questions.document_to_open(self.folder):
            self.open_path(path)

    def open_path(self, path: Path) -> bool:
        """Open a file; where that fails everything stays as it is."""
        try:
            path = path.resolve()
            fingerprint = self._services.fingerprint(path)
            project = self._services.load(path)
        except (KguiError, OSError) as error:
            self._tell(_sentence(error, path), "error")
            self._forget_recent(path)
            return False
        if not self.may_leave():
            return False
        self._replace(project, path, fingerprint)
        self._remember(path)
        return True

    def save(self) -> bool:
        """Save; asks for a name where there is none. True once everything is on disk."""
        path = self._document.path
        return self.save_as() if path is None else self._save(path)

    def save_as(self) -> bool:
        """Ask for a name and save."""
        proposal = self._document.path or self.folder / tr("untitled.kgui")
        path = self.questions.document_to_save(proposal)
        return path is not None and self._save(path.resolve())

    def may_leave(self) -> bool:
        """Whether the document may be closed; asks what to do with unsaved changes."""
        if not self._document.is_modified:
            return True
        answer = self.questions.save_changes(self.name)
        return self.save() if answer == "save" else answer == "discard"

    def export_npz(self) -> None:
        """Ask for a name and write the trained model."""
        try:
            trained = self._trained()
        except (KguiError, OSError) as error:
            self._tell(_sentence(error, self.folder), "error")
            return
        if trained is None:
            return
        path = self.questions.model_to_export((self.folder / self.name).with_suffix(".npz"))
        if path is None:
            return
        try:
            self._services.export_npz(trained, path)
        except (KguiError, OSError) as error:
            self._tell(_sentence(error, path), "error")
            return
        text = tr("The model was exported to {path}.")
        if self._has_changed_since(trained):
            text = tr(
                "The model was exported to {path} as it was trained; "
                "the drawing has changed since then."
            )
        self._tell(text.format(path=path), "success")

    def _has_changed_since(self, trained: Any) -> bool:
        """Whether layers, options or wires are others than those that were trained."""
        project = getattr(trained, "project", None)
        now = self._document.project
        return isinstance(project, Project) and difference(project, now).graph_changed

    @property
    def folder(self) -> Path:
        """Where file dialogs begin."""
        path = self._document.path
        return path.parent if path is not None else Path.home()

    def recent(self) -> tuple[Path, ...]:
        """Files opened or saved lately, newest first."""
        try:
            names = json.loads(str(self._settings.value(RECENT, "[]", type=str)))
        except ValueError:
            return ()
        return tuple(Path(name) for name in names if isinstance(name, str))[:MOST_RECENT]

    def _save(self, path: Path) -> bool:
        try:
            # Save as asks before it replaces another file, in its dialog.
            expected = self._fingerprint if path == self._document.path else None
            now = self._services.fingerprint(path) if expected is not None else None
            if now is None:
                expected = None  # deleted by others: written again
            elif now != expected:
                if not self.questions.overwrite_changed(path.name):
                    return False
                expected = now
            self._fingerprint = self._services.save(self._document.project, path, expected)
        except (KguiError, OSError) as error:
            self._tell(_sentence(error, path), "error")
            return False
        self._document.mark_saved(path)
        self._remember(path)
        return True

    def _replace(self, project: Project, path: Path | None, fingerprint: Any) -> None:
        self._fingerprint = fingerprint
        self.opened.emit()
        self._document.replace(project, path)

    def _remember(self, path: Path) -> None:
        self._keep([path, *(other for other in self.recent() if other != path)])

    def _forget_recent(self, path: Path) -> None:
        if path in self.recent() and not path.exists():
            self._keep([other for other in self.recent() if other != path])

    def _keep(self, paths: list[Path]) -> None:
        names = [str(path) for path in paths[:MOST_RECENT]]
        self._settings.setValue(RECENT, json.dumps(names))
        self.recent_changed.emit()


def _sentence(error: Exception, path: Path) -> str:
    if isinstance(error, KguiError):
        return str(error)
    reason = getattr(error, "strerror", None) or str(error)
    return tr("{path} cannot be used: {reason}.").format(path=path, reason=reason)
