"""Node types, projects and a check for tests of the canvas, independent of the catalogue."""

from collections.abc import Mapping

from kgui.compiler.issues import Issue, Report, Shape
from kgui.compiler.node_types import NodeType, Option
from kgui.graph import edits
from kgui.graph.project import OptionValue, Project, Wire


def _option(name: str, kind: str, default: OptionValue, required: bool = False) -> Option:
    return Option(name, kind, default, name, required=required)  # type: ignore[arg-type]  # str is the kind


NODE_TYPES: Mapping[str, NodeType] = {
    node_type.name: node_type
    for node_type in (
        NodeType(
            "Input",
            "Core",
            "Where the rows come in.",
            (_option("shape", "shape", [784], required=True),),
            0,
        ),
        NodeType(
            "Dense",
            "Core",
            "Every input reaches every unit: activation(x · kernel + bias) <b>.",
            (
                _option("units", "integer", 32, required=True),
                _option("activation", "choice", None),
            ),
            1,
        ),
        NodeType(
            "Activation",
            "Activations",
            "Applies a function to every number.",
            (_option("activation", "choice", "relu", required=True),),
            1,
        ),
        NodeType("Flatten", "Reshaping", "Makes one long row of each sample.", (), 1),
        NodeType(
            "Dropout",
            "Regularization",
            "Sets numbers to 0 at random while training.",
            (_option("rate", "number", 0.5, required=True),),
            1,
        ),
        NodeType(
            "SpatialDropout1D",
            "Regularization",
            "Drops whole channels.",
            (_option("rate", "number", 0.5, required=True),),
            1,
        ),
        NodeType(
            "Rescaling",
            "Preprocessing",
            "Multiplies and shifts.",
            (_option("scale", "number", 1 / 255, required=True),),
            1,
        ),
        NodeType("Add", "Merging", "Adds tensors of one shape.", (), 2, growing=True),
        NodeType(
            "Concatenate",
            "Merging",
            "Joins tensors along an axis.",
            (_option("axis", "integer", -1),),
            2,
            growing=True,
        ),
    )
}


def project_of(
    *nodes: tuple[str, float, float, dict[str, OptionValue]],
    wires: tuple[tuple[int, int, int], ...] = (),
) -> Project:
    """A project of nodes (type, x, y, options) and wires (source, target, target port)."""
    project = Project()
    for type_name, x, y, options in nodes:
        project = edits.add_node(project, edits.new_node(project, type_name, (x, y), options))
    ids = [node.id for node in project.graph.nodes]
    for source, target, port in wires:
        project = edits.connect(project, Wire(ids[source], 0, ids[target], port))
    return project


def chain() -> Project:
    """Input, Flatten and two Dense, wired; as an MNIST classifier."""
    return project_of(
        ("Input", 0, 0, {"shape": [28, 28]}),
        ("Flatten", 280, 0, {}),
        ("Dense", 560, 0, {"units": 512, "activation": "relu"}),
        ("Dense", 840, 0, {"units": 10, "activation": "softmax"}),
        wires=((0, 1, 0), (1, 2, 0), (2, 3, 0)),
    )


def check(project: Project) -> Report:
    """Shapes as far as a few rules know them; a Dense on pictures is an error."""
    sources = {wire.target: wire.source for wire in project.graph.wires}
    shapes: dict[str, tuple[Shape, ...]] = {}
    parameters: dict[str, int] = {}
    issues: list[Issue] = []
    for node in _sources_first(project):
        before = shapes.get(sources.get(node.id, ""), ((),))[0]
        if node.type == "Input":
            size = node.options.get("shape", [784])
            assert isinstance(size, list)
            shapes[node.id] = ((None, *(part for part in size if isinstance(part, int))),)
        elif not before:
            if node.id not in sources:
                issues.append(Issue(node.id, "error", f"{node.name} <has> no input."))
        elif node.type == "Flatten":
            width = 1
            for part in before[1:]:
                width *= part or 1
            shapes[node.id] = ((None, width),)
        elif node.type == "Dense":
            if len(before) > 2:
                text = f"{node.name} expects 2-D input, got {before}."
                issues.append(Issue(node.id, "error", text, "Insert a Flatten."))
                continue
            units = node.options.get("units", 32)
            assert isinstance(units, int)
            shapes[node.id] = ((None, units),)
            parameters[node.id] = ((before[1] or 0) + 1) * units
        else:
            shapes[node.id] = (before,)
    return Report(shapes, parameters, tuple(issues))


def _sources_first(project: Project) -> list[object]:
    done: list[object] = []
    seen: set[str] = set()
    waiting = list(project.graph.nodes)
    while waiting:
        ready = [
            node
            for node in waiting
            if all(w.source in seen for w in project.graph.wires if w.target == node.id)
        ]
        done += ready
        seen |= {node.id for node in ready}
        waiting = [node for node in waiting if node.id not in seen]
    return done
