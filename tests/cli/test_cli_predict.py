"""predict: raw rows in, answers in the user's own terms out."""

import csv
from pathlib import Path

import numpy as np
import pytest
from cli_outcomes import Kgui
from drawn import chain, iris, node_id

from kgui.graph import edits
from kgui.graph.storage import save


@pytest.mark.usefixtures("flowers")
def test_predict_answers_with_names_and_probabilities(kgui: Kgui, tmp_path: Path) -> None:
    kgui("train", "flowers.kgui", "--out", "m.npz", "--epochs", "40")
    header = "sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm"
    (tmp_path / "rows.csv").write_text(f"{header}\n5.1,3.5,1.4,0.2\n6.7,3.0,5.2,2.3\n", "utf-8")
    outcome = kgui("predict", "m.npz", "rows.csv", "-o", "answers.csv")
    assert outcome.code == 0
    assert outcome.sentence == "2 answers were written to answers.csv."
    with (tmp_path / "answers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["species"] for row in rows] == ["setosa", "virginica"]
    for row in rows:
        shares = [float(row[f"probability_{name}"]) for name in
                  ("setosa", "versicolor", "virginica")]  # fmt: skip
        assert sum(shares) == pytest.approx(1, abs=1e-5)


def test_predict_gives_numbers_in_their_own_units(kgui: Kgui, tmp_path: Path) -> None:
    lines = [
        "a,b,price",
        *(f"{i / 9},{i % 5},{100 * i / 9 + 7 * (i % 5) + 0.5}" for i in range(90)),
    ]
    (tmp_path / "rows.csv").write_text("\n".join(lines), "utf-8")
    layers = (("Input", {"shape": [2]}), ("Dense", {"units": 1}))
    project = chain(*layers, source="rows.csv", epochs=300, learning_rate=5)  # type: ignore[arg-type] # literal layers
    save(project, tmp_path / "p.kgui")
    assert kgui("train", "p.kgui", "--out", "m.npz").code == 0
    assert kgui("predict", "m.npz", "rows.csv", "-o", "answers.csv").code == 0
    with (tmp_path / "answers.csv").open(encoding="utf-8", newline="") as file:
        found = [float(row["price"]) for row in csv.DictReader(file)]
    expected = [float(line.split(",")[2]) for line in lines[1:]]
    assert np.abs(np.subtract(found, expected)).mean() < 10


@pytest.mark.parametrize("kind", ["csv", "npy", "npz"])
def test_predict_reads_pictures_as_arrays_or_as_rows(kgui: Kgui, tmp_path: Path, kind: str) -> None:
    kgui("new", "digits-dense", "-o", "d.kgui")
    kgui("train", "d.kgui", "--epochs", "1", "--out", "m.npz")
    pictures = np.random.default_rng(0).integers(0, 17, (3, 8, 8), np.uint8)
    np.save(tmp_path / "rows.npy", pictures)
    np.savez(tmp_path / "rows.npz", x=pictures)
    lines = [",".join(f"p{i}" for i in range(64))]
    lines += [",".join(map(str, picture.reshape(-1))) for picture in pictures]
    (tmp_path / "rows.csv").write_text("\n".join(lines), "utf-8")
    assert kgui("predict", "m.npz", f"rows.{kind}", "-o", f"{kind}.csv").code == 0
    kgui("predict", "m.npz", "rows.npy", "-o", "expected.csv")
    assert (tmp_path / f"{kind}.csv").read_bytes() == (tmp_path / "expected.csv").read_bytes()


def test_two_classes_from_one_unit_have_two_probabilities(kgui: Kgui, tmp_path: Path) -> None:
    kgui("new", "xor", "-o", "x.kgui")
    kgui("train", "x.kgui", "--out", "m.npz", "--epochs", "60")
    (tmp_path / "rows.csv").write_text("x1,x2\n0.5,-0.5\n0.5,0.5\n", "utf-8")
    kgui("predict", "m.npz", "rows.csv", "-o", "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["positive"] for row in rows] == ["one", "none or both"]
    assert float(rows[0]["probability_one"]) > 0.5 > float(rows[1]["probability_one"])


def test_logits_become_probabilities(kgui: Kgui, tmp_path: Path) -> None:
    project = iris(epochs=40)
    last = node_id(project, "dense_1")
    save(edits.reset_option(project, last, "activation"), tmp_path / "l.kgui")
    kgui("train", "l.kgui", "--out", "m.npz")
    header = "sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm"
    (tmp_path / "rows.csv").write_text(f"{header}\n5.1,3.5,1.4,0.2\n", "utf-8")
    kgui("predict", "m.npz", "rows.csv", "-o", "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    shares = [float(value) for name, value in row.items() if name.startswith("probability_")]
    assert sum(shares) == pytest.approx(1, abs=1e-5)
    assert min(shares) >= 0
