"""The title of a frame and the text of a note, typed in place; Esc leaves them alone."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsView,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from kgui.graph import remarks
from kgui.graph.framing import TITLE_HEIGHT
from kgui.graph.project import Project
from kgui.language import tr
from kgui.widgets.canvas.plate import Plate
from kgui.widgets.canvas.remarks.note_item import LETTERS, WIDTH
from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.theme import font

LEAST_LETTERS = 11
LEAST_SIZE, LEAST_TITLE = QSize(200, 64), QSize(160, 28)
MOST_HEIGHT = 400
STAYS = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
"""Reasons to lose the keyboard for a moment only."""
Keep = Callable[[str], None]


class RemarkEditor(Plate):
    """A field over one frame's title or one note; what is typed becomes one step."""

    def __init__(self, view: QGraphicsView, scene: CanvasScene) -> None:
        super().__init__(view, scene.theme)
        self.setObjectName("remark")
        self._view, self._scene = view, scene
        self._keep: Keep | None = None
        self._area: Callable[[], QRectF] = QRectF
        self._frame_id = ""
        self.title, self.text = QLineEdit(self), QPlainTextEdit(self)
        self.title.setObjectName("remark.title")
        self.title.setAccessibleName(tr("Title of the frame"))
        self.title.setPlaceholderText(tr("Title"))
        self.title.setMaxLength(200)
        self.title.setTextMargins(7, 0, 7, 0)
        self.text.setObjectName("remark.text")
        self.text.setAccessibleName(tr("Text of the note"))
        self.text.setPlaceholderText(tr("Type a note. Ctrl+Enter keeps it, Esc does not."))
        self.text.setTabChangesFocus(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(3, 3, 3, 3)
        for field in (self.title, self.text):
            field.setFrame(False) if isinstance(field, QLineEdit) else field.setFrameStyle(0)
            field.installEventFilter(self)
            column.addWidget(field)
        self.text.textChanged.connect(self.follow)
        scene.theme_changed.connect(self.dress)
        scene.document.changed.connect(self._leave)
        for bar in (view.horizontalScrollBar(), view.verticalScrollBar()):
            bar.valueChanged.connect(self.follow)
        self.hide()

    def open_title(self, frame_id: str, merge_key: str | None = None, label: str = "") -> None:
        """Type the title of a frame; with a merge key it belongs to the step before."""
        self.keep()
        item = self._scene.remarks.frames[frame_id]
        document = self._scene.document

        def keep(title: str) -> None:
            text = label or tr("Rename frame {title}").format(title=title).strip()
            project = remarks.set_title(document.project, frame_id, title.strip())
            document.apply(text, project, merge_key)

        self._frame_id = frame_id
        item.hide_title(hidden=True)
        self.title.setText(item.title)
        self.title.selectAll()
        self._open(self.title, keep, lambda: item.title_bar)

    def open_note(self, note_id: str) -> None:
        """Type the text of a note; an empty one is deleted."""
        self.keep()
        item, document = self._scene.remarks.notes[note_id], self._scene.document

        def keep(text: str) -> None:
            if text.strip():
                project = remarks.set_text(document.project, note_id, text)
                document.apply(tr("Change note"), project)
            else:
                document.apply(tr("Delete note"), remarks.remove(document.project, (), [note_id]))

        self.text.setPlainText(item.text)
        self.text.moveCursor(QTextCursor.MoveOperation.End)
        self._open(self.text, keep, lambda: item.area)

    def open_new(self, place: QPointF) -> None:
        """Type a note that is not there yet; it comes to be when it is kept."""
        self.keep()
        document = self._scene.document

        def keep(text: str) -> None:
            if text.strip():
                note = remarks.new_note(document.project, text, place.toTuple())
                document.apply(tr("Add note"), remarks.add_note(document.project, note))

        self.text.clear()
        self._open(self.text, keep, lambda: QRectF(place.x(), place.y(), WIDTH, 60))

    def keep(self) -> None:
        """Close, and make what was typed one step."""
        keep, text = self._keep, self.title.text()
        if self.text.isVisibleTo(self):
            text = self.text.toPlainText()
        self.leave()
        if keep is not None:
            keep(text)

    def leave(self) -> None:
        """Close without effect."""
        if self._keep is None:
            return
        self._keep = None
        item = self._scene.remarks.frames.get(self._frame_id)
        if item is not None:
            item.hide_title(hidden=False)
        self._frame_id = ""
        inside = self.isAncestorOf(QApplication.focusWidget() or self._view)
        self.hide()
        if inside:
            self._view.setFocus()

    def follow(self) -> None:
        """Stay over the frame or note while the view moves, large enough to type in."""
        if self._keep is None or not self.isVisible():
            return
        corners = self._view.mapFromScene(self._area()).boundingRect()
        zoom = self._view.transform().m11()
        if self.title.isVisibleTo(self):
            self.title.setFont(font(max(LEAST_LETTERS, 14 * zoom), bold=True))
            size = QSize(corners.width(), max(round(TITLE_HEIGHT * zoom), 28))
        else:
            self.text.setFont(font(max(LEAST_LETTERS, LETTERS * zoom)))
            size = QSize(corners.width() + 12, corners.height())
        self.resize(size.expandedTo(LEAST_SIZE if self.text.isVisibleTo(self) else LEAST_TITLE))
        if self.text.isVisibleTo(self):
            # Only now it is known into how many lines the text falls.
            lines = self.text.document().size().height() + 1
            high = min(round(lines * self.text.fontMetrics().lineSpacing()) + 16, MOST_HEIGHT)
            self.resize(self.width(), max(self.height(), high))
        self.move(corners.topLeft() - QPoint(2, 2))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's: Enter, Esc and the loss of the keyboard; shortcuts wait until it is closed."""
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(event)
        left = isinstance(event, QFocusEvent) and event.reason() not in STAYS
        if kind == QEvent.Type.FocusOut and left and self.isVisible():
            self.keep()
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent) -> bool:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif enter and (control or self.title.isVisibleTo(self)):
            self.keep()
        else:
            return False
        return True

    def _open(self, field: QWidget, keep: Keep, area: Callable[[], QRectF]) -> None:
        self._keep, self._area = keep, area
        self.title.setVisible(field is self.title)
        self.text.setVisible(field is self.text)
        self.show()
        self.raise_()
        self.follow()
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave(self, before: Project, after: Project) -> None:
        self.leave()
