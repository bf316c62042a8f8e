"""The menu of frames and notes: what can be done with the one under the pointer."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QActionGroup, QContextMenuEvent, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from kgui.graph.framing import Things
from kgui.language import tr
from kgui.widgets.canvas.hits import node_at
from kgui.widgets.canvas.remarks.colours import colour_names, frame_colour
from kgui.widgets.canvas.remarks.hits import remark_at
from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.theme import Theme

SIDE = 14


class RemarkMenu(QObject):
    """Opens over frames and notes, and leaves every other place to others."""

    def __init__(
        self,
        viewport: QWidget,
        scene: CanvasScene,
        scene_point: Callable[[QPointF], QPointF],
        rename: Callable[[Things], object],
        colour: Callable[[str], object],
        delete: Callable[[], object],
    ) -> None:
        super().__init__(viewport)
        self._viewport, self._scene, self._scene_point = viewport, scene, scene_point
        self._rename, self._colour, self._delete = rename, colour, delete
        viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Open where there is a frame or a note."""
        if isinstance(event, QContextMenuEvent):
            place = self._scene_point(QPointF(event.pos()))
            things = None if node_at(self._scene, place) else remark_at(self._scene, place)
            if things is not None:
                self._scene.select((), (), things)
                self.open(things, event.globalPos())
                return True
        return super().eventFilter(watched, event)

    def open(self, things: Things, place: QPoint) -> QMenu:
        """Show the menu at a place of the screen."""
        menu = QMenu(self._viewport)
        menu.setObjectName("menu.remark")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        words = tr("&Rename") if things.frames else tr("&Edit")
        menu.addAction(words, partial(self._rename, things)).setObjectName("remark.rename")
        menu.addSeparator()
        if things.frames:
            self._add_colours(menu, things)
            menu.addSeparator()
        menu.addAction(tr("&Delete"), self._delete).setObjectName("remark.delete")
        menu.popup(place)
        return menu

    def _add_colours(self, menu: QMenu, things: Things) -> None:
        item = self._scene.remarks.frames[next(iter(things.frames))]
        group = QActionGroup(menu)
        for name, words in colour_names().items():
            action = menu.addAction(swatch(self._scene.theme, name), words)
            action.triggered.connect(partial(self._colour, name))
            action.setObjectName(f"remark.colour.{name or 'grey'}")
            action.setCheckable(True)
            action.setChecked(item.colour == name)
            group.addAction(action)


def swatch(theme: Theme, name: str) -> QIcon:
    """A colour as a small picture."""
    pixmap = QPixmap(SIDE, SIDE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(frame_colour(theme, name))
    painter.drawRoundedRect(0, 0, SIDE, SIDE, 3, 3)
    painter.end()
    return QIcon(pixmap)
