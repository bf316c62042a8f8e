"""Wires against ports: what is missing, too much or out of range at a node."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kgui.compiler.node_types import NodeType
from kgui.graph.project import Node, Wire
from kgui.graph.quoting import shortened
from kgui.language import tr


def port_faults(
    kind: NodeType, wires: Sequence[Wire], sources: Mapping[str, tuple[Node, NodeType | None]]
) -> Iterator[str]:
    """Sentences about the wires that end at a node of that kind, sorted by port."""
    if not wires:
        if kind.inputs or kind.growing:
            yield tr("has no input")
        return
    if kind.inputs == 0 and not kind.growing:
        yield tr("takes no wires: data come in here")
        return
    yield from _input_faults(kind, wires)
    for wire in wires:
        node, source_kind = sources[wire.source]
        if source_kind is not None and wire.source_port >= source_kind.outputs:
            message = tr("takes output {port} of {source}, which has only {count}")
            yield message.format(
                port=wire.source_port + 1, source=shortened(node.name), count=source_kind.outputs
            )


def _input_faults(kind: NodeType, wires: Sequence[Wire]) -> Iterator[str]:
    for port, count in Counter(wire.target_port for wire in wires).items():
        if not kind.growing and port >= kind.inputs:
            message = tr("has a wire at input {port}, but only {count} input")
            if kind.inputs > 1:
                message = tr("has a wire at input {port}, but takes exactly {count} inputs")
            yield message.format(port=port + 1, count=kind.inputs)
        elif count > 1:
            message = tr("has {count} wires at input {port}")
            yield message.format(port=port + 1, count=count)
    taken = {wire.target_port for wire in wires}
    for port in range(0 if kind.growing else kind.inputs):
        if port not in taken:
            yield tr("has nothing at input {port}").format(port=port + 1)
