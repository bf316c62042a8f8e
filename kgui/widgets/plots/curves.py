"""Two plots side by side, loss and metric, each with training and validation."""

import math
from collections.abc import Iterator

import numpy as np
import pyqtgraph
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from kgui.language import tr
from kgui.widgets.plots.series import VALIDATION, Series
from kgui.widgets.theme import Theme

MOST_SYMBOLS = 60
"""Points up to which each is marked: a single epoch is no line."""
SYMBOL_SIZE = 6


class EpochAxis(pyqtgraph.AxisItem):  # type: ignore[misc]  # pyqtgraph ships no types
    """Ticks at whole epochs only."""

    def tickValues(
        self, minimum: float, maximum: float, size: float
    ) -> list[tuple[float, list[float]]]:
        """pyqtgraph's: spacing and values of the ticks between two epochs."""
        span = max(maximum - minimum, 1.0)
        fitting = max(size / 45, 1.0)
        step = next(s for s in _steps() if span / s <= fitting)
        first = math.ceil(max(minimum, 1) / step) * step
        values = [float(v) for v in range(first, math.floor(maximum) + 1, step)]
        if minimum <= 1 and step >= 5:  # narrower steps leave no room beside the second tick
            values.insert(0, 1.0)
        return [(float(step), values)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """pyqtgraph's: whole numbers without a point."""
        return [str(round(value)) for value in values]


def _steps() -> Iterator[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


class Plot(QWidget):
    """One figure of the run: training and validation over the epochs."""

    def __init__(self) -> None:
        super().__init__()
        self.name = ""
        self._latest: tuple[float | None, float | None] = (None, None)
        self._colours: tuple[QColor, ...] = ()
        self.title = QLabel()
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.legend = (QLabel(), QLabel())
        self.axis = EpochAxis("bottom")
        self.plot = _plot_widget(self.axis)
        self.curves = (self.plot.plot(connect="finite"), self.plot.plot(connect="finite"))
        self._arrange()

    def _arrange(self) -> None:
        header = QHBoxLayout()
        header.setSpacing(14)
        header.addWidget(self.title)
        # The panel may become as narrow as it must: the rest of the window comes first.
        for label in (self.title, *self.legend):
            label.setMinimumWidth(1)
        header.addStretch(1)
        for label in self.legend:
            label.setTextFormat(Qt.TextFormat.RichText)
            header.addWidget(label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(header)
        layout.addWidget(self.plot, 1)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._colours = theme.series[:2]
        self.plot.setBackground(theme.base)
        for side in ("bottom", "left"):
            axis = self.plot.getAxis(side)
            axis.setPen(pyqtgraph.mkPen(theme.border, width=1))
            axis.setTextPen(pyqtgraph.mkPen(theme.muted))
        styles = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)
        for curve, colour, style in zip(self.curves, self._colours, styles, strict=True):
            # Width 1: 1.5 and more cost three times the paint.
            curve.setPen(pyqtgraph.mkPen(colour, width=1, style=style))
            curve.setSymbolBrush(pyqtgraph.mkBrush(colour))
            curve.setSymbolPen(pyqtgraph.mkPen(colour))
        self._show_legend()

    def show_series(self, series: Series, name: str) -> None:
        """Draw the two curves of a name."""
        self.name = name
        self.title.setText(figure_name(name))
        latest: list[float | None] = []
        for curve, key, symbol in zip(self.curves, (name, VALIDATION + name), "os", strict=True):
            points = series.points(key)
            data = np.array(points, dtype=np.float64).reshape(-1, 2)
            symbol_shown = symbol if len(points) <= MOST_SYMBOLS else None
            curve.setData(data[:, 0], data[:, 1], symbol=symbol_shown, symbolSize=SYMBOL_SIZE)
            latest.append(points[-1][1] if points else None)
        self._latest = (latest[0], latest[1])
        self._show_range(series)
        self._show_legend()

    def _show_range(self, series: Series) -> None:
        epochs = [epoch for epoch, _ in series.points(self.name)]
        last = max(epochs, default=1)
        self.plot.setXRange(min(epochs, default=1), max(last, 2), padding=0.04)

    def _show_legend(self) -> None:
        texts = (tr("training"), tr("validation"))
        marks = ("●", "■")
        for label, text, mark, colour, value in zip(
            self.legend, texts, marks, self._colours, self._latest, strict=True
        ):
            number = "" if value is None else f" <b>{value:.4g}</b>"
            label.setText(f'<span style="color:{colour.name()}">{mark}</span> {text}{number}')
            label.setVisible(value is not None)

    def drawn(self, key: str) -> list[tuple[int, float]]:
        """The points that pyqtgraph was given for "loss" or "val_loss"."""
        names = (self.name, VALIDATION + self.name)
        epochs, values = self.curves[names.index(key)].getOriginalDataset()
        if epochs is None:
            return []
        return [(int(epoch), float(value)) for epoch, value in zip(epochs, values, strict=True)]


def _plot_widget(axis: EpochAxis) -> pyqtgraph.PlotWidget:
    """A bare plot: no menu, no mouse, nothing that would have to be undone."""
    plot = pyqtgraph.PlotWidget(axisItems={"bottom": axis})
    plot.setMenuEnabled(False)
    plot.setMouseEnabled(False, False)
    plot.hideButtons()
    # Room for the half of a number that stands above the topmost tick.
    plot.getPlotItem().setContentsMargins(2, 8, 10, 2)
    plot.setLabel("bottom", tr("epoch"))
    plot.getAxis("left").enableAutoSIPrefix(False)
    plot.getAxis("left").setStyle(maxTickLevel=0)
    axis.enableAutoSIPrefix(False)
    return plot


class Curves(QWidget):
    """Loss on the left, the first metric on the right where there is one."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.loss_plot, self.metric_plot = Plot(), Plot()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addWidget(self.loss_plot)
        layout.addWidget(self.metric_plot)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for plot in (self.loss_plot, self.metric_plot):
            plot.set_theme(theme)

    def show_series(self, series: Series) -> None:
        """Draw everything anew."""
        self.loss_plot.show_series(series, "loss")
        self.metric_plot.show_series(series, series.metric)
        self.metric_plot.setVisible(bool(series.metric))

    def drawn(self, name: str) -> list[tuple[int, float]]:
        """The points drawn of a curve; none for a name that is not drawn."""
        for plot in (self.loss_plot, self.metric_plot):
            if plot.name and name in (plot.name, VALIDATION + plot.name):
                return plot.drawn(name)
        return []


def figure_name(name: str) -> str:
    """A log's name as a title: "loss" -> "Loss"; Keras's own names stay recognisable."""
    known = {
        "loss": tr("Loss"),
        "accuracy": tr("Accuracy"),
        "mae": tr("Mean absolute error"),
        "mse": tr("Mean squared error"),
    }
    return known.get(name, name.replace("_", " "))
