"""A field for code: fixed-width letters, numbered lines, one of them marked as wrong."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import (
    QFontDatabase,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from kgui.language import tr
from kgui.widgets.theme import Theme, mixed

MARGIN = 8
"""Pixels left and right of the numbers."""


class CodeEditor(QPlainTextEdit):
    """Replaces only the lines that differ, so that cursor and scroll bars stay where they are."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("code")
        self.setAccessibleName(tr("Keras code of the drawing"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)  # the keyboard must find the way out again
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self.font().pointSizeF())
        self.setFont(font)
        self._theme, self._wrong = theme, 0
        self._numbers = _Numbers(self)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._scroll_numbers)
        self._make_room()

    def show_text(self, text: str) -> None:
        """Show another text; what is the same at both ends is left alone."""
        old, new = self.toPlainText(), text
        if old == new:
            return
        before, after = old.split("\n"), new.split("\n")
        start = _common(before, after)
        end = _common(before[start:][::-1], after[start:][::-1])
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        _replace_lines(
            cursor, start, len(before) - end, after[start : len(after) - end], len(before)
        )
        cursor.endEditBlock()
        self.document().clearUndoRedoStacks()

    def mark(self, line: int) -> None:
        """Mark a line, counted from 1, as wrong; 0 marks none."""
        self._wrong = line
        marks = []
        if 0 < line <= self.blockCount():
            mark = QTextEdit.ExtraSelection()
            mark.cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
            ground = mixed(self._theme.base, self._theme.error, 0.16)
            mark.format.setBackground(ground)
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            marks.append(mark)
        self.setExtraSelections(marks)
        self._numbers.update()

    def go_to(self, line: int) -> None:
        """Put the cursor at the beginning of a line, counted from 1."""
        if 0 < line <= self.blockCount():
            self.setTextCursor(QTextCursor(self.document().findBlockByNumber(line - 1)))
            self.centerCursor()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.mark(self._wrong)

    def event(self, event: QEvent) -> bool:
        """Qt's: leave undo and redo to the window where nothing was typed here."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            document = self.document()
            keys = QKeySequence.StandardKey
            if (event.matches(keys.Undo) and not document.isUndoAvailable()) or (
                event.matches(keys.Redo) and not document.isRedoAvailable()
            ):
                event.ignore()
                return False
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's: keep the numbers as high as the text."""
        super().resizeEvent(event)
        inner = self.contentsRect()
        self._numbers.setGeometry(QRect(inner.left(), inner.top(), self._room(), inner.height()))

    def _room(self) -> int:
        digits = max(2, len(str(self.blockCount())))
        return 2 * MARGIN + self.fontMetrics().horizontalAdvance("9") * digits

    def _make_room(self) -> None:
        self.setViewportMargins(self._room(), 0, 0, 0)

    def _scroll_numbers(self, area: QRect, by: int) -> None:
        if by:
            self._numbers.scroll(0, by)
        else:
            self._numbers.update(0, area.y(), self._numbers.width(), area.height())

    def paint_numbers(self, painter: QPainter, area: QRect) -> None:
        """Paint the numbers of the lines that are seen."""
        theme = self._theme
        painter.fillRect(area, mixed(theme.base, theme.window, 0.5))
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        place = self.blockBoundingGeometry(block).translated(self.contentOffset())
        while block.isValid() and place.top() <= area.bottom():
            number = block.blockNumber() + 1
            painter.setPen(theme.error if number == self._wrong else theme.muted)
            line = QRect(
                0, round(place.top()), self._numbers.width() - MARGIN, round(place.height())
            )
            painter.drawText(line, Qt.AlignmentFlag.AlignRight, str(number))
            block = block.next()
            place = self.blockBoundingGeometry(block).translated(self.contentOffset())


class _Numbers(QWidget):
    """The strip left of the text."""

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    def sizeHint(self) -> QSize:
        """Qt's: as wide as the editor says."""
        return QSize(self._editor.viewportMargins().left(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's: the editor knows where its lines are."""
        painter = QPainter(self)
        self._editor.paint_numbers(painter, event.rect())
        painter.end()


def _common(first: list[str], second: list[str]) -> int:
    """How many lines are the same from the beginning on."""
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count


def _replace_lines(cursor: QTextCursor, start: int, end: int, lines: list[str], count: int) -> None:
    """Put lines in the place of those from `start` up to `end` of `count`."""
    block = cursor.document().findBlockByNumber
    text = "\n".join(lines)
    keep = QTextCursor.MoveMode.KeepAnchor
    if end < count:
        cursor.setPosition(block(start).position())
        cursor.setPosition(block(end).position(), keep)
        cursor.insertText(f"{text}\n" if lines else "")
        return
    if start == 0:
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        return
    before = block(start - 1)
    cursor.setPosition(before.position() + before.length() - 1)
    cursor.movePosition(QTextCursor.MoveOperation.End, keep)
    cursor.insertText(f"\n{text}" if lines else "")
