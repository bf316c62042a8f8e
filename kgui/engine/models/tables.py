"""A table drawn with lines, laid out as the library that Keras prints its summaries with does."""

import math
import re
from collections.abc import Iterator, Sequence

Alignments = Sequence[str]


def draw_table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    alignments: Alignments,
    length: int,
) -> list[str]:
    """The lines of a table `length` characters wide; text too wide for its column goes on below.

    `widths` are wishes: all columns give way alike until the lines between them have room.
    """
    inner = _given_way(widths, length)
    lines = [_rule("┏━┳┓", inner), *_row(header, inner, alignments, "┃", low=True)]
    lines.append(_rule("┡━╇┩", inner))
    for index, row in enumerate(rows):
        if index:
            lines.append(_rule("├─┼┤", inner))
        lines += _row(row, inner, alignments, "│")
    lines.append(_rule("└─┴┘", inner))
    return lines


def _given_way(widths: Sequence[int], length: int) -> list[int]:
    """Widths with a space on both sides that, with the lines between, make up the length."""
    room = length - len(widths) - 1
    padded = [min(width + 2, room) for width in widths]
    excess, left = sum(padded) - room, len(padded)
    if excess < 0:
        return [width + more for width, more in zip(padded, _shares(-excess, padded), strict=True)]
    result = []
    for width in padded:
        share = min(width, round(excess / left))
        result.append(width - share)
        excess, left = excess - share, left - 1
    return result


def _shares(amount: int, parts: Sequence[int]) -> Iterator[int]:
    """The amount, shared out in the parts' proportions."""
    total = sum(parts)
    for part in parts:
        share = math.ceil(part * amount / total)
        yield share
        total, amount = total - part, amount - share


def _rule(characters: str, inner: Sequence[int]) -> str:
    left, line, joint, right = list(characters)
    return left + joint.join(line * width for width in inner) + right


def _row(
    cells: Sequence[str],
    inner: Sequence[int],
    alignments: Alignments,
    bar: str,
    low: bool = False,
) -> Iterator[str]:
    """The lines of a row; cells with fewer of them stand at the top, or `low` at the bottom."""
    wrapped = [_wrap(cell, width - 2) for cell, width in zip(cells, inner, strict=True)]
    height = max(1, *map(len, wrapped))
    for index in range(height):
        texts = []
        for lines, width, side in zip(wrapped, inner, alignments, strict=True):
            place = index - height + len(lines) if low else index
            text = lines[place] if 0 <= place < len(lines) else ""
            texts.append(f" {_aligned(text, width - 2, side)} "[:width])
        yield bar + bar.join(texts) + bar


def _aligned(text: str, width: int, side: str) -> str:
    spaces = max(0, width - len(text))
    before = {"left": 0, "right": spaces, "center": spaces // 2}[side]
    return " " * before + text + " " * (spaces - before)


def _wrap(text: str, width: int) -> list[str]:
    """The text in lines of that width, broken between words; longer words are cut off."""
    if width < 1:
        return []
    lines: list[str] = []
    current = ""
    for word in re.findall(r"\s*\S+\s*", text):
        if current and len(current) + len(word.rstrip()) > width:
            lines.append(current)
            current = ""
        current += word
    return [_cut(line.rstrip(), width) for line in [*lines, current]]


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else f"{line[: width - 1]}…"


def folded(text: str, width: int) -> list[str]:
    """The text in lines of that width, broken between words; longer words go on below."""
    lines, current = [], ""
    for word in re.findall(r"\s*\S+\s*", text):
        if len(current) + len(word.rstrip()) <= width:
            current += word
            continue
        if current:
            lines.append(current)
        *full, current = [word[at : at + width] for at in range(0, len(word), width)]
        lines += full
    return [line[:width] for line in [*lines, current]]
