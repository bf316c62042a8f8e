"""Keys that fields leave to the window."""

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence


class ExportKey(QObject):
    """Leaves Ctrl+E to the window, which exports: Qt would move the cursor to the line's end."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the watched field from taking the keys that the window answers."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self.is_for_window(event):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def is_for_window(self, event: QKeyEvent) -> bool:
        """Whether the window answers this key."""
        pressed = event.keyCombination()
        return pressed == QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_E)


class WindowKeys(ExportKey):
    """Leaves undo and redo as well: a field's own would know nothing of the document."""

    def is_for_window(self, event: QKeyEvent) -> bool:
        """Whether the window answers this key."""
        keys = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
        return super().is_for_window(event) or any(event.matches(key) for key in keys)
