"""Takes what is dropped on the canvas: layers of the palette, set down at the pointer."""

from collections.abc import Container
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from kgui.widgets.canvas.mime import dragged_type


class Landing(Protocol):
    """Where dragged layers go; pixels are the viewport's."""

    def hover(self, type_name: str, pixel: QPointF, alone: bool) -> None:
        """Show what a drop here would do; `alone` keeps the layer out of wires."""

    def leave(self) -> None:
        """The drag has gone elsewhere."""

    def land(self, type_name: str, pixel: QPointF, alone: bool, *, free: bool) -> None:
        """Add the layer; `free` keeps it off the grid."""


DRAGS = (QEvent.Type.DragEnter, QEvent.Type.DragMove)


class Drops(QObject):
    """Watches the drags over a viewport, and asks its owner where each would go."""

    def __init__(self, viewport: QWidget, known: Container[str], landing: Landing) -> None:
        super().__init__(viewport)
        self._known = known
        self._landing = landing
        viewport.setAcceptDrops(True)
        viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept drags of known layers, and pass over everything else."""
        kind = event.type()
        if kind in DRAGS and isinstance(event, QDropEvent):
            if self._answer(event):
                self._landing.hover(*_carried(event))
            return True
        if kind == QEvent.Type.DragLeave:
            self._landing.leave()
        if kind == QEvent.Type.Drop and isinstance(event, QDropEvent):
            if self._answer(event):
                shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self._landing.land(*_carried(event), free=shift)
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


def _carried(event: QDropEvent) -> tuple[str, QPointF, bool]:
    """What is carried, over which pixel, and whether Alt keeps it out of wires."""
    alone = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
    return dragged_type(event.mimeData()), event.position(), alone
