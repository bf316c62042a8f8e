"""The wires that lead into copied nodes, so that a copy can be fed by what fed the original."""

from collections.abc import Container, Iterable, Iterator

import msgspec
from msgspec.structs import replace

from kgui.graph.project import Node, Project, Wire


class Incoming(msgspec.Struct, frozen=True):
    """Wires into copied nodes, and the document that they are of: elsewhere they mean nothing."""

    document: str = ""
    wires: tuple[Wire, ...] = ()

    def to_copies(self, nodes: Iterable[Node], ids: Iterable[str]) -> Iterator[Wire]:
        """The same wires into the copies of the nodes, which have these ids."""
        copies = dict(zip((node.id for node in nodes), ids, strict=True))
        for wire in self.wires:
            if wire.target in copies:
                yield replace(wire, target=copies[wire.target])


def incoming(project: Project, chosen: Container[str]) -> Incoming:
    """The wires from other nodes into the chosen ones."""
    into = (wire for wire in project.graph.wires if wire.target in chosen)
    return Incoming(project.id, tuple(wire for wire in into if wire.source not in chosen))


def to_bytes(wires: Incoming) -> bytes:
    """As they travel on the clipboard."""
    return msgspec.json.encode(wires)


def from_bytes(data: bytes) -> Incoming:
    """What travelled on the clipboard; nothing where that is something else."""
    try:
        return msgspec.json.decode(data, type=Incoming)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return Incoming()
