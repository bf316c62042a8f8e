"""Which gesture a press of the mouse begins."""

from PySide6.QtCore import QPointF, Qt

from kgui.graph.framing import Things
from kgui.graph.project import Wire
from kgui.widgets.canvas.gestures.box_select import BoxSelect
from kgui.widgets.canvas.gestures.carry import Carry
from kgui.widgets.canvas.gestures.clone_things import CloneThings
from kgui.widgets.canvas.gestures.draw_wire import DrawWire
from kgui.widgets.canvas.gestures.gesture import Gesture, Pointer, Surface
from kgui.widgets.canvas.gestures.move_nodes import MoveNodes
from kgui.widgets.canvas.gestures.pan import Pan
from kgui.widgets.canvas.gestures.resize_frame import ResizeFrame
from kgui.widgets.canvas.hits import node_at, port_at, wire_at
from kgui.widgets.canvas.remarks.hits import frame_edge_at, frame_title_at, note_at
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
    pressed = _thing_at(scene, pointer.position)
    if pressed is None:
        wire = wire_at(scene, pointer.position, surface.zoom())
        if wire is not None:
            _select_wire(scene, pointer, wire)
            return None
        edge = frame_edge_at(scene, pointer.position, surface.zoom())
        if edge is not None:
            return ResizeFrame(scene, surface, pointer, *edge)
        pressed = _title_at(scene, pointer.position)
    if pressed is None:
        return BoxSelect(scene, surface, pointer)
    return _carry(scene, surface, pointer, pressed)


def _thing_at(scene: CanvasScene, position: QPointF) -> Things | None:
    """The node or note there: what lies above the wires."""
    node_id = node_at(scene, position)
    if node_id is not None:
        return Things(nodes=frozenset([node_id]))
    note_id = note_at(scene, position)
    return Things(notes=frozenset([note_id])) if note_id is not None else None


def _title_at(scene: CanvasScene, position: QPointF) -> Things | None:
    frame_id = frame_title_at(scene, position)
    return Things(frames=frozenset([frame_id])) if frame_id is not None else None


def _carry(scene: CanvasScene, surface: Surface, pointer: Pointer, pressed: Things) -> Gesture:
    if pointer.alt:
        return CloneThings(scene, surface, pointer, pressed)
    kind = MoveNodes if pressed.nodes else Carry
    return kind(scene, surface, pointer, pressed)


def _select_wire(scene: CanvasScene, pointer: Pointer, wire: Wire) -> None:
    if not pointer.control and not pointer.shift:
        scene.select((), [wire])
        return
    wires = set(scene.selected_wires())
    chosen = wires ^ {wire} if pointer.control else wires | {wire}
    scene.select(scene.selected_node_ids(), chosen)
