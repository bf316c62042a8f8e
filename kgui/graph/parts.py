"""A part of a drawing on its own, as it is copied: nodes, the wires between them, frames, notes."""

from kgui.graph import edits, remarks
from kgui.graph.framing import Things
from kgui.graph.project import Graph, Project
from kgui.graph.settling import Position
from kgui.graph.sharing import detached


def part_of(project: Project, things: Things) -> Project:
    """A project of these things only, and of the wires among its nodes."""
    graph = project.graph
    return Project(
        graph=Graph(
            detached(graph, things.nodes),
            tuple(wire for wire in graph.wires if {wire.source, wire.target} <= things.nodes),
        ),
        frames=tuple(frame for frame in project.frames if frame.id in things.frames),
        notes=tuple(note for note in project.notes if note.id in things.notes),
    )


def paste_part(project: Project, part: Project, offset: Position) -> tuple[Project, Things]:
    """The project with copies of all that is in the part, and their ids; ValueError for too many.

    The copies come after all that was there, in the order of the part.
    """
    pasted, nodes = edits.paste(project, part.graph.nodes, part.graph.wires, offset)
    pasted, frames, notes = remarks.paste(pasted, part.frames, part.notes, offset)
    return pasted, Things(frozenset(nodes), frozenset(frames), frozenset(notes))
