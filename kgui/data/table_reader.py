"""Tables of text: encoding, delimiter, header and types are found by DuckDB, never by us.

What DuckDB would mend in silence (rows of other lengths skipped, a quote taken as a letter) is
refused here with the row's number.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kgui.data.memory import refuse_unless_it_fits
from kgui.data.values import Array
from kgui.io.errors import InputError
from kgui.io.read import read_bytes
from kgui.language import tr

if TYPE_CHECKING:
    import duckdb

LARGEST_FILE = 8 * 10**9
MISSING = ["", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", "?"]
"""Words that stand for a value that is not there."""
_DECIMAL_COMMA = r"^\s*[-+]?\d+,\d+\s*$"


@dataclass(frozen=True)
class Table:
    """Columns by name, as masked arrays where values are missing; and the file's fingerprint."""

    columns: Mapping[str, Array]
    fingerprint: str

    @property
    def rows(self) -> int:
        """Number of rows, the header not counted."""
        return len(next(iter(self.columns.values()), ()))


@dataclass(frozen=True)
class Dialect:
    """How the text is cut into fields."""

    delimiter: str
    header: bool
    encoding: str
    strict: bool = True
    """False for lines that end in different ways, which DuckDB's strict mode cannot read."""


def read_table(path: Path) -> Table:
    """All rows of a CSV, TSV or TXT file; InputError in one sentence with the row at fault."""
    from kgui.data.source import fingerprint_of

    data = read_bytes(path, LARGEST_FILE, tr("table"))
    encoding = _encoding(data, path.name)
    refuse_unless_it_fits(10 * len(data), path.name)
    import duckdb  # 120 ms, only when a table is read

    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        try:
            dialect = _dialect(connection, path, data, encoding)
            columns = _fetch(connection, path, dialect)
        except duckdb.Error as error:
            reason = _diagnosis(connection, path, data, encoding) or str(error)
            raise InputError(_sentence(path.name, reason)) from error
    _check(columns, path.name)
    return Table(columns, fingerprint_of(data))


def _encoding(data: bytes, name: str) -> str:
    if not data.strip():
        raise InputError(tr("{name} is empty.").format(name=name))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    zero = data.find(b"\0")
    if zero >= 0:
        sentence = tr("{name} is not a table of text: there is a zero byte at position {place}.")
        raise InputError(sentence.format(name=name, place=zero))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        sentence = tr(
            "{name} is not UTF-8 text at byte {place} (line {line}); it looks like Windows-1252: "
            "save it as UTF-8 and open it again."
        )
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(sentence.format(name=name, place=error.start, line=line)) from error
    return "utf-8"


def _dialect(
    connection: "duckdb.DuckDBPyConnection", path: Path, data: bytes, encoding: str
) -> Dialect:
    import duckdb

    try:
        found = connection.execute(
            "SELECT Delimiter, HasHeader, SkipRows FROM sniff_csv(?, sample_size=-1, encoding=?)",
            [str(path), encoding],
        ).fetchone()
    except duckdb.Error:
        found = None
    first = _first_line(data, encoding)
    likely = max(",;\t|", key=first.count)
    mixed = b"\r\n" in data and data.count(b"\r\n") != data.count(b"\n")
    if found is None or found[2] or (found[0] not in first and likely in first):
        # Rows of unequal lengths: judge by the first line, and let the reading name the row.
        return Dialect(likely, _is_header(first), encoding, strict=not mixed)
    return Dialect(found[0], bool(found[1]), encoding, strict=not mixed)


def _first_line(data: bytes, encoding: str) -> str:
    return data.decode(encoding).lstrip("\ufeff\r\n").splitlines()[0]


def _diagnosis(
    connection: "duckdb.DuckDBPyConnection", path: Path, data: bytes, encoding: str
) -> str:
    """What DuckDB says when told the form that the first line has; "" if it can read that."""
    import duckdb

    first = _first_line(data, encoding)
    delimiter = max(",;\t|", key=first.count)
    columns = {f"c{index}": "VARCHAR" for index in range(first.count(delimiter) + 1)}
    try:
        connection.execute(
            "SELECT count(*) FROM read_csv(?, delim=?, quote='\"', escape='\"', header=false, "
            "encoding=?, auto_detect=false, columns=?, strict_mode=true)",
            [str(path), delimiter, encoding, columns],
        ).fetchall()
    except duckdb.Error as error:
        return str(error)
    return ""


def _is_header(line: str) -> bool:
    return not re.search(r"(^|[,;\t|])\s*[-+]?\d+([.,]\d+)?\s*($|[,;\t|])", line)


def _fetch(
    connection: "duckdb.DuckDBPyConnection", path: Path, dialect: Dialect
) -> dict[str, Array]:
    columns = _query(connection, path, dialect, ".")
    commas = [key for key, column in columns.items() if _has_decimal_commas(column)]
    if commas and dialect.delimiter != ",":
        columns = _query(connection, path, dialect, ",")
    return columns


def _query(
    connection: "duckdb.DuckDBPyConnection", path: Path, dialect: Dialect, decimal: str
) -> dict[str, Array]:
    result = connection.execute(
        "SELECT * FROM read_csv(?, delim=?, quote='\"', escape='\"', header=?, encoding=?, "
        "nullstr=?, decimal_separator=?, strict_mode=?, sample_size=-1, skip=0, "
        "null_padding=false, max_line_size=10000000)",
        [
            str(path),
            dialect.delimiter,
            dialect.header,
            dialect.encoding,
            MISSING,
            decimal,
            dialect.strict,
        ],
    )
    columns: dict[str, Array] = dict(result.fetchnumpy())
    return columns


def _has_decimal_commas(column: Array) -> bool:
    if column.dtype != object:
        return False
    words = [word for word in column.tolist() if word is not None]
    return bool(words) and all(re.match(_DECIMAL_COMMA, str(word)) for word in words)


def _check(columns: Mapping[str, Array], name: str) -> None:
    rows = len(next(iter(columns.values()), ()))
    if rows == 0:
        sentence = tr("{name} has no rows, only the header: {columns}.")
        raise InputError(sentence.format(name=name, columns=", ".join(columns)))
    for key, column in columns.items():
        if column.dtype == object:
            _check_quotes(key, column, name)


def _check_quotes(key: str, column: Array, name: str) -> None:
    for row, word in enumerate(column.tolist()):
        if isinstance(word, str) and "\n" in word and len(word) > 10_000:
            sentence = tr("{name}, row {row}: a quote in column {column} is never closed.")
            raise InputError(sentence.format(name=name, row=row + 1, column=key))


def _sentence(name: str, message: str) -> str:
    """DuckDB's paragraph as one sentence."""
    line = _number(r"CSV Error on Line: (\d+)", message)
    counts = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", message)
    if line and counts:
        sentence = tr("{name}, line {line}: it has {found} fields, the first line has {expected}.")
        return sentence.format(
            name=name, line=line, expected=counts.group(1), found=counts.group(2)
        )
    if "unterminated quote" in message:
        sentence = tr("{name}, line {line}: a quote is never closed.")
        return sentence.format(name=name, line=line or "?")
    if line:
        reason = message.split("\n")[2 if "Original Line" in message else 1].strip(" .")
        return tr("{name}, line {line}: {reason}.").format(name=name, line=line, reason=reason)
    return tr("{name} cannot be read as a table: its rows have no common form.").format(name=name)


def _number(pattern: str, text: str) -> str:
    found: Any = re.search(pattern, text)
    return found.group(1) if found else ""


def missing(column: Array) -> Array:
    """Where values are missing; NaN counts."""
    mask = np.ma.getmaskarray(column)
    if column.dtype.kind == "f":
        mask = mask | np.isnan(np.ma.getdata(column))
    return mask
