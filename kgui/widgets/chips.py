"""Small pictures of nodes for lists of layers."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from kgui.widgets.theme import Theme, mixed

CHIP = 14
"""Pixels a side."""


def chip(theme: Theme, category: str) -> QIcon:
    """A small node in the colour of a category."""
    result = QIcon()
    for ratio in (1, 2, 3):
        pixmap = QPixmap(CHIP * ratio, CHIP * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme.category(category)
        painter.setPen(colour)
        painter.setBrush(mixed(theme.base, colour, 0.3))
        painter.drawRoundedRect(QRectF(0.5, 2.5, CHIP - 1, CHIP - 5), 2.5, 2.5)
        painter.fillRect(QRectF(1, 3, CHIP - 2, 3), colour)
        painter.end()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
            result.addPixmap(pixmap, mode)
    return result
