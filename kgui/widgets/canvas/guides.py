"""Lines that light up where a dragged node is level with one nearby, or makes a wire run level."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsLineItem, QGraphicsScene

from kgui.widgets.theme import Theme

PULL_PIXELS = 6.0
"""How near a node must come to be drawn onto a line."""
NEAR = 700.0
"""Scene units along the line; farther off, being level means little."""
OVERHANG = 12.0


@dataclass(frozen=True, order=True)
class Level:
    """Where the upper left corner would be for a line to light up, on one axis."""

    corner: float
    line: float
    start: float
    end: float
    """The line, and where the other node begins and ends along it."""


class Guides:
    """Draws a node onto the lines of others, and shows up to one line of each direction."""

    def __init__(self, scene: QGraphicsScene, theme: Theme) -> None:
        self._scene = scene
        self._columns: Sequence[Level] = ()
        self._rows: Sequence[Level] = ()
        self._lines = (QGraphicsLineItem(), QGraphicsLineItem())
        pen = QPen(theme.accent, 1.0, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        for line in self._lines:
            line.setPen(pen)
            line.setZValue(9)
            line.hide()
            scene.addItem(line)

    def expect(self, grabbed: QRectF, others: Iterable[QRectF], rows: Iterable[Level] = ()) -> None:
        """What the grabbed card may be level with: other cards, and rows of its wires."""
        cards = list(others)
        size = grabbed.size()
        columns = [level for card in cards for level in _columns(card, size.width())]
        every = [level for card in cards for level in _rows(card, size.height())]
        self._columns, self._rows = sorted(columns), sorted([*every, *rows])

    def follow(self, free: QRectF, snapped: QPointF, zoom: float) -> QPointF:
        """Where the corner goes: onto lines that are near where it was put, else where it snaps."""
        pull = PULL_PIXELS / zoom
        column = _nearest(self._columns, free.x(), pull, free.y(), free.bottom())
        row = _nearest(self._rows, free.y(), pull, free.x(), free.right())
        place = QPointF(
            column.corner if column else snapped.x(), row.corner if row else snapped.y()
        )
        moved = QRectF(place, free.size())
        self._show(0, _upright(column, moved) if column is not None else None)
        self._show(1, _level(row, moved) if row is not None else None)
        return place

    def hide(self) -> None:
        """No line is lit."""
        for line in self._lines:
            line.hide()

    def remove(self) -> None:
        """Leave the scene."""
        for line in self._lines:
            if line.scene() is not None:
                self._scene.removeItem(line)

    def _show(self, index: int, line: QLineF | None) -> None:
        if line is not None:
            self._lines[index].setLine(line)
        self._lines[index].setVisible(line is not None)


def _columns(card: QRectF, width: float) -> Iterable[Level]:
    top, bottom = card.top(), card.bottom()
    yield Level(card.left(), card.left(), top, bottom)
    if card.width() != width:
        yield Level(card.right() - width, card.right(), top, bottom)
        yield Level(card.center().x() - width / 2, card.center().x(), top, bottom)


def _rows(card: QRectF, height: float) -> Iterable[Level]:
    left, right = card.left(), card.right()
    yield Level(card.center().y() - height / 2, card.center().y(), left, right)
    if card.height() != height:
        yield Level(card.top(), card.top(), left, right)
        yield Level(card.bottom() - height, card.bottom(), left, right)


def _nearest(
    levels: Sequence[Level], corner: float, pull: float, start: float, end: float
) -> Level | None:
    """The level with the least way to it; of equals, that of the nearest card."""
    best: tuple[float, float] | None = None
    found: Level | None = None
    for level in levels[bisect_left(levels, corner - pull, key=_corner) :]:
        if level.corner > corner + pull:
            break
        gap = max(level.start - end, start - level.end, 0.0)
        rank = abs(level.corner - corner), gap
        if gap <= NEAR and (best is None or rank < best):
            best, found = rank, level
    return found


def _corner(level: Level) -> float:
    return level.corner


def _upright(level: Level, card: QRectF) -> QLineF:
    top = min(level.start, card.top()) - OVERHANG
    return QLineF(level.line, top, level.line, max(level.end, card.bottom()) + OVERHANG)


def _level(level: Level, card: QRectF) -> QLineF:
    left = min(level.start, card.left()) - OVERHANG
    return QLineF(left, level.line, max(level.end, card.right()) + OVERHANG, level.line)
