"""Values brought into the one form that is saved: positions within reach, tuples as lists."""

import math
from collections.abc import Iterable
from operator import is_
from typing import TypeVar

from msgspec.structs import replace

from kgui.graph.project import Frame, Inside, Node, Note, OptionValue, Project

FARTHEST = 1e6
"""Scene units; beyond it a canvas can neither show nor scroll to anything."""

Position = tuple[float, float]
Placed = TypeVar("Placed", Node, Frame, Note)


def within_reach(position: Iterable[float]) -> tuple[float, ...]:
    """The numbers held within ±1e6; what is not a number becomes 0."""
    return tuple(
        0.0 if math.isnan(number) else max(-FARTHEST, min(FARTHEST, float(number)))
        for number in position
    )


def settled_position(position: Position) -> Position:
    """The position held within ±1e6."""
    x, y = within_reach(position)
    return x, y


def plain(value: object) -> OptionValue:
    """The value with lists instead of tuples, as a file gives it back."""
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value  # type: ignore[return-value] # rules.why_not_value judges it


def settled(project: Project) -> Project:
    """The project with every position within reach; the same object if they are."""
    graph = project.graph
    nodes, notes = _held(graph.nodes, "position"), _held(project.notes, "position")
    frames = _held(project.frames, "rectangle")
    if nodes is graph.nodes and notes is project.notes and frames is project.frames:
        return project
    graph = replace(graph, nodes=nodes)
    return replace(project, graph=graph, notes=notes, frames=frames)


def _held(values: tuple[Placed, ...], field: str) -> tuple[Placed, ...]:
    held = tuple(_held_one(value, field) for value in values)
    return values if all(map(is_, held, values)) else held


def _held_one(value: Placed, field: str) -> Placed:
    numbers = getattr(value, field)
    within = within_reach(numbers)
    held = value if within == numbers else replace(value, **{field: within})
    inside = getattr(held, "inside", None)
    if inside is None:
        return held
    settled_inside = _held_inside(inside)
    return held if settled_inside is inside else replace(held, inside=settled_inside)


def _held_inside(inside: Inside) -> Inside:
    nodes, notes = _held(inside.nodes, "position"), _held(inside.notes, "position")
    frames = _held(inside.frames, "rectangle")
    if nodes is inside.nodes and notes is inside.notes and frames is inside.frames:
        return inside
    return replace(inside, nodes=nodes, notes=notes, frames=frames)
