"""What menus and keys do to blocks and shared layers: each is one step of the history."""

from collections.abc import Callable

from PySide6.QtCore import QObject, SignalInstance

from kgui.graph import edits
from kgui.graph.grouping import group, unpack
from kgui.graph.project import Project
from kgui.graph.sharing import detached, share, share_copies, unshare
from kgui.language import tr, trn
from kgui.widgets.canvas import CanvasScene
from kgui.widgets.level import Level

OFFSET = 40.0
"""Scene units between a layer and its copy."""


class BlockCommands(QObject):
    """Works on the selection of one canvas."""

    def __init__(self, level: Level, scene: CanvasScene, refused: SignalInstance) -> None:
        super().__init__(scene)
        self._level, self._scene, self._refused = level, scene, refused

    def group(self) -> None:
        """Make one block of the selected nodes."""
        chosen = self._scene.selected_node_ids()

        def grouped(project: Project) -> tuple[Project, tuple[str, ...]]:
            after, block_id = group(project, chosen)
            return after, (block_id,)

        label = trn("Group {count} layer", "Group {count} layers", len(chosen))
        self._do(label.format(count=len(chosen)), grouped)

    def unpack(self) -> None:
        """Put what the selected block holds in its place."""
        (chosen,) = self._scene.selected_node_ids()
        name = self._level.project.graph.node(chosen).name
        label = tr("Unpack {name}").format(name=name)
        self._do(label, lambda project: unpack(project, chosen))

    def share(self) -> None:
        """Let the selected nodes use the layer of the first."""
        chosen = self._scene.selected_node_ids()
        label = tr("Share weights of {count} layers").format(count=len(chosen))
        self._do(label, lambda project: (share(project, chosen), chosen))

    def unshare(self) -> None:
        """Give the selected nodes layers of their own."""
        chosen = self._scene.selected_node_ids()
        label = trn("Make layer independent", "Make {count} layers independent", len(chosen))
        self._do(
            label.format(count=len(chosen)), lambda project: (unshare(project, chosen), chosen)
        )

    def duplicate_shared(self) -> None:
        """Copy the selected nodes; the copies use the layers of the originals."""
        chosen = self._scene.selected_node_ids()
        graph = self._level.project.graph
        wires = [wire for wire in graph.wires if {wire.source, wire.target} <= set(chosen)]

        def copied(project: Project) -> tuple[Project, tuple[str, ...]]:
            nodes = detached(graph, chosen)
            after, ids = edits.paste(project, nodes, wires, (OFFSET, OFFSET))
            return share_copies(after, [node.id for node in nodes], ids), ids

        label = trn("Duplicate shared layer", "Duplicate {count} shared layers", len(chosen))
        self._do(label.format(count=len(chosen)), copied)

    def _do(self, label: str, edit: Callable[[Project], tuple[Project, tuple[str, ...]]]) -> None:
        try:
            project, ids = edit(self._level.project)
        except ValueError as error:
            self._refused.emit(str(error))
            return
        self._level.apply(label, project)
        self._scene.select(ids)
