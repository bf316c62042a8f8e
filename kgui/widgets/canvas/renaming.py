"""The name of a node, edited where the node is: Enter keeps it, Esc leaves it as it was."""

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGraphicsView, QLineEdit, QVBoxLayout

from kgui.graph import edits
from kgui.graph.project import Project
from kgui.language import tr
from kgui.widgets.announcing import announce
from kgui.widgets.canvas.geometry import HEADER_HEIGHT
from kgui.widgets.canvas.plate import Plate
from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.labels import plain_label
from kgui.widgets.theme import Theme

LEAST_WIDTH = 200


class Renaming(Plate):
    """A field over one node; a name that is refused stays to be mended, and the reason is said."""

    def __init__(self, view: QGraphicsView, scene: CanvasScene) -> None:
        super().__init__(view, scene.theme)
        self.setObjectName("rename")
        self.node_id = ""
        self._view, self._scene = view, scene
        self.field = QLineEdit(self)
        self.field.setObjectName("rename.field")
        self.field.setAccessibleName(tr("Name"))
        self.message = plain_label("")
        self.message.setObjectName("rename.message")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        column.addWidget(self.field)
        column.addWidget(self.message)
        self.field.textEdited.connect(self._judge)
        self.field.installEventFilter(self)
        scene.document.changed.connect(self._follow)
        scene.theme_changed.connect(self.dress)
        self.dress(scene.theme)
        self.hide()

    def dress(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().dress(theme)
        palette = self.message.palette()
        palette.setColor(self.message.foregroundRole(), theme.error)
        self.message.setPalette(palette)

    def open_selected(self) -> None:
        """Edit the name of the selected node, if one is."""
        selected = self._scene.selected_node_ids()
        if len(selected) == 1:
            self.open_for(selected[0])

    def open_for(self, node_id: str) -> None:
        """Edit the name of a node."""
        self.node_id = node_id
        self._view.ensureVisible(self._scene.node_item(node_id), 40, 40)
        self.field.setText(self._scene.document.project.graph.node(node_id).name)
        self.field.selectAll()
        self._say("")
        self.show()
        self.raise_()
        self.follow()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Close without effect."""
        if not self.node_id:
            return
        self.node_id = ""
        had_focus = self.field.hasFocus()
        self.hide()
        if had_focus:
            self._view.setFocus()

    def follow(self) -> None:
        """Stay over the body of the node while the view moves."""
        if not self.node_id or not self.isVisible():
            return
        card = self._scene.node_item(self.node_id).card
        corner = self._view.mapFromScene(card.topLeft() + QPointF(0, HEADER_HEIGHT))
        width = self._view.mapFromScene(card.topRight()).x() - corner.x()
        self.setFixedWidth(max(width, LEAST_WIDTH))
        self.adjustSize()
        self.move(corner + QPoint(0, 2))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's: Enter and Esc; while the field has the keyboard no shortcut is heard."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(Qt.Key(event.key()))
        if isinstance(event, QFocusEvent) and event.lostFocus():
            reasons = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
            if event.reason() not in reasons and not self._keep():
                self.leave()
        return super().eventFilter(watched, event)

    def _press(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._keep()
        else:
            return key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        return True

    def _keep(self) -> bool:
        """Take the name as one step; false, and the reason is said, where it is refused."""
        if not self.node_id:
            return True
        name = self.field.text().strip()
        if reason := self._reason(name):
            self._say(reason)
            announce(self.field, reason, urgent=True)
            return False
        node_id, document = self.node_id, self._scene.document
        self.leave()
        label = tr("Rename to {name}").format(name=name)
        document.apply(label, edits.rename(document.project, node_id, name))
        return True

    def _reason(self, name: str) -> str:
        return edits.why_not_rename(self._scene.document.project, self.node_id, name)

    def _judge(self, text: str) -> None:
        self._say(self._reason(text.strip()))

    def _say(self, sentence: str) -> None:
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))
        self.follow()

    def _follow(self, before: Project, after: Project) -> None:
        self.leave()
