"""Frames and notes made, typed and coloured: each is one step of the history."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QGraphicsView

from kgui.graph import framing, remarks
from kgui.graph.arranging import Rectangle
from kgui.graph.framing import Things
from kgui.language import tr
from kgui.widgets.canvas.remarks.menu import RemarkMenu
from kgui.widgets.canvas.remarks.shown import rectangle_of
from kgui.widgets.canvas.remarks.typing import RemarkEditor
from kgui.widgets.canvas.scene import CanvasScene

EMPTY_FRAME = (400.0, 240.0)


class RemarkDesk(QObject):
    """What actions, double-clicks and the menu do with frames and notes of one canvas."""

    refused = Signal(str)
    """An edit was not possible; the sentence says why."""

    def __init__(
        self,
        view: QGraphicsView,
        scene: CanvasScene,
        scene_point: Callable[[QPointF], QPointF],
        delete: Callable[[], object],
    ) -> None:
        super().__init__(view)
        self._view, self._scene, self._scene_point = view, scene, scene_point
        self._document = scene.document
        self.typing = RemarkEditor(view, scene)
        self.menu = RemarkMenu(
            view.viewport(), scene, scene_point, self.edit, self.use_colour, delete
        )

    def frame(self) -> None:
        """A frame around what is selected, or an empty one in the middle; its title is typed."""
        project = self._document.project
        frame = remarks.new_frame(project, self._frame_place(), tr("Frame"))
        try:
            project = remarks.add_frame(project, frame)
        except ValueError as error:
            self.refused.emit(str(error))
            return
        # The title that is typed now belongs to the same step.
        key = f"frame {frame.id}"
        self._document.apply(tr("Add frame"), project, key)
        self._scene.select((), (), Things(frames=frozenset([frame.id])))
        self._view.ensureVisible(self._scene.remarks.frames[frame.id].title_bar)
        self.typing.open_title(frame.id, key, tr("Add frame"))

    def note(self) -> None:
        """A note at the pointer, or in the middle, to be typed."""
        viewport = self._view.viewport()
        pixel = viewport.mapFromGlobal(QCursor.pos())
        if not viewport.rect().contains(pixel) or not viewport.underMouse():
            pixel = viewport.rect().center() - QPoint(100, 30)
        place = self._scene.snapping.place(self._scene_point(QPointF(pixel)))
        self.typing.open_new(place)

    def edit(self, things: Things) -> None:
        """Type the title of a frame or the text of a note."""
        for frame_id in things.frames:
            self.typing.open_title(frame_id)
        for note_id in things.notes:
            self.typing.open_note(note_id)

    def edit_selected(self) -> bool:
        """Type into the frame or note that is selected alone; whether there is one."""
        chosen = self._scene.chosen()
        alone = len(chosen.nodes) + len(chosen.frames) + len(chosen.notes) == 1
        if not alone or chosen.nodes:
            return False
        self.edit(chosen)
        return True

    def colour(self) -> None:
        """Open the colours of the selected frame."""
        chosen = self._scene.remarks.selected()
        for frame_id in sorted(chosen.frames)[:1]:
            bar = self._scene.remarks.frames[frame_id].title_bar
            corner = self._view.mapFromScene(bar.bottomLeft())
            self.menu.open(Things(frames=chosen.frames), self._view.viewport().mapToGlobal(corner))

    def use_colour(self, name: str) -> None:
        """The selected frames in another colour."""
        frames = self._scene.remarks.selected().frames
        project = remarks.set_colour(self._document.project, frames, name)
        self._document.apply(tr("Colour frame"), project)

    def _frame_place(self) -> Rectangle:
        chosen = self._scene.remarks.selected()
        areas = [item.area for item in self._scene.remarks.items(chosen)]
        areas += [self._scene.node_item(key).card for key in self._scene.selected_node_ids()]
        if areas:
            return framing.around(map(rectangle_of, areas))
        middle = self._scene_point(QPointF(self._view.viewport().rect().center()))
        area = QRectF(0, 0, *EMPTY_FRAME)
        area.moveCenter(middle)
        corner = self._scene.snapping.place(area.topLeft())
        return rectangle_of(QRectF(corner, area.size()))
