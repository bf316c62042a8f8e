"""Sentences for those who hear the window: what was selected, what was refused."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent


def announce(speaker: QObject, sentence: str, *, urgent: bool = False) -> None:
    """Have a screen reader say a sentence, at once where it is urgent; nothing where none runs."""
    if not sentence or not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(speaker, sentence)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)
