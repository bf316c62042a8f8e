"""What pages of a layer's options have in common: a row for an option, and the layout."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from kgui.compiler.node_types import Option
from kgui.widgets.editors import field_for
from kgui.widgets.rows import Row


def option_row(
    option: Option,
    check: Callable[..., Any],
    change: Callable[..., Any],
    reset: Callable[..., Any],
) -> Row:
    """The row of an option; the functions are called with the option first."""
    field = field_for(option)
    field.setObjectName(f"option.{option.name}")
    return Row(
        f"{option.label[:1].upper()}{option.label[1:]}",
        field,
        partial(check, option),
        partial(change, option),
        help=option.help,
        reset=partial(reset, option),
        has_reset_column=True,
    )


def lay_out(
    page: QWidget, title: QLabel, about: Iterable[QWidget], rows: Iterable[QWidget]
) -> None:
    """A large title, what there is to say, a line, and the rows, from the top."""
    font = title.font()
    font.setBold(True)
    font.setPointSizeF(font.pointSizeF() * 1.15)
    title.setFont(font)
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Sunken)
    layout = QVBoxLayout(page)
    layout.setContentsMargins(12, 12, 8, 12)
    layout.setSpacing(8)
    for widget in (title, *about, line, *rows):
        layout.addWidget(widget)
    layout.addStretch(1)
