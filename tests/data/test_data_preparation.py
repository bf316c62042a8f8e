"""What is kept to take raw rows: it takes what training took, and nothing that merely looks so."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kgui.data import Preparation, open_source
from kgui.data.preparation import ArrayInput
from kgui.graph.project import DataSettings
from kgui.io.errors import InputError

Apply = Callable[[str], Any]


@pytest.fixture
def preparation(tmp_path: Path) -> Preparation:
    """Learnt on a table of a name, a number and a mark."""
    path = tmp_path / "t.csv"
    rows = "".join(
        f"{('01', 'x', '1.50')[i % 3]},{i / 7},{'tf'[i % 2]},{'abc'[i % 3]}\n" for i in range(60)
    )
    path.write_text("name,size,mark,c\n" + rows)
    return open_source(DataSettings(source=str(path))).split(0)[1]


@pytest.fixture
def apply(preparation: Preparation, tmp_path: Path) -> Apply:
    """Prepare rows below the header of the three columns."""

    def prepare(rows: str) -> Any:
        path = tmp_path / "rows.csv"
        path.write_text("name,size,mark\n" + rows)
        return preparation.apply_table(path)["x"]

    return prepare


def test_names_that_look_like_numbers_stay_names(apply: Apply) -> None:
    """In a table of its own, 1.50 would be read as 1.5, and t as true."""
    rows = apply("1.50,1,t\n1.50,2,f\n")
    np.testing.assert_array_equal(rows[:, :3], [[0, 1, 0], [0, 1, 0]])
    np.testing.assert_array_equal(rows[:, 4:], [[0, 1], [1, 0]])


def test_single_rows_are_prepared_like_many(apply: Apply) -> None:
    lines = ["01,1,t\n", "x,2.5,f\n", "1.50,-3,t\n"]
    np.testing.assert_array_equal(np.concatenate([apply(line) for line in lines]),
                                  apply("".join(lines)))  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("x,2020-01-01,t\n", "row 1: size should be a number, but is '2020-01-01"),
        ("x,1,t\nx,true,t\n", "row 2: size should be a number, but is 'true'"),
        ("x,12:00:00,t\n", "row 1: size should be a number"),
        ("x,1_000,t\nx,3,t\n", "row 1: size should be a number, but is '1_000'"),
        ("x,inf,t\n", "row 1: size is inf, which is not a finite number"),
        ("x,1e999,t\n", "row 1: size is inf, which is not a finite number"),
        ("x,1e300,t\n", "row 1: size is 1e+300, too large to compute with"),
        (f"x,1,{'q' * 500}\n", f"row 1: mark is '{'q' * 80}…', which the model has not seen"),
        ("x,,t\n", "row 1: the value of size is missing"),
        ("x,1\n", "line 2: it has 2 fields, the first line has 3"),
        ("", "has no rows"),
    ],
)
def test_rows_that_do_not_fit(rows: str, expected: str, apply: Apply) -> None:
    with pytest.raises(InputError) as caught:
        apply(rows)
    assert expected in str(caught.value)
    assert str(caught.value).startswith("rows.csv") and str(caught.value).isprintable()


def test_it_survives_json(preparation: Preparation) -> None:
    assert Preparation.from_dict(json.loads(json.dumps(preparation.to_dict()))) == preparation


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"version": True},
        {"unknown": 1},
        {"columns": [{"kind": "number", "name": "a", "mean": 0.0, "scale": 0.0}]},
        {"columns": [{"kind": "number", "name": "a", "mean": float("nan"), "scale": 1.0}]},
        {"columns": [{"kind": "number", "name": "a", "mean": 0.0, "scale": float("inf")}]},
        {"columns": [{"kind": "number", "name": "a", "unknown": 1}]},
        {"columns": [{"kind": "else", "name": "a"}]},
        {"arrays": [{"name": "x", "shape": [-3]}]},
        {"arrays": [{"name": "x", "shape": [3], "divisor": 0.0}]},
        {"arrays": [{"name": "x", "shape": [3], "divisor": float("inf")}]},
    ],
)
def test_hostile_descriptions_are_refused(change: dict[str, Any], preparation: Preparation) -> None:
    with pytest.raises(InputError, match="preparation cannot be read"):
        Preparation.from_dict({**preparation.to_dict(), **change})


@pytest.mark.parametrize("data", [None, 3, [], "x"])
def test_other_values_are_no_description(data: object) -> None:
    with pytest.raises(InputError, match="preparation cannot be read"):
        Preparation.from_dict(data)


def test_raw_arrays() -> None:
    one = Preparation(arrays=(ArrayInput("x", (1,), 2.0),))
    np.testing.assert_array_equal(one.apply_arrays({"x": np.array([2, 4])})["x"], [[1], [2]])
    two = Preparation(arrays=(ArrayInput("x", (2,)),))
    for values, expected in [
        (np.ones((3, 3)), r"holds rows of \(3,\), the model takes \(2,\)"),
        (np.float64(1), "holds rows of"),
        (np.array([[1, 2], [3, np.nan]]), "row 2: the array x is nan"),
        (np.array([[1, 1e300]]), "row 1: the array x is 1e.300, too large"),
    ]:
        with pytest.raises(InputError, match=expected):
            two.apply_arrays({"x": np.asarray(values)}, "rows.npz")
    with pytest.raises(InputError, match=r"rows\.npz has no array x"):
        two.apply_arrays({"y": np.ones((3, 2))}, "rows.npz")
