"""The right end of the status bar: size of the network, zoom, and whether the work is on disk."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QStatusBar

from kgui.language import tr, trn

if TYPE_CHECKING:
    # The status bar is there before the first paint, what the document needs comes after it.
    from kgui.widgets.document import Document


class StatusLine:
    """Three figures that stay; hints come and go to the left of them."""

    def __init__(self, bar: QStatusBar) -> None:
        self.figures, self.zoom, self.state = QLabel(), QLabel(), QLabel()
        labels = {"figures": self.figures, "zoom": self.zoom, "state": self.state}
        for name, label in labels.items():
            label.setObjectName(f"status.{name}")
            label.setContentsMargins(8, 0, 8, 0)
            bar.addPermanentWidget(label)
        bar.setSizeGripEnabled(False)

    def show_document(self, document: "Document") -> None:
        """Show the figures of a document."""
        count = document.report.total_parameters
        text = trn("{count} parameter", "{count} parameters", count)
        self.figures.setText(text.format(count=f"{count:,}"))
        if document.is_modified:
            self.state.setText(tr("Not saved"))
        else:
            self.state.setText(tr("Saved") if document.path is not None else tr("New document"))

    def show_zoom(self, zoom: float) -> None:
        """Show the zoom of the canvas."""
        self.zoom.setText(tr("{percent} %").format(percent=round(100 * zoom)))
