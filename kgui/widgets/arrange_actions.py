"""The rows of the menu Arrange, for the table of actions: order, frames and notes."""

from typing import NamedTuple

from kgui.language import tr


class Row(NamedTuple):
    """One action: the fields of an entry, in its order but for what all of them share."""

    id: str
    text: str
    handler: str
    tip: str
    shortcuts: tuple[str, ...]
    enabled: str
    gap: bool = False


def arrange_rows() -> tuple[Row, ...]:
    """Every action of the menu, in order."""
    return (*_nodes(), *_lines(), *_remarks())


def _nodes() -> tuple[Row, ...]:
    return (
        Row("arrange.layout", tr("A&rrange"), "canvas.arrange",
            tr("Put the selected layers, or all, in tidy columns"), ("L",), "has_nodes"),
        Row("arrange.straighten", tr("&Straighten"), "canvas.lining.straighten",
            tr("Let the wires among the selected layers run level"), ("Q",), "has_two_selected"),
        Row("node.collapse", tr("&Collapse"), "canvas.editor.collapse",
            tr("Show the selected layers by their titles only, or in full again"), ("H",),
            "has_nodes_selected"),
    )  # fmt: skip


def _lines() -> tuple[Row, ...]:
    return (
        Row("arrange.align_left", tr("Align &left"), "canvas.lining.align_left",
            tr("Left edges of the selected layers below each other"), ("Shift+A",),
            "has_two_selected", gap=True),
        Row("arrange.align_right", tr("Align ri&ght"), "canvas.lining.align_right",
            tr("Right edges of the selected layers below each other"), ("Shift+D",),
            "has_two_selected"),
        Row("arrange.align_top", tr("Align &top"), "canvas.lining.align_top",
            tr("Upper edges of the selected layers on one line"), ("Shift+W",),
            "has_two_selected"),
        Row("arrange.align_bottom", tr("Align &bottom"), "canvas.lining.align_bottom",
            tr("Lower edges of the selected layers on one line"), ("Shift+S",),
            "has_two_selected"),
        Row("arrange.centre_horizontal", tr("Centre &horizontally"),
            "canvas.lining.centre_horizontal",
            tr("Middles of the selected layers below each other"), (), "has_two_selected"),
        Row("arrange.centre_vertical", tr("Centre &vertically"), "canvas.lining.centre_vertical",
            tr("Middles of the selected layers on one line"), (), "has_two_selected"),
        Row("arrange.distribute_horizontal", tr("&Distribute horizontally"),
            "canvas.lining.distribute_horizontal",
            tr("The same room between three or more layers, from left to right"), (),
            "has_three_selected", gap=True),
        Row("arrange.distribute_vertical", tr("D&istribute vertically"),
            "canvas.lining.distribute_vertical",
            tr("The same room between three or more layers, from top to bottom"), (),
            "has_three_selected"),
    )  # fmt: skip


def _remarks() -> tuple[Row, ...]:
    return (
        Row("arrange.frame", tr("Add &frame"), "canvas.remarks.frame",
            tr("Put a titled frame around the selected layers; it moves them along"),
            ("Ctrl+G",), "", gap=True),
        Row("arrange.colour", tr("Frame c&olour…"), "canvas.remarks.colour",
            tr("Choose the colour of the selected frame"), (), "has_frames_selected"),
        Row("arrange.note", tr("Add &note"), "canvas.remarks.note",
            tr("Write a note on the canvas"), ("Shift+C",), ""),
    )  # fmt: skip
