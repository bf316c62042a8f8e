"""Steps of the history in which things change their places or are copied, frames and notes too."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF

from kgui.graph import edits, remarks
from kgui.graph.framing import Things
from kgui.graph.parts import part_of, paste_part
from kgui.graph.project import Project
from kgui.graph.settling import Position
from kgui.language import tr, trn
from kgui.widgets.document import Document


def shift(document: Document, things: Things, step: QPointF, merge_key: str | None = None) -> None:
    """Move things by a step."""
    project = shifted(document.project, things, step)
    document.apply(move_label(document.project, things), project, merge_key)


def nudge(document: Document, things: Things, step: QPointF) -> None:
    """Push things a little; pushes of the same things in a row are one step of the history."""
    if things:
        ids = sorted(things.nodes) + sorted(things.frames) + sorted(things.notes)
        shift(document, things, step, "nudge " + " ".join(ids))


def shifted(project: Project, things: Things, step: QPointF) -> Project:
    """The project with things moved by a step."""

    def moved(place: tuple[float, ...]) -> Position:
        return place[0] + step.x(), place[1] + step.y()

    def chosen(places: Mapping[str, tuple[float, ...]], ids: frozenset[str]) -> dict[str, Position]:
        return {key: moved(place) for key, place in places.items() if key in ids}

    nodes = {node.id: node.position for node in project.graph.nodes}
    frames = {frame.id: frame.rectangle for frame in project.frames}
    notes = {note.id: note.position for note in project.notes}
    project = edits.move(project, chosen(nodes, things.nodes))
    return remarks.move(project, chosen(frames, things.frames), chosen(notes, things.notes))


def move_label(project: Project, things: Things) -> str:
    """What the step is called: by what was moved."""
    if len(things.frames) == 1:
        title = next(frame.title for frame in project.frames if frame.id in things.frames)
        return tr("Move frame {title}").format(title=title).strip()
    if not things.nodes:
        return tr("Move note") if not things.frames else tr("Move frames")
    if len(things.nodes) == 1:
        name = project.graph.node(next(iter(things.nodes))).name
        return tr("Move {name}").format(name=name)
    count = len(things.nodes)
    return trn("Move {count} layer", "Move {count} layers", count).format(count=count)


def clone(document: Document, things: Things, offset: Position) -> Things:
    """Copies of things and of the wires among them; their ids. ValueError for too many."""
    part = part_of(document.project, things)
    copied, copies = paste_part(document.project, part, offset)
    nodes = part.graph.nodes
    if nodes:
        label = trn("Duplicate layer", "Duplicate {count} layers", len(nodes))
    else:
        label = tr("Duplicate frame") if part.frames else tr("Duplicate note")
    document.apply(label.format(count=len(nodes)), copied)
    return copies


def removed(project: Project, things: Things) -> Project:
    """The project without the frames and notes; what the frames hold stays."""
    return remarks.remove(project, things.frames, things.notes)


def remove_label(things: Things) -> str:
    """What it is called to delete frames and notes, and nothing else."""
    if things.frames:
        count = len(things.frames)
        return trn("Delete frame", "Delete {count} frames", count).format(count=count)
    count = len(things.notes)
    return trn("Delete note", "Delete {count} notes", count).format(count=count)
