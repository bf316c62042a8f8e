"""The words a user sees: every text passes `tr` at the moment it is shown; stdlib only.

Texts are written in English where they are used and translated by gettext catalogues in
``resources/translations/<language>/LC_MESSAGES/kgui.mo``. Values go in with ``format`` after
the translation: ``tr("{name} has no input").format(name=name)``.
"""

import gettext
from collections.abc import Callable
from pathlib import Path

RESOURCES = Path(__file__).resolve().parent.parent / "resources"


class Language:
    """The language in force; replaced as a whole, so that no text is half translated."""

    def __init__(self) -> None:
        self.translate: Callable[[str], str] = str
        self.translate_number: Callable[[str, str, int], str] = _english_plural

    def use(self, code: str) -> bool:
        """Take the catalogue of a language, say "zh_CN"; false, and English, if there is none."""
        found = gettext.find("kgui", RESOURCES / "translations", [code])
        if found is None:
            self.translate, self.translate_number = str, _english_plural
            return False
        catalogue = gettext.translation("kgui", RESOURCES / "translations", [code])
        self.translate, self.translate_number = catalogue.gettext, catalogue.ngettext
        return True


def _english_plural(singular: str, plural: str, number: int) -> str:
    return singular if number == 1 else plural


language = Language()


def tr(text: str) -> str:
    """The text in the user's language."""
    return language.translate(text) if text else text


def trn(singular: str, plural: str, number: int) -> str:
    """The text in the user's language, in the form that fits the number."""
    return language.translate_number(singular, plural, number)
