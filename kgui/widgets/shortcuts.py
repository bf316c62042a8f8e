"""The keys of the actions as the user has them: changed one by one, kept, never given twice."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QAction, QKeySequence

from kgui.language import tr
from kgui.widgets.actions import Entry, tool_tip

GROUP = "shortcuts"
MOST_KEYS = 2
"""Of one action."""


class Shortcuts(QObject):
    """Lays the user's keys over the table's and gives them to the actions at once."""

    changed = Signal()

    def __init__(
        self,
        actions: Mapping[str, QAction],
        table: Sequence[Entry],
        settings: QSettings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions, self._settings = actions, settings
        self._defaults = {entry.id: entry for entry in table}
        self._own = self._kept()
        self._give()

    @property
    def table(self) -> tuple[Entry, ...]:
        """The table of actions with the keys in force."""
        return tuple(self.entry(action_id) for action_id in self._defaults)

    def entry(self, action_id: str) -> Entry:
        """An action with the keys in force."""
        return replace(self._defaults[action_id], shortcuts=self.keys(action_id))

    def keys(self, action_id: str) -> tuple[str, ...]:
        """The keys of an action; of its default ones those that no other was given."""
        if action_id in self._own:
            return self._own[action_id]
        claimed = {_plain(key) for keys in self._own.values() for key in keys}
        return tuple(
            key for key in self._defaults[action_id].shortcuts if _plain(key) not in claimed
        )

    def is_changed(self, action_id: str) -> bool:
        """Whether the keys are not those of the table."""
        return self.keys(action_id) != self._defaults[action_id].shortcuts

    def why_not(self, action_id: str, key: str) -> str:
        """Why an action cannot have a key, in a sentence; "" if it can."""
        wanted = _plain(key)
        if not wanted:
            return tr("This key cannot be used.")
        for other in self._defaults:
            if other != action_id and wanted in map(_plain, self.keys(other)):
                name = self._defaults[other].plain_text
                return tr("{keys} is the shortcut of “{action}” already.").format(
                    keys=native(key), action=name
                )
        purpose = fixed_keys().get(wanted, "")
        text = tr("{keys} cannot be given away: on the canvas it is there to {purpose}.")
        return text.format(keys=native(key), purpose=purpose) if purpose else ""

    def set_key(self, action_id: str, place: int, key: str) -> str:
        """Give an action its first or second key, or take that away by ""; why not, or ""."""
        if key and (reason := self.why_not(action_id, key)):
            return reason
        keys = [*self.keys(action_id), *[""] * MOST_KEYS][: max(place + 1, MOST_KEYS)]
        keys[place] = key
        wanted = tuple(dict.fromkeys(filter(None, keys)))
        if wanted != self.keys(action_id):
            self._own[action_id] = wanted
            self._settle()
        return ""

    def reset(self, action_id: str) -> str:
        """Give an action the keys of the table; why not, or ""."""
        for key in self._defaults[action_id].shortcuts:
            if reason := self.why_not(action_id, key):
                return reason
        if self._own.pop(action_id, None) is not None:
            self._settle()
        return ""

    def reset_all(self) -> None:
        """Give all actions the keys of the table."""
        self._own.clear()
        self._settle()

    def _settle(self) -> None:
        """Apply and keep what was changed."""
        same = [name for name, keys in self._own.items() if keys == self._defaults[name].shortcuts]
        for action_id in same:
            del self._own[action_id]
        self._settings.remove(GROUP)
        for action_id, keys in self._own.items():
            sequences = [QKeySequence(key) for key in keys]
            self._settings.setValue(f"{GROUP}/{action_id}", QKeySequence.listToString(sequences))
        self._give()
        self.changed.emit()

    def _give(self) -> None:
        for entry in self.table:
            action = self._actions[entry.id]
            action.setShortcuts([QKeySequence(key) for key in entry.shortcuts])
            action.setToolTip(tool_tip(entry))

    def _kept(self) -> dict[str, tuple[str, ...]]:
        """What the settings hold, as far as it makes sense: a file can be edited by hand."""
        kept: dict[str, tuple[str, ...]] = {}
        taken: set[str] = set(fixed_keys())
        for action_id in self._defaults:
            name = f"{GROUP}/{action_id}"
            if self._settings.contains(name):
                text = str(self._settings.value(name, "", type=str))
                keys = [_plain(key.toString()) for key in QKeySequence.listFromString(text)]
                free = [key for key in dict.fromkeys(keys) if key and key not in taken]
                kept[action_id] = tuple(free[:MOST_KEYS])
                taken.update(free)
        return kept


def fixed_keys() -> dict[str, str]:
    """Keys that the canvas itself hears, and what they are there for; no action can have them."""
    arrows = ("Left", "Right", "Up", "Down")
    purposes = {
        "": tr("walk along the wires"),
        "Shift+": tr("select on the way"),
        "Ctrl+": tr("move layers"),
        "Alt+": tr("move layers"),
        "Ctrl+Shift+": tr("move layers by a little"),
        "Alt+Shift+": tr("move layers by a little"),
    }
    fixed = {f"{held}{arrow}": why for held, why in purposes.items() for arrow in arrows}
    fixed["Esc"] = tr("leave off and select nothing")
    fixed["Space"] = tr("search for a layer, and to move the view while it is held")
    fixed["Menu"] = tr("open the menu of what is selected")
    return fixed


def native(key: str) -> str:
    """A key as this system writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def _plain(key: str) -> str:
    """One writing for each key: "Ctrl+Shift+P" however it was typed."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
