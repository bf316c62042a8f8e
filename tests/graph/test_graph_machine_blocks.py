"""The same person, who also makes blocks, goes into them, and lets nodes share their layers."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from test_graph_machine import CHOICE, Document

from kgui.graph import History, Project, edits
from kgui.graph.blocks import BLOCK, PORTS, all_nodes, put, reachable, within
from kgui.graph.expansion import expand
from kgui.graph.grouping import group, unpack
from kgui.graph.paths import in_order
from kgui.graph.rules import faults
from kgui.graph.sharing import share, share_copies, unshare


class LevelHistory(History):
    """The history of a document of which one level is worked on."""

    blocks: tuple[str, ...] = ()

    @property
    def whole(self) -> Project:
        """The document on all levels."""
        return super().project

    @property
    def project(self) -> Project:
        """The level."""
        self.blocks = reachable(self.whole, self.blocks)
        return within(self.whole, self.blocks)

    def apply(self, label: str, project: Project, merge_key: object = None) -> None:
        """A step of the document."""
        if project is not self.project:
            super().apply(label, put(self.whole, self.blocks, project), merge_key)

    def mark_saved(self) -> None:
        """The document is the one on disk."""
        self._saved = self.whole

    @property
    def is_modified(self) -> bool:
        """Whether any level differs from the file."""
        return self.whole is not self._saved


class BlockDocument(Document):
    """A person at the canvas who has learnt about blocks."""

    @initialize()
    def start(self) -> None:
        """As before, with a history that knows of levels."""
        super().start()
        self.history: LevelHistory = LevelHistory(self.first)

    @precondition(lambda self: self.project.graph.nodes)
    @rule(choices=st.lists(CHOICE, min_size=1, max_size=4))
    def group(self, choices: list[int]) -> None:
        """Make a block of a selection."""
        chosen = {self.pick(choice) for choice in choices}
        self.attempt(_first(group), chosen)

    @rule(kind=st.sampled_from([BLOCK, *PORTS]))
    def add_block_or_port(self, kind: str) -> None:
        """Drop a block or a port, which may have no place here."""
        self.attempt(edits.add_node, edits.new_node(self.project, kind, (0, 0)))

    @precondition(lambda self: self.blocks_here())
    @rule(choice=CHOICE)
    def unpack(self, choice: int) -> None:
        """Take a block apart."""
        blocks = self.blocks_here()
        self.attempt(_first(unpack), blocks[choice % len(blocks)])

    @precondition(lambda self: self.blocks_here())
    @rule(choice=CHOICE, count=st.integers(1, 3))
    def repeat(self, choice: int, count: int) -> None:
        """Let a block stand several times."""
        blocks = self.blocks_here()
        self.attempt(edits.set_option, blocks[choice % len(blocks)], "repeat", count)

    @precondition(lambda self: self.blocks_here())
    @rule(choice=CHOICE)
    def enter(self, choice: int) -> None:
        """Go into a block."""
        blocks = self.blocks_here()
        node = self.project.graph.node(blocks[choice % len(blocks)])
        self.history.blocks = (*self.history.blocks, node.shares or node.id)

    @rule()
    def leave(self) -> None:
        """Go out of it."""
        self.history.blocks = self.history.blocks[:-1]

    @precondition(lambda self: self.project.graph.nodes)
    @rule(choices=st.lists(CHOICE, min_size=1, max_size=3))
    def share(self, choices: list[int]) -> None:
        """Let nodes be one layer."""
        self.attempt(share, list(dict.fromkeys(self.pick(choice) for choice in choices)))

    @precondition(lambda self: self.project.graph.nodes)
    @rule(choices=st.lists(CHOICE, min_size=1, max_size=3))
    def unshare(self, choices: list[int]) -> None:
        """Let them be layers of their own."""
        self.attempt(unshare, [self.pick(choice) for choice in choices])

    @precondition(lambda self: 0 < len(self.project.graph.nodes) < 20)
    @rule(choice=CHOICE)
    def duplicate_shared(self, choice: int) -> None:
        """A copy that uses the same layer."""
        key = self.pick(choice)
        nodes = [node for node in self.project.graph.nodes if node.id == key and not node.shares]
        project, ids = edits.paste(self.project, nodes, (), (9.0, 9.0))
        self.history.apply("share", share_copies(project, [node.id for node in nodes], ids))

    def blocks_here(self) -> list[str]:
        """Ids of the blocks of the level."""
        return [node.id for node in self.project.graph.nodes if node.type == BLOCK]

    @invariant()
    def all_levels_are_sound(self) -> None:
        """No fault anywhere; laid flat, every layer has its place and shares with one that has."""
        whole = self.history.whole
        assert faults(whole) == []
        flat = expand(whole.graph)
        nodes = {node.id: node for node in flat.graph.nodes}
        assert len(nodes) == len(flat.graph.nodes)
        assert len(in_order(list(nodes), flat.graph.wires)) == len(nodes)
        drawn = {node.id for _, node in all_nodes(whole.graph.nodes)}
        for key, origin in flat.origins.items():
            assert key in nodes or flat.graph.node(key)
            assert origin.node_id in drawn
        for node in nodes.values():
            assert not node.shares or not nodes[node.shares].shares

    def teardown(self) -> None:
        """From the outermost level."""
        if hasattr(self, "history"):
            self.history.blocks = ()
        super().teardown()


def _first(edit: Any) -> Any:
    """An edit that gives more than the project."""

    def edited(*arguments: Any) -> Project:
        project: Project = edit(*arguments)[0]
        return project

    return edited


TestBlockDocument = BlockDocument.TestCase
TestBlockDocument.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
