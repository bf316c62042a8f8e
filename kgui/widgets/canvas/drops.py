"""Takes what is dropped on the canvas: layers of the palette, set down at the pointer."""

from collections.abc import Callable, Container

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from kgui.widgets.canvas.mime import dragged_type

DRAGS = (QEvent.Type.DragEnter, QEvent.Type.DragMove)


class Drops(QObject):
    """Watches the drags over a viewport; `take` gets the type's name and the pixel."""

    def __init__(
        self, viewport: QWidget, known: Container[str], take: Callable[[str, QPointF], None]
    ) -> None:
        super().__init__(viewport)
        self._known = known
        self._take = take
        viewport.setAcceptDrops(True)
        viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept drags of known layers, and pass over everything else."""
        kind = event.type()
        if kind in DRAGS and isinstance(event, QDropEvent):
            self._answer(event)
            return True
        if kind == QEvent.Type.Drop and isinstance(event, QDropEvent):
            if self._answer(event):
                self._take(dragged_type(event.mimeData()), event.position())
            return True
        return super().eventFilter(watched, event)

    def _answer(self, event: QDropEvent) -> bool:
        fits = dragged_type(event.mimeData()) in self._known
        if fits:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()
        return fits
