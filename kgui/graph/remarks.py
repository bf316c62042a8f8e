"""Edits of frames and notes, which mean nothing to the computation: pure functions, as in `edits`.

An id that is not there is a KeyError, a text or a number too many a ValueError with the reason.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar
from uuid import uuid4

from msgspec.structs import replace

from kgui.graph.arranging import Rectangle
from kgui.graph.project import Frame, Note, Project
from kgui.graph.rules import MOST_REMARKS, why_not_text
from kgui.graph.settling import Position, settled_position, within_reach
from kgui.language import tr

Remark = TypeVar("Remark", Frame, Note)

LEAST_WIDTH, LEAST_HEIGHT = 120.0, 80.0
"""Of a frame: its title and a corner to pull it larger stay within reach."""
COLOURS = ("blue", "orange", "green", "pink", "yellow", "sky")
"""Names that a frame's colour may have; each theme has its own shade of them."""


def new_frame(project: Project, rectangle: Rectangle, title: str) -> Frame:
    """A frame not yet in the project, in the colour that is used least."""
    used = [frame.colour for frame in project.frames]
    colour = min(COLOURS, key=used.count)
    return Frame(_fresh_id(project.frames), title, settled_rectangle(rectangle), colour)


def new_note(project: Project, text: str, position: Position) -> Note:
    """A note not yet in the project."""
    return Note(_fresh_id(project.notes), text, settled_position(position))


def settled_rectangle(rectangle: Iterable[float]) -> Rectangle:
    """The rectangle within reach, and large enough to be taken hold of."""
    x, y, width, height = within_reach(rectangle)
    return x, y, max(width, LEAST_WIDTH), max(height, LEAST_HEIGHT)


def add_frame(project: Project, frame: Frame) -> Project:
    """The project with the frame; its id must be free."""
    return replace(project, frames=_added(project.frames, [frame]))


def add_note(project: Project, note: Note) -> Project:
    """The project with the note; its id must be free."""
    return replace(project, notes=_added(project.notes, [note]))


def set_title(project: Project, frame_id: str, title: str) -> Project:
    """The frame with another title."""
    return _with_frame(project, replace(_frame(project, frame_id), title=title))


def set_colour(project: Project, frame_ids: Iterable[str], colour: str) -> Project:
    """The frames in another colour: one of COLOURS, or "" for grey."""
    for frame_id in frame_ids:
        project = _with_frame(project, replace(_frame(project, frame_id), colour=colour))
    return project


def set_rectangle(project: Project, frame_id: str, rectangle: Rectangle) -> Project:
    """The frame at another place, in another size."""
    frame = replace(_frame(project, frame_id), rectangle=settled_rectangle(rectangle))
    return _with_frame(project, frame)


def set_text(project: Project, note_id: str, text: str) -> Project:
    """The note with another text."""
    _require_ids(project.notes, [note_id])
    _require_texts(text)
    notes = tuple(replace(n, text=text) if n.id == note_id else n for n in project.notes)
    return project if notes == project.notes else replace(project, notes=notes)


def remove(project: Project, frames: Collection[str] = (), notes: Collection[str] = ()) -> Project:
    """Without the frames, whose content stays, and the notes."""
    _require_ids(project.frames, frames)
    _require_ids(project.notes, notes)
    if not frames and not notes:
        return project
    return replace(
        project,
        frames=tuple(frame for frame in project.frames if frame.id not in frames),
        notes=tuple(note for note in project.notes if note.id not in notes),
    )


def move(
    project: Project,
    frames: Mapping[str, Position] | None = None,
    notes: Mapping[str, Position] | None = None,
) -> Project:
    """Frames and notes with their upper left corners elsewhere; what is in a frame stays."""
    corners, places = frames or {}, notes or {}
    _require_ids(project.frames, corners)
    _require_ids(project.notes, places)
    moved_frames = tuple(
        replace(frame, rectangle=(*settled_position(corners[frame.id]), *frame.rectangle[2:]))
        if frame.id in corners
        else frame
        for frame in project.frames
    )
    moved_notes = tuple(
        replace(note, position=settled_position(places[note.id])) if note.id in places else note
        for note in project.notes
    )
    if moved_frames == project.frames and moved_notes == project.notes:
        return project
    return replace(project, frames=moved_frames, notes=moved_notes)


def paste(
    project: Project, frames: Sequence[Frame], notes: Sequence[Note], offset: Position
) -> tuple[Project, tuple[str, ...], tuple[str, ...]]:
    """Copies with fresh ids, moved by the offset; returns the ids of frames and notes as well."""
    new_frames = [
        replace(
            frame,
            id=uuid4().hex[:12],
            rectangle=settled_rectangle((*_sum(frame.rectangle, offset), *frame.rectangle[2:])),
        )
        for frame in frames
    ]
    new_notes = [
        replace(note, id=uuid4().hex[:12], position=settled_position(_sum(note.position, offset)))
        for note in notes
    ]
    pasted = replace(
        project,
        frames=_added(project.frames, new_frames),
        notes=_added(project.notes, new_notes),
    )
    ids = tuple(frame.id for frame in new_frames), tuple(note.id for note in new_notes)
    return pasted if frames or notes else project, *ids


def _sum(place: Sequence[float], offset: Position) -> Position:
    return place[0] + offset[0], place[1] + offset[1]


def _fresh_id(remarks: Sequence[Remark]) -> str:
    taken = {remark.id for remark in remarks}
    while (remark_id := uuid4().hex[:12]) in taken:
        pass
    return remark_id


def _added(remarks: tuple[Remark, ...], new: Sequence[Remark]) -> tuple[Remark, ...]:
    taken = {remark.id for remark in remarks}
    for remark in new:
        if remark.id in taken:
            raise ValueError(tr("The id {id} is taken.").format(id=remark.id))
        _require_texts(*_texts(remark))
    number = len(remarks) + len(new)
    if number > MOST_REMARKS:
        sentence = tr("A project holds at most {most} frames and {most} notes.")
        raise ValueError(sentence.format(most=MOST_REMARKS))
    return remarks + tuple(new)


def _texts(remark: Frame | Note) -> tuple[str, ...]:
    return (remark.title, remark.colour) if isinstance(remark, Frame) else (remark.text,)


def _frame(project: Project, frame_id: str) -> Frame:
    _require_ids(project.frames, [frame_id])
    return next(frame for frame in project.frames if frame.id == frame_id)


def _with_frame(project: Project, changed: Frame) -> Project:
    _require_texts(changed.title, changed.colour)
    frames = tuple(changed if frame.id == changed.id else frame for frame in project.frames)
    return project if frames == project.frames else replace(project, frames=frames)


def _require_ids(remarks: Sequence[Remark], ids: Iterable[str]) -> None:
    known = {remark.id for remark in remarks}
    for remark_id in ids:
        if remark_id not in known:
            raise KeyError(remark_id)


def _require_texts(*texts: str) -> None:
    reason = next(filter(None, map(why_not_text, texts)), "")
    if reason:
        raise ValueError(f"{reason[0].upper()}{reason[1:]}.")
