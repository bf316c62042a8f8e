"""A wire while it is drawn: where it starts, where it may end, and why it may not."""

from dataclasses import dataclass, field
from functools import cached_property

from kgui.compiler.fitting import Fitting
from kgui.compiler.issues import Report
from kgui.graph.edits import why_not_connect
from kgui.graph.paths import downstream
from kgui.graph.project import Project, Wire
from kgui.language import tr
from kgui.widgets.canvas.painter import Side


@dataclass(frozen=True)
class PortEnd:
    """One port of one node."""

    node_id: str
    side: Side
    port: int


@dataclass(frozen=True)
class Wiring:
    """A wire with one end fixed to a port of the project as it is without that wire."""

    project: Project
    start: PortEnd
    report: Report = field(default_factory=Report)
    """What is known of the shapes in the project."""

    @property
    def node_id(self) -> str:
        """The node that the fixed end belongs to."""
        return self.start.node_id

    @property
    def wanted(self) -> Side:
        """The side of another node on which the wire may end."""
        return "input" if self.start.side == "output" else "output"

    def wire_to(self, end: PortEnd) -> Wire:
        """The wire that this would become if it ended there."""
        source, target = (self.start, end) if self.wanted == "input" else (end, self.start)
        return Wire(source.node_id, source.port, target.node_id, target.port)

    def why_not(self, end: PortEnd) -> str:
        """Why the wire cannot end at a port; "" if it can."""
        if end == self.start:
            return ""
        if end.side != self.wanted:
            if end.side == "output":
                return tr("Two outputs cannot be joined. A wire ends at an input.")
            return tr("Two inputs cannot be joined. A wire starts at an output.")
        return why_not_connect(self.project, self.wire_to(end))

    def misfit(self, end: PortEnd) -> str:
        """Why what flows would not suit the layer where the wire ends; "" if it would."""
        if end == self.start or end.side != self.wanted:
            return ""
        return self.fitting.why_not(self.wire_to(end))

    def fits(self, end: PortEnd) -> bool:
        """Whether a port is possible and suits; asked of every node at every repaint."""
        if end not in self._answers:
            possible = end.node_id not in self._closes_circle
            self._answers[end] = possible and not self.misfit(end)
        return self._answers[end]

    @cached_property
    def fitting(self) -> Fitting:
        """The judge of shapes."""
        return Fitting(self.project.graph, self.report)

    @cached_property
    def _answers(self) -> dict[PortEnd, bool]:
        return {}

    @cached_property
    def _closes_circle(self) -> set[str]:
        # One walk for all nodes: `why_not_connect` would walk once for each of a thousand.
        wires = self.project.graph.wires
        if self.wanted == "output":
            return downstream([self.node_id], wires)
        turned = (Wire(wire.target, 0, wire.source, 0) for wire in wires)
        return downstream([self.node_id], turned)
