"""Python source laid out as formatters do it: on one line where it fits, else one item a line.

Whatever is broken up ends with a comma, so that formatters of any line length leave it alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kgui.graph.project import OptionValue

WIDTH = 88
"""Characters in a line; what Black and Ruff allow unless told otherwise."""
INDENT = "    "


@dataclass(frozen=True)
class Row:
    """Items between brackets; `before` stands in front of the opening one."""

    before: str
    items: tuple["Piece", ...]
    brackets: str = "()"
    comments: tuple[str, ...] = ()
    """Where there are any, the row is broken up and each item has one behind it, or ""."""

    @property
    def flat(self) -> str:
        """The row on one line."""
        items = ", ".join(map(flat, self.items))
        return f"{self.before}{self.brackets[0]}{items}{self.brackets[1]}"


Piece: TypeAlias = str | Row


def flat(piece: Piece) -> str:
    """A piece on one line."""
    return piece if isinstance(piece, str) else piece.flat


def keyword(name: str, value: Piece) -> Piece:
    """`name=value`."""
    if isinstance(value, str):
        return f"{name}={value}"
    return Row(f"{name}={value.before}", value.items, value.brackets, value.comments)


def literal(value: OptionValue) -> Piece:
    """A value as Python writes it; lists as tuples, as shapes and axes are written."""
    if isinstance(value, list):
        items = tuple(map(literal, value))
        return Row("", items) if len(items) != 1 else f"({flat(items[0])},)"
    return text(value) if isinstance(value, str) else repr(value)


def bracketed(items: Iterable[Piece]) -> Row:
    """A list."""
    return Row("", tuple(items), "[]")


def text(value: str) -> str:
    """A text in double quotes, unless that needs more escapes."""
    shown = repr(value)
    if shown[0] == '"' or '"' in value:
        return shown
    return f'"{shown[1:-1]}"'


def lines(
    pieces: Sequence[Piece], indent: int = 0, end: str = "", *, broken: bool = False
) -> list[str]:
    """Pieces that follow each other without a space, as lines; `end` follows the last."""
    space = INDENT * indent
    found = [space]
    for index, piece in enumerate(pieces):
        last = end if index == len(pieces) - 1 else ""
        rest = "".join(map(flat, pieces[index + 1 :])) + end
        breaks = _can_break(piece) and (
            broken or _has_comments(piece) or len(found[-1] + flat(piece) + rest) > WIDTH
        )
        if not breaks or isinstance(piece, str):
            found[-1] += flat(piece) + last
            continue
        found[-1] += piece.before + piece.brackets[0]
        found += _broken(piece, indent)
        found.append(space + piece.brackets[1] + last)
    return found


def _broken(row: Row, indent: int) -> list[str]:
    """The items of a row, each on lines of its own."""
    found: list[str] = []
    # A list that is all there is inside brackets takes no comma behind it.
    alone = len(row.items) == 1 and isinstance(row.items[0], Row) and row.items[0].brackets == "[]"
    for index, item in enumerate(row.items):
        end = "" if alone and not _is_keyword(item) else ","
        # Formatters count the comment as part of the line.
        note = f"  # {row.comments[index]}" if any(row.comments[index : index + 1]) else ""
        found += lines([item], indent + 1, end + note, broken=not end)
    return found


def _is_keyword(item: Piece) -> bool:
    return isinstance(item, Row) and bool(item.before)


def _can_break(piece: Piece) -> bool:
    return isinstance(piece, Row) and bool(piece.items)


def _has_comments(piece: Piece) -> bool:
    return isinstance(piece, Row) and (
        any(piece.comments) or any(_has_comments(item) for item in piece.items)
    )
