"""The fault of every reader here: one sentence, whatever the file put into it."""

from collections.abc import Iterable

from kgui.io.errors import InputError
from kgui.io.reasons import shown
from kgui.language import tr, trn

MOST_NAMES = 10
LONGEST_VALUE = 80


def refusal(sentence: str, **values: object) -> InputError:
    """InputError of a translated sentence; words from the file stand in it on one line."""
    plain = {key: shown(v) if isinstance(v, str) else v for key, v in values.items()}
    return InputError(sentence.format(**plain))


def quoted(value: object) -> str:
    """A value from a file as it stands in a sentence: in quotes, cut where it is long."""
    text = str(value)
    return repr(text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…")


def listed(names: Iterable[str]) -> str:
    """Names one after the other, the first few of many."""
    found = [shown(name[:LONGEST_VALUE]) for name in names]
    text = ", ".join(found[:MOST_NAMES]) or tr("nothing")
    more = len(found) - MOST_NAMES
    if more <= 0:
        return text
    return trn("{names} and {count} more", "{names} and {count} more", more).format(
        names=text, count=more
    )
