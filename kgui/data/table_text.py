"""The text of a table before it is cut into fields: encoding, first line, lines to skip."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kgui.data.refusal import refusal
from kgui.io.atomic_write import atomic_write
from kgui.io.errors import InputError
from kgui.language import tr, trn

DELIMITERS = ",;\t|"
_START = 1 << 20
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_UTF_8_MARK = b"\xef\xbb\xbf"


def utf_8(data: bytes, name: str) -> bytes:
    """The text in UTF-8; InputError names the first byte that cannot be text."""
    _refuse_packed(data, name)
    if data[:2] in _MARKS:
        data = _recoded(data, name)
    if not data.removeprefix(_UTF_8_MARK).strip():
        raise refusal(tr("{name} is empty."), name=name)
    zero = data.find(b"\0")
    if zero >= 0:
        sentence = tr("{name} is not a table of text: there is a zero byte at position {place}.")
        raise refusal(sentence, name=name, place=zero)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        sentence = tr(
            "{name} is not UTF-8 text at byte {place} (line {line}); it looks like Windows-1252: "
            "save it as UTF-8 and open it again."
        )
        line = data.count(b"\n", 0, error.start) + 1
        raise refusal(sentence, name=name, place=error.start, line=line) from error
    return data


def _refuse_packed(data: bytes, name: str) -> None:
    if data.startswith(b"PK\x03\x04"):
        sentence = tr(
            "{name} is a spreadsheet or an archive, not a table of text: save it as CSV and open "
            "that."
        )
        raise refusal(sentence, name=name)
    if data.startswith(b"\x1f\x8b"):
        sentence = tr("{name} is packed with gzip: unpack it and open what was in it.")
        raise refusal(sentence, name=name)


def _recoded(data: bytes, name: str) -> bytes:
    """UTF-16 as UTF-8."""
    try:
        return data.decode("utf-16").encode("utf-8")
    except UnicodeError as error:
        place = getattr(error, "start", 0)
        sentence = tr(
            "{name} begins like UTF-16 text, but is none at byte {place}: save it as UTF-8 and "
            "open it again."
        )
        raise refusal(sentence, name=name, place=place) from error


@contextmanager
def readable(path: Path, data: bytes, text: bytes) -> Iterator[str]:
    """The path, as DuckDB takes it, of a file with this UTF-8 text: the user's own or a copy."""
    if data is text:
        yield pattern_of(path.absolute())
        return
    with tempfile.TemporaryDirectory(prefix="kgui-") as folder:
        copy = Path(folder) / "table.csv"
        atomic_write(copy, text, backup=False)
        yield pattern_of(copy)


def pattern_of(path: Path) -> str:
    """The pattern that this path alone matches: DuckDB reads every file that matches."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))


def first_lines(text: bytes) -> tuple[int, str, str]:
    """Lines before the first row, that row's line, and the delimiter named above it if any.

    Spreadsheets write `sep=;` above the header, and exports begin with empty lines or remarks.
    """
    start = text[:_START].decode("utf-8", "ignore").lstrip("\ufeff")
    lines = re.split(r"\r\n|\r|\n", start)
    skip = _first_row(lines)
    named = re.fullmatch(r"sep=(.)", lines[skip].strip())
    if named is None or skip + 1 >= len(lines):
        return skip, lines[skip], ""
    return skip + 1, lines[skip + 1], named.group(1)


def _first_row(lines: list[str]) -> int:
    """The number of the first line that is neither empty nor a remark."""
    written = [number for number, line in enumerate(lines) if line.strip()]
    first = next((i for i, number in enumerate(written) if lines[number][0] != "#"), 0)
    if not written:
        return 0
    # A header or row may begin with # too; it has as many fields as what follows.
    cuts = likely_delimiter(lines[written[first]])
    fields = lines[written[first]].count(cuts)
    while first and fields and lines[written[first - 1]].count(cuts) == fields:
        first -= 1
    return written[first]


def likely_delimiter(line: str) -> str:
    """What cuts the line into most fields."""
    return max(DELIMITERS, key=line.count)


def is_header(line: str) -> bool:
    """True if no field of the line is a number."""
    return not re.search(r"(^|[,;\t|])\s*[-+]?\d+([.,]\d+)?\s*($|[,;\t|])", line)


def sentence_of(name: str, message: str) -> InputError:
    """DuckDB's paragraph as one sentence."""
    line = _number(r"CSV Error on Line: (\d+)", message)
    counts = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", message)
    if line and counts:
        expected, found = counts.groups()
        sentence = trn(
            "{name}, line {line}: it has {found} field, the first line has {expected}.",
            "{name}, line {line}: it has {found} fields, the first line has {expected}.",
            int(found),
        )
        return refusal(sentence, name=name, line=line, expected=expected, found=found)
    if "unterminated quote" in message:
        sentence = tr("{name}, line {line}: a quote is never closed.")
        return refusal(sentence, name=name, line=line or "?")
    if line:
        reason = message.split("\n")[2 if "Original Line" in message else 1].strip(" .")
        return refusal(tr("{name}, line {line}: {reason}."), name=name, line=line, reason=reason)
    sentence = tr("{name} cannot be read as a table: its rows have no common form.")
    return refusal(sentence, name=name)


def _number(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    return found.group(1) if found else ""
