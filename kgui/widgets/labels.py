"""Labels for texts of the program, never markup; nothing here takes long to import."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel

from kgui.widgets.theme import Theme


def as_sentence(*parts: str) -> str:
    """Texts one after another, each closed by a full stop where it has no end of its own."""
    kept = (part.strip() for part in parts)
    return " ".join(part if part.endswith((".", "?", "…")) else f"{part}." for part in kept if part)


def plain_label(text: str) -> QLabel:
    """A label that wraps and never takes text for markup."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def muted(label: QLabel, theme: Theme) -> None:
    """Show a label with less weight."""
    palette = label.palette()
    palette.setColor(QPalette.ColorRole.WindowText, theme.muted)
    label.setPalette(palette)
