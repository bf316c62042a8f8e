"""Colours: texts can be read in both themes, and Qt's palette follows."""

import pytest
from PySide6.QtGui import QColor, QPalette
from pytestqt.qtbot import QtBot

from kgui.widgets import theme
from kgui.widgets.theme import Theme, contrast


@pytest.fixture(params=[theme.light, theme.dark], ids=["light", "dark"])
def colours(request: pytest.FixtureRequest) -> Theme:
    made = request.param()
    assert isinstance(made, Theme)
    return made


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)


def test_texts_can_be_read(colours: Theme) -> None:
    for ground in (colours.window, colours.base, colours.canvas, colours.card):
        assert contrast(colours.text, ground) >= 7
        assert contrast(colours.muted, ground) >= 4.5
    assert contrast(colours.error, colours.card) >= 4.5
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.on_error, colours.error) >= 4.5
    assert contrast(colours.on_warning, colours.warning) >= 4.5
    for colour in colours.categories.values():
        assert contrast(colours.text, colours.tinted(colour, 0.3)) >= 4.5


def test_marks_stand_out_from_their_ground(colours: Theme) -> None:
    for mark in (colours.wire, colours.accent, colours.error):
        assert contrast(mark, colours.canvas) >= 3


def test_a_category_without_a_colour_gets_a_steady_one(colours: Theme) -> None:
    assert colours.category("Pooling") in colours.series
    assert colours.category("Pooling") == colours.category("Pooling")
    assert colours.category("") == colours.muted


def test_qt_takes_the_colours(qtbot: QtBot, colours: Theme) -> None:
    made = theme.palette(colours)
    assert made.color(QPalette.ColorRole.Window) == colours.window
    faint = made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert faint != made.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Text)
    assert colours.is_dark == (colours.name == "dark")


def test_the_system_decides_by_default(qtbot: QtBot) -> None:
    assert theme.system().name == "light"
