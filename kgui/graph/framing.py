"""What lies in which frame, and frames that follow what lies in them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from kgui.graph import remarks
from kgui.graph.arranging import Rectangle, Rectangles, bounds
from kgui.graph.project import Project
from kgui.graph.settling import Position

TITLE_HEIGHT = 32.0
PADDING = 20.0
"""Left free between a frame and what it was put around."""


@dataclass(frozen=True)
class Things:
    """Ids of nodes, frames and notes."""

    nodes: frozenset[str] = frozenset()
    frames: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.nodes or self.frames or self.notes)


def around(rectangles: Iterable[Rectangle]) -> Rectangle:
    """Where a frame goes that holds these, with room for its title; ValueError for none."""
    x, y, width, height = bounds(rectangles)
    return (
        x - PADDING,
        y - PADDING - TITLE_HEIGHT,
        width + 2 * PADDING,
        height + 2 * PADDING + TITLE_HEIGHT,
    )


def content(project: Project, frame_id: str, nodes: Rectangles, notes: Rectangles) -> Things:
    """What a frame holds: nodes and notes whose middle is in it, frames that are wholly in it."""
    frame = {frame.id: frame.rectangle for frame in project.frames}[frame_id]
    return Things(
        frozenset(key for key, rectangle in nodes.items() if _holds_middle(frame, rectangle)),
        frozenset(
            other.id
            for other in project.frames
            if other.id != frame_id and _holds(frame, other.rectangle) and other.rectangle != frame
        ),
        frozenset(key for key, rectangle in notes.items() if _holds_middle(frame, rectangle)),
    )


def with_content(project: Project, chosen: Things, nodes: Rectangles, notes: Rectangles) -> Things:
    """What was chosen, and all that lies in the frames among it."""
    held = [content(project, frame_id, nodes, notes) for frame_id in chosen.frames]
    return Things(
        chosen.nodes.union(*(one.nodes for one in held)),
        chosen.frames.union(*(one.frames for one in held)),
        chosen.notes.union(*(one.notes for one in held)),
    )


def with_frames_around(
    project: Project, chosen: Things, nodes: Rectangles, notes: Rectangles
) -> Things:
    """What was chosen, and the frames all of whose nodes are among it."""
    frames = set(chosen.frames)
    found = set(chosen.notes)
    for frame in project.frames:
        held = content(project, frame.id, nodes, notes)
        if held.nodes and held.nodes <= chosen.nodes:
            frames.add(frame.id)
            found |= held.notes
    return Things(chosen.nodes, frozenset(frames), frozenset(found))


def follow(
    before: Project, after: Project, nodes: Rectangles, notes: Rectangles, moved: Collection[str]
) -> Project:
    """The frames around what they held, and their notes with them, where nodes of them moved.

    `nodes` and `notes` are the rectangles of before.
    """
    places = {node.id: node.position for node in after.graph.nodes}
    rectangles: dict[str, Rectangle] = {
        key: (*places[key], *rectangle[2:]) for key, rectangle in nodes.items()
    }
    frames: dict[str, Rectangle] = {}
    shifts: dict[str, Position] = {}
    # Small frames first: one that holds others goes around them where they are then.
    for frame in sorted(before.frames, key=lambda one: one.rectangle[2] * one.rectangle[3]):
        held = content(before, frame.id, nodes, notes)
        if held.nodes.isdisjoint(moved):
            continue
        inner = [frames[key] for key in held.frames if key in frames]
        fitted = around([*(rectangles[key] for key in held.nodes), *inner])
        frames[frame.id] = fitted
        step = fitted[0] - frame.rectangle[0], fitted[1] - frame.rectangle[1]
        shifts |= {key: step for key in held.notes if key not in shifts}
    for frame_id, rectangle in frames.items():
        after = remarks.set_rectangle(after, frame_id, rectangle)
    return remarks.move(after, notes=_shifted(before, shifts))


def _shifted(project: Project, shifts: Mapping[str, Position]) -> dict[str, Position]:
    return {
        note.id: (note.position[0] + shifts[note.id][0], note.position[1] + shifts[note.id][1])
        for note in project.notes
        if note.id in shifts
    }


def _holds_middle(frame: Rectangle, rectangle: Rectangle) -> bool:
    x, y = rectangle[0] + rectangle[2] / 2, rectangle[1] + rectangle[3] / 2
    return frame[0] <= x <= frame[0] + frame[2] and frame[1] <= y <= frame[1] + frame[3]


def _holds(outer: Rectangle, inner: Rectangle) -> bool:
    x, y, width, height = inner
    right, bottom = outer[0] + outer[2], outer[1] + outer[3]
    return outer[0] <= x and outer[1] <= y and x + width <= right and y + height <= bottom
