"""The program's own icons: one-colour SVG drawings, coloured by the theme."""

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from kgui.language import RESOURCES

INK = "#123456"
"""The colour in the files that stands for the theme's."""
SIZES = (18, 36)
"""One for each pixel ratio; Qt scales what lies between."""


def icon(name: str, colour: QColor, disabled: QColor) -> QIcon:
    """The drawing resources/icons/<name>.svg in two colours; an empty icon if there is none."""
    path = RESOURCES / "icons" / f"{name}.svg"
    if not path.is_file():
        return QIcon()
    drawing = path.read_text(encoding="utf-8")
    result = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled)):
        renderer = QSvgRenderer(QByteArray(drawing.replace(INK, ink.name()).encode()))
        for size in SIZES:
            result.addPixmap(_pixmap(renderer, size), mode)
    return result


def _pixmap(renderer: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter)
    painter.end()
    return pixmap
