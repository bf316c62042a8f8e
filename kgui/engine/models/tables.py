"""A table drawn with lines, laid out as the library that Keras prints its summaries with does."""

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
    inner = [width - 2 for width in _given_way(widths, length)]
    lines = [_rule("┏━┳┓", inner), *_row(header, inner, alignments, "┃")]
    lines.append(_rule("┡━╇┩", inner))
    for index, row in enumerate(rows):
        if index:
            lines.append(_rule("├─┼┤", inner))
        lines += _row(row, inner, alignments, "│")
    lines.append(_rule("└─┴┘", inner))
    return lines


def _given_way(widths: Sequence[int], length: int) -> list[int]:
    """Widths with a space on both sides that, with the lines between, make up the length."""
    padded = [width + 2 for width in widths]
    excess, left = sum(padded) - (length - len(padded) - 1), len(padded)
    result = []
    for width in padded:
        share = min(width, round(excess / left))
        result.append(width - share)
        excess, left = excess - share, left - 1
    return result


def _rule(characters: str, inner: Sequence[int]) -> str:
    left, line, joint, right = list(characters)
    return left + joint.join(line * (width + 2) for width in inner) + right


def _row(
    cells: Sequence[str], inner: Sequence[int], alignments: Alignments, bar: str
) -> Iterator[str]:
    wrapped = [_wrap(cell, width) for cell, width in zip(cells, inner, strict=True)]
    for index in range(max(map(len, wrapped))):
        texts = []
        for lines, width, side in zip(wrapped, inner, alignments, strict=True):
            text = lines[index] if index < len(lines) else ""
            pad = {"left": text.ljust, "right": text.rjust, "center": text.center}[side]
            texts.append(f" {pad(width)} ")
        yield bar + bar.join(texts) + bar


def _wrap(text: str, width: int) -> list[str]:
    """The text in lines of that width, broken between words; longer words are cut off."""
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
