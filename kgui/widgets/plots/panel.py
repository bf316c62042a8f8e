"""The panel of the curves: words as long as there is nothing to draw, then two live plots."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from kgui.language import tr
from kgui.training.events import EpochEnded
from kgui.widgets.labels import muted, plain_label
from kgui.widgets.plots.series import Series
from kgui.widgets.progress import Progress
from kgui.widgets.theme import Theme

if TYPE_CHECKING:
    from kgui.widgets.plots.curves import Curves


class Plots(QWidget):
    """Progress on top; below it loss and metric, one point an epoch."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("plots")
        self._theme = theme
        self._series = Series()
        self.progress = Progress()
        self.curves: Curves | None = None
        self.empty = plain_label(tr("Train the network to see its curves here."))
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(6)
        layout.addWidget(self.progress)
        layout.addWidget(self._stack, 1)
        self.setMinimumHeight(150)
        self.set_theme(theme)

    def clear(self) -> None:
        """Forget every point."""
        self._series.clear()
        self._stack.setCurrentWidget(self.empty)
        if self.curves is not None:
            self.curves.show_series(self._series)

    def add_epoch(self, epoch: int, logs: Mapping[str, float]) -> None:
        """Draw one point more on every curve; epochs count from 0."""
        self._series.add(epoch, logs)
        curves = self._prepared()
        curves.show_series(self._series)
        self._stack.setCurrentWidget(curves)

    def end_epoch(self, event: EpochEnded) -> None:
        """The same, from the event of a run."""
        self.add_epoch(event.epoch, event.logs)

    def points(self, name: str) -> list[tuple[int, float]]:
        """What is drawn of a curve such as "val_loss": (epoch from 1, value)."""
        return self.curves.drawn(name) if self.curves is not None else []

    def prepare(self) -> None:
        """Import what draws the curves, when there is time; the first epoch does it otherwise."""
        self._prepared()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        muted(self.empty, theme)
        if self.curves is not None:
            self.curves.set_theme(theme)

    def _prepared(self) -> "Curves":
        if self.curves is None:
            # pyqtgraph takes 0.2 s to import: not before the first paint of the window.
            from kgui.widgets.plots.curves import Curves

            self.curves = Curves(self._theme)
            self._stack.addWidget(self.curves)
        return self.curves
