"""The open document: one current value, its history, its file, and what a check found."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from kgui.compiler.issues import Report
from kgui.graph.history import History
from kgui.graph.project import Project


class Document(QObject):
    """Holds the project of a window; edits come in as new values, views follow the signals."""

    changed = Signal(object, object)
    """The project before and after."""
    report_changed = Signal(object)
    """The Report of the current project."""
    history_changed = Signal()
    """Undo, redo, modified or path have changed."""

    def __init__(
        self,
        project: Project,
        check: Callable[[Project], Report],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._history = History(project)
        self.path: Path | None = None
        self.blocks: tuple[str, ...] = ()
        """Ids of the blocks that lead to what `project` is; () where it is the whole drawing."""
        self._check = check
        self._report: Report | None = None
        # A burst of changes (a drag in the inspector, a paste) costs one check.
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._announce_report)
        self._timer.start()

    @property
    def history(self) -> History:
        """The steps there have been."""
        return self._history

    @property
    def project(self) -> Project:
        """The current value."""
        return self.history.project

    @property
    def report(self) -> Report:
        """What is known of the current project; checked now if it was not yet."""
        if self._report is None:
            self._report = self._check(self.project)
        return self._report

    @property
    def is_modified(self) -> bool:
        """Whether the project differs from the one last saved."""
        return self.history.is_modified

    def apply(self, label: str, project: Project, merge_key: str | None = None) -> None:
        """Take a new value as one undo step; an unchanged value is no step."""
        before = self.project
        if project is before or project == before:
            return
        self.history.apply(label, project, merge_key)
        self._announce(before)

    def undo(self) -> None:
        """Go one step back, if there is one."""
        before = self.project
        self.history.undo()
        self._announce(before)

    def redo(self) -> None:
        """Go one step forward again, if there is one."""
        before = self.project
        self.history.redo()
        self._announce(before)

    def replace(self, project: Project, path: Path | None) -> None:
        """Open another project (or a new one, without a path); its history starts afresh."""
        before = self.project
        self._history = History(project)
        self.path = path
        self._announce(before)

    def mark_saved(self, path: Path) -> None:
        """The current value is what the file at this path holds."""
        self.path = path
        self.history.mark_saved()
        self.history_changed.emit()

    def recheck(self) -> None:
        """Check again although the project is the same, because the data it names has changed."""
        self._report = None
        self._timer.start()

    def _announce(self, before: Project) -> None:
        if self.project is not before:
            self._report = None
            self._timer.start()
            self.changed.emit(before, self.project)
        self.history_changed.emit()

    def _announce_report(self) -> None:
        self.report_changed.emit(self.report)
