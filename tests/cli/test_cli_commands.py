"""new, check, train and predict from end to end, on small data."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli_outcomes import Kgui
from drawn import chain, iris, node_id

from kgui.cli import COMMANDS
from kgui.commands import templates
from kgui.compiler.checker import check
from kgui.data import open_source
from kgui.graph import edits
from kgui.graph.storage import load, save
from kgui.interchange.npz import load_npz
from kgui.training.run import train

ROOT = Path(__file__).resolve().parents[2]


def test_the_commands_are_these() -> None:
    assert list(COMMANDS) == ["new", "check", "train", "predict", "export", "import"]


def test_new_lists_the_templates_with_what_they_show(kgui: Kgui) -> None:
    outcome = kgui("new", "--list")
    lines = outcome.out.splitlines()
    assert outcome.code == 0
    assert {line.split()[0] for line in lines} >= {
        "mnist-dense", "iris-dense", "penguins-dense", "digits-dense", "xor",
    }  # fmt: skip
    assert all(line.endswith(".") and len(line) > 30 for line in lines)


@pytest.mark.parametrize("name", templates.names())
def test_every_template_can_be_trained_as_it_is(kgui: Kgui, name: str, tmp_path: Path) -> None:
    assert kgui("new", name, "-o", "mine.kgui").code == 0
    project = load(tmp_path / "mine.kgui")
    summary = open_source(project.data).summary
    assert check(project, summary).issues == ()
    assert project.id != load(templates.FOLDER / f"{name}.kgui").id
    assert kgui("check", "mine.kgui")[:2] == (0, "")


def test_the_mnist_template_is_the_article_s_network() -> None:
    project = templates.project("mnist-dense")
    kinds = [(node.type, node.options) for node in project.graph.nodes]
    assert kinds == [
        ("Input", {"shape": [28, 28]}),
        ("Flatten", {}),
        ("Dense", {"activation": "relu", "units": 512}),
        ("Dense", {"activation": "softmax", "units": 10}),
    ]


@pytest.mark.parametrize(("name", "accuracy"), [("iris-dense", 0.9), ("xor", 0.95)])
def test_a_template_learns(kgui: Kgui, name: str, accuracy: float) -> None:
    kgui("new", name, "-o", "mine.kgui")
    outcome = kgui("train", "mine.kgui", "--json")
    assert json.loads(outcome.out)["evaluation"]["validation"]["accuracy"] >= accuracy


@pytest.mark.usefixtures("flowers")
def test_training_writes_the_model_and_the_history(kgui: Kgui, tmp_path: Path) -> None:
    outcome = kgui(
        "train", "flowers.kgui", "--out", "model.npz", "--history", "history.csv",
        "--epochs", "3", "--batch-size", "8", "--seed", "11", "--json",
    )  # fmt: skip
    assert outcome.code == 0
    result = json.loads(outcome.out)
    assert outcome.out.count("\n") == 1
    assert result["epochs"] == 3
    assert result["seed"] == 11
    assert set(result["evaluation"]) == {"train", "validation"}
    assert result["seconds"] > 0
    lines = [line for line in outcome.err.splitlines() if line.startswith("epoch ")]
    assert [line.split(":")[0] for line in lines] == ["epoch 1/3", "epoch 2/3", "epoch 3/3"]
    with (tmp_path / "history.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    for name, values in result["history"].items():
        assert [float(row[name]) for row in rows] == values
    trained = load_npz(tmp_path / "model.npz")
    assert trained.history == result["history"]
    assert trained.project.training.batch_size == 8


@pytest.mark.usefixtures("flowers")
def test_the_command_line_gives_the_numbers_that_a_script_gives(kgui: Kgui) -> None:
    result = json.loads(kgui("train", "flowers.kgui", "--epochs", "4", "--json").out)
    assert result["history"] == dict(train(iris(epochs=4)).history)


@pytest.mark.usefixtures("flowers")
def test_without_json_the_result_is_a_few_lines(kgui: Kgui) -> None:
    outcome = kgui("train", "flowers.kgui", "--epochs", "1")
    first, *parts = outcome.out.splitlines()
    assert first.startswith("1 epoch in ")
    assert [part.split(":")[0] for part in parts] == ["training data", "validation data"]


@pytest.mark.usefixtures("flowers")
def test_options_are_set_for_the_run_only(kgui: Kgui, tmp_path: Path) -> None:
    before = (tmp_path / "flowers.kgui").read_bytes()
    outcome = kgui(
        "train", "flowers.kgui", "--set", "dense.units=5", "--set", "dense.activation=tanh",
        "--set", "dense.use_bias=false", "--set", "input.shape=[4]", "--out", "m.npz",
    )  # fmt: skip
    assert outcome.code == 0
    trained = load_npz(tmp_path / "m.npz")
    options = trained.project.graph.node(node_id(trained.project, "dense")).options
    assert options == {"units": 5, "activation": "tanh", "use_bias": False}
    assert trained.model.get_layer("dense").count_params() == 20
    assert (tmp_path / "flowers.kgui").read_bytes() == before


def test_data_are_found_beside_the_document_and_named_ones_beside_the_user(
    kgui: Kgui, tmp_path: Path
) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    lines = ["a,b,c", *(f"{i / 8},{i % 7},{'yes' if i % 2 else 'no'}" for i in range(40))]
    (folder / "rows.csv").write_text("\n".join(lines), "utf-8")
    (tmp_path / "other.csv").write_text("\n".join(lines[:31]), "utf-8")
    layers = (("Input", {"shape": [2]}), ("Dense", {"units": 2, "activation": "softmax"}))
    save(chain(*layers, source="rows.csv", epochs=1), folder / "d.kgui")  # type: ignore[arg-type] # literal layers
    assert kgui("train", "elsewhere/d.kgui").code == 0
    assert kgui("train", "elsewhere/d.kgui", "--data", "other.csv").code == 0
    assert kgui("train", "elsewhere/d.kgui", "--data", "rows.csv").code == 3


def test_rows_that_are_left_out_are_reported(kgui: Kgui) -> None:
    kgui("new", "penguins-dense", "-o", "p.kgui")
    outcome = kgui("train", "p.kgui", "--epochs", "1", "--json")
    assert "11 of 344 rows" in outcome.err
    assert any("11 of 344 rows" in note for note in json.loads(outcome.out)["notes"])


def test_check_names_node_and_fault(kgui: Kgui, tmp_path: Path) -> None:
    project = iris()
    project = edits.set_option(project, node_id(project, "dense"), "units", -1)
    project = edits.rename(project, node_id(project, "dense"), "wide")
    save(project, tmp_path / "bad.kgui")
    outcome = kgui("check", "bad.kgui")
    assert outcome.code == 3
    assert len(outcome.out.splitlines()) == 1
    assert outcome.out.startswith("wide: ")
    assert "units" in outcome.out


def test_check_holds_the_drawing_against_the_data(kgui: Kgui, tmp_path: Path) -> None:
    project = iris()
    save(edits.set_option(project, node_id(project, "dense_1"), "units", 4), tmp_path / "b.kgui")
    outcome = kgui("check", "b.kgui")
    assert outcome.code == 3
    assert outcome.out.startswith("dense_1: has 4 units, but the data has 3 classes")


def test_check_names_data_that_are_missing(kgui: Kgui, tmp_path: Path) -> None:
    save(edits.set_data(iris(), source="gone.csv"), tmp_path / "b.kgui")
    outcome = kgui("check", "b.kgui")
    assert outcome.code == 3
    assert outcome.out.startswith("data: ")
    assert "gone.csv" in outcome.out


def test_check_needs_no_data(kgui: Kgui, tmp_path: Path) -> None:
    save(edits.set_data(iris(), source=""), tmp_path / "b.kgui")
    assert kgui("check", "b.kgui") == (0, "", "")


WITHOUT_QT = """
import sys
class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6", "pyqtgraph"):
            raise ImportError("Qt is not wanted here: " + name)
sys.meta_path.insert(0, NoQt())
from kgui.app import main
for call in CALLS:
    code = main(call)
    if code:
        sys.exit(code)
loaded = [name for name in sys.modules if "PySide" in name or "pyqtgraph" in name]
sys.exit(f"loaded {loaded}" if loaded else 0)
"""


def in_a_process(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Python without a display."""
    return subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}"],
        capture_output=True, text=True, check=False, cwd=folder,
        env={"PATH": "", "XDG_STATE_HOME": str(folder), "HOME": str(folder)},
    )  # fmt: skip


def test_the_whole_job_is_done_without_qt_or_a_display(tmp_path: Path) -> None:
    rows = "sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm\n5.1,3.5,1.4,0.2\n"
    (tmp_path / "rows.csv").write_text(rows, "utf-8")
    calls: list[Any] = [
        ["new", "iris-dense", "-o", "i.kgui"],
        ["check", "i.kgui"],
        ["train", "i.kgui", "--epochs", "2", "--out", "i.npz"],
        ["predict", "i.npz", "rows.csv", "-o", "a.csv"],
    ]
    done = in_a_process(WITHOUT_QT.replace("CALLS", repr(calls)), tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.csv").read_text("utf-8").startswith("species,")


@pytest.mark.parametrize("call", [["--help"], ["new", "--list"]])
def test_help_and_templates_do_not_load_the_engine(call: list[str], tmp_path: Path) -> None:
    code = f"""
from kgui.cli import main
assert main({call!r}) == 0
slow = {{"numpy", "duckdb", "PySide6"}} & set(sys.modules)
sys.exit(f"loaded {{slow}}" if slow else 0)
"""
    done = in_a_process(code, tmp_path)
    assert done.returncode == 0, done.stderr
