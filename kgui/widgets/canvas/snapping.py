"""Whether things snap to the grid while they are moved and added: one setting of the canvas."""

from PySide6.QtCore import QObject, QPointF, Signal

from kgui.widgets.canvas.geometry import snapped


class Snapping(QObject):
    """On at first; Shift moves freely all the same."""

    changed = Signal(bool)
    """Whether it is on now."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.is_on = True

    def toggle(self) -> None:
        """On or off."""
        self.use(not self.is_on)

    def use(self, on: bool) -> None:
        """Snap, or do not."""
        if on != self.is_on:
            self.is_on = on
            self.changed.emit(on)

    def place(self, position: QPointF, *, free: bool = False) -> QPointF:
        """Where something goes that was put there: to the grid, or just there."""
        return snapped(position) if self.is_on and not free else QPointF(position)
