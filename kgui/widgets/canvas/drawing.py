"""A look made ready to paint: texts placed and cut to their room, outlines made once."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainterPath

from kgui.widgets.canvas.geometry import CORNER, HEADER_HEIGHT, NODE_WIDTH, card_rectangle
from kgui.widgets.canvas.looks import Look
from kgui.widgets.theme import Theme, font

PADDING = 12.0
TINTS = (4, 3, 2, 1, 5)
"""Colours of the theme's series for groups of shared nodes; most layers have the first one."""
BADGE = 20.0
"""Room in the header for the sign of an error or a warning."""


@dataclass(frozen=True)
class PlacedText:
    """One line of text where it goes, already cut to the room it has."""

    baseline: QPointF
    text: str
    font: QFont
    colour: QColor


@dataclass(frozen=True)
class NodeDrawing:
    """A look made ready to paint: done once a change, not once a frame."""

    look: Look
    card: QRectF
    outline: QPainterPath
    header: QPainterPath
    colour: QColor
    texts: tuple[PlacedText, ...]
    title: PlacedText
    chip: tuple[QRectF, PlacedText] | None = None
    """Where the chip in the header is, and what it says."""


class Drafting:
    """Makes drawings of looks in the fonts and colours of one theme."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._title_font = font(13, bold=True)
        self._text_font = font(12)
        self._small_font = font(11)
        self._shapes: dict[float, tuple[QPainterPath, QPainterPath]] = {}
        self._titles: dict[tuple[str, bool, float], PlacedText] = {}

    def prepare(self, look: Look) -> NodeDrawing:
        """Place and cut the texts of a look."""
        ports = look.ports
        card = card_rectangle(ports.inputs, ports.outputs, collapsed=look.collapsed)
        outline, header = self._card_shapes(card)
        return NodeDrawing(
            look=look,
            card=card,
            outline=outline,
            header=header,
            colour=self._colour(look),
            texts=self._texts(look, card),
            chip=self._chip(look),
            title=self._far_title(_far_name(look), bool(look.severity), card.height()),
        )

    def _colour(self, look: Look) -> QColor:
        """The category's, or that of the nodes which share a layer."""
        if look.group is None:
            return self.theme.category(look.category)
        return self.theme.series[TINTS[look.group % len(TINTS)]]

    def _chip(self, look: Look) -> tuple[QRectF, PlacedText] | None:
        if not look.chip:
            return None
        width = QFontMetricsF(self._small_font).horizontalAdvance(look.chip) + 12
        right = NODE_WIDTH - 7 - (BADGE if look.severity else 0)
        room = QRectF(right - width, 5, width, HEADER_HEIGHT - 12)
        baseline = QPointF(room.left() + 6, room.center().y() + 4)
        return room, PlacedText(baseline, look.chip, self._small_font, self.theme.text)

    def _card_shapes(self, card: QRectF) -> tuple[QPainterPath, QPainterPath]:
        """Outline and header; made once for all nodes of one height."""
        if card.height() not in self._shapes:
            outline = QPainterPath()
            outline.addRoundedRect(card, CORNER, CORNER)
            strip = QPainterPath()
            strip.addRect(QRectF(0, 0, NODE_WIDTH, HEADER_HEIGHT))
            self._shapes[card.height()] = outline, outline.intersected(strip)
        return self._shapes[card.height()]

    def _texts(self, look: Look, card: QRectF) -> tuple[PlacedText, ...]:
        badge = BADGE if look.severity else 0.0
        if chip := self._chip(look):
            badge += chip[0].width()
        room = card.width() - 2 * PADDING
        if look.collapsed:
            return self._collapsed_texts(look, room - badge)
        title = self._line(look.type_name, self._title_font, self.theme.text, 20, room - badge)
        bottom = card.height() - 11
        upper = HEADER_HEIGHT + (bottom - HEADER_HEIGHT) / 2 - 1
        rows = (
            (look.name, (look.summary,), self._text_font, upper),
            (look.shape, look.parameters, self._small_font, bottom),
        )
        placed = [title]
        for left, choices, row_font, baseline in rows:
            placed += self._row(left, choices, row_font, baseline, room)
        if look.complaint:
            error = self.theme.error
            placed.append(self._line(look.complaint, self._small_font, error, bottom, room))
        return tuple(text for text in placed if text.text)

    def _collapsed_texts(self, look: Look, room: float) -> tuple[PlacedText, ...]:
        """The type, and the name where it finds room behind it."""
        title = self._line(look.type_name, self._title_font, self.theme.text, 20, room)
        used = QFontMetricsF(self._title_font).horizontalAdvance(title.text) + 8
        name = self._line(look.name, self._small_font, self.theme.muted, 20, room - used)
        place = name.baseline + QPointF(used, 0)
        return (title, replace(name, baseline=place)) if room - used > 30 else (title,)

    def _row(
        self, left: str, choices: tuple[str, ...], row_font: QFont, baseline: float, room: float
    ) -> tuple[PlacedText, PlacedText]:
        """A text at the left and, in the room it leaves, the longest fitting one at the right."""
        metrics = QFontMetricsF(row_font)
        needed = min(metrics.horizontalAdvance(left), room)
        rest = room - needed - 10
        fitting = [text for text in choices if metrics.horizontalAdvance(text) <= rest]
        right = fitting[0] if fitting else (choices[-1] if choices else "")
        share = min(metrics.horizontalAdvance(right), room * 0.6)
        right = metrics.elidedText(right, Qt.TextElideMode.ElideRight, share + 1)
        width = metrics.horizontalAdvance(right)
        muted = self._line(left, row_font, self.theme.muted, baseline, room - width - 8)
        x = NODE_WIDTH - PADDING - width
        return muted, PlacedText(QPointF(x, baseline), right, row_font, self.theme.text)

    @staticmethod
    def _line(
        text: str, line_font: QFont, colour: QColor, baseline: float, room: float
    ) -> PlacedText:
        metrics = QFontMetricsF(line_font)
        cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room + 1)
        return PlacedText(QPointF(PADDING, baseline), cut, line_font, colour)

    def _far_title(self, name: str, has_badge: bool, height: float) -> PlacedText:
        """The type in letters as large as fit; made once for all nodes of a type."""
        key = (name, has_badge, height)
        if key not in self._titles:
            room = NODE_WIDTH - (64 if has_badge else 20)
            width = QFontMetricsF(font(100, bold=True)).horizontalAdvance(name)
            big = font(min(30.0, 0.7 * height, 100 * room / max(width, 1)), bold=True)
            metrics = QFontMetricsF(big)
            x = 10 + (room - metrics.horizontalAdvance(name)) / 2
            y = (height + metrics.ascent() - metrics.descent()) / 2
            self._titles[key] = PlacedText(QPointF(x, y), name, big, self.theme.text)
        return self._titles[key]


def _far_name(look: Look) -> str:
    """What stands on a node from afar: a block's own name, with how often it is repeated."""
    return f"{look.name} {look.chip}".strip() if look.is_block else look.type_name
