"""The curves of a run as a picture, made without a window."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from kgui.io.atomic_write import atomic_write
from kgui.widgets import theme
from kgui.widgets.plots.curves import Curves
from kgui.widgets.plots.series import Series

SIZE = QSize(1200, 420)


def save_curves(epochs: Sequence[Mapping[str, float]], path: Path) -> None:
    """Write a PNG of the curves, one point for the logs of every epoch.

    Makes the QApplication if there is none; OutputError where the file cannot be written.
    """
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication([])
    theme.apply(application, theme.light())
    series = Series()
    for epoch, logs in enumerate(epochs):
        series.add(epoch, logs)
    curves = Curves(theme.light())
    curves.setContentsMargins(16, 16, 16, 16)
    curves.resize(SIZE)
    curves.show_series(series)
    picture = curves.grab()
    curves.close()
    atomic_write(path, _png(picture), backup=False)


def _png(picture: QPixmap) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return bytes(data.data())
