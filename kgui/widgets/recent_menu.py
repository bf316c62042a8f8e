"""The menu of files opened lately."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from kgui.language import tr

if TYPE_CHECKING:
    # The menu is there before the first paint, what the files need comes after it.
    from kgui.widgets.files import Files


class RecentMenu(QMenu):
    """Newest first; the actions are called "file.recent.0" and so on."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(tr("Open &recent"), parent)
        self.setObjectName("menu.recent")
        self.setEnabled(False)
        self._files: Files | None = None

    def follow(self, files: "Files") -> None:
        """Show what these files remember, now and when it changes."""
        self._files = files
        files.recent_changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        self.clear()
        for number, path in enumerate(self._files.recent() if self._files else ()):
            action = QAction(path.name.replace("&", "&&"), self)
            action.setObjectName(f"file.recent.{number}")
            action.setStatusTip(str(path))
            action.setData(str(path))
            action.triggered.connect(self._open)
            self.addAction(action)
        self.setEnabled(not self.isEmpty())

    def _open(self) -> None:
        action = self.sender()
        if isinstance(action, QAction) and self._files is not None:
            self._files.open_path(Path(str(action.data())))
