"""One class per gesture: from press to release, cancelled by Esc, one step of the history."""

from kgui.widgets.canvas.gestures.box_select import BoxSelect
from kgui.widgets.canvas.gestures.carry import Carry
from kgui.widgets.canvas.gestures.clone_things import CloneThings
from kgui.widgets.canvas.gestures.draw_wire import DrawWire
from kgui.widgets.canvas.gestures.gesture import Gesture, Pointer, Surface
from kgui.widgets.canvas.gestures.move_nodes import MoveNodes
from kgui.widgets.canvas.gestures.pan import Pan
from kgui.widgets.canvas.gestures.press import gesture_for
from kgui.widgets.canvas.gestures.resize_frame import ResizeFrame

__all__ = [
    "BoxSelect",
    "Carry",
    "CloneThings",
    "DrawWire",
    "Gesture",
    "MoveNodes",
    "Pan",
    "Pointer",
    "ResizeFrame",
    "Surface",
    "gesture_for",
]
