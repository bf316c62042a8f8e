"""The main options of a node, edited where the node is: Enter keeps, Esc leaves it as it was."""

from collections.abc import Callable
from functools import partial
from typing import cast

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFormLayout, QGraphicsView, QVBoxLayout, QWidget

from kgui.compiler.catalog import check_option
from kgui.compiler.node_types import NodeType, Option
from kgui.graph.blocks import BLOCK
from kgui.graph.project import OptionValue, Project
from kgui.graph.sharing import owner
from kgui.language import tr
from kgui.widgets.canvas.commands import type_of
from kgui.widgets.canvas.geometry import HEADER_HEIGHT
from kgui.widgets.canvas.looks import main_options
from kgui.widgets.canvas.plate import Plate
from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.editors import Field, TextField, field_for
from kgui.widgets.labels import as_sentence, plain_label
from kgui.widgets.number_fields import NumberField
from kgui.widgets.option_edits import with_option
from kgui.widgets.theme import Theme

LEAST_WIDTH = 220
STAYS = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
"""Reasons to lose the keyboard for a moment only."""


class InlineEditor(Plate):
    """A small form over one node; what is typed becomes one step when it is kept."""

    def __init__(self, view: QGraphicsView, scene: CanvasScene) -> None:
        super().__init__(view, scene.theme)
        self.setObjectName("inline")
        self.check: Callable[[str, str, OptionValue], str] = check_option
        """What is wrong with a value, by type and option."""
        self.node_id = ""
        self._view, self._scene = view, scene
        self._page = QWidget(self)
        self._message = plain_label("")
        self._message.setObjectName("inline.message")
        self._fields: dict[str, Field] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 8, 10, 8)
        self._column.setSpacing(4)
        self._column.addWidget(self._message)
        self._typed: dict[str, OptionValue] = {}
        self.dress(scene.theme)
        scene.theme_changed.connect(self.dress)
        scene.document.changed.connect(self._follow)
        self.hide()

    @property
    def _type(self) -> NodeType:
        node = self._scene.document.project.graph.node(self.node_id)
        return type_of(self._scene.node_types, node.type)

    def dress(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().dress(theme)
        palette = self._message.palette()
        palette.setColor(self._message.foregroundRole(), theme.error)
        self._message.setPalette(palette)

    def open_for(self, node_id: str) -> bool:
        """Edit the main options of a node; false where it has none."""
        self.keep()
        node = self._scene.document.project.graph.node(node_id)
        options = main_options(type_of(self._scene.node_types, node.type))
        if not options or node.type == BLOCK:
            return False
        options_here = owner(self._scene.document.project.graph, node_id).options
        self.node_id = node_id
        self._page = QWidget(self)
        form = QFormLayout(self._page)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(4)
        for option in options:
            field = self._field(option, options_here.get(option.name, option.default))
            form.addRow(f"{option.label[:1].upper()}{option.label[1:]}", field)
        self._column.insertWidget(0, self._page)
        self._say("")
        self.show()
        self.follow()
        self.raise_()
        _take_keyboard(cast(QWidget, self._fields[options[0].name]))
        return True

    def keep(self) -> None:
        """Close, and make what was typed one step; nothing where it was wrong."""
        if not self.node_id:
            return
        project, changed = self._scene.document.project, self._changed()
        wrong = [option for option, value in changed if self._fault(option, value)]
        name = project.graph.node(self.node_id).name
        node_id = self.node_id
        self.leave()
        if wrong or not changed:
            return
        for option, value in changed:
            project = with_option(project, [node_id], option, value)
        label = tr("Set {option} of {node}") if len(changed) == 1 else tr("Change {node}")
        label = label.format(option=changed[0][0].label, node=name)
        self._scene.document.apply(label, project)

    def leave(self) -> None:
        """Close without effect."""
        if not self.node_id:
            return
        inside = self._holds(QApplication.focusWidget())
        self.node_id = ""
        self.hide()
        self._typed.clear()
        self._fields.clear()
        # Not at once: the key that leads here came from one of its fields.
        self._page.hide()
        self._page.deleteLater()
        if inside:
            self._view.setFocus()

    def follow(self) -> None:
        """Stay over the body of the node while the view moves."""
        # A window that is closed is hidden first; after that there may be no scene any more.
        if not self.node_id or not self.isVisible():
            return
        card = self._scene.node_item(self.node_id).card
        corner = self._view.mapFromScene(card.topLeft() + QPointF(0, HEADER_HEIGHT))
        width = self._view.mapFromScene(card.topRight()).x() - corner.x()
        self.setFixedWidth(max(width, LEAST_WIDTH))
        self.adjustSize()
        self.move(corner + QPoint(0, 2))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's: Enter, Esc and the loss of the keyboard; shortcuts wait until it is closed."""
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(Qt.Key(event.key()))
        if kind == QEvent.Type.FocusOut and isinstance(event, QFocusEvent) and self.isVisible():
            goal = QApplication.focusWidget()
            if event.reason() not in STAYS and goal is not None and not self._holds(goal):
                self.keep()
        return super().eventFilter(watched, event)

    def _press(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self._first_fault():
                self.keep()
        else:
            return False
        return True

    def _field(self, option: Option, value: OptionValue) -> QWidget:
        widget = field_for(option)
        widget.setObjectName(f"inline.{option.name}")
        widget.setAccessibleName(option.label)
        widget.setToolTip(option.help)
        field = cast(Field, widget)
        field.show_value(value)
        field.edited.connect(partial(self._take, option))
        widget.installEventFilter(self)
        self._fields[option.name] = field
        return widget

    def _take(self, option: Option, value: OptionValue) -> None:
        self._typed[option.name] = value
        self._say(self._first_fault())

    def _changed(self) -> list[tuple[Option, OptionValue]]:
        node = self._scene.document.project.graph.node(self.node_id)
        found = [(self._type.option(name), value) for name, value in self._typed.items()]
        return [
            (option, value)
            for option, value in found
            if repr(node.options.get(option.name, option.default)) != repr(value)
        ]

    def _first_fault(self) -> str:
        faults = (self._fault(option, value) for option, value in self._changed())
        return next(filter(None, faults), "")

    def _fault(self, option: Option, value: OptionValue) -> str:
        if value is None and not option.optional:
            return tr("{option} needs a value.").format(option=option.label)
        return self.check(self._type.name, option.name, value)

    def _say(self, sentence: str) -> None:
        self._message.setText(as_sentence(sentence))
        self._message.setVisible(bool(sentence))
        self.follow()

    def _holds(self, widget: QWidget | None) -> bool:
        return widget is not None and (widget is self or self.isAncestorOf(widget))

    def _follow(self, before: Project, after: Project) -> None:
        self.leave()


def _take_keyboard(widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.OtherFocusReason)
    if isinstance(widget, NumberField):
        widget.lineEdit().selectAll()
    elif isinstance(widget, TextField):
        widget.selectAll()
