"""The colours of frames by name: Okabe-Ito's, in the shades of the theme."""

from PySide6.QtGui import QColor

from kgui.graph.remarks import COLOURS
from kgui.language import tr
from kgui.widgets.theme import Theme


def frame_colour(theme: Theme, name: str) -> QColor:
    """The shade of a name; a file may also say #rrggbb; anything else is grey."""
    if name in COLOURS:
        return theme.series[COLOURS.index(name)]
    own = QColor(name) if name.startswith("#") else QColor()
    return own if own.isValid() else theme.muted


def colour_names() -> dict[str, str]:
    """What a frame's colour may be -> what it is called."""
    words = (tr("Blue"), tr("Orange"), tr("Green"), tr("Pink"), tr("Yellow"), tr("Sky blue"))
    return {**dict(zip(COLOURS, words, strict=True)), "": tr("Grey")}
