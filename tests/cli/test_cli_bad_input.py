"""Whatever is wrong: one sentence, the right exit code, and nothing changed on disk."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from cli_outcomes import Kgui, write
from drawn import chain, iris, node_id

from kgui import cli
from kgui.commands import train as train_command
from kgui.graph import edits

ROOT = Path(__file__).resolve().parents[2]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but the logs."""
    files = (path for path in folder.rglob("*") if path.is_file() and "state" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize(
    ("call", "beginning"),
    [
        ((), "the following arguments are required: COMMAND;"),
        (("fly",), "argument COMMAND: invalid choice: 'fly'"),
        (("train",), "the following arguments are required: FILE.kgui; kgui train --help"),
        (("train", "x.kgui", "--epochs", "0"), "argument --epochs: '0' is not a whole number"),
        (("train", "x.kgui", "--seed", "-1"), "argument --seed: "),
        (("train", "x.kgui", "--batch-size", "1.5"), "argument --batch-size: '1.5' is not"),
        (("train", "x.kgui", "--epoch", "3"), "unrecognized arguments: --epoch 3"),
        (("new",), "Give a template and -o FILE.kgui"),
        (("new", "castle", "-o", "x.kgui"), "There is no template called castle; possible are"),
        (("predict", "m.npz", "rows.csv"), "the following arguments are required: -o/--out"),
    ],
)
def test_a_wrong_call_is_exit_code_2(
    kgui: Kgui, tmp_path: Path, call: tuple[str, ...], beginning: str
) -> None:
    outcome = kgui(*call)
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.sentence.startswith(beginning)
    assert contents(tmp_path) == {}


@pytest.mark.usefixtures("flowers")
@pytest.mark.parametrize(
    ("value", "code", "sentence"),
    [
        ("dense", 2, "--set takes NODE.OPTION=VALUE, such as dense.units=64, and not 'dense'."),
        ("dense=5", 2, "--set takes NODE.OPTION=VALUE"),
        ("roof.units=5", 3, "There is no node called 'roof'; the document has input, dense, "
         "dense_1."),
        ("dense.height=5", 3, "--set dense.height=5: dense: Dense has no option height."),
        ("dense.units=0", 3, "--set dense.units=0: dense: units must be at least 1, not 0."),
        ("dense.units=many", 3, "--set dense.units=many: dense: units "),
        ("dense.units=NaN", 3, "--set dense.units=NaN: dense: units "),
        ('dense.units={"a": 1}', 3, '--set dense.units={"a": 1}: dense: units '),
        ("dense.activation=rely", 3, "--set dense.activation=rely: dense: activation "),
    ],
)  # fmt: skip
def test_options_that_are_wrong(kgui: Kgui, value: str, code: int, sentence: str) -> None:
    outcome = kgui("train", "flowers.kgui", "--set", value, "--out", "m.npz")
    assert outcome.code == code
    assert outcome.sentence.startswith(sentence)


def with_text(text: str | bytes) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    return make


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:300])


def from_the_future(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace('"version": 1', '"version": 7'), "utf-8")


def with_a_circle(path: Path) -> None:
    document = json.loads(path.read_text("utf-8"))
    first, last = document["wires"][0]["target"], document["wires"][-1]["target"]
    document["wires"][0] = {
        "source": last, "source_port": 0, "target": first, "target_port": 0,
    }  # fmt: skip
    path.write_text(json.dumps(document), "utf-8")


GRAPHS: dict[str, tuple[Callable[[Path], None], str]] = {
    "missing": (Path.unlink, "does not exist"),
    "empty": (with_text(""), "is not a kgui graph"),
    "truncated": (truncated, "is not a kgui graph"),
    "not JSON": (with_text("layer: dense\n"), "is not a kgui graph"),
    "other JSON": (with_text('{"nodes": []}'), "is not a kgui graph"),
    "not text": (with_text(b"PK\x03\x04rest"), "is not a kgui graph"),
    "not UTF-8": (with_text('{"format": "kgui", "ä": 1}'.encode("latin-1")), "UTF-8"),
    "future": (from_the_future, "needs a newer kgui"),
    "circle": (with_a_circle, "circle"),
}


@pytest.mark.parametrize("command", ["check", "train"])
@pytest.mark.parametrize("kind", GRAPHS)
def test_a_document_that_cannot_be_used(
    kgui: Kgui, flowers: Path, tmp_path: Path, command: str, kind: str
) -> None:
    spoil, words = GRAPHS[kind]
    spoil(flowers)
    before = contents(tmp_path)
    outcome = kgui(command, "flowers.kgui", *(("--out", "m.npz") if command == "train" else ()))
    assert outcome.code == 3
    assert outcome.out == ""
    assert "flowers.kgui" in outcome.sentence
    assert words in outcome.sentence
    assert contents(tmp_path) == before


TABLES: dict[str, tuple[bytes, str]] = {
    "ragged": (b"a,b,c\n1,2,x\n3,4,y,5,6\n7,8,x\n", "line 3"),
    "no rows": (b"a,b,c\n", "row"),
    "nothing": (b"", ""),
    "one column": (b"a\n1\n2\n3\n", "only one column"),
    "wrong encoding": ("größe,b,c\n1,2,grün\n3,4,rot\n".encode("latin-1"), "UTF-8"),
    "one class": (b"a,b,c\n1,2,x\n3,4,x\n5,6,x\n", "only one class"),
    "open quote": (b'a,b,c\n1,2,"x\n3,4,y\n', ""),
}


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_that_cannot_be_used(kgui: Kgui, tmp_path: Path, kind: str) -> None:
    data, words = TABLES[kind]
    (tmp_path / "rows.csv").write_bytes(data)
    layers = (("Input", {"shape": [2]}), ("Dense", {"units": 2, "activation": "softmax"}))
    write(chain(*layers, source="rows.csv"), tmp_path / "d.kgui")  # type: ignore[arg-type] # literal layers
    before = contents(tmp_path)
    outcome = kgui("train", "d.kgui", "--out", "m.npz", "--history", "h.csv")
    assert outcome.code == 3
    assert "rows.csv" in outcome.sentence
    assert words in outcome.sentence
    assert contents(tmp_path) == before
    checked = kgui("check", "d.kgui")
    assert checked.code == 3
    assert checked.out.startswith("data: ")


def test_labels_that_do_not_fit_the_output(kgui: Kgui, tmp_path: Path) -> None:
    project = iris()
    write(edits.set_option(project, node_id(project, "dense_1"), "units", 2), tmp_path / "d.kgui")
    outcome = kgui("train", "d.kgui", "--out", "m.npz")
    assert outcome.code == 3
    assert outcome.sentence == (
        "d.kgui: dense_1: has 2 units, but the data has 3 classes: setosa, versicolor, virginica. "
        "Set units to 3."
    )
    assert not (tmp_path / "m.npz").exists()


@pytest.mark.usefixtures("flowers")
@pytest.mark.parametrize("command", ["predict", "train"])
def test_pickled_objects_are_refused(kgui: Kgui, tmp_path: Path, command: str) -> None:
    np.savez(tmp_path / "evil.npz", x=np.array([{}, []], object), y=np.zeros(2, np.int64))
    (tmp_path / "rows.csv").write_text("a\n1\n", "utf-8")
    call = {
        "predict": ("predict", "evil.npz", "rows.csv", "-o", "a.csv"),
        "train": ("train", "flowers.kgui", "--data", "evil.npz"),
    }[command]
    before = contents(tmp_path)
    outcome = kgui(*call)
    assert outcome.code == 3
    assert "evil.npz" in outcome.sentence
    assert "object" in outcome.sentence
    assert contents(tmp_path) == before


@pytest.mark.usefixtures("flowers")
@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("sepal_length_cm,sepal_width_cm\n5.1,3.5\n", "petal_length_cm"),
        (
            "sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm\n5,3,1,\n5,3,1,2\n",
            "petal_width_cm",
        ),
        (
            "sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm\n5,3,1,much\n5,3,1,2\n",
            "petal_width_cm",
        ),
    ],
)
def test_rows_that_the_model_cannot_take(kgui: Kgui, tmp_path: Path, rows: str, words: str) -> None:
    kgui("train", "flowers.kgui", "--out", "m.npz", "--epochs", "1")
    (tmp_path / "rows.csv").write_text(rows, "utf-8")
    outcome = kgui("predict", "m.npz", "rows.csv", "-o", "a.csv")
    assert outcome.code == 3
    assert "rows.csv" in outcome.sentence
    assert words in outcome.sentence
    assert not (tmp_path / "a.csv").exists()


@pytest.mark.usefixtures("flowers")
@pytest.mark.parametrize("option", ["--out", "--history"])
@pytest.mark.parametrize("place", ["nowhere/file", "."])
def test_a_place_that_cannot_be_written_is_told_before_training(
    kgui: Kgui, monkeypatch: pytest.MonkeyPatch, option: str, place: str
) -> None:
    monkeypatch.setattr("kgui.training.run.train", None)
    outcome = kgui("train", "flowers.kgui", option, place)
    assert outcome.code == 5
    assert outcome.sentence.startswith(Path(place).name or ".")


@pytest.mark.usefixtures("flowers")
def test_a_loss_that_explodes_is_exit_code_4(kgui: Kgui, tmp_path: Path) -> None:
    project = iris(optimizer="sgd", learning_rate=1e30)
    write(project, tmp_path / "flowers.kgui")
    outcome = kgui("train", "flowers.kgui", "--out", "m.npz")
    assert outcome.code == 4
    assert "The loss became" in outcome.err.splitlines()[-1]
    assert "dense" in outcome.err.splitlines()[-1]
    assert not (tmp_path / "m.npz").exists()


def test_a_network_of_terabytes_is_exit_code_6(kgui: Kgui, flowers: Path, tmp_path: Path) -> None:
    outcome = kgui("train", flowers.name, "--set", "dense.units=1000000000000", "--out", "m.npz")
    assert outcome.code == 6
    assert "dense: " in outcome.sentence
    assert not (tmp_path / "m.npz").exists()


@pytest.mark.usefixtures("flowers")
@pytest.mark.parametrize(("command", "code"), [("train", 4), ("check", 1)])
def test_what_nobody_foresaw_is_one_sentence_and_a_log(
    kgui: Kgui, monkeypatch: pytest.MonkeyPatch, private_state: Path, command: str, code: int
) -> None:
    def explode(arguments: object) -> int:
        raise ZeroDivisionError("all\nover")

    monkeypatch.setattr(cli.COMMANDS[command], "run", explode)
    outcome = kgui(command, "flowers.kgui")
    assert outcome.code == code
    log = private_state / "kgui" / "kgui.log"
    assert outcome.sentence == (
        f"Something went wrong that nobody foresaw (ZeroDivisionError: all over); {log} says more."
    )
    assert "Traceback" in log.read_text("utf-8")


@pytest.mark.usefixtures("flowers")
def test_an_interrupt_outside_of_training(kgui: Kgui, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(train_command, "run", interrupt)
    outcome = kgui("train", "flowers.kgui")
    assert outcome.code == 130
    assert outcome.sentence == "Interrupted; nothing was written."


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to a child")
@pytest.mark.usefixtures("flowers")
def test_an_interrupt_while_training_writes_nothing(tmp_path: Path) -> None:
    call = [
        sys.executable, "-m", "kgui", "train", "flowers.kgui", "--epochs", "100000", "--set",
        "dense.units=300", "--out", "m.npz", "--history", "h.csv",
    ]  # fmt: skip
    state = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(tmp_path / "state")}
    before = contents(tmp_path)
    with subprocess.Popen(
        call, cwd=tmp_path, env=state, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        began = time.perf_counter()
        out, rest = process.communicate(timeout=20)
        took = time.perf_counter() - began
    lines = (first + rest).splitlines()
    assert process.returncode == 130
    assert out == ""
    assert "nothing was written" in lines[-1]
    assert "Traceback" not in rest
    assert took < 2
    assert contents(tmp_path) == before
