"""The one table of actions: menus, toolbar, shortcuts and the shortcut sheet are made from it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar, QToolButton, QWidget

from kgui.language import tr
from kgui.widgets.arrange_actions import arrange_rows

Menu = Literal["file", "edit", "view", "arrange", "train", "help"]


@dataclass(frozen=True)
class Entry:
    """One action; `handler` is the dotted way to a method, from the workbench or the window."""

    id: str
    text: str
    handler: str
    tip: str
    menu: Menu
    shortcuts: tuple[str, ...] = ()
    enabled: str = ""
    """Name of the condition that must hold; "" is always enabled."""
    icon: bool = False
    """Whether resources/icons holds "<id>.svg"; such actions stand in the toolbar."""
    scope: Literal["window", "canvas"] = "window"
    """Where the shortcut is heard: single keys only on the canvas."""
    gap: bool = False
    """Whether a separator comes before it."""
    choice: str = ""
    """Checkable: the name of the group of which one is checked."""

    @property
    def plain_text(self) -> str:
        """The text without the mark of the access key."""
        return self.text.replace("&", "").removesuffix("…")


def entries() -> tuple[Entry, ...]:
    """Every action, in the order of the menus."""
    return (*_file(), *_edit(), *_view(), *_arrange(), *_train(), *_help())


def menu_titles() -> dict[Menu, str]:
    """The menus in order, and what they are called."""
    return {
        "file": tr("&File"),
        "edit": tr("&Edit"),
        "view": tr("&View"),
        "arrange": tr("&Arrange"),
        "train": tr("&Training"),
        "help": tr("&Help"),
    }


def _file() -> tuple[Entry, ...]:
    return (
        Entry("file.new", tr("&New"), "files.new", tr("Start an empty document"), "file",
              ("Ctrl+N",), icon=True),
        Entry("file.open", tr("&Open…"), "files.open", tr("Open a .kgui file"), "file",
              ("Ctrl+O",), icon=True),
        Entry("file.open_code", tr("Open &code…"), "open_code",
              tr("Draw the network of a Python file that uses Keras"), "file",
              ("Ctrl+Shift+O",)),
        Entry("file.save", tr("&Save"), "files.save", tr("Save the document"), "file",
              ("Ctrl+S",), icon=True, gap=True),
        Entry("file.save_as", tr("Save &as…"), "files.save_as",
              tr("Save the document under another name"), "file", ("Ctrl+Shift+S",)),
        Entry("file.export_npz", tr("&Export model as .npz…"), "files.export_npz",
              tr("Write the trained weights to a file that NumPy reads"), "file",
              ("Ctrl+E",), "has_model", icon=True, gap=True),
        Entry("file.quit", tr("&Quit"), "window.close", tr("Close the program"), "file",
              ("Ctrl+Q",), gap=True),
    )  # fmt: skip


def _edit() -> tuple[Entry, ...]:
    return (
        Entry("edit.undo", tr("&Undo"), "document.undo", tr("Take back the last step"), "edit",
              ("Ctrl+Z",), "can_undo", icon=True),
        Entry("edit.redo", tr("&Redo"), "document.redo", tr("Do the step again"), "edit",
              ("Ctrl+Shift+Z", "Ctrl+Y"), "can_redo", icon=True),
        Entry("node.add", tr("Add &layer…"), "canvas.search.open_here",
              tr("Search for a layer and add it"), "edit", ("Tab",),
              scope="canvas", gap=True),
        Entry("edit.cut", tr("Cu&t"), "clipboard.cut",
              tr("Move the selected layers to the clipboard"), "edit",
              ("Ctrl+X",), "has_things_selected", scope="canvas", gap=True),
        Entry("edit.copy", tr("&Copy"), "clipboard.copy",
              tr("Copy the selected layers to the clipboard"), "edit",
              ("Ctrl+C",), "has_things_selected", scope="canvas"),
        Entry("edit.paste", tr("&Paste"), "clipboard.paste",
              tr("Insert layers from the clipboard"), "edit", ("Ctrl+V",), scope="canvas"),
        Entry("edit.copy_code", tr("Copy c&ode"), "code.copy",
              tr("Copy the drawing as Keras code"), "edit",
              ("Ctrl+Shift+C",), "has_nodes"),
        Entry("code.apply", tr("&Draw code"), "code.apply",
              tr("Draw the network of the code that was typed"), "edit",
              ("Ctrl+Shift+Return",), "has_typed_code"),
        Entry("code.revert", tr("Re&vert code"), "code.revert",
              tr("Show the code of the drawing again"), "edit", (), "has_typed_code"),
        Entry("edit.paste_wired", tr("Paste with &wires"), "clipboard.paste_wired",
              tr("Insert layers from the clipboard, fed by what fed the copied ones"), "edit",
              ("Ctrl+Shift+V",), scope="canvas"),
        Entry("edit.duplicate", tr("&Duplicate"), "canvas.duplicate",
              tr("Copy the selected layers beside themselves"), "edit",
              ("Ctrl+D",), "has_things_selected", scope="canvas"),
        Entry("edit.delete", tr("De&lete"), "canvas.delete_selection",
              tr("Remove what is selected"), "edit",
              ("Del",), "has_selection", icon=True, scope="canvas"),
        Entry("edit.heal", tr("Delete and re&connect"), "canvas.heal_selection",
              tr("Remove the selected layers and join what they stood between"), "edit",
              ("Backspace",), "has_selection", scope="canvas"),
        Entry("edit.select_all", tr("Select &all"), "canvas.select_all",
              tr("Select everything on the canvas"), "edit",
              ("Ctrl+A",), "has_nodes", scope="canvas", gap=True),
        Entry("node.edit", tr("&Edit options"), "canvas.keys.edit",
              tr("Edit the main options of the selected layer where it is"), "edit",
              ("Return", "Enter"), "has_one_selected", scope="canvas", gap=True),
        Entry("node.rename", tr("Re&name"), "rename",
              tr("Give the selected layer another name"), "edit", ("F2",), "has_one_selected"),
        Entry("node.connect", tr("Co&nnect…"), "canvas.connecting.open_selected",
              tr("Draw a wire from the selected layer to one in a list of what fits"), "edit",
              ("C",), "has_one_selected", scope="canvas"),
        Entry("wire.next", tr("Next &wire"), "canvas.walker.next_wire",
              tr("Select the wires of the selected layer, one after another"), "edit",
              ("W",), "has_selection", scope="canvas"),
        Entry("wire.previous", tr("Previous w&ire"), "canvas.walker.previous_wire",
              tr("Select the wires of the selected layer, the other way round"), "edit",
              ("Alt+W",), "has_selection", scope="canvas"),
        Entry("canvas.menu", tr("Context &menu"), "menus.open_here",
              tr("Open the menu of what is selected on the canvas"), "edit", ("Shift+F10",),
              scope="canvas"),
        Entry("node.bypass", tr("&Bypass"), "canvas.bypass",
              tr("Let data go past the selected layers, or through them again"), "edit",
              ("M",), "has_nodes_selected", scope="canvas"),
        Entry("edit.duplicate_shared", tr("Duplicate &shared"), "blocks.duplicate_shared",
              tr("Copy the selected layers; the copies use the same weights"), "edit",
              ("Alt+D",), "has_nodes_selected", scope="canvas", gap=True),
        Entry("node.share", tr("Share wei&ghts"), "blocks.share",
              tr("Let the selected layers be one layer with the same weights"), "edit",
              ("Ctrl+L",), "has_two_selected", scope="canvas"),
        Entry("node.unshare", tr("Make i&ndependent"), "blocks.unshare",
              tr("Give the selected layers weights of their own"), "edit",
              ("Ctrl+Shift+L",), "has_shared_selected", scope="canvas"),
        Entry("node.group", tr("&Group into block"), "blocks.group",
              tr("Make one block of the selected layers"), "edit",
              ("Ctrl+Shift+G",), "has_nodes_selected", scope="canvas", gap=True),
        Entry("node.unpack", tr("&Unpack block"), "blocks.unpack",
              tr("Put what the selected block holds in its place"), "edit",
              ("Ctrl+Shift+U",), "has_block_selected", scope="canvas"),
        Entry("block.enter", tr("&Enter block"), "enter_block",
              tr("Show what the selected block holds; a double-click and Enter do the same"),
              "edit", ("Alt+Down",), "has_block_selected", scope="canvas"),
        Entry("block.leave", tr("&Leave block"), "leave_block",
              tr("Show the drawing that the block is in"), "edit",
              ("Alt+Up",), "is_inside", scope="canvas"),
    )  # fmt: skip


def _view() -> tuple[Entry, ...]:
    return (
        Entry("view.fit", tr("&Fit"), "canvas.fit", tr("Show the whole drawing"), "view",
              ("F", "Home"), "has_nodes", icon=True, scope="canvas"),
        Entry("view.zoom_in", tr("Zoom &in"), "canvas.zoom_in", tr("Show the drawing larger"),
              "view", ("Ctrl++", "Ctrl+=")),
        Entry("view.zoom_out", tr("Zoom &out"), "canvas.zoom_out", tr("Show the drawing smaller"),
              "view", ("Ctrl+-",)),
        Entry("view.zoom_reset", tr("&Actual size"), "canvas.zoom_reset",
              tr("Show the drawing at 100 %"), "view", ("Ctrl+0",)),
        Entry("view.code", tr("&Code"), "code.show", tr("Show the drawing as Keras code"), "view"),
        Entry("view.snap", tr("Snap to &grid"), "canvas.snap",
              tr("Let layers snap to the grid and to each other; Shift moves freely"), "view"),
        Entry("view.theme_system", tr("&System theme"), "appearance.use_system",
              tr("Take light or dark from the desktop"), "view", gap=True, choice="theme"),
        Entry("view.theme_light", tr("&Light theme"), "appearance.use_light",
              tr("Dark text on a light ground"), "view", choice="theme"),
        Entry("view.theme_dark", tr("&Dark theme"), "appearance.use_dark",
              tr("Light text on a dark ground"), "view", choice="theme"),
    )  # fmt: skip


def _arrange() -> tuple[Entry, ...]:
    return tuple(
        Entry(row.id, row.text, row.handler, row.tip, "arrange", row.shortcuts, row.enabled,
              scope="canvas", gap=row.gap)
        for row in arrange_rows()
    )  # fmt: skip


def _train() -> tuple[Entry, ...]:
    return (
        Entry("train.start", tr("&Train"), "desk.train", tr("Train the network on the chosen data"),
              "train", ("F5", "Ctrl+Return"), "can_train", icon=True),
        Entry("train.stop", tr("&Stop"), "training.stop",
              tr("Stop training after the current batch and keep what was learnt"),
              "train", ("Shift+F5",), "is_training", icon=True),
    )  # fmt: skip


def _help() -> tuple[Entry, ...]:
    return (
        Entry("help.commands", tr("Co&mmands…"), "commands.open",
              tr("Search for a command and run it"), "help", ("Ctrl+Shift+P",)),
        Entry("help.layer", tr("&Help on the layer"), "help.show_layer",
              tr("Explain the selected layer and its options, or list the shortcuts"), "help",
              ("F1",)),
        Entry("help.shortcuts", tr("&Keyboard shortcuts"), "help.show_shortcuts",
              tr("Show every shortcut, and change it"), "help", ("?",)),
        Entry("help.report", tr("&Copy problem report"), "window.copy_report",
              tr("Copy versions and the last log lines, without any of your data"), "help"),
        Entry("help.about", tr("&About kgui"), "window.show_about", tr("Version and licence"),
              "help", gap=True),
    )  # fmt: skip


def create_actions(parent: QWidget, table: Iterable[Entry]) -> dict[str, QAction]:
    """A QAction for every entry, by id, not connected yet."""
    groups: dict[str, QActionGroup] = {}
    actions = {}
    for entry in table:
        action = QAction(entry.text, parent)
        action.setObjectName(entry.id)
        action.setShortcuts([QKeySequence(shortcut) for shortcut in entry.shortcuts])
        action.setToolTip(tool_tip(entry))
        action.setStatusTip(entry.tip)
        if entry.choice:
            action.setCheckable(True)
            groups.setdefault(entry.choice, QActionGroup(parent)).addAction(action)
        actions[entry.id] = action
    return actions


def tool_tip(entry: Entry) -> str:
    """What the action does, with its first shortcut."""
    keys = shortcut_text(entry)
    return f"{entry.tip} ({keys})" if keys else entry.tip


def shortcut_text(entry: Entry) -> str:
    """The first shortcut as this system writes it; "" if there is none."""
    if not entry.shortcuts:
        return ""
    return QKeySequence(entry.shortcuts[0]).toString(QKeySequence.SequenceFormat.NativeText)


def connect_actions(
    actions: Mapping[str, QAction],
    table: Iterable[Entry],
    window: object,
    workbench: object,
    canvas: QWidget,
) -> None:
    """Join every action to its handler; shortcuts of the canvas are heard there only."""
    for entry in table:
        action = actions[entry.id]
        action.triggered.connect(handler_of(entry, window, workbench))
        if entry.scope == "canvas":
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            canvas.addAction(action)


def handler_of(entry: Entry, window: object, workbench: object) -> Callable[[], object]:
    """The method that does it; AttributeError if there is none."""
    path = entry.handler.removeprefix("window.")
    handler: Callable[[], object] = attrgetter(path)(window if path != entry.handler else workbench)
    return handler


def enable_actions(
    actions: Mapping[str, QAction], table: Iterable[Entry], conditions: Mapping[str, bool]
) -> None:
    """Enable exactly the actions whose condition holds."""
    for entry in table:
        actions[entry.id].setEnabled(not entry.enabled or conditions.get(entry.enabled, False))


def fill_menus(
    bar: QMenuBar, actions: Mapping[str, QAction], table: Iterable[Entry]
) -> dict[str, QMenu]:
    """The menus with their actions, by name; objectNames are "menu.<name>"."""
    menus: dict[str, QMenu] = {}
    for name, title in menu_titles().items():
        menus[name] = bar.addMenu(title)
        menus[name].setObjectName(f"menu.{name}")
    for entry in table:
        if entry.gap:
            menus[entry.menu].addSeparator()
        menus[entry.menu].addAction(actions[entry.id])
    return menus


def create_toolbar(actions: Mapping[str, QAction], table: Iterable[Entry]) -> QToolBar:
    """The toolbar: every action with an icon, a gap between menus; training with its words."""
    bar = QToolBar(tr("Toolbar"))
    bar.setObjectName("toolbar")
    bar.setMovable(False)
    bar.setIconSize(QSize(20, 20))
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    menu = ""
    for entry in (entry for entry in table if entry.icon):
        if menu not in ("", entry.menu):
            bar.addSeparator()
        menu = entry.menu
        bar.addAction(actions[entry.id])
        button = bar.widgetForAction(actions[entry.id])
        if entry.menu == "train" and isinstance(button, QToolButton):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return bar
