"""The mouse over the canvas: begins gestures and feeds them, zooms, and lights up ports."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QInputDevice, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from kgui.widgets.canvas.gestures import Gesture, Pointer, Surface, gesture_for
from kgui.widgets.canvas.hits import node_at, port_at, wire_at
from kgui.widgets.canvas.remarks.hits import cursor_at, remark_at
from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.canvas.zoom import STEP, Zoom

NOTCH = 120
"""Wheel units of one notch."""


class Pointing(QObject):
    """At most one gesture at a time, from press to release."""

    node_activated = Signal(str)
    """A node was double-clicked."""
    remark_activated = Signal(object)
    """A frame's title or a note was double-clicked: a Things of that one."""
    ground_activated = Signal(QPointF, QPoint)
    """The empty ground was double-clicked, in scene coordinates and in pixels."""

    def __init__(self, viewport: QWidget, scene: CanvasScene, surface: Surface, zoom: Zoom) -> None:
        super().__init__(viewport)
        self.gesture: Gesture | None = None
        self._viewport = viewport
        self._scene = scene
        self._surface = surface
        self._zoom = zoom
        self._button = Qt.MouseButton.NoButton
        self._space = False
        self._space_used = False
        self._hovered = ""
        self._over: Qt.CursorShape | None = None
        viewport.setMouseTracking(True)
        viewport.installEventFilter(self)
        scene.document.changed.connect(self.cancel)
        self._mouse: dict[QEvent.Type, Callable[[QMouseEvent], None]] = {
            QEvent.Type.MouseButtonPress: self._press,
            QEvent.Type.MouseButtonDblClick: self._double_click,
            QEvent.Type.MouseMove: self._move,
            QEvent.Type.MouseButtonRelease: self._release,
        }

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the mouse, the wheel and the pinch; leave the rest to Qt."""
        if isinstance(event, QWheelEvent):
            self._wheel(event)
            return True
        if isinstance(event, QMouseEvent) and event.type() in self._mouse:
            self._mouse[event.type()](event)
            return True
        if isinstance(event, QNativeGestureEvent):
            return self._pinch(event)
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        return super().eventFilter(watched, event)

    def cancel(self) -> bool:
        """End the gesture under way without effect; whether there was one."""
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.cancel()
            self._show_cursor()
        return gesture is not None

    def hold_space(self, *, held: bool) -> bool:
        """While Space is held, the left button pans; at its end, whether it was a mere tap."""
        was_tap = self._space and not held and not self._space_used
        if held and not self._space:
            self._space_used = False
        self._space = held
        self._show_cursor()
        return was_tap

    def _pointer(self, event: QMouseEvent) -> Pointer:
        pixel = event.position()
        return Pointer(self._zoom.scene_point(pixel), pixel.toPoint(), event.modifiers())

    def _press(self, event: QMouseEvent) -> None:
        if self.gesture is not None:
            return
        pointer = self._pointer(event)
        self._space_used = True
        self._hover(None)
        focused = self._scene.focusItem()
        if focused is not None:
            focused.clearFocus()
        if event.button() == Qt.MouseButton.RightButton:
            self._select_for_menu(pointer)
            return
        self._button = event.button()
        self.gesture = gesture_for(
            self._scene, self._surface, pointer, event.button(), space=self._space
        )
        self._show_cursor()

    def _double_click(self, event: QMouseEvent) -> None:
        pointer, zoom = self._pointer(event), self._zoom.factor
        if event.button() != Qt.MouseButton.LeftButton or self._space:
            self._press(event)
            return
        node_id = node_at(self._scene, pointer.position)
        if node_id is not None:
            self.node_activated.emit(node_id)
            return
        remark = remark_at(self._scene, pointer.position)
        if remark is not None:
            self.remark_activated.emit(remark)
            return
        on_something = port_at(self._scene, pointer.position, zoom) or wire_at(
            self._scene, pointer.position, zoom
        )
        self._press(event)
        if on_something is None:
            self.cancel()
            self.ground_activated.emit(pointer.position, pointer.pixel)

    def _move(self, event: QMouseEvent) -> None:
        pointer = self._pointer(event)
        if self.gesture is not None:
            self.gesture.move(pointer)
        else:
            self._hover(pointer)

    def _release(self, event: QMouseEvent) -> None:
        if self.gesture is None or event.button() != self._button:
            return
        # The document changes in `release`, which must not cancel what is being completed.
        gesture, self.gesture = self.gesture, None
        gesture.release(self._pointer(event))
        self._show_cursor()
        self._hover(self._pointer(event))

    def _select_for_menu(self, pointer: Pointer) -> None:
        node_id = node_at(self._scene, pointer.position)
        wire = wire_at(self._scene, pointer.position, self._zoom.factor)
        if node_id is not None and not self._scene.node_item(node_id).isSelected():
            self._scene.select([node_id])
        elif node_id is None and wire is not None and wire not in self._scene.selected_wires():
            self._scene.select((), [wire])

    def _hover(self, pointer: Pointer | None) -> None:
        end = None
        if pointer is not None and not self._space:
            end = port_at(self._scene, pointer.position, self._zoom.factor)
        if self._hovered and (end is None or end.node_id != self._hovered):
            item = self._scene.items_shown.nodes.get(self._hovered)
            if item is not None:
                item.hover(None)
        self._over = None
        if pointer is not None and end is None and self._scene.remarks.frames:
            self._over = self._edge_cursor(pointer.position)
        self._hovered = end.node_id if end is not None else ""
        if end is not None:
            self._scene.node_item(end.node_id).hover((end.side, end.port))
        self._show_cursor()

    def _edge_cursor(self, position: QPointF) -> Qt.CursorShape | None:
        if node_at(self._scene, position) is not None:
            return None
        return cursor_at(self._scene, position, self._zoom.factor)

    def _show_cursor(self) -> None:
        shape = Qt.CursorShape.ArrowCursor
        if self.gesture is not None:
            shape = self.gesture.cursor
        elif self._space:
            shape = Qt.CursorShape.OpenHandCursor
        elif self._hovered:
            shape = Qt.CursorShape.CrossCursor
        elif self._over is not None:
            shape = self._over
        if self._viewport.cursor().shape() != shape:
            self._viewport.setCursor(shape)

    def _wheel(self, event: QWheelEvent) -> None:
        """A wheel zooms at the pointer; a touch pad pans, and so does Shift sideways."""
        modifiers = event.modifiers()
        control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        touch = event.device().type() == QInputDevice.DeviceType.TouchPad
        turn = event.angleDelta()
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._zoom.pan(QPoint(turn.y() or turn.x(), 0))
        elif touch and not control and not event.pixelDelta().isNull():
            self._zoom.pan(event.pixelDelta())
        else:
            self._zoom.by(STEP ** (turn.y() / NOTCH), event.position())
        event.accept()

    def _pinch(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._zoom.by(1 + event.value(), event.position())
        return True
