"""Where a wire from a node, or from one of its ports, may lead: named, judged and put in order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from kgui.graph.project import Node, Project, Wire
from kgui.language import tr
from kgui.widgets.canvas.geometry import distance
from kgui.widgets.canvas.node_item import NodeItem
from kgui.widgets.canvas.painter import Side
from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.canvas.wiring import PortEnd, Wiring
from kgui.widgets.choice_box import Choice


@dataclass(frozen=True)
class Target:
    """One port at which a wire from the port chosen might end; reasons are found when asked for."""

    wiring: Wiring
    end: PortEnd
    node: Node
    ports: int
    """How many ports of that side the node has."""
    replaced: str = ""
    """Name of the node whose wire would give way."""

    @cached_property
    def fits(self) -> bool:
        """Whether the wire is possible and what flows suits the layer."""
        return self.wiring.fits(self.end)

    @cached_property
    def why_not(self) -> str:
        """Why the wire is impossible; "" where it can be drawn."""
        return "" if self.fits else self.wiring.why_not(self.end)

    @property
    def text(self) -> str:
        """Which way the wire would go, and to which node."""
        sentence = tr("to {name}") if self.end.side == "input" else tr("from {name}")
        return sentence.format(name=self.node.name)

    @property
    def choice(self) -> Choice:
        """The row that offers it."""
        return Choice(
            self.text,
            self._port_text(),
            self._remark(),
            self._tip(),
            is_possible=not self.why_not,
            is_pale=not self.fits,
        )

    @property
    def wire(self) -> Wire:
        """The wire that it would be."""
        return self.wiring.wire_to(self.end)

    def _port_text(self) -> str:
        if self.ports < 2:
            return self.node.type
        side = tr("input {number}") if self.end.side == "input" else tr("output {number}")
        return f"{self.node.type}, {side.format(number=self.end.port + 1)}"

    def _remark(self) -> str:
        if not self.replaced or self.why_not:
            return ""
        return tr("replaces {name}").format(name=self.replaced)

    def _tip(self) -> str:
        if self.why_not:
            return self.why_not
        if not self.fits:
            reason = self.wiring.misfit(self.end)
            return tr("{reason} It can be drawn all the same.").format(reason=reason)
        return tr("Draw the wire.")


def targets(scene: CanvasScene, starts: Iterable[PortEnd]) -> tuple[Target, ...]:
    """Every port that a wire from one of these may lead to: what fits first, then what is near."""
    document = scene.document
    wirings = [Wiring(document.project, start, document.report) for start in starts]
    found = [target for wiring in wirings for target in _ends(scene, wiring)]
    return tuple(sorted(found, key=lambda target: _order(scene, target)))


def ports_to_start_from(item: NodeItem) -> tuple[PortEnd, ...]:
    """The outputs of a node, then its next free input."""
    outputs = range(item.look.ports.outputs)
    starts = [PortEnd(item.node_id, "output", port) for port in outputs]
    if item.look.ports.inputs:
        starts.append(PortEnd(item.node_id, "input", item.look.ports.free_input))
    return tuple(starts)


def _ends(scene: CanvasScene, wiring: Wiring) -> Iterator[Target]:
    project, side = wiring.project, wiring.wanted
    there = set(project.graph.wires)
    sources = {(wire.target, wire.target_port): wire.source for wire in project.graph.wires}
    names = {node.id: node.name for node in project.graph.nodes}
    for node in project.graph.nodes:
        if node.id == wiring.node_id:
            continue
        ports = _ports(scene.node_item(node.id), side)
        for port in ports:
            end = PortEnd(node.id, side, port)
            wire = wiring.wire_to(end)
            if wire not in there:
                taken = names.get(sources.get((wire.target, wire.target_port), ""), "")
                yield Target(wiring, end, node, len(ports), taken)


def _ports(item: NodeItem, side: Side) -> tuple[int, ...]:
    ports = item.look.ports
    if side == "output":
        return tuple(range(ports.outputs))
    if ports.growing and ports.inputs:
        return (ports.free_input,)
    return tuple(range(ports.inputs))


def _order(scene: CanvasScene, target: Target) -> tuple[bool, bool, bool, bool, float]:
    start = target.wiring.start
    here = scene.port_position(start.node_id, start.port, start.side == "output")
    there = scene.port_position(target.end.node_id, target.end.port, target.end.side == "output")
    backward = (there.x() < here.x()) == (start.side == "output")
    # Judging by shape asks the layer; why a wire is impossible is asked for shown rows only.
    return (
        not target.fits,
        bool(target.replaced),
        start.side == "input",
        backward,
        distance(here, there),
    )


def connected(project: Project, wire: Wire) -> str:
    """The name of the step that draws the wire."""
    port = (wire.target, wire.target_port)
    used = any((other.target, other.target_port) == port for other in project.graph.wires)
    return tr("Reconnect") if used else tr("Connect")
