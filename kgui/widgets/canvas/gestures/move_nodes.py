"""Drag the selected nodes; they snap to the grid and to others, Shift moves freely.

A node without wires that is let go on a wire goes into it; Alt keeps it out.
"""

from collections.abc import Iterable
from functools import cached_property

from PySide6.QtCore import QPointF

from kgui.compiler.node_types import NodeType
from kgui.graph.framing import Things
from kgui.graph.project import Wire
from kgui.widgets.canvas import commands
from kgui.widgets.canvas.gestures.carry import Carry
from kgui.widgets.canvas.gestures.gesture import Pointer, Surface
from kgui.widgets.canvas.guides import Level
from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.canvas.wire_under import WireUnder


class MoveNodes(Carry):
    """The items follow the pointer; the document hears of it once, at the end."""

    def __init__(
        self, scene: CanvasScene, surface: Surface, start: Pointer, pressed: Things
    ) -> None:
        super().__init__(scene, surface, start, pressed)
        (self._node_id,) = pressed.nodes
        self._under = WireUnder(scene)

    def move(self, pointer: Pointer) -> None:
        """Put the nodes where they would go, and let the wire glow that one would go into."""
        super().move(pointer)
        if self._moving and self._is_loose and not pointer.alt:
            middle = self.scene.node_item(self._node_id).card.center()
            self._under.follow(middle, self._node_type())
        else:
            self._under.show(None)

    @cached_property
    def _is_loose(self) -> bool:
        """Whether one node is dragged that has no wires."""
        things = self._carried.things
        return things == Things(things.nodes) and len(things.nodes) == 1 and not self._wires

    @cached_property
    def _wires(self) -> list[Wire]:
        """The wires at the node under the pointer."""
        wires = self.scene.document.project.graph.wires
        return [wire for wire in wires if self._node_id in (wire.source, wire.target)]

    def _node_type(self) -> NodeType:
        graph = self.scene.document.project.graph
        node = graph.node(self._node_id)
        return commands.type_of_node(self.scene.node_types, graph, node)

    def _rows(self) -> Iterable[Level]:
        """Where a wire of the node under the pointer would run level."""
        top = self._grabbed.top()
        for wire in self._wires:
            start, end = self.scene.items_shown.ends(wire)
            own, other = (start, end) if wire.source == self._node_id else (end, start)
            if {wire.source, wire.target} <= self._carried.things.nodes:
                continue
            yield Level(other.y() - (own.y() - top), other.y(), other.x(), other.x())

    def _finish(self, step: QPointF) -> None:
        wire = self._under.wire
        self._under.show(None)
        if wire is not None:
            place = self._grabbed.topLeft() + step
            commands.insert(self.scene.document, self._node_id, wire, place)
        else:
            super()._finish(step)

    def cancel(self) -> None:
        """Put the nodes back."""
        self._under.show(None)
        super().cancel()
