"""Which gesture a press of the mouse begins."""

from PySide6.QtCore import Qt

from kgui.graph.project import Wire
from kgui.widgets.canvas.gestures.box_select import BoxSelect
from kgui.widgets.canvas.gestures.draw_wire import DrawWire
from kgui.widgets.canvas.gestures.gesture import Gesture, Pointer, Surface
from kgui.widgets.canvas.gestures.move_nodes import MoveNodes
from kgui.widgets.canvas.gestures.pan import Pan
from kgui.widgets.canvas.hits import node_at, port_at, wire_at
from kgui.widgets.canvas.scene import CanvasScene


def gesture_for(
    scene: CanvasScene,
    surface: Surface,
    pointer: Pointer,
    button: Qt.MouseButton,
    *,
    space: bool,
) -> Gesture | None:
    """The gesture that begins here; None where the press selects a wire or does nothing."""
    if button == Qt.MouseButton.MiddleButton or (space and button == Qt.MouseButton.LeftButton):
        return Pan(scene, surface, pointer)
    if button != Qt.MouseButton.LeftButton:
        return None
    port = port_at(scene, pointer.position, surface.zoom())
    if port is not None:
        return DrawWire(scene, surface, pointer, port)
    node_id = node_at(scene, pointer.position)
    if node_id is not None:
        return MoveNodes(scene, surface, pointer, node_id)
    wire = wire_at(scene, pointer.position, surface.zoom())
    if wire is not None:
        _select_wire(scene, pointer, wire)
        return None
    return BoxSelect(scene, surface, pointer)


def _select_wire(scene: CanvasScene, pointer: Pointer, wire: Wire) -> None:
    if not pointer.control and not pointer.shift:
        scene.select((), [wire])
        return
    wires = set(scene.selected_wires())
    chosen = wires ^ {wire} if pointer.control else wires | {wire}
    scene.select(scene.selected_node_ids(), chosen)
