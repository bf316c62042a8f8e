"""Drawings made in one line, for tests of everything above the graph."""

from typing import Any

from kgui.graph import Project, Wire, edits
from kgui.graph.project import OptionValue

IRIS = (
    ("Input", {"shape": [4]}),
    ("Dense", {"units": 16, "activation": "relu"}),
    ("Dense", {"units": 3, "activation": "softmax"}),
)
Layer = tuple[str, dict[str, OptionValue]]


def chain(*layers: Layer, source: str = "", target: str = "", **training: Any) -> Project:
    """Layers in a row, named input, dense, dense_1, ..., with data and training settings."""
    project = Project(id="drawn")
    before = None
    for kind, options in layers:
        node = edits.new_node(project, kind, (0.0, 0.0), options)
        project = edits.add_node(project, node)
        if before is not None:
            project = edits.connect(project, Wire(before.id, 0, node.id, 0))
        before = node
    project = edits.set_data(project, source=source, target=target)
    return edits.set_training(project, **training)


def iris(**training: Any) -> Project:
    """A small network for the bundled iris flowers."""
    return chain(*IRIS, source="sample:iris", **training)


def node_id(project: Project, name: str) -> str:
    """Id of the node of that name."""
    return next(node.id for node in project.graph.nodes if node.name == name)
