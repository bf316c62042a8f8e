"""Guards against dependencies that broke before."""

import sys

from PySide6.QtCore import QPointF, QRectF


def test_qt_calls_keep_the_count_of_none() -> None:
    """PySide6 6.12.0 drops one reference to None per void call: the interpreter dies of it."""
    point, rectangle = QPointF(), QRectF()
    before = sys.getrefcount(None)
    for _ in range(10_000):
        point.setX(1.0)
        rectangle.moveTo(point)
    assert abs(sys.getrefcount(None) - before) < 100
