"""Tables of text: delimiter, header and types are found by DuckDB, never by us.

What DuckDB would mend in silence (rows of other lengths skipped, a quote taken as a letter, rows
that begin with # taken as comments, folders called year=2020 taken as columns) is refused here
with the row's number, or read as it stands.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kgui.data.memory import refuse_unless_it_fits
from kgui.data.numbers import is_number
from kgui.data.refusal import listed, refusal
from kgui.data.source import fingerprint_of
from kgui.data.table_text import (
    first_lines,
    is_header,
    likely_delimiter,
    readable,
    sentence_of,
    utf_8,
)
from kgui.data.values import Array
from kgui.io.read import read_bytes
from kgui.language import tr

if TYPE_CHECKING:
    import duckdb

LARGEST_FILE = 8 * 10**9
_WORDS = ("NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "NAN", "nan", "NULL", "null", "None", "?")
MISSING = ["", " ", *_WORDS, *(f" {word}" for word in _WORDS)]
"""Words that stand for a value that is not there, with the space that some write after a comma."""
# Without booleans: "t" and "f" would become "true" and "false", and classes keep their names.
_PLAIN_TYPES = ("BIGINT", "DOUBLE", "VARCHAR")
_TYPES = ("BIGINT", "DOUBLE", "DATE", "TIMESTAMP", "TIME", "VARCHAR")
_CONFIGURATION: dict[str, str | bool | int | float | list[str]] = {
    "threads": 2,
    "autoinstall_known_extensions": False,  # no network, ever
    "autoload_known_extensions": False,
}
_DECIMAL_COMMA = r"^\s*[-+]?\d+,\d+\s*$"


@dataclass(frozen=True)
class Table:
    """Columns by name, as masked arrays where values are missing; and the file's fingerprint."""

    columns: Mapping[str, Array]
    fingerprint: str
    header: bool = True
    """False if the first line was taken as data, so that the columns got numbers for names."""

    @property
    def rows(self) -> int:
        """Number of rows, the header not counted."""
        return len(next(iter(self.columns.values()), ()))


@dataclass(frozen=True)
class Dialect:
    """How the text is cut into fields."""

    delimiter: str
    header: bool
    skip: int
    strict: bool
    """False for lines that end in different ways, which DuckDB's strict mode cannot read."""


class _Reading:
    """One file, open in DuckDB; raises duckdb.Error."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection", path: str, text: bytes) -> None:
        self._connection, self._path = connection, path
        self._types: tuple[str, ...] = _TYPES
        self._skip, self._first, self._named = first_lines(text)
        self._mixed = b"\r\n" in text and text.count(b"\r\n") != text.count(b"\n")
        self.dialect = self._dialect()

    def _dialect(self) -> Dialect:
        import duckdb

        given, values = ("delim=?, ", [self._named]) if self._named else ("", [])
        try:
            found = self._connection.execute(
                f"SELECT Delimiter, HasHeader, SkipRows FROM sniff_csv(?, {given}"  # noqa: S608 # a constant
                "sample_size=-1, skip=?, comment='')",
                [self._path, *values, self._skip],
            ).fetchone()
        except duckdb.Error:
            found = None
        first, strict = self._first, not self._mixed
        likely = self._named or likely_delimiter(first)
        if found is None or found[2] != self._skip or (found[0] not in first and likely in first):
            # Rows of unequal lengths: judge by the first line, and let the reading name the row.
            return Dialect(likely, is_header(first), self._skip, strict)
        return Dialect(found[0], bool(found[1]), self._skip, strict)

    def columns(self) -> dict[str, Array]:
        """All columns by name, with the types that fit every row."""
        import duckdb

        try:
            columns = self._all(".")
        except duckdb.ConversionException:  # a column of nothing but inf is taken for dates
            self._types = _PLAIN_TYPES
            columns = self._all(".")
        commas = any(_has_decimal_commas(column) for column in columns)
        if commas and self.dialect.delimiter != ",":
            columns = self._all(",")
        return dict(zip(self._names(len(columns)), columns, strict=True))

    def words(self) -> list[Array]:
        """All columns in their order, as they are written."""
        return self._all(".", words=True)

    def _all(self, decimal: str, words: bool = False) -> list[Array]:
        dialect = self.dialect
        result = self._connection.execute(
            "SELECT * FROM read_csv(?, delim=?, quote='\"', escape='\"', comment='', header=?, "
            "nullstr=?, decimal_separator=?, strict_mode=?, sample_size=-1, skip=?, "
            "all_varchar=?, auto_type_candidates=?, null_padding=false, compression='none', "
            "hive_partitioning=false, max_line_size=10000000)",
            [
                self._path,
                dialect.delimiter,
                dialect.header,
                MISSING,
                decimal,
                dialect.strict,
                dialect.skip,
                words,
                list(self._types),
            ],
        )
        return [_stripped(column, words) for column in result.fetchnumpy().values()]

    def _names(self, count: int) -> list[str]:
        """The names in the header; DuckDB's own would tell A and a apart by changing one."""
        if not self.dialect.header:
            return [f"column{index}" for index in range(count)]
        row = self._raw(self.dialect.delimiter, self.dialect.strict, count, " LIMIT 1").fetchone()
        names = [(name or "").strip() for name in row or ()]
        return _distinct([name or f"column{index}" for index, name in enumerate(names)])

    def fault(self) -> str:
        """What DuckDB says when told the form that the first line has; "" if it can read that."""
        import duckdb

        delimiter = self._named or likely_delimiter(self._first)
        try:
            self._raw(delimiter, True, self._first.count(delimiter) + 1).fetchall()
        except duckdb.Error as error:
            return str(error)
        return ""

    def _raw(
        self, delimiter: str, strict: bool, count: int, limit: str = ""
    ) -> "duckdb.DuckDBPyConnection":
        """The first line and all others as words, or (without a limit) their number."""
        columns = {f"c{index}": "VARCHAR" for index in range(count)}
        what = "*" if limit else "count(*)"
        return self._connection.execute(
            f"SELECT {what} FROM read_csv(?, delim=?, quote='\"', escape='\"', comment='', "  # noqa: S608 # constants
            "header=false, auto_detect=false, skip=?, columns=?, strict_mode=?, "
            f"compression='none', hive_partitioning=false, max_line_size=10000000){limit}",
            [self._path, delimiter, self._skip, columns, strict],
        )


def read_table(path: Path, words: Collection[str] = ()) -> Table:
    """All rows of a CSV, TSV or TXT file; InputError in one sentence with the row at fault.

    The columns called `words` are taken as they are written, even if all of them are numbers.
    """
    data = read_bytes(path, LARGEST_FILE, tr("table"))
    refuse_unless_it_fits(10 * len(data), path.name)
    text = utf_8(data, path.name)
    import duckdb  # 120 ms, only when a table is read

    with (
        readable(path, data, text) as place,
        duckdb.connect(":memory:", config=_CONFIGURATION) as connection,
    ):
        reading = _Reading(connection, place, text)
        try:
            columns = reading.columns()
            if any(column.dtype != object for key, column in columns.items() if key in words):
                written = dict(zip(columns, reading.words(), strict=True))
                columns |= {key: written[key] for key in words if key in written}
        except duckdb.Error as error:
            raise sentence_of(path.name, reading.fault() or str(error)) from error
    _check(columns, path.name)
    return Table(columns, fingerprint_of(data), reading.dialect.header)


def _stripped(column: Array, words: bool) -> Array:
    """Words without the spaces around them; what then says that nothing is there is masked.

    Numbers that only the spaces hid from DuckDB become numbers, unless words are wanted.
    """
    if column.dtype != object:
        return column
    written = column.tolist()
    bare = [word.strip() if isinstance(word, str) else word for word in written]
    gaps = np.array([word is None or word in MISSING for word in bare], bool)
    present = [word for word, gap in zip(bare, gaps, strict=True) if not gap]
    hidden = bare != written or int(gaps.sum()) > written.count(None)
    if hidden and not words and present and all(_is_plain_number(word) for word in present):
        numbers = ["0" if gap else word for word, gap in zip(bare, gaps, strict=True)]
        return np.ma.masked_array(np.array(numbers).astype(np.float64), gaps)
    plain = np.empty(len(bare), object)
    plain[:] = bare
    return np.ma.masked_array(plain, gaps)


def _is_plain_number(word: object) -> bool:
    """False for 01, which is a name, as DuckDB has it."""
    return isinstance(word, str) and is_number(word) and not re.match(r"[-+]?0\d", word)


def _distinct(names: list[str]) -> list[str]:
    """Names that occur again get _2, _3, ..."""
    found: list[str] = []
    taken = set(names)
    for name in names:
        number = 2
        free = name
        while free in found or (free != name and free in taken):
            free = f"{name}_{number}"
            number += 1
        found.append(free)
    return found


def _has_decimal_commas(column: Array) -> bool:
    if column.dtype != object:
        return False
    words = [word for word in column.tolist() if word is not None]
    return bool(words) and all(re.match(_DECIMAL_COMMA, str(word)) for word in words)


def _check(columns: Mapping[str, Array], name: str) -> None:
    rows = len(next(iter(columns.values()), ()))
    if rows == 0:
        sentence = tr("{name} has no rows, only the header: {columns}.")
        raise refusal(sentence, name=name, columns=listed(columns))
    for key, column in columns.items():
        if column.dtype == object:
            _check_quotes(key, column, name)


def _check_quotes(key: str, column: Array, name: str) -> None:
    for row, word in enumerate(column.tolist()):
        if isinstance(word, str) and "\n" in word and len(word) > 10_000:
            sentence = tr("{name}, row {row}: a quote in column {column} is never closed.")
            raise refusal(sentence, name=name, row=row + 1, column=key)


def missing(column: Array) -> Array:
    """Where values are missing; NaN counts."""
    mask = np.ma.getmaskarray(column)
    if column.dtype.kind == "f":
        mask = mask | np.isnan(np.ma.getdata(column))
    return mask
