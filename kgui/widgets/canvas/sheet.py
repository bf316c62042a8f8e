"""What lies under and over the drawing: the dots of the grid, and words where nothing is drawn."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from kgui.language import tr
from kgui.widgets.theme import Theme, font

SPACING = 20.0
LEAST_PIXELS = 14.0
"""Dots closer than this on screen would be noise; every second is left out then."""
BLOCK = 64


class Grid:
    """Dots at even distances; a block of them is made once and shifted into place."""

    def __init__(self) -> None:
        self._blocks: dict[float, QPolygonF] = {}

    def paint(self, painter: QPainter, area: QRectF, theme: Theme, zoom: float) -> None:
        """Fill an area of the scene, given in scene units, with ground and dots."""
        painter.fillRect(area, theme.canvas)
        spacing = SPACING
        while spacing * zoom < LEAST_PIXELS:
            spacing *= 2
        pen = QPen(theme.grid, 2.0 if zoom >= 1 else 1.5)
        pen.setCosmetic(True)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        block, side = self._block(spacing), spacing * BLOCK
        left, top = math.floor(area.left() / side), math.floor(area.top() / side)
        for column in range(left, math.floor(area.right() / side) + 1):
            for row in range(top, math.floor(area.bottom() / side) + 1):
                painter.translate(column * side, row * side)
                painter.drawPoints(block)
                painter.translate(-column * side, -row * side)

    def _block(self, spacing: float) -> QPolygonF:
        if spacing not in self._blocks:
            self._blocks[spacing] = QPolygonF(
                [QPointF(x * spacing, y * spacing) for x in range(BLOCK) for y in range(BLOCK)]
            )
        return self._blocks[spacing]


def paint_invitation(painter: QPainter, area: QRectF, theme: Theme) -> None:
    """Say in an empty viewport how a drawing begins; `area` is in pixels."""
    title = tr("Draw a network")
    text = tr("Drag a layer to here, or double-click and type, such as dense 64 relu.")
    painter.setPen(theme.text)
    painter.setFont(font(20, bold=True))
    middle = area.center().y()
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    inner = area.adjusted(24, 0, -24, 0)
    inner.setTop(middle - 40)
    painter.drawText(inner, flags, title)
    painter.setPen(theme.muted)
    painter.setFont(font(14))
    inner.setTop(middle)
    painter.drawText(inner, flags, text)
