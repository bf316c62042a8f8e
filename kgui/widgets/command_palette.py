"""The command palette: every action of the window by its words, the last used first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSettings, QSize
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar, QWidget

from kgui.language import tr
from kgui.widgets.choice_box import Choice, ChoiceBox
from kgui.widgets.fuzzy import answers
from kgui.widgets.theme import Theme

KEY = "window/recent_commands"
MOST_RECENT = 12
WIDTH = 560
TOP = 48
"""Pixels below the upper edge of the window."""


@dataclass(frozen=True)
class Command:
    """An action and the menus that lead to it."""

    action: QAction
    path: tuple[str, ...]

    @property
    def text(self) -> str:
        """The action's words without the mark of the access key."""
        return _plain(self.action.text())

    @property
    def choice(self) -> Choice:
        """The row that shows it."""
        style = QKeySequence.SequenceFormat.NativeText
        return Choice(
            self.text,
            " › ".join(self.path),
            self.action.shortcut().toString(style),
            self.action.statusTip() or self.action.toolTip(),
            self.action.isEnabled(),
        )

    @property
    def subject(self) -> str:
        """What is searched."""
        return f"{self.text} {' '.join(self.path)} {self.action.objectName()}"


class CommandPalette(QObject):
    """Opens over a window, offers what its menus hold, and runs what is chosen."""

    def __init__(self, window: QWidget, settings: QSettings, theme: Theme) -> None:
        super().__init__(window)
        self._window, self._settings = window, settings
        self._all: tuple[Command, ...] = ()
        self._offered: tuple[Command, ...] = ()
        title = tr("Search for a command")
        self.box = ChoiceBox(window, theme, "commands", title, WIDTH)
        self.box.typed.connect(self._offer)
        self.box.chosen.connect(self._run)

    def open(self) -> None:
        """Show the palette with every command."""
        self.box.close_box()
        self._all = tuple(commands_of(self._window))
        self.box.open_box(QApplication.focusWidget(), self._place)

    @property
    def recent(self) -> tuple[str, ...]:
        """Ids of the actions run from here, the latest first."""
        return tuple(str(self._settings.value(KEY, "", type=str)).split())

    def _offer(self, text: str) -> None:
        self._offered = ranked(self._all, text, self.recent)
        self.box.show_choices([command.choice for command in self._offered])

    def _run(self, row: int) -> None:
        action = self._offered[row].action
        names = dict.fromkeys((action.objectName(), *self.recent))
        self._settings.setValue(KEY, " ".join(tuple(names)[:MOST_RECENT]))
        # First the keyboard goes back: the action may ask where it is.
        self.box.close_box()
        action.trigger()

    def _place(self, size: QSize) -> None:
        self.box.move((self._window.width() - self.box.width()) // 2, TOP)


def commands_of(window: QWidget) -> Iterator[Command]:
    """Every action in the menus of a window, in their order."""
    bar = window.findChild(QMenuBar)
    for action in bar.actions() if isinstance(bar, QMenuBar) else ():
        menu = action.menu()
        if isinstance(menu, QMenu):
            yield from _commands_in(menu, (_plain(menu.title()),))


def _commands_in(menu: QMenu, path: tuple[str, ...]) -> Iterator[Command]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _commands_in(inner, (*path, _plain(inner.title())))
        elif not action.isSeparator() and action.objectName() != "help.commands":
            yield Command(action, path)


def ranked(commands: Sequence[Command], text: str, recent: Sequence[str]) -> tuple[Command, ...]:
    """The commands that answer to a text: possible before impossible, then the best, the latest."""
    places = {name: place for place, name in enumerate(recent)}
    found = [(answers(text, command.subject), command) for command in commands]

    def order(answer: tuple[float, Command]) -> tuple[bool, float, int]:
        score, command = answer
        place = places.get(command.action.objectName(), len(places))
        # Without a text the order of the menus stays, behind what was used last.
        return not command.action.isEnabled(), -score if text.strip() else 0.0, place

    return tuple(command for _, command in sorted((f for f in found if f[0]), key=order))


def _plain(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")
