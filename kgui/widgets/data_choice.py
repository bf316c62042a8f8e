"""Choosing data on the disk: the user is asked for a file or a folder."""

from PySide6.QtCore import QObject

from kgui.widgets.data_session import DataSession
from kgui.widgets.files import Files


class DataChoice(QObject):
    """Asks, and hands the answer on."""

    def __init__(self, data: DataSession, files: Files) -> None:
        super().__init__(data)
        self._data, self._files = data, files

    def open_file(self) -> None:
        """Ask for a file to train on."""
        if path := self._files.questions.data_file(self._files.folder):
            self._data.choose_path(path.resolve())

    def open_folder(self) -> None:
        """Ask for a folder to train on."""
        if path := self._files.questions.data_folder(self._files.folder):
            self._data.choose_path(path.resolve())
