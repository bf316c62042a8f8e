"""Move the sheet: middle button, or Space and the left one."""

from PySide6.QtCore import QPoint, Qt

from kgui.widgets.canvas.gestures.gesture import Gesture, Pointer, Surface
from kgui.widgets.canvas.scene import CanvasScene


class Pan(Gesture):
    """The drawing follows the pointer."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, scene: CanvasScene, surface: Surface, start: Pointer) -> None:
        super().__init__(scene, surface, start)
        self._last = start.pixel

    def move(self, pointer: Pointer) -> None:
        """Move by the way since the last time."""
        self.surface.pan(pointer.pixel - self._last)
        self._last = pointer.pixel

    def release(self, pointer: Pointer) -> None:
        """Stay there."""
        self.move(pointer)

    def cancel(self) -> None:
        """Go back to where the drag began."""
        self.surface.pan(QPoint(self.start.pixel - self._last))
