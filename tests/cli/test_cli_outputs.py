"""A command never writes over what it reads, nor one output over the other."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_outcomes import Kgui

CASES = [
    (["train", "iris.kgui", "--out", "iris.kgui"], "is read by this command"),
    (["train", "iris.kgui", "--out", "x", "--history", "./x"], "is named for two outputs"),
    (["train", "iris.kgui", "--data", "rows.csv", "--history", "rows.csv"], "is read by"),
    (["train", "iris.kgui", "--out", ""], "is empty"),
    (["train", "iris.kgui", "--out", "/dev/null"], "is not a regular file"),
    (["predict", "m.npz", "rows.csv", "-o", "m.npz"], "is read by this command"),
    (["predict", "m.npz", "rows.csv", "-o", "rows.csv"], "is read by this command"),
]


@pytest.mark.parametrize(("command", "words"), CASES, ids=lambda item: " ".join(item)[:40])
def test_refused_before_the_work(
    kgui: Kgui, tmp_path: Path, command: list[str], words: str
) -> None:
    assert kgui("new", "iris-dense", "-o", "iris.kgui").code == 0
    assert kgui("train", "iris.kgui", "--epochs", "1", "--out", "m.npz").code == 0
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    outcome = kgui(*command)
    assert outcome.code in (3, 5)
    assert words in outcome.sentence
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert after == before


def test_a_batch_larger_than_the_data_is_the_data(kgui: Kgui) -> None:
    assert kgui("new", "iris-dense", "-o", "iris.kgui").code == 0
    assert kgui("train", "iris.kgui", "--epochs", "1", "--batch-size", "1000000000").code == 0


def test_who_stops_reading_is_not_complained_to() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        command = [sys.executable, "-m", "kgui", "new", "--list"]
        ended = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, b"")
