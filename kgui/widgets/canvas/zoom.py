"""How much of the drawing a view shows: zoom at a point, pan, fit and reveal."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsView

LEAST_ZOOM = 0.1
MOST_ZOOM = 4.0
STEP = 1.2
FIT_MARGIN = 40.0
"""Pixels left free around what is fitted."""


class Zoom:
    """The transformation of one view, which has no scroll bars; pixels per scene unit."""

    def __init__(self, view: QGraphicsView, changed: Callable[[], None]) -> None:
        self._view = view
        self._changed = changed
        view.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        view.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def factor(self) -> float:
        """Pixels per scene unit now."""
        return self._view.transform().m11()

    def by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom by a factor; the point of the viewport under the pointer stays where it is."""
        self.to(self.factor * factor, at)

    def to(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom to a factor within the limits, around a point of the viewport or its middle."""
        new = min(max(factor, LEAST_ZOOM), MOST_ZOOM)
        if new == self.factor:
            return
        pixel = at if at is not None else QPointF(self._view.viewport().rect().center())
        under = self.scene_point(pixel)
        view = self._view
        view.resetTransform()
        view.scale(new, new)
        # Scroll bars count whole pixels, so the point is kept to within half of one.
        moved = view.viewportTransform().map(under) - pixel
        self.pan(QPoint(-round(moved.x()), -round(moved.y())))
        self._changed()

    def pan(self, step: QPoint) -> None:
        """Move the drawing by so many pixels."""
        for bar, way in (
            (self._view.horizontalScrollBar(), step.x()),
            (self._view.verticalScrollBar(), step.y()),
        ):
            bar.setValue(bar.value() - way)

    def fit(self, area: QRectF) -> None:
        """Show an area of the scene whole, at no more than 100 %."""
        size = self._view.viewport().rect()
        width = max(size.width() - 2 * FIT_MARGIN, 1)
        height = max(size.height() - 2 * FIT_MARGIN, 1)
        self.to(min(width / max(area.width(), 1), height / max(area.height(), 1), 1.0))
        self._view.centerOn(area.center())

    def scene_point(self, pixel: QPointF) -> QPointF:
        """The point of the scene under a point of the viewport."""
        inverted, _ = self._view.viewportTransform().inverted()
        return inverted.map(pixel)
