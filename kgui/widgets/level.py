"""The level of the document that the canvas shows: the drawing itself, or the inside of a block."""

from PySide6.QtCore import Signal

from kgui.compiler.issues import Report
from kgui.graph.blocks import Path, path_to, put, reachable, within
from kgui.graph.history import History
from kgui.graph.project import Project
from kgui.language import tr
from kgui.widgets.document import Document


class Level(Document):
    """A document to whoever draws: its nodes are those of one level, its steps the document's."""

    moved = Signal()
    """Another level is shown."""

    def __init__(self, document: Document) -> None:
        super().__init__(document.project, self._known, document)
        self._document = document
        self._seen = (document.project, self.blocks, document.project)
        self._shown = self.project
        document.changed.connect(self._follow)
        document.report_changed.connect(self.report_changed)
        document.history_changed.connect(self.history_changed)

    @property
    def history(self) -> History:
        """The document's steps."""
        return self._document.history

    @property
    def project(self) -> Project:
        """The level as a project of its own, with the document's settings."""
        document, blocks, level = self._seen
        if document is not self._document.project or blocks != self.blocks:
            document, blocks = self._document.project, self.blocks
            level = within(document, reachable(document, blocks))
            self._seen = (document, blocks, level)
        return level

    @property
    def report(self) -> Report:
        """What is known of the whole document."""
        return self._document.report

    def apply(self, label: str, project: Project, merge_key: str | None = None) -> None:
        """Take a new value of the level as one step of the document."""
        whole = put(self._document.project, self.blocks, project)
        self._document.apply(label, whole, merge_key)

    def undo(self) -> None:
        """Go one step back in the document."""
        self._document.undo()

    def redo(self) -> None:
        """Go one step forward again in the document."""
        self._document.redo()

    def enter(self, node_id: str) -> None:
        """Show what a block holds; one that shares another's layers shows those."""
        node = self.project.graph.node(node_id)
        self.go((*self.blocks, node.shares or node.id))

    def leave(self) -> None:
        """Show the level that the block is on."""
        self.go(self.blocks[:-1])

    def go(self, blocks: Path) -> None:
        """Show the level at a path, or the nearest one there is on the way to it."""
        blocks = reachable(self._document.project, blocks)
        if blocks != self.blocks:
            self.blocks = blocks
            self._announce_level()
            self.moved.emit()

    def go_to_node(self, node_id: str) -> None:
        """Show the level that a node is on."""
        path = path_to(self._document.project, node_id)
        if path is not None:
            self.go(path)

    def crumbs(self) -> list[tuple[str, Path]]:
        """The names of the levels on the way to this one, and their paths."""
        found: list[tuple[str, Path]] = [(tr("Drawing"), ())]
        for depth in range(len(self.blocks)):
            outer = within(self._document.project, self.blocks[:depth])
            name = outer.graph.node(self.blocks[depth]).name
            found.append((name, self.blocks[: depth + 1]))
        return found

    def _known(self, project: Project) -> Report:
        return self._document.report

    def _follow(self, before: Project, after: Project) -> None:
        there = () if before.id != after.id else reachable(after, self.blocks)
        is_gone, self.blocks = there != self.blocks, there
        self._announce_level()
        if is_gone:
            self.moved.emit()

    def _announce_level(self) -> None:
        before, self._shown = self._shown, self.project
        self.changed.emit(before, self._shown)
