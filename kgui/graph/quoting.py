"""Texts from files as messages show them: short and without anything unprintable."""

from collections.abc import Iterable

LONGEST = 40


def shortened(text: object) -> str:
    """The text cut to 40 characters; what cannot be printed is written as an escape."""
    shown = str(text)
    shown = shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in shown
    )


def quoted(text: object) -> str:
    """The shortened text in quotation marks."""
    return f'"{shortened(text)}"'


def listed(names: Iterable[str], separator: str = ", ") -> str:
    """Names in a row; the middle of a long row is left out."""
    row = [quoted(name) for name in names]
    return separator.join(row if len(row) <= 8 else [*row[:4], "…", *row[-3:]])
