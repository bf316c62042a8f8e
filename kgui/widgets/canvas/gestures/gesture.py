"""What every gesture is: told where the pointer goes, and ended by release or cancel."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.canvas.wiring import Wiring


@dataclass(frozen=True)
class Pointer:
    """Where the mouse is, on the drawing and in the viewport, and which keys are held."""

    position: QPointF
    pixel: QPoint
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier

    @property
    def shift(self) -> bool:
        """Whether Shift is held."""
        return bool(self.modifiers & Qt.KeyboardModifier.ShiftModifier)

    @property
    def control(self) -> bool:
        """Whether Ctrl is held."""
        return bool(self.modifiers & Qt.KeyboardModifier.ControlModifier)

    @property
    def alt(self) -> bool:
        """Whether Alt is held."""
        return bool(self.modifiers & Qt.KeyboardModifier.AltModifier)

    def is_away_from(self, other: "Pointer") -> bool:
        """Whether the mouse has gone far enough for a drag."""
        way = (self.pixel - other.pixel).manhattanLength()
        return way >= QApplication.startDragDistance()


class Surface(Protocol):
    """What a gesture needs of the view."""

    def zoom(self) -> float:
        """Pixels per scene unit."""

    def pan(self, step: QPoint) -> None:
        """Move the drawing by so many pixels."""

    def hint(self, text: str, pixel: QPoint) -> None:
        """Show a sentence beside the pointer; "" hides it."""

    def seek(self, wiring: Wiring, position: QPointF, pixel: QPoint) -> None:
        """Ask which new layer the loose end of a wire goes to."""


class Gesture(ABC):
    """A drag; until it is released the document does not change."""

    cursor: Qt.CursorShape = Qt.CursorShape.ArrowCursor

    def __init__(self, scene: CanvasScene, surface: Surface, start: Pointer) -> None:
        self.scene = scene
        self.surface = surface
        self.start = start

    @abstractmethod
    def move(self, pointer: Pointer) -> None:
        """The pointer has moved."""

    @abstractmethod
    def release(self, pointer: Pointer) -> None:
        """The button was let go: do what was shown."""

    @abstractmethod
    def cancel(self) -> None:
        """Leave everything as it was at the start."""
