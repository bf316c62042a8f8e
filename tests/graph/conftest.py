"""Drawings that several tests use."""

import pytest

from kgui.graph import Graph, Node, Project, Wire, edits


@pytest.fixture
def drawing() -> Project:
    """Input -> Flatten -> Dense -> Dense, with ids n0 to n3 and settings off their defaults."""
    nodes = (
        Node("n0", "Input", "input", {"shape": [28, 28]}, (0.0, 0.0)),
        Node("n1", "Flatten", "flatten", {}, (220.0, 0.0)),
        Node("n2", "Dense", "dense", {"activation": "relu", "units": 64}, (440.0, 0.0)),
        Node("n3", "Dense", "dense_1", {"units": 10}, (660.0, 0.5)),
    )
    wires = tuple(Wire(f"n{i}", 0, f"n{i + 1}", 0) for i in range(3))
    project = Project(id="p", graph=Graph(nodes, wires))
    return edits.set_training(edits.set_data(project, source="sample:mnist"), epochs=7)


@pytest.fixture(scope="session")
def chain() -> Project:
    """The deepest drawing there may be: 10,000 nodes in a row."""
    nodes = tuple(Node(f"n{i}", "Dense", f"dense_{i}", {"units": 8}) for i in range(10_000))
    wires = tuple(Wire(f"n{i}", 0, f"n{i + 1}", 0) for i in range(9_999))
    return Project(id="chain", graph=Graph(nodes, wires))
