"""Questions that need an answer before work goes on; tests and scripts replace the methods."""

from pathlib import Path
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from kgui.language import tr

Answer = Literal["save", "discard", "cancel"]


class Questions:
    """Message boxes and file dialogs over a window; file dialogs return None when cancelled."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent

    def save_changes(self, name: str) -> Answer:
        """What to do with unsaved changes."""
        box = self._box(tr("{name} has changes that are not saved.").format(name=name))
        save = box.addButton(tr("Save"), QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton(tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
        box.setEscapeButton(box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole))
        box.setDefaultButton(save)
        box.exec()
        if box.clickedButton() is save:
            return "save"
        return "discard" if box.clickedButton() is discard else "cancel"

    def overwrite_changed(self, name: str) -> bool:
        """Whether to write over a file that another program has changed."""
        sentence = tr("{name} was changed by another program since it was opened.")
        box = self._box(sentence.format(name=name))
        box.setInformativeText(tr("Saving replaces those changes; a copy is kept as .bak."))
        overwrite = box.addButton(tr("Overwrite"), QMessageBox.ButtonRole.DestructiveRole)
        cancel = box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setEscapeButton(cancel)
        box.setDefaultButton(cancel)
        box.exec()
        return box.clickedButton() is overwrite

    def document_to_open(self, folder: Path) -> Path | None:
        """A .kgui file to open."""
        return _path(
            QFileDialog.getOpenFileName(
                self._parent, tr("Open"), str(folder), tr("kgui documents (*.kgui);;All files (*)")
            )
        )

    def code_to_open(self, folder: Path) -> Path | None:
        """A Python file to draw."""
        kinds = tr("Python programs (*.py);;All files (*)")
        return _path(QFileDialog.getOpenFileName(self._parent, tr("Open code"), str(folder), kinds))

    def document_to_save(self, proposal: Path) -> Path | None:
        """Where to save; the suffix is added where it is missing."""
        path = _path(
            QFileDialog.getSaveFileName(
                self._parent, tr("Save as"), str(proposal), tr("kgui documents (*.kgui)")
            )
        )
        return with_suffix(path, ".kgui")

    def model_to_export(self, proposal: Path) -> Path | None:
        """Where to export the trained model."""
        path = _path(
            QFileDialog.getSaveFileName(
                self._parent, tr("Export model"), str(proposal), tr("NumPy arrays (*.npz)")
            )
        )
        return with_suffix(path, ".npz")

    def data_file(self, folder: Path) -> Path | None:
        """A table or arrays to train on."""
        kinds = tr("Data (*.csv *.tsv *.txt *.npz *.gz *ubyte);;All files (*)")
        return _path(QFileDialog.getOpenFileName(self._parent, tr("Open data"), str(folder), kinds))

    def data_folder(self, folder: Path) -> Path | None:
        """A folder that holds IDX files."""
        name = QFileDialog.getExistingDirectory(self._parent, tr("Open data folder"), str(folder))
        return Path(name) if name else None

    def _box(self, text: str) -> QMessageBox:
        box = QMessageBox(self._parent)
        box.setWindowTitle(tr("kgui"))
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(text)
        return box


def _path(answer: tuple[str, str]) -> Path | None:
    return Path(answer[0]) if answer[0] else None


def with_suffix(path: Path | None, suffix: str) -> Path | None:
    """The path with the suffix added, unless it has it."""
    if path is None or path.suffix.lower() == suffix:
        return path
    return path.with_name(path.name + suffix)
