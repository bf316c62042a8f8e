"""Connecting by keys: from a node or a port to a list of what fits, and Enter draws the wire."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, QPointF, QSize, Signal
from PySide6.QtWidgets import QGraphicsView

from kgui.graph import edits
from kgui.language import tr
from kgui.widgets.canvas.geometry import GAP, NODE_WIDTH
from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.canvas.targets import Target, connected, ports_to_start_from, targets
from kgui.widgets.canvas.wiring import PortEnd, Wiring
from kgui.widgets.choice_box import MOST_CHOICES, Choice, ChoiceBox
from kgui.widgets.fuzzy import answers

WIDTH = 440

Seek = Callable[[Wiring, QPointF, QPoint], None]


class Connecting(QObject):
    """Opens beside the node; the last row asks for a new layer instead."""

    refused = Signal(str)
    """There is nothing to connect; the sentence says why."""

    def __init__(self, view: QGraphicsView, scene: CanvasScene, seek: Seek) -> None:
        super().__init__(view)
        self._view, self._scene, self._seek = view, scene, seek
        self._starts: tuple[PortEnd, ...] = ()
        self._all: tuple[Target, ...] = ()
        self._offered: tuple[Target | None, ...] = ()
        self.box = ChoiceBox(view, scene.theme, "connections", tr("Connect"), WIDTH)
        self.box.typed.connect(self._offer)
        self.box.chosen.connect(self._choose)
        self.box.closed.connect(self._forget)
        scene.theme_changed.connect(self.box.dress)
        scene.document.changed.connect(self.box.close_box)

    def open_selected(self) -> None:
        """Offer what the selected node may be wired to."""
        selected = self._scene.selected_node_ids()
        if len(selected) == 1:
            self.open_from(ports_to_start_from(self._scene.node_item(selected[0])))

    def open_from(self, starts: Sequence[PortEnd]) -> None:
        """Offer what wires from these ports of one node may lead to."""
        self.box.close_box()
        if not starts:
            self.refused.emit(tr("This layer has no ports."))
            return
        self._starts = tuple(starts)
        self._all = targets(self._scene, starts)
        self._view.ensureVisible(self._scene.node_item(starts[0].node_id), 40, 40)
        self.box.open_box(self._view, self._place)

    def _offer(self, text: str) -> None:
        scored = [(answers(text, f"{t.text} {t.node.type}"), t) for t in self._all]
        found = [target for score, target in scored if score]
        new: tuple[Target | None, ...] = (None,) if answers(text, _new_layer().text) else ()
        fitting = tuple(target for target in found if target.fits)
        others = tuple(target for target in found if not target.fits)
        self._offered = (*fitting, *new, *others)[:MOST_CHOICES]
        rows = [target.choice if target else _new_layer() for target in self._offered]
        self.box.show_choices(rows)

    def _choose(self, row: int) -> None:
        target, starts, document = self._offered[row], self._starts, self._scene.document
        self.box.close_box()
        if target is None:
            self._seek_layer(starts[0])
            return
        try:
            project = edits.connect(document.project, target.wire)
        except ValueError as error:
            self.refused.emit(str(error))
            return
        document.apply(connected(document.project, target.wire), project)

    def _seek_layer(self, start: PortEnd) -> None:
        """Ask for a new layer at the loose end of a wire, as if it were let go beside the node."""
        document, is_output = self._scene.document, start.side == "output"
        here = self._scene.port_position(start.node_id, start.port, is_output)
        step = GAP + NODE_WIDTH / 2
        place = here + QPointF(step if is_output else -step, 0)
        pixel = self._view.mapFromScene(place)
        wiring = Wiring(document.project, start, document.report)
        self._seek(wiring, place, pixel)

    def _forget(self) -> None:
        self._starts, self._all = (), ()

    def _place(self, size: QSize) -> None:
        """Below the node, inside the view."""
        card = self._scene.node_item(self._starts[0].node_id).card
        room, size = self._view.viewport().rect(), self.box.sizeHint()
        corner = self._view.mapFromScene(card.bottomLeft()) + QPoint(0, 8)
        x = max(4, min(corner.x(), room.width() - self.box.width() - 4))
        y = max(4, min(corner.y(), room.height() - size.height() - 4))
        self.box.move(x, y)


def _new_layer() -> Choice:
    return Choice(tr("to a new layer…"), tip=tr("Search for a layer that fits, and wire it."))
