"""Drag things: what is selected and what its frames hold, in one step, on grid and guides."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt

from kgui.graph.framing import Things
from kgui.widgets.canvas import moving
from kgui.widgets.canvas.carried import Carried, with_held
from kgui.widgets.canvas.gestures.gesture import Gesture, Pointer, Surface
from kgui.widgets.canvas.guides import Guides, Level
from kgui.widgets.canvas.scene import CanvasScene


class Carry(Gesture):
    """Selects what is pressed, and takes what is selected along; Shift moves freely.

    A note, or a frame held by its title bar, moves just so; nodes and copies have more to say.
    """

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(
        self, scene: CanvasScene, surface: Surface, start: Pointer, pressed: Things
    ) -> None:
        super().__init__(scene, surface, start)
        self._pressed = pressed
        self._grabbed = _area(scene, pressed)
        self._select_at_press()
        self._moving = False
        self._step = QPointF()
        self._guides: Guides | None = None

    def _select_at_press(self) -> None:
        chosen = self.scene.chosen()
        self._was_selected = bool(_common(chosen, self._pressed))
        self._toggles = self.start.control or self.start.shift
        if self._was_selected:
            return
        if self._toggles:
            self._select(_joined(chosen, self._pressed))
        else:
            self.scene.select(self._pressed.nodes, (), self._pressed)

    def move(self, pointer: Pointer) -> None:
        """Put things where they would go."""
        if not self._moving:
            if not pointer.is_away_from(self.start):
                return
            self._moving = True
            self._begin()
        self._step = self._way(pointer)
        self._place(self._step)

    def release(self, pointer: Pointer) -> None:
        """Write what was shown as one step; a click without a drag selects."""
        self.move(pointer)
        self._clear()
        if not self._moving:
            self._click()
        else:
            self._finish(self._step)

    def cancel(self) -> None:
        """Put everything back."""
        self._clear()
        if self._moving:
            self._carried.put_back()

    def _begin(self) -> None:
        """The drag has begun: from here on things follow the pointer."""
        things = with_held(self.scene, _joined(self.scene.chosen(), self._pressed))
        self._carried = Carried(self.scene, things)
        self._carried.lift(lifted=True)
        self._guides = Guides(self.scene, self.scene.theme)
        self._guides.expect(self._grabbed, self._carried.others(), self._rows())

    def _rows(self) -> Iterable[Level]:
        """More that the thing under the pointer may be level with."""
        return ()

    def _place(self, step: QPointF) -> None:
        self._carried.place(step)

    def _finish(self, step: QPointF) -> None:
        if not step.isNull():
            moving.shift(self.scene.document, self._carried.things, step)

    def _clear(self) -> None:
        if self._guides is not None:
            self._guides.remove()
            self._carried.lift(lifted=False)

    def _way(self, pointer: Pointer) -> QPointF:
        """The way of what is under the pointer; the rest keeps its distance from it."""
        way = pointer.position - self.start.position
        snapping = self.scene.snapping
        free = not snapping.is_on or pointer.shift
        if self._guides is None:
            return way
        if free:
            self._guides.hide()
            return way
        there = self._grabbed.translated(way)
        place = self._guides.follow(there, snapping.place(there.topLeft()), self.surface.zoom())
        return place - self._grabbed.topLeft()

    def _click(self) -> None:
        if not self._was_selected:
            return
        if self._toggles:
            self._select(_without(self.scene.chosen(), self._pressed))
        else:
            self.scene.select(self._pressed.nodes, (), self._pressed)

    def _select(self, things: Things) -> None:
        self.scene.select(things.nodes, self.scene.selected_wires(), things)


def _area(scene: CanvasScene, pressed: Things) -> QRectF:
    """Where the thing under the pointer is."""
    for node_id in pressed.nodes:
        return scene.node_item(node_id).card
    return next(iter(scene.remarks.items(pressed))).area


def _common(one: Things, other: Things) -> Things:
    return Things(one.nodes & other.nodes, one.frames & other.frames, one.notes & other.notes)


def _joined(one: Things, other: Things) -> Things:
    return Things(one.nodes | other.nodes, one.frames | other.frames, one.notes | other.notes)


def _without(one: Things, other: Things) -> Things:
    return Things(one.nodes - other.nodes, one.frames - other.frames, one.notes - other.notes)
