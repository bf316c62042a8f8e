"""Whatever is done to a document, it stays sound, comes back from its file, and can be undone."""

import string
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kgui.graph import (
    Graph,
    History,
    Node,
    Project,
    Wire,
    arrange,
    difference,
    edits,
    from_json,
    to_json,
)
from kgui.graph.bypass import active, set_bypassed
from kgui.graph.paths import in_order
from kgui.graph.rewiring import heal, insert
from kgui.graph.rules import faults

CHOICE = st.integers(0, 10_000)
PORT = st.sampled_from([0, 0, 0, 0, 1, 1, 2, -1, 1_001])
VALUE: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-9, 9),
    st.floats(),
    st.text(),
    st.lists(st.integers(0, 9), max_size=3),
)
TYPE = st.sampled_from(["Dense", "ReLU", "Concatenate", "Conv2D"])


class Document(RuleBasedStateMachine):
    """A person at the canvas, who also types nonsense."""

    @initialize()
    def start(self) -> None:
        """An empty document and a view of it that only ever patches itself."""
        self.first = Project(id="first")
        self.history = History(self.first)
        self.seen = self.first
        self.nodes: dict[str, Node] = {}
        self.wires: set[Wire] = set()

    @property
    def project(self) -> Project:
        """The document as it is now."""
        return self.history.project

    def pick(self, choice: int) -> str:
        """The id of one of the nodes."""
        return self.project.graph.nodes[choice % len(self.project.graph.nodes)].id

    def attempt(self, edit: Any, *arguments: Any, merge_key: object = None, **named: Any) -> None:
        """An edit as a window does it: what is refused says why and changes nothing."""
        try:
            project = edit(self.project, *arguments, **named)
        except ValueError as refusal:
            assert str(refusal).endswith(".")
        else:
            self.history.apply(edit.__name__, project, merge_key)

    @rule(kind=TYPE, x=st.floats(), y=st.floats())
    def add(self, kind: str, x: float, y: float) -> None:
        """Drop a node on the canvas."""
        self.attempt(edits.add_node, edits.new_node(self.project, kind, (x, y)))

    @precondition(lambda self: self.project.graph.nodes)
    @rule(a=CHOICE, b=CHOICE, ports=st.tuples(PORT, PORT))
    def connect(self, a: int, b: int, ports: tuple[int, int]) -> None:
        """Draw a wire, allowed or not."""
        wire = Wire(self.pick(a), ports[0], self.pick(b), ports[1])
        allowed = not edits.why_not_connect(self.project, wire)
        self.attempt(edits.connect, wire)
        assert (wire in self.project.graph.wires) == allowed

    @precondition(lambda self: self.project.graph.wires)
    @rule(choice=CHOICE)
    def disconnect(self, choice: int) -> None:
        """Cut a wire."""
        wires = self.project.graph.wires
        self.attempt(edits.disconnect, wires[choice % len(wires)])

    @precondition(lambda self: self.project.graph.nodes)
    @rule(choice=CHOICE, x=st.floats(-1e9, 1e9), key=st.sampled_from([None, "drag"]))
    def move(self, choice: int, x: float, key: str | None) -> None:
        """Drag a node."""
        self.attempt(edits.move, {self.pick(choice): (x, -x)}, merge_key=key)

    @precondition(lambda self: self.project.graph.nodes)
    @rule(choice=CHOICE, option=st.sampled_from(["units", "rate", "", "a b"]), value=VALUE)
    def set_option(self, choice: int, option: str, value: Any) -> None:
        """Type into the inspector."""
        self.attempt(edits.set_option, self.pick(choice), option, value)

    @precondition(lambda self: self.project.graph.nodes)
    @rule(choice=CHOICE, option=st.sampled_from(["units", "rate"]))
    def reset_option(self, choice: int, option: str) -> None:
        """Take a default."""
        self.attempt(edits.reset_option, self.pick(choice), option)

    @precondition(lambda self: self.project.graph.nodes)
    @rule(choice=CHOICE, name=st.text(string.ascii_letters + "1_ ", max_size=3))
    def rename(self, choice: int, name: str) -> None:
        """Type a name."""
        self.attempt(edits.rename, self.pick(choice), name)

    @precondition(lambda self: self.project.graph.nodes)
    @rule(choices=st.lists(CHOICE, max_size=3))
    def remove(self, choices: list[int]) -> None:
        """Delete a selection."""
        self.attempt(edits.remove, {self.pick(choice) for choice in choices})

    @precondition(lambda self: self.project.graph.nodes)
    @rule(choices=st.lists(CHOICE, max_size=3))
    def heal(self, choices: list[int]) -> None:
        """Delete a selection and close the gap."""
        self.attempt(heal, {self.pick(choice) for choice in choices})

    @precondition(lambda self: self.project.graph.wires)
    @rule(choice=CHOICE, wire=CHOICE)
    def insert(self, choice: int, wire: int) -> None:
        """Drop a node on a wire."""
        wires = self.project.graph.wires
        self.attempt(insert, self.pick(choice), wires[wire % len(wires)])

    @precondition(lambda self: self.project.graph.nodes)
    @rule(choice=CHOICE, bypassed=st.booleans())
    def bypass(self, choice: int, bypassed: bool) -> None:
        """Take a node out, or back in."""
        self.attempt(set_bypassed, [self.pick(choice)], bypassed=bypassed)

    @precondition(lambda self: 0 < len(self.project.graph.nodes) < 30)
    @rule(choices=st.lists(CHOICE, max_size=4))
    def paste(self, choices: list[int]) -> None:
        """Duplicate a selection."""
        graph = self.project.graph
        nodes = [graph.node(i) for i in {self.pick(choice): None for choice in choices}]
        project, ids = edits.paste(self.project, nodes, graph.wires, (20.0, 20.0))
        assert len(set(ids)) == len(nodes)
        self.history.apply("paste", project)

    @rule()
    def arrange(self) -> None:
        """Put all in order."""
        self.attempt(edits.move, arrange(self.project))

    @rule(validation=st.floats(-0.5, 1.5), source=st.text(max_size=5))
    def choose_data(self, validation: float, source: str) -> None:
        """Choose data."""
        self.attempt(edits.set_data, validation=validation, source=source)

    @rule(epochs=st.integers(-1, 3), rate=st.none() | st.floats())
    def choose_training(self, epochs: int, rate: float | None) -> None:
        """Choose how to train."""
        self.attempt(edits.set_training, epochs=epochs, learning_rate=rate)

    @rule()
    def undo(self) -> None:
        """Step back."""
        self.history.undo()

    @rule()
    def redo(self) -> None:
        """Undo the undoing."""
        self.history.redo()

    @rule()
    def save_and_load(self) -> None:
        """Through the file and back, as a step of its own."""
        reopened = from_json(to_json(self.project), "x.kgui")
        assert reopened == self.project
        assert difference(self.project, reopened).nodes_changed == ()
        self.history.mark_saved()
        assert not self.history.is_modified

    @invariant()
    def document_is_sound(self) -> None:
        """No fault, no circle, the same bytes again."""
        assert faults(self.project) == []
        ids = [node.id for node in self.project.graph.nodes]
        assert len(in_order(ids, self.project.graph.wires)) == len(ids)
        computed = active(self.project.graph)
        assert faults(Project(graph=computed)) == []
        assert not any(node.bypassed for node in computed.nodes)
        data = to_json(self.project)
        reopened = from_json(data, "x.kgui")
        assert reopened == self.project
        assert to_json(reopened) == data

    @invariant()
    def patched_view_equals_a_fresh_one(self) -> None:
        """A view that knows the differences only."""
        change = difference(self.seen, self.project)
        for node in change.nodes_removed:
            del self.nodes[node.id]
        self.nodes.update({node.id: node for node in change.nodes_added})
        for old, new in change.nodes_changed:
            assert self.nodes[old.id] == old
            self.nodes[new.id] = new
        self.wires = self.wires.difference(change.wires_removed).union(change.wires_added)
        graph: Graph = self.project.graph
        for node in graph.nodes:
            assert self.nodes[node.id] == node
            for option, value in node.options.items():
                assert repr(self.nodes[node.id].options[option]) == repr(value)
        assert len(self.nodes) == len(graph.nodes)
        assert self.wires == set(graph.wires)
        self.seen = self.project

    def teardown(self) -> None:
        """All the way back, and forth again."""
        if not hasattr(self, "history"):
            return
        last = self.project
        steps = 0
        while self.history.can_undo:
            self.history.undo()
            steps += 1
        assert self.project is self.first
        for _ in range(steps):
            self.history.redo()
        assert self.project is last


TestDocument = Document.TestCase
TestDocument.settings = settings(
    max_examples=150,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
