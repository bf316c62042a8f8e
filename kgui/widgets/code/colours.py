"""Python in colours: layers have those of their nodes on the canvas."""

import re
from collections.abc import Mapping

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from kgui.widgets.theme import Theme, contrast, mixed

LEAST_CONTRAST = 4.5
_PIECES = re.compile(
    r"(?P<comment>#.*)"
    r"|(?P<text>\"\"\".*?\"\"\"|'''.*?'''|[fr]?\"(?:[^\"\\]|\\.)*\"|[fr]?'(?:[^'\\]|\\.)*')"
    r"|(?P<number>\b\d[\w.]*(?:(?<=e)[-+]\d+)?)"
    r"|(?P<keyword>\b(?:and|as|assert|break|class|continue|def|elif|else|except|False|finally"
    r"|for|from|if|import|in|is|lambda|None|not|or|pass|raise|return|True|try|while|with"
    r"|yield)\b)"
    r"|\b(?P<name>[A-Za-z_]\w*)(?=\s*(?P<call>\()|\s*=(?!=)|\b)"
)


class CodeColours(QSyntaxHighlighter):
    """Colours one line at a time; each colour is readable on the ground of fields."""

    def __init__(self, document: QTextDocument, layers: Mapping[str, str], theme: Theme) -> None:
        super().__init__(document)
        self._layers = layers
        """Name of a layer's class -> its category."""
        self._formats: dict[str, QTextCharFormat] = {}
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        colours = {
            "comment": theme.muted, "text": theme.success, "number": theme.series[1],
            "keyword": theme.series[3], "call": theme.accent,
        }  # fmt: skip
        categories = {name: theme.category(name) for name in set(self._layers.values())}
        self._formats = {
            name: _format(colour, theme) for name, colour in (colours | categories).items()
        }
        self._formats["comment"].setFontItalic(True)
        for name in categories:
            self._formats[name].setFontWeight(600)
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Qt's: colour one line."""
        for found in _PIECES.finditer(text):
            kind = found.lastgroup or ""
            if kind in ("name", "call"):
                kind = self._layers.get(found["name"], "call" if found["call"] else "")
            if kind in self._formats:
                start = found.start()
                self.setFormat(start, found.end() - start, self._formats[kind])


def _format(colour: QColor, theme: Theme) -> QTextCharFormat:
    result = QTextCharFormat()
    result.setForeground(readable(colour, theme.base, theme.text))
    return result


def readable(colour: QColor, ground: QColor, ink: QColor) -> QColor:
    """The colour, mixed with ink until it stands out from its ground."""
    share = 0.0
    while contrast(mixed(colour, ink, share), ground) < LEAST_CONTRAST and share < 1:
        share += 0.05
    return mixed(colour, ink, min(1.0, share))
