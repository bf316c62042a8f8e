"""Tables: what is read, what is said of it, and what is refused, with row and column."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgui.data import open_source
from kgui.data.source import Source
from kgui.graph.project import DataSettings
from kgui.io.errors import InputError

Write = Callable[[str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a table and return its path."""

    def write_table(content: str | bytes) -> Path:
        path = tmp_path / "table.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_table


def opened(path: Path, **changes: object) -> Source:
    return open_source(DataSettings(source=str(path), **changes))  # type: ignore[arg-type] # of many kinds


ROWS = "".join(f"{i / 10},{i % 7},{'ab'[i % 2]}\n" for i in range(40))

REFUSED = {
    "ragged, short": ("a,b,c\n" + ROWS + "3,4\n", "line 42: it has 2 fields, the first line has 3"),
    "ragged, long": ("a,b,c\n" + ROWS + "3,4,a,9\n", "line 42"),
    "ragged at once": ("a,b,c\n1,2,x\n3,4\n5,6,y\n1,2,3,4\n", "line 3: it has 2 fields"),
    "no rows": ("a,b,c\n", "has no rows, only the header: a, b, c"),
    "empty": ("", "table.csv is empty"),
    "blank": ("\n\n  \n", "table.csv is empty"),
    "one column": ("a\n1\n2\n3\n", "only one column, a"),
    "latin-1": ("a,b\n1,Käse\n2,é\n".encode("latin-1"), "not UTF-8 text at byte 7 (line 2)"),
    "zero byte": (b"a,b\n1,x\0y\n2,z\n", "zero byte at position 7"),
    "binary": (bytes(range(256)) * 20, "zero byte"),
    "unclosed quote": ('a,b\n1,"x\n2,y\n3,z\n', "line 2: a quote is never closed"),
    "infinite word": ("a,b\n1,inf\n2,1e999\n3,2\n", "row 1: b is inf"),
    "one class": ("a,b\n1,x\n2,x\n3,x\n", "the target b has only one class, x"),
    "nothing to learn from": ("when,b\n2020-01-01,x\n2020-01-02,y\n", "no column of numbers"),
    "every row has a gap": ("a,b,c\n1,,x\n,2,y\n2,,x\n,3,y\n", "4 of 4 rows have missing values"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_one_sentence(case: str, write: Write) -> None:
    content, expected = REFUSED[case]
    with pytest.raises(InputError) as caught:
        opened(write(content))
    assert expected in str(caught.value)
    assert str(caught.value).startswith("table.csv")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    ["a,b,c\n" + ROWS, "a;b;c\n" + ROWS.replace(",", ";"), "a\tb\tc\n" + ROWS.replace(",", "\t"),
     "\ufeffa,b,c\n" + ROWS, ("a,b,c\n" + ROWS).encode("utf-16"),
     "a,b,c\n" + ROWS.replace("\n", "\r\n"),
     "a;b;c\n" + ROWS.replace(",", ";").replace(".", ",")],
    ids=["comma", "semicolon", "tab", "bom", "utf-16", "crlf", "decimal comma"],
)  # fmt: skip
def test_delimiters_and_encodings(content: str | bytes, write: Write) -> None:
    source = opened(write(content), validation=0.0, scaling="none")
    parts, _ = source.split(0)
    assert source.summary.target.classes == ("a", "b")
    np.testing.assert_allclose(np.sort(parts.train.inputs["x"][:, 0]), np.arange(40) / 10, 1e-6)


def test_missing_rows_are_reported(write: Write) -> None:
    source = opened(write("a,b,c\n" + ROWS + "NA,3,a\n1,,b\n"))
    assert source.summary.rows == 40
    assert source.summary.notes[0] == (
        "2 of 42 rows have missing values and are left out; the first is row 41, column a."
    )


def test_missing_rows_can_be_refused(write: Write) -> None:
    with pytest.raises(InputError, match="2 of 42 rows have missing values"):
        opened(write("a,b,c\n" + ROWS + "NA,3,a\n1,,b\n"), missing="refuse")


def test_columns_that_tell_nothing_are_left_out_and_named(write: Write) -> None:
    table = "id,same,word,a,c\n" + "".join(
        f"{i + 1},7,w{i},{i % 5},{'xy'[i % 2]}\n" for i in range(60)
    )
    summary = opened(write(table)).summary
    assert summary.input_shapes == {"x": (1,)}
    assert any(note.startswith("id: left out") for note in summary.notes)
    assert any(note.startswith("same: left out") for note in summary.notes)
    assert any(note.startswith("word: left out") for note in summary.notes)


def test_target_is_the_column_asked_for(write: Write) -> None:
    source = opened(write("a,b,c\n" + ROWS), target="a")
    assert source.summary.target.kind == "numbers"
    assert source.split(0)[0].train.targets.shape == (32, 1)
    with pytest.raises(InputError, match="no column wrong; there are a, b, c"):
        opened(write("a,b,c\n" + ROWS), target="wrong")


def test_scaling_is_learnt_on_the_training_rows(write: Write) -> None:
    parts, preparation = opened(write("a,b,c\n" + ROWS)).split(3)
    x = parts.train.inputs["x"]
    np.testing.assert_allclose(x.mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(x.std(0), 1, rtol=1e-5)
    assert parts.validation is not None
    assert abs(parts.validation.inputs["x"].mean()) > 1e-4
    assert preparation.classes == ("a", "b")


def test_raw_rows_are_prepared_as_in_training(write: Write, tmp_path: Path) -> None:
    source = opened(write("a,kind,c\n" + ROWS.replace(",3,", ",5,")), target="c")
    _, preparation = source.split(0)
    rows = tmp_path / "rows.csv"
    rows.write_text("extra,kind,a\nq,5,0.5\nq,0,1.5\n")
    x = preparation.apply_table(rows)["x"]
    assert x.shape == (2, preparation.width)
    again = type(preparation).from_dict(preparation.to_dict())
    assert again == preparation


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a\n1\n2\n", "rows.csv has no column b"),
        ("a,b\n1,q\n2,r\n", "row 1: b is 'q', which the model has not seen; it knows u, v"),
        ("a,b\nx,u\ny,v\n", "row 1: a should be a number, but is 'x'"),
        ("a,b\n1,u\n,v\n", "row 2: the value of a is missing"),
    ],
)
def test_raw_rows_that_do_not_fit(
    content: str, expected: str, write: Write, tmp_path: Path
) -> None:
    table = "a,b,c\n" + "".join(f"{i},{'uv'[i % 2]},{'xyz'[i % 3]}\n" for i in (*range(30), 5))
    _, preparation = opened(write(table)).split(0)
    rows = tmp_path / "rows.csv"
    rows.write_text(content)
    with pytest.raises(InputError) as caught:
        preparation.apply_table(rows)
    assert expected in str(caught.value)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    values=st.lists(
        st.tuples(st.floats(-1e6, 1e6).map(lambda v: round(v, 3)), st.integers(-500, 500)),
        min_size=12, max_size=40, unique_by=lambda pair: pair[0],
    )
)  # fmt: skip
def test_values_survive(values: list[tuple[float, int]], tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    lines = [f"{a},{b},{'no' if i % 2 else 'yes'}" for i, (a, b) in enumerate(values)]
    path.write_text("\n".join(["first,second,answer", *lines]) + "\n")
    source = opened(path, validation=0.0, scaling="none")
    x = source.split(0)[0].train.inputs["x"]
    np.testing.assert_allclose(x[:, 0], np.float32([a for a, _ in values]), rtol=1e-6)


def test_the_summary_says_whether_columns_are_scaled(write: Write) -> None:
    path = write("a,b,c\n" + ROWS)
    assert opened(path).summary.is_scaled
    assert not opened(path, scaling="none").summary.is_scaled
