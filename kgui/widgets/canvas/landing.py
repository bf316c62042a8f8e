"""A layer dragged in from the palette: onto the ground, or into the wire that glows."""

from collections.abc import Callable

from PySide6.QtCore import QPointF

from kgui.widgets.canvas.commands import type_of
from kgui.widgets.canvas.editor import CanvasEditor
from kgui.widgets.canvas.geometry import NODE_HEIGHT, NODE_WIDTH
from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.canvas.wire_under import WireUnder


class PaletteLanding:
    """Adds what is dropped with its middle under the pointer."""

    def __init__(
        self,
        scene: CanvasScene,
        editor: CanvasEditor,
        scene_point: Callable[[QPointF], QPointF],
        focus: Callable[[], None],
    ) -> None:
        self._scene = scene
        self._editor = editor
        self._scene_point = scene_point
        self._focus = focus
        self._under = WireUnder(scene)

    def hover(self, type_name: str, pixel: QPointF, alone: bool) -> None:
        """Let the wire glow that the layer would go into."""
        if alone:
            self.leave()
        else:
            node_type = type_of(self._scene.node_types, type_name)
            self._under.follow(self._scene_point(pixel), node_type)

    def leave(self) -> None:
        """No wire glows."""
        self._under.show(None)

    def land(self, type_name: str, pixel: QPointF, alone: bool, *, free: bool) -> None:
        """Add the layer, into the wire that glows if there is one."""
        self.hover(type_name, pixel, alone)
        wire = self._under.wire
        place = self._scene_point(pixel) - QPointF(NODE_WIDTH / 2, NODE_HEIGHT / 2)
        self.leave()
        self._focus()
        if wire is None:
            self._editor.add_node(type_name, place, free=free)
        else:
            self._editor.insert_node(type_name, place, wire)
