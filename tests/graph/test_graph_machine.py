"""Whatever is done to a document, it stays sound, comes back from its file, and can be undone."""

import string
from collections.abc import Iterable, Sequence
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kgui.graph import (
    Frame,
    Graph,
    History,
    Node,
    Note,
    Project,
    Wire,
    arrange,
    arranging,
    difference,
    edits,
    framing,
    from_json,
    remarks,
    to_json,
)
from kgui.graph.bypass import active, set_bypassed
from kgui.graph.collapsing import set_collapsed
from kgui.graph.paths import in_order
from kgui.graph.rewiring import heal, insert
from kgui.graph.rules import faults
from kgui.graph.sharing import detached

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


def shifted(rectangle: Sequence[float], x: float) -> tuple[float, float]:
    """The upper left corner, a little aside."""
    return rectangle[0] + x, rectangle[1] - x


def follow(
    shown: dict[str, Any],
    removed: Iterable[Any],
    added: Iterable[Any],
    changed: Iterable[tuple[Any, Any]],
) -> None:
    """A view of frames or notes that knows the differences only."""
    for gone in removed:
        del shown[gone.id]
    for old, new in changed:
        assert shown[old.id] == old
        shown[new.id] = new
    shown.update({one.id: one for one in added})


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
        self.frames: dict[str, Frame] = {}
        self.notes: dict[str, Note] = {}

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
        nodes = detached(graph, {self.pick(choice) for choice in choices})
        project, ids = edits.paste(self.project, nodes, graph.wires, (20.0, 20.0))
        assert len(set(ids)) == len(nodes)
        self.history.apply("paste", project)

    @rule()
    def arrange(self) -> None:
        """Put all in order; frames go where their content goes."""
        before = self.project
        nodes, notes = self.rectangles()
        held = {one.id: framing.content(before, one.id, nodes, notes) for one in before.frames}
        places = arrange(before)
        after = framing.follow(before, edits.move(before, places), nodes, notes, places.keys())
        self.history.apply("arrange", after)
        nodes, notes = self.rectangles()
        for frame_id, things in held.items():
            assert things.nodes <= framing.content(after, frame_id, nodes, notes).nodes

    def rectangles(self) -> tuple[arranging.Rectangles, arranging.Rectangles]:
        """Nodes and notes as a window shows them."""
        nodes = self.project.graph.nodes
        return (
            {node.id: (*node.position, 190.0, 80.0) for node in nodes},
            {note.id: (*note.position, 120.0, 40.0) for note in self.project.notes},
        )

    @precondition(lambda self: self.project.graph.nodes)
    @rule(edge=st.sampled_from(["left", "right", "top", "bottom", "centre_vertical"]))
    def align(self, edge: arranging.Edge) -> None:
        """All on one line."""
        self.attempt(edits.move, arranging.align(self.rectangles()[0], edge))

    @rule(axis=st.sampled_from(["horizontal", "vertical"]))
    def distribute(self, axis: arranging.Axis) -> None:
        """All with the same gaps."""
        self.attempt(edits.move, arranging.distribute(self.rectangles()[0], axis))

    @rule()
    def straighten(self) -> None:
        """Every wire of a chain runs level."""
        wires = self.project.graph.wires
        places = arranging.straighten(self.rectangles()[0], wires, lambda wire: (40.0, 40.0))
        self.attempt(edits.move, places)

    @precondition(lambda self: self.project.graph.nodes)
    @rule(choice=CHOICE, collapsed=st.booleans())
    def collapse(self, choice: int, collapsed: bool) -> None:
        """Show a node by its title, or in full."""
        self.attempt(set_collapsed, [self.pick(choice)], collapsed=collapsed)

    @rule(choices=st.lists(CHOICE, max_size=3), title=st.text(max_size=4))
    def frame(self, choices: list[int], title: str) -> None:
        """Put a frame around a selection, or an empty one."""
        nodes = self.rectangles()[0]
        chosen = {self.pick(choice) for choice in choices} if nodes else set()
        place = framing.around([nodes[key] for key in chosen]) if chosen else (0, 0, 9, 9)
        self.attempt(remarks.add_frame, remarks.new_frame(self.project, place, title))

    @rule(text=st.text(max_size=4), x=st.floats())
    def note(self, text: str, x: float) -> None:
        """Write a note."""
        self.attempt(remarks.add_note, remarks.new_note(self.project, text, (x, x)))

    @precondition(lambda self: self.project.frames)
    @rule(
        choice=CHOICE,
        numbers=st.tuples(*[st.floats()] * 4),
        title=st.text(max_size=3),
        key=st.sampled_from([None, "size"]),
    )
    def change_frame(
        self, choice: int, numbers: tuple[float, float, float, float], title: str, key: str | None
    ) -> None:
        """Pull a frame larger, or call it something else."""
        frame_id = self.project.frames[choice % len(self.project.frames)].id
        self.attempt(remarks.set_rectangle, frame_id, numbers, merge_key=key)
        self.attempt(remarks.set_title, frame_id, title)
        self.attempt(remarks.set_colour, [frame_id], remarks.COLOURS[choice % 6])

    @precondition(lambda self: self.project.frames)
    @rule(choice=CHOICE, x=st.floats(-1e3, 1e3))
    def drag_frame(self, choice: int, x: float) -> None:
        """A frame takes what it holds with it."""
        frame = self.project.frames[choice % len(self.project.frames)]
        nodes, notes = self.rectangles()
        chosen = framing.Things(frames=frozenset([frame.id]))
        moved = framing.with_content(self.project, chosen, nodes, notes)
        project = edits.move(self.project, {key: shifted(nodes[key], x) for key in moved.nodes})
        places = {one.id: one.rectangle for one in project.frames if one.id in moved.frames}
        project = remarks.move(
            project,
            {key: shifted(place, x) for key, place in places.items()},
            {key: shifted(notes[key], x) for key in moved.notes},
        )
        self.history.apply("drag", project, "drag frame")

    @precondition(lambda self: self.project.notes)
    @rule(choice=CHOICE, text=st.text(max_size=4))
    def write(self, choice: int, text: str) -> None:
        """Write something else on a note."""
        self.attempt(
            remarks.set_text, self.project.notes[choice % len(self.project.notes)].id, text
        )

    @precondition(lambda self: len(self.project.frames) + len(self.project.notes) < 20)
    @rule()
    def paste_remarks(self) -> None:
        """Copies of all frames and notes."""
        project, frames, notes = remarks.paste(
            self.project, self.project.frames, self.project.notes, (20.0, 20.0)
        )
        assert len({*frames, *notes}) == len(self.project.frames) + len(self.project.notes)
        self.history.apply("paste", project)

    @rule(choice=CHOICE)
    def remove_remarks(self, choice: int) -> None:
        """Delete frames and notes; what is in them stays."""
        frames = {frame.id for frame in self.project.frames[: choice % 3]}
        notes = {note.id for note in self.project.notes[: choice % 2]}
        self.attempt(remarks.remove, frames, notes)

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
        follow(self.frames, change.frames_removed, change.frames_added, change.frames_changed)
        follow(self.notes, change.notes_removed, change.notes_added, change.notes_changed)
        assert self.frames == {frame.id: frame for frame in self.project.frames}
        assert self.notes == {note.id: note for note in self.project.notes}
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
