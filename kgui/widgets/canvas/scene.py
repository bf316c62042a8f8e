"""The drawing on screen: follows the document and the report, and holds the selection."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from kgui.compiler.block_types import offered_types
from kgui.compiler.issues import Report
from kgui.compiler.node_types import NodeType
from kgui.graph.diff import difference
from kgui.graph.framing import Things
from kgui.graph.project import Project, Wire
from kgui.widgets.canvas.items import SceneItems, Snapshot
from kgui.widgets.canvas.looks import facts_by_node
from kgui.widgets.canvas.node_item import NodeItem
from kgui.widgets.canvas.remarks.shown import RemarkItems
from kgui.widgets.canvas.snapping import Snapping
from kgui.widgets.canvas.wire_item import WireItem
from kgui.widgets.canvas.wiring import Wiring
from kgui.widgets.document import Document
from kgui.widgets.theme import Theme

HALF = 100_000.0
"""The scene's half width; nodes farther out are shown when the view fits."""
NOTHING = Things()


class CanvasScene(QGraphicsScene):
    """Nodes and wires of a document; positions are scene units, top left corners of cards."""

    selection_changed = Signal()
    patched = Signal()
    """The scene has followed a change of the document."""
    theme_changed = Signal(object)
    """The new Theme."""
    _flush_wanted = Signal()

    def __init__(
        self, document: Document, node_types: Mapping[str, NodeType], theme: Theme
    ) -> None:
        super().__init__(-HALF, -HALF, 2 * HALF, 2 * HALF, document)
        self.document = document
        self.node_types = node_types
        self.theme = theme
        self._selecting = False
        self._wires: set[Wire] = set()
        # Queued: wires are laid once a frame, however many nodes move, and before it is painted
        # (a timer of 0 ms would come after the painting).
        self._flush_wanted.connect(self.flush, Qt.ConnectionType.QueuedConnection)
        self.items_shown = SceneItems(self, node_types, theme, self._flush_wanted.emit)
        self.remarks = RemarkItems(self, theme)
        self.snapping = Snapping(self)
        self.selectionChanged.connect(self._announce_selection)
        document.changed.connect(self._follow)
        document.report_changed.connect(self._show_report)
        self._follow(Project(), document.project)
        self._show_report(document.report)
        self.flush()

    @property
    def offered_types(self) -> Mapping[str, NodeType]:
        """The types that have a place on the level shown."""
        return offered_types(self.node_types, inside=bool(self.document.blocks))

    def set_theme(self, theme: Theme) -> None:
        """Show everything in another theme."""
        self.theme = theme
        self.items_shown.dress(theme)
        self.remarks.dress(theme)
        self.theme_changed.emit(theme)
        self.update()

    def flush(self) -> None:
        """Lay wires whose ends have moved; happens by itself before the next frame."""
        self.items_shown.flush()

    def node_ids(self) -> tuple[str, ...]:
        """Ids of all nodes shown."""
        return tuple(self.items_shown.nodes)

    def node_item(self, node_id: str) -> NodeItem:
        """The item of a node; KeyError if there is none."""
        return self.items_shown.nodes[node_id]

    def wire_item(self, wire: Wire) -> WireItem:
        """The item of a wire; KeyError if there is none."""
        return self.items_shown.wires[wire]

    def port_position(self, node_id: str, port: int, is_output: bool) -> QPointF:
        """Centre of a port, in scene coordinates."""
        return self.node_item(node_id).port_position(port, is_output=is_output)

    def place(self, node_id: str, position: QPointF) -> None:
        """Put a node somewhere while it is dragged; the document does not hear of it."""
        self.items_shown.place(node_id, position)

    def snapshot(self) -> Snapshot:
        """All that is shown, as a value."""
        return replace(self.items_shown.snapshot(), remarks=self.remarks.snapshot())

    def selected_node_ids(self) -> tuple[str, ...]:
        """Ids of the selected nodes, in the order of the document."""
        chosen = {item.node_id for item in self.selectedItems() if isinstance(item, NodeItem)}
        nodes = self.document.project.graph.nodes if chosen else ()
        return tuple(node.id for node in nodes if node.id in chosen)

    def chosen(self) -> Things:
        """The selected nodes, frames and notes."""
        return replace(self.remarks.selected(), nodes=frozenset(self.selected_node_ids()))

    def selected_wires(self) -> tuple[Wire, ...]:
        """The selected wires."""
        return tuple(wire for wire in self.items_shown.wires if wire in self._wires)

    def select(
        self, node_ids: Iterable[str], wires: Iterable[Wire] = (), remarks: Things = NOTHING
    ) -> None:
        """Select exactly these; what is not shown is passed over."""
        nodes = self.items_shown.nodes
        wanted: set[QGraphicsItem] = {nodes[key] for key in node_ids if key in nodes}
        wanted.update(self.remarks.items(remarks))
        self._selecting = True
        for item in self.selectedItems():
            item.setSelected(item in wanted)
        for chosen in wanted:
            chosen.setSelected(True)
        self._selecting = False
        lines = set(wires) & self.items_shown.wires.keys()
        for wire in lines ^ self._wires:
            self.items_shown.wires[wire].mark_selected(selected=wire in lines)
        self._wires = lines
        self._announce_selection()

    def select_all(self) -> None:
        """Select every node, frame and note."""
        remarks = self.remarks
        every = Things(frames=frozenset(remarks.frames), notes=frozenset(remarks.notes))
        self.select(self.node_ids(), (), every)

    def show_wiring(self, wiring: Wiring | None) -> None:
        """Light up the ports that would take the wire being drawn; None ends that."""
        for item in self.items_shown.nodes.values():
            item.wiring = wiring
        self.update()

    def show_labels(self, visible: bool) -> None:
        """Show or hide the shapes on all wires."""
        self.items_shown.labels.setVisible(visible)

    def _follow(self, before: Project, after: Project) -> None:
        selected = len(self.selectedItems()) + len(self._wires)
        self._selecting = True
        change = difference(before, after)
        self.items_shown.patch(change)
        self.remarks.patch(change)
        self._selecting = False
        self._wires &= self.items_shown.wires.keys()
        if len(self.selectedItems()) + len(self._wires) != selected:
            self._announce_selection()
        self.patched.emit()

    def _show_report(self, report: Report) -> None:
        self.items_shown.show_facts(facts_by_node(report))

    def _announce_selection(self) -> None:
        if not self._selecting:
            self.selection_changed.emit()
