"""Colours and fonts by name, light and dark; widgets and painters ask here and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QToolTip


@dataclass(frozen=True)
class Theme:
    """Named colours; text on its ground has a contrast of at least 4.5, colours are Okabe-Ito's."""

    name: str
    window: QColor
    """Ground of the window and its panels."""
    base: QColor
    """Ground of fields and lists."""
    canvas: QColor
    grid: QColor
    card: QColor
    """Ground of a node."""
    border: QColor
    text: QColor
    muted: QColor
    """Text of less weight."""
    accent: QColor
    """Selection, focus and what is possible now."""
    on_accent: QColor
    error: QColor
    on_error: QColor
    warning: QColor
    on_warning: QColor
    success: QColor
    wire: QColor
    categories: Mapping[str, QColor]
    series: tuple[QColor, ...]
    """Curves of a plot, in order."""

    @property
    def is_dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return self.window.lightness() < 128

    def category(self, name: str) -> QColor:
        """The colour of a palette category; one that is not known keeps a colour of its own."""
        if name in self.categories:
            return self.categories[name]
        return self.series[crc32(name.encode()) % len(self.series)] if name else self.muted

    def tinted(self, colour: QColor, share: float) -> QColor:
        """The ground of a node with a share, 0 to 1, of another colour."""
        return mixed(self.card, colour, share)


def mixed(first: QColor, second: QColor, share: float) -> QColor:
    """The colour on the way from the first (share 0) to the second (share 1)."""
    return QColor.fromRgbF(
        *(
            a + (b - a) * share
            for a, b in zip(first.getRgbF()[:3], second.getRgbF()[:3], strict=True)  # type: ignore[index]  # PySide's stubs call this tuple an object
        )
    )


def contrast(first: QColor, second: QColor) -> float:
    """The contrast of two colours as WCAG defines it, 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def light() -> Theme:
    """Dark text on a light ground."""
    return Theme(
        name="light",
        window=QColor("#eef0f3"),
        base=QColor("#ffffff"),
        canvas=QColor("#f5f6f8"),
        grid=QColor("#d3d8df"),
        card=QColor("#ffffff"),
        border=QColor("#c3c9d2"),
        text=QColor("#1c2128"),
        muted=QColor("#57606c"),
        accent=QColor("#0b63c5"),
        on_accent=QColor("#ffffff"),
        error=QColor("#c62828"),
        on_error=QColor("#ffffff"),
        warning=QColor("#e69f00"),
        on_warning=QColor("#1c2128"),
        success=QColor("#00704f"),
        wire=QColor("#7b8592"),
        categories=_categories(
            "#0072b2",
            "#d55e00",
            "#7a5fb5",
            "#b8528a",
            "#c98a00",
            "#009e73",
            "#12807f",
            "#64707e",
            "#7d5a3c",
        ),
        series=_colours("#0072b2", "#d55e00", "#009e73", "#b8528a", "#c98a00", "#3a9bd9"),
    )


def dark() -> Theme:
    """Light text on a dark ground."""
    return Theme(
        name="dark",
        window=QColor("#24272d"),
        base=QColor("#1b1e22"),
        canvas=QColor("#1d2025"),
        grid=QColor("#363b44"),
        card=QColor("#2d3138"),
        border=QColor("#4b525d"),
        text=QColor("#e8ebef"),
        muted=QColor("#a8b0bb"),
        accent=QColor("#5aa9ff"),
        on_accent=QColor("#10151b"),
        error=QColor("#ff7070"),
        on_error=QColor("#1b1e22"),
        warning=QColor("#f0b429"),
        on_warning=QColor("#1b1e22"),
        success=QColor("#3ec799"),
        wire=QColor("#8b95a3"),
        categories=_categories(
            "#4aa8e0",
            "#f08548",
            "#b29ae6",
            "#dc8fb8",
            "#efb63a",
            "#2fc496",
            "#57c2c1",
            "#a9b4c1",
            "#cfa888",
        ),
        series=_colours("#4aa8e0", "#f08548", "#2fc496", "#dc8fb8", "#efb63a", "#7cc8f5"),
    )


def _categories(*values: str) -> dict[str, QColor]:
    names = (
        "Core", "Activations", "Reshaping", "Regularization", "Preprocessing", "Merging",
        "Sequences", "Normalization", "Blocks",
    )  # fmt: skip
    return dict(zip(names, _colours(*values), strict=True))


def _colours(*values: str) -> tuple[QColor, ...]:
    return tuple(QColor(value) for value in values)


def system() -> Theme:
    """The theme that the desktop asks for; light where it asks for none."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return dark() if scheme == Qt.ColorScheme.Dark else light()


def apply(application: QApplication, theme: Theme) -> None:
    """Dress the whole application: the Fusion style in the colours of the theme."""
    application.setStyle("Fusion")
    application.setPalette(palette(theme))
    QToolTip.setPalette(palette(theme))


def palette(theme: Theme) -> QPalette:
    """The theme as Qt's palette, with greyed texts for what is disabled."""
    role = QPalette.ColorRole
    result = QPalette()
    for key, colour in (_roles(theme) | _bevels(theme)).items():
        result.setColor(key, colour)
    faint = mixed(theme.muted, theme.window, 0.35)
    for key in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, key, faint)
    result.setColor(QPalette.ColorGroup.Disabled, role.Highlight, theme.border)
    return result


def _roles(theme: Theme) -> dict[QPalette.ColorRole, QColor]:
    role = QPalette.ColorRole
    return {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.base,
        role.AlternateBase: theme.window,
        role.Text: theme.text,
        role.Button: theme.window,
        role.ButtonText: theme.text,
        role.BrightText: theme.error,
        role.ToolTipBase: theme.card,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.muted,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Accent: theme.accent,
    }


def _bevels(theme: Theme) -> dict[QPalette.ColorRole, QColor]:
    """The shades from which Fusion makes edges."""
    role, shine = QPalette.ColorRole, 0.12 if theme.is_dark else 0.7
    return {
        role.Light: mixed(theme.window, QColor("white"), shine),
        role.Midlight: mixed(theme.window, QColor("white"), shine / 2),
        role.Mid: theme.border,
        role.Dark: mixed(theme.window, QColor("black"), 0.35),
        role.Shadow: mixed(theme.window, QColor("black"), 0.6),
    }


def font(pixels: float, *, bold: bool = False) -> QFont:
    """The application's own font at a size in pixels (on the canvas: scene units)."""
    result = QFont(QApplication.font())
    result.setPixelSize(max(1, round(pixels)))
    result.setBold(bold)
    # Unhinted advances scale with the zoom, so that elided texts fit at every zoom.
    result.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return result
