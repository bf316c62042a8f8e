"""The window over stand-ins, for the tests of everything around the canvas."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

if TYPE_CHECKING:
    from window_fakes import World


@pytest.fixture
def make_world(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[], "World"]]:
    """Makes shown windows that share their settings; they close without questions."""
    from window_fakes import build_world  # the canvas's tests need none of this

    worlds: list[World] = []

    def make() -> "World":
        worlds.append(build_world(tmp_path))
        qtbot.waitExposed(worlds[-1].window)
        return worlds[-1]

    yield make
    for world in worlds:
        world.sources.gate.set()
        world.window.close_without_asking()
        world.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def world(make_world: "Callable[[], World]") -> "World":
    """A shown window of a test's own."""
    return make_world()
