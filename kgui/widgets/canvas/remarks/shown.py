"""The items of frames and notes: patched from differences, never rebuilt."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from kgui.graph.arranging import Rectangle
from kgui.graph.diff import Difference
from kgui.graph.framing import Things
from kgui.widgets.canvas.remarks.frame_item import FrameItem
from kgui.widgets.canvas.remarks.note_item import NoteItem
from kgui.widgets.theme import Theme

Shown = dict[tuple[str, str], tuple[Rectangle, str, str]]
"""Kind and id -> rectangle, text and colour."""


class RemarkItems:
    """Frame and note items by id."""

    def __init__(self, scene: QGraphicsScene, theme: Theme) -> None:
        self.frames: dict[str, FrameItem] = {}
        self.notes: dict[str, NoteItem] = {}
        self._scene = scene
        self._theme = theme

    def patch(self, change: Difference) -> None:
        """Follow the document."""
        for frame in change.frames_removed:
            self._scene.removeItem(self.frames.pop(frame.id))
        for note in change.notes_removed:
            self._scene.removeItem(self.notes.pop(note.id))
        for _, frame in change.frames_changed:
            self.frames[frame.id].show_frame(frame)
        for _, note in change.notes_changed:
            self.notes[note.id].show_note(note)
        for frame in change.frames_added:
            self.frames[frame.id] = FrameItem(frame, self._theme)
            self._scene.addItem(self.frames[frame.id])
        for note in change.notes_added:
            self.notes[note.id] = NoteItem(note, self._theme)
            self._scene.addItem(self.notes[note.id])

    def dress(self, theme: Theme) -> None:
        """Show everything in another theme."""
        self._theme = theme
        for item in self._all():
            item.dress(theme)

    def items(self, things: Things) -> Iterable[FrameItem | NoteItem]:
        """The items of those frames and notes that are shown."""
        yield from (item for key, item in self.frames.items() if key in things.frames)
        yield from (item for key, item in self.notes.items() if key in things.notes)

    def selected(self) -> Things:
        """The selected frames and notes."""
        return Things(
            frames=frozenset(key for key, item in self.frames.items() if item.isSelected()),
            notes=frozenset(key for key, item in self.notes.items() if item.isSelected()),
        )

    def areas(self) -> list[QRectF]:
        """Where frames and notes are."""
        return [item.area for item in self._all()]

    def _all(self) -> list[FrameItem | NoteItem]:
        return [*self.frames.values(), *self.notes.values()]

    def note_rectangles(self) -> dict[str, Rectangle]:
        """The notes as plain numbers."""
        return {key: rectangle_of(item.area) for key, item in self.notes.items()}

    def place_frame(self, frame_id: str, corner: QPointF) -> None:
        """Put a frame somewhere while it is dragged; the document does not hear of it."""
        item = self.frames[frame_id]
        item.place(QRectF(corner, item.area.size()))

    def snapshot(self) -> Shown:
        """What is shown now."""
        frames: Shown = {
            ("frame", key): (rectangle_of(item.area), item.title, item.colour)
            for key, item in self.frames.items()
        }
        notes: Shown = {
            ("note", key): (rectangle_of(item.area), item.text, "")
            for key, item in self.notes.items()
        }
        return frames | notes


def rectangle_of(area: QRectF) -> Rectangle:
    """A rectangle of Qt's as plain numbers."""
    return area.x(), area.y(), area.width(), area.height()
