"""A zoo of tables: what people and programs write, read as it stands or refused in a sentence."""

import gzip
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgui.data import open_source
from kgui.data.naming import natural
from kgui.data.source import Source
from kgui.data.table_reader import read_table
from kgui.data.table_text import pattern_of
from kgui.graph.project import DataSettings
from kgui.io.errors import InputError, KguiError, MemoryNeedError

ROWS = "".join(f"{i / 10},{i % 7},{'ab'[i % 2]}\n" for i in range(40))
TABLE = "a,b,c\n" + ROWS


def opened(path: Path, content: str | bytes, **changes: object) -> Source:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_source(DataSettings(source=str(path), **changes))  # type: ignore[arg-type] # of many kinds


def names(source: Source) -> list[str]:
    return [column.name for column in source.split(0)[1].columns]


READ: dict[str, str | bytes] = {
    "pipe": TABLE.replace(",", "|"),
    "spaces after commas": TABLE.replace(",", ", "),
    "spaces around": TABLE.replace(",", " , "),
    "empty lines first": "\n  \n" + TABLE,
    "empty lines last": TABLE + "\n\n",
    "no last line end": TABLE[:-1],
    "old line ends": TABLE.replace("\n", "\r"),
    "mixed line ends": TABLE.replace("\n", "\r\n", 7),
    "separator named": "sep=;\n" + TABLE.replace(",", ";"),
    "remarks first": "# made by a program\n# in 2020\n" + TABLE,
    "utf-16 big endian": b"\xfe\xff" + TABLE.encode("utf-16-be"),
    "utf-16 little endian": b"\xff\xfe" + TABLE.encode("utf-16-le"),
    "quoted": "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in TABLE.split("\n")[:-1]
    ),
}


@pytest.mark.parametrize("case", READ)
def test_read_as_it_stands(case: str, tmp_path: Path) -> None:
    source = opened(tmp_path / "t.csv", READ[case], validation=0.0, scaling="none")
    assert names(source) == ["a", "b"]
    assert source.summary.target.classes == ("a", "b")
    x = source.split(0)[0].train.inputs["x"]
    np.testing.assert_allclose(x, [[i / 10, i % 7] for i in range(40)], 1e-6)


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "utf-16, cut": (b"\xff\xfe" + TABLE.encode("utf-16-le") + b"x", "is none at byte"),
    "utf-16 mark alone": (b"\xff\xfe", "is empty"),
    "utf-8 mark alone": (b"\xef\xbb\xbf", "is empty"),
    "gzip": (gzip.compress(TABLE.encode()), "packed with gzip"),
    "too large": (TABLE + "1e300,3,a\n", "row 41: a is 1e+300, too large to compute with"),
    "target too large": ("a,b\n1,1e300\n3,2.5\n4,3.5\n9,1.25\n", "row 1: b is 1e+300, too large"),
    "dates as target": (
        "a,b\n" + "".join(f"{i % 9},2020-01-{i + 1:02}\n" for i in range(20)),
        "b holds dates, which cannot be predicted",
    ),
    "free text as target": (
        "a,b\n" + "".join(f"{i % 9},w{i}\n" for i in range(60)),
        "b holds 60 different words in 60 rows",
    ),
    "slip in the target": (
        "a,b\n" + "".join(f"{i % 9},{i / 4}\n" for i in range(60)) + "3,oops\n",
        "row 61: b should be a number, but is 'oops'",
    ),
    "one field": (TABLE + "1\n", "line 42: it has 1 field, the first line has 3"),
    "ragged after empty lines": ("\n\n" + TABLE + "1,2\n", "line 44: it has 2 fields"),
    "hidden letters": ("a\u202e\n1\n2\n", "only one column, a?;"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_one_sentence(case: str, tmp_path: Path) -> None:
    content, expected = REFUSED[case]
    with pytest.raises(InputError) as caught:
        opened(tmp_path / "t.csv", content)
    assert expected in str(caught.value)
    assert str(caught.value).startswith("t.csv")
    assert str(caught.value).isprintable()


def test_spreadsheets_are_refused_with_advice(tmp_path: Path) -> None:
    for name in ("book.xlsx", "book.csv"):
        with zipfile.ZipFile(tmp_path / name, "w") as file:
            file.writestr("xl/workbook.xml", "<workbook/>")
        with pytest.raises(InputError, match="spreadsheet or an archive"):
            open_source(DataSettings(source=str(tmp_path / name)))


@pytest.mark.skipif(os.name == "nt", reason="the letters are not allowed in names there")
@pytest.mark.parametrize("name", ["d[1].csv", "d?.csv", "d*.csv", "[a-z]*/d1.csv", "~d.csv"])
def test_only_the_named_file_is_read(name: str, tmp_path: Path) -> None:
    """DuckDB takes names for patterns: it would read other files, or several as one."""
    for other in ("d1.csv", "d2.csv", "dx.csv", "folder/d1.csv"):
        path = tmp_path / other
        path.parent.mkdir(exist_ok=True)
        path.write_text("a,b,c\n" + "7,7,z\n8,8,y\n" * 30)
    source = opened(tmp_path / name, TABLE)
    assert source.summary.rows == 40
    assert source.summary.target.classes == ("a", "b")


def test_patterns_are_taken_literally() -> None:
    assert pattern_of(Path("a[1]?*b.csv")) == "a[[]1][?][*]b.csv"


def test_folders_add_no_columns(tmp_path: Path) -> None:
    source = opened(tmp_path / "year=2020" / "t.csv", TABLE)
    assert names(source) == ["a", "b"] and source.summary.target.name == "c"


def test_rows_that_begin_with_a_hash_are_rows(tmp_path: Path) -> None:
    table = "c,b\n" + "".join(f"{'#x' if i % 4 else 'y'},{i % 3}\n" for i in range(40))
    source = opened(tmp_path / "t.csv", table)
    assert source.summary.rows == 40
    assert names(opened(tmp_path / "h.csv", "#a,b,c\n" + ROWS)) == ["#a", "b"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("a,a,a_2,c", ["a", "a_3", "a_2"]),
        ("a,A,b,c", ["a", "A", "b"]),
        (",a,,c", ["column0", "a", "column2"]),
        ('"x, y","z ""q""",b,c', ["x, y", 'z "q"', "b"]),
    ],
)
def test_names_of_columns(header: str, expected: list[str], tmp_path: Path) -> None:
    rows = "".join(f"{i / 4},{i % 5},{i % 7},{'uv'[i % 2]}\n" for i in range(30))
    assert names(opened(tmp_path / "t.csv", f"{header}\n{rows}")) == expected


def test_a_table_without_header_says_so(tmp_path: Path) -> None:
    source = opened(tmp_path / "t.csv", ROWS)
    assert source.summary.rows == 40 and names(source) == ["column0", "column1"]
    assert source.summary.notes == (
        "The first line is taken as data, for it looks like the others.",
    )


def test_words_keep_their_spelling(tmp_path: Path) -> None:
    table = "k,z,c\n" + "".join(f"{'tf'[i % 2]},0{i % 3},{'TF'[i % 2]}\n" for i in range(30))
    source = opened(tmp_path / "t.csv", table)
    assert source.summary.target.classes == ("F", "T")
    columns = source.split(0)[1].to_dict()["columns"]
    assert [list(column["values"]) for column in columns] == [["f", "t"], ["00", "01", "02"]]


@pytest.mark.parametrize("word", ["oops", "1_000", "\u0661\u0662\u0663", "3..5"])
def test_a_slip_among_numbers_is_named(word: str, tmp_path: Path) -> None:
    source = opened(tmp_path / "t.csv", f"{TABLE}{word},3,a\n")
    assert source.summary.rows == 41
    assert names(source) == ["b"]
    assert source.summary.notes == (
        f"a: left out; row 41 holds {word!r} where other rows hold numbers.",
    )


def test_numbers_taken_as_names_are_named(tmp_path: Path) -> None:
    notes = opened(tmp_path / "t.csv", f"{TABLE}1.5,high,a\n").summary.notes
    assert notes == ("b: taken as names, as row 41 holds 'high', which is no number.",)


@pytest.mark.parametrize("word", ["", "NA", "n/a", "?", " ?", "  ", "NA ", '""', "NaN"])
def test_words_for_a_gap(word: str, tmp_path: Path) -> None:
    for row in (f"{word},3,a", f"1.5,3,{word}"):
        source = opened(tmp_path / "t.csv", f"{TABLE}{row}\n")
        assert source.summary.rows == 40
        assert source.summary.notes[0].startswith("1 of 41 rows have missing values")


def test_running_numbers_count_where_there_is_nothing_else(tmp_path: Path) -> None:
    rows = "".join(f"{i},{i * i / 7}\n" for i in range(40))
    assert names(opened(tmp_path / "t.csv", "x,y\n" + rows)) == ["x"]
    with pytest.raises(InputError, match="no column of numbers or categories"):
        opened(tmp_path / "t.csv", "id,y\n" + rows)


def test_equal_values_are_not_blown_up(tmp_path: Path) -> None:
    """The mean of many 0.1 is off by a digit; dividing by that spread would give 1e16."""
    table = "a,k,c\n" + "".join(
        f"{i / 7},{0.3 if i == 5 else 0.1},{'uv'[i % 2]}\n" for i in range(300)
    )
    for seed in range(6):
        parts, _ = opened(tmp_path / "t.csv", table, validation=0.5).split(seed)
        assert parts.validation is not None
        assert max(abs(part.inputs["x"]).max() for part in (parts.train, parts.validation)) < 1e3


def test_short_tables_have_classes(tmp_path: Path) -> None:
    target = opened(
        tmp_path / "t.csv", "a,c\n" + "".join(f"{i / 3},{i % 3}\n" for i in range(15))
    ).summary.target
    assert target.classes == ("0", "1", "2")


def test_classes_in_natural_order() -> None:
    words = np.array(["a10", "a2", "b", "a2", "a1", "10", "9", "a02", "9" * 5000], object)
    assert natural(words) == ["9", "10", "9" * 5000, "a1", "a02", "a2", "a10", "b"]
    assert natural(np.array([10, -1, 3])) == [-1, 3, 10]


def test_what_would_not_fit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgui.data.memory.available_memory", lambda: 10**6)
    monkeypatch.setattr("kgui.data.memory.SMALL", 10**4)
    with pytest.raises(MemoryNeedError, match=r"t\.csv would need .* and .* is free"):
        opened(tmp_path / "t.csv", TABLE * 1000)


FUZZ = int(os.environ.get("KGUI_FUZZ", "1"))
PATIENT: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
CELLS = st.one_of(TEXT, st.floats(allow_nan=False).map(repr), st.integers().map(str))


@settings(max_examples=60 * FUZZ, **PATIENT)
@given(
    rows=st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=12
        )
    )
)
def test_any_words_survive_or_are_refused(rows: list[list[str]], tmp_path: Path) -> None:
    """Every cell comes back as it was written, apart from the spaces around it."""
    path = tmp_path / "any.csv"
    head = [f"n{index}" for index in range(len(rows[0]))]
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [head, *rows]]
    path.write_bytes(("\n".join(lines) + "\n").encode())
    table = read_table(path, words=head)
    if not table.header:
        return  # words that look like the header: the user is told
    assert list(table.columns) == head and table.rows == len(rows)
    for index, name in enumerate(head):
        found = table.columns[name].tolist()
        for cell, value in zip([row[index] for row in rows], found, strict=True):
            assert value is None or value == cell.strip()


@settings(max_examples=150 * FUZZ, **PATIENT)
@given(data=st.one_of(
    st.binary(max_size=200),
    st.text(st.sampled_from('ab1,;"\n\r\t #.-\ufeff\xe9'), max_size=80).map(str.encode),
))  # fmt: skip
def test_anything_opens_or_is_refused(data: bytes, tmp_path: Path) -> None:
    try:
        opened(tmp_path / "any.csv", data).split(0)
    except KguiError as error:
        assert str(error).isprintable()
