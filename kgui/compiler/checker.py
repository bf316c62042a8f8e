"""From a drawing to shapes, parameter counts and issues; the rules are the engine's own."""

from collections.abc import Iterator, Mapping, Sequence

from kgui.compiler.data_fit import data_issues
from kgui.compiler.drawing import Drawing
from kgui.compiler.flattening import (
    blocks_around,
    drawn_issues,
    drawn_parameters,
    drawn_shapes,
    too_large,
)
from kgui.compiler.issues import Issue, Report, Shape
from kgui.compiler.levels import level_issues
from kgui.compiler.masks import lost_masks
from kgui.compiler.memory import memory_issue, memory_need
from kgui.compiler.objective import takes_momentum, unknown_names
from kgui.compiler.walk import Walk
from kgui.data.values import Summary
from kgui.graph.bypass import passed_origins
from kgui.graph.expansion import Expansion, expand
from kgui.graph.project import Graph, Project, TrainingSettings
from kgui.language import tr

MOST_ROWS = 4096
"""Rows that a batch is taken to have at the most, as long as the data are not known."""


def check(
    project: Project, summary: Summary | None = None, *, free_memory: int | None = None
) -> Report:
    """What is known of every node, and all that is wrong with the drawing.

    With a summary the drawing is held against the data as well. `free_memory` is in bytes;
    the machine is asked where it is not given.
    """
    flat = expand(project.graph)
    drawing = Drawing(flat.graph, flat.no_outputs)
    walk = Walk(drawing, flat.starved)
    issues = [*_document_issues(drawing), *_setting_issues(project.training), *walk.issues]
    issues += [*_unused_inputs(drawing), *lost_masks(drawing)]
    if summary is not None:
        issues += data_issues(drawing, walk.shapes, project.training, summary)
    batch = project.training.batch_size
    rows = min(batch, MOST_ROWS if summary is None else summary.rows)
    need = memory_need(walk.shapes, walk.parameters, rows)
    shortage = memory_issue(need, free_memory)
    if shortage is not None:
        issues.append(shortage)
    shapes = {**walk.shapes, **_passed_shapes(flat.graph, walk.shapes)}
    found = [*too_large(flat), *level_issues(project.graph), *drawn_issues(flat, drawing, issues)]
    ordered = _sorted([*drawing.order, *drawing.nodes], flat, found)
    return Report(
        drawn_shapes(flat, shapes),
        drawn_parameters(flat, walk.parameters),
        tuple(ordered),
        blocks_around(project.graph),
    )


def _passed_shapes(
    graph: Graph, shapes: Mapping[str, tuple[Shape, ...]]
) -> dict[str, tuple[Shape, ...]]:
    """Bypassed node -> the shape that goes past it, where that is known."""
    found: dict[str, tuple[Shape, ...]] = {}
    for node_id, (source, port) in passed_origins(graph).items():
        if port < len(shapes.get(source, ())):
            found[node_id] = (shapes[source][port],)
    return found


def _document_issues(drawing: Drawing) -> Iterator[Issue]:
    if not drawing.nodes:
        yield Issue(None, "error", tr("The drawing is empty"), tr("Add an Input and layers"))
    elif not drawing.inputs:
        yield Issue(None, "error", tr("The drawing needs an Input, where the data come in"))


def _setting_issues(training: TrainingSettings) -> Iterator[Issue]:
    unknown = unknown_names(training)
    for message in unknown:
        yield Issue(None, "error", message)
    if not unknown and training.momentum and not takes_momentum(training.optimizer):
        message = tr("The momentum has no effect: the optimizer {name} has none of its own to set")
        yield Issue(None, "warning", message.format(name=training.optimizer))


def _unused_inputs(drawing: Drawing) -> Iterator[Issue]:
    for node in drawing.inputs:
        if node.id not in drawing.sources:
            message, hint = tr("feeds nothing"), tr("Draw a wire from it to a layer")
            yield Issue(node.id, "warning" if drawing.outputs else "error", message, hint)


def _sorted(order: Sequence[str], flat: Expansion, issues: Sequence[Issue]) -> list[Issue]:
    """The document's issues first, then the nodes' in the order that data flow."""
    place: dict[str | None, int] = {None: -1}
    for index, node_id in enumerate(order):
        place.setdefault(node_id, index)
        origin = flat.origins.get(node_id)
        for key in () if origin is None else (*origin.blocks, origin.node_id):
            place.setdefault(key, index)
    return sorted(issues, key=lambda issue: place.get(issue.node_id, len(order)))
