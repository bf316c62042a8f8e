"""export --to python and import: drawings as programs, and back."""

from pathlib import Path

import pytest
from cli_outcomes import Kgui, write
from drawn import iris

from kgui.graph import load

CODE = """\
import keras

model = keras.Sequential()
model.add(keras.Input((4,)))
model.add(keras.layers.Dense(3, activation="softmax"))
model.compile("sgd", "sparse_categorical_crossentropy", metrics=["Recall"])
"""


def test_a_document_goes_out_and_comes_back(kgui: Kgui, flowers: Path, tmp_path: Path) -> None:
    outcome = kgui("export", "flowers.kgui", "--to", "python", "-o", "net.py")
    assert outcome == (0, "", "kgui: net.py is written.\n")
    assert 'loss="sparse_categorical_crossentropy",  # auto' in (tmp_path / "net.py").read_text()
    assert kgui("import", "net.py", "-o", "back.kgui").code == 0
    before, after = load(flowers), load(tmp_path / "back.kgui")
    assert [n.name for n in after.graph.nodes] == [n.name for n in before.graph.nodes]
    assert [n.options for n in after.graph.nodes] == [n.options for n in before.graph.nodes]
    assert after.training == before.training


def test_what_is_left_out_is_told(kgui: Kgui, tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(CODE)
    outcome = kgui("import", "net.py", "-o", "net.kgui")
    assert outcome.code == 0
    assert outcome.err.startswith("kgui: Line 6: the metric Recall is left out")
    assert kgui("check", "net.kgui").code == 0


@pytest.mark.parametrize(
    ("name", "content", "code", "sentence"),
    [
        ("net.py", CODE.replace("Dense", "Dance"), 3, "net.py: Line 5: Dance is not a layer"),
        ("net.py", "import keras\x00", 3, "net.py: "),
        ("net.txt", CODE, 2, "net.txt is no Python program"),
        ("other.py", CODE, 3, "net.py"),
    ],
)
def test_what_cannot_be_imported_is_one_sentence(
    kgui: Kgui, tmp_path: Path, name: str, content: str, code: int, sentence: str
) -> None:
    (tmp_path / name).write_text(content)
    outcome = kgui("import", "net.txt" if name == "net.txt" else "net.py", "-o", "net.kgui")
    assert (outcome.code, outcome.err.count("\n")) == (code, 1)
    assert sentence in outcome.err
    assert not (tmp_path / "net.kgui").exists()


def test_a_faulty_document_is_not_exported(kgui: Kgui, tmp_path: Path) -> None:
    project = iris()
    write(
        project.__class__(graph=project.graph.__class__(project.graph.nodes)), tmp_path / "f.kgui"
    )
    outcome = kgui("export", "f.kgui", "--to", "python", "-o", "f.py")
    assert outcome.code == 3
    assert not (tmp_path / "f.py").exists()
    assert kgui("export", "f.kgui", "--to", "cobol", "-o", "f.py").code == 2


def test_without_its_data_a_document_is_exported_and_it_is_told(kgui: Kgui, tmp_path: Path) -> None:
    write(iris(), tmp_path / "f.kgui")
    text = (tmp_path / "f.kgui").read_text().replace("sample:iris", "missing.csv")
    (tmp_path / "f.kgui").write_text(text)
    outcome = kgui("export", "f.kgui", "--to", "python", "-o", "f.py")
    assert outcome.code == 0
    assert "The loss is guessed from the drawing" in outcome.err
