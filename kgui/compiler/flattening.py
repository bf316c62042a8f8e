"""What was found in a flat graph, told of the drawing that it was laid flat from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kgui.compiler.drawing import Drawing
from kgui.compiler.issues import Issue, Shape
from kgui.graph.blocks import all_nodes
from kgui.graph.expansion import Expansion
from kgui.graph.project import Graph
from kgui.graph.quoting import shortened
from kgui.graph.rules import MOST_NODES
from kgui.language import tr

Shapes = Mapping[str, tuple[Shape, ...]]


def drawn_shapes(flat: Expansion, shapes: Shapes) -> Shapes:
    """Id of a drawn node -> its shapes; a block has those of what comes out of it at the end."""
    if not flat.origins and not flat.ends:
        return shapes
    found: dict[str, tuple[Shape, ...]] = {}
    for key, own in shapes.items():
        origin = flat.origins.get(key)
        if origin is None:
            found[key] = own
        elif not origin.copy_of:
            found[origin.node_id] = own
    for key, (source, port) in flat.ports.items():
        if port < len(shapes.get(source, ())):
            found[key] = (shapes[source][port],)
    for key, ends in flat.ends.items():
        outputs = [shapes[end[0]][end[1]] for end in ends if end is not None and end[0] in shapes]
        if outputs and len(outputs) == len(ends):
            found[key] = tuple(outputs)
    return found


def drawn_parameters(flat: Expansion, parameters: Mapping[str, int]) -> Mapping[str, int]:
    """Id of a drawn node -> its weights; a block has those of all its repetitions."""
    if not flat.origins:
        return parameters
    found: dict[str, int] = {}
    for key, count in parameters.items():
        origin = flat.origins.get(key)
        if origin is None:
            found[key] = count
            continue
        if not origin.copy_of:
            found[origin.node_id] = count
        for block in origin.blocks:
            found[block] = found.get(block, 0) + count
    return found


def drawn_issues(flat: Expansion, drawing: Drawing, issues: Iterable[Issue]) -> Iterator[Issue]:
    """The issues at drawn nodes; those of copies at the block that makes them, once each."""
    later: dict[tuple[str, str], Issue] = {}
    told: set[str] = set()
    for issue in issues:
        origin = flat.origins.get(issue.node_id or "")
        if origin is None:
            yield issue
        elif not origin.copy_of:
            told.add(origin.node_id)
            yield replace(issue, node_id=origin.node_id)
        else:
            message = tr("{name}, in repetition {number}: {message}")
            if origin.repetition == 1:
                message = tr("{name}, as it is used here: {message}")
            name = shortened(drawing.nodes[issue.node_id or ""].name)
            text = message.format(name=name, number=origin.repetition, message=issue.message)
            later.setdefault(
                (origin.node_id, origin.copy_of),
                replace(issue, node_id=origin.copy_of, message=text, option=""),
            )
    yield from (issue for (node_id, _), issue in later.items() if node_id not in told)


def too_large(flat: Expansion) -> Iterator[Issue]:
    """Errors of blocks that would make more layers than there may be."""
    for key, count in flat.too_large.items():
        message = tr("would make {number} layers; at most {most} are possible")
        text = message.format(number=count, most=MOST_NODES)
        yield Issue(key, "error", text, option="repeat")


def blocks_around(graph: Graph) -> Mapping[str, tuple[str, ...]]:
    """Node within blocks -> these, outermost first."""
    return {node.id: path for path, node in all_nodes(graph.nodes) if path}
