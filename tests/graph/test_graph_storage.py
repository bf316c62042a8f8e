"""The file: its form, what it keeps, and that reading it touches nothing else."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kgui import __version__
from kgui.graph import (
    DataSettings,
    Frame,
    Graph,
    Node,
    Note,
    Project,
    TrainingSettings,
    Wire,
    edits,
    from_json,
    load,
    save,
    to_json,
)
from kgui.io.errors import InputError, KguiError

ROOT = Path(__file__).resolve().parents[2]

FORM = """{
  "format": "kgui",
  "version": 1,
  "generator": "kgui VERSION",
  "id": "p",
  "nodes": [
    {
      "id": "n0",
      "type": "Input",
      "name": "input",
      "options": {
        "shape": [28, 28]
      },
      "position": [0.0, 0.0]
    },
    {
      "id": "n1",
      "type": "Flatten",
      "name": "flatten",
      "options": {},
      "position": [220.0, 0.0]
    },
    {
      "id": "n2",
      "type": "Dense",
      "name": "dense",
      "options": {
        "activation": "relu",
        "units": 64
      },
      "position": [440.0, 0.0]
    },
    {
      "id": "n3",
      "type": "Dense",
      "name": "dense_1",
      "options": {
        "units": 10
      },
      "position": [660.0, 0.5]
    }
  ],
  "wires": [
    {"source": "n0", "source_port": 0, "target": "n1", "target_port": 0},
    {"source": "n1", "source_port": 0, "target": "n2", "target_port": 0},
    {"source": "n2", "source_port": 0, "target": "n3", "target_port": 0}
  ],
  "data": {
    "source": "sample:mnist"
  },
  "training": {
    "epochs": 7
  },
  "frames": [],
  "notes": []
}
""".replace("VERSION", __version__)


def test_the_form_of_the_file(drawing: Project) -> None:
    assert to_json(drawing).decode() == FORM


def test_bytes_are_the_same_again(drawing: Project) -> None:
    data = to_json(drawing)
    assert from_json(data, "x.kgui") == drawing
    assert to_json(from_json(data, "x.kgui")) == data


def test_one_option_is_one_line(drawing: Project) -> None:
    changed = edits.set_option(drawing, "n2", "units", 128)
    lines = zip(FORM.splitlines(), to_json(changed).decode().splitlines(), strict=True)
    assert [new for old, new in lines if old != new] == ['        "units": 128']


def test_taking_an_option_back_leaves_no_trace(drawing: Project) -> None:
    changed = edits.set_option(edits.reset_option(drawing, "n2", "activation"), "n2", "axis", 1)
    back = edits.reset_option(edits.set_option(changed, "n2", "activation", "relu"), "n2", "axis")
    assert to_json(back) == to_json(drawing)


TEXT = st.text(st.characters(blacklist_categories=["Cc", "Cs"]), max_size=20).filter(
    lambda text: (
        not any(c in text for c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    )
)
SCALAR: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXT,
)
NUMBER = st.floats(-1e6, 1e6)
NAME = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,20}", fullmatch=True)
OPTIONS = st.dictionaries(
    NAME, st.recursive(SCALAR, lambda inner: st.lists(inner, max_size=4), max_leaves=8), max_size=4
)
ID = TEXT.filter(bool)


@st.composite
def _documents(draw: st.DrawFn) -> Project:
    ids = draw(st.lists(ID, unique=True, max_size=6))
    names = draw(st.lists(NAME, unique=True, min_size=len(ids), max_size=len(ids)))
    nodes = tuple(
        Node(node_id, draw(NAME), name, draw(OPTIONS), draw(st.tuples(NUMBER, NUMBER)))
        for node_id, name in zip(ids, names, strict=True)
    )
    project = Project(id=draw(ID), graph=Graph(nodes))
    for a in range(len(ids) - 1):
        port = draw(st.integers(0, 1000))
        project = edits.connect(
            project, Wire(ids[a], port, ids[draw(st.integers(a + 1, len(ids) - 1))], port)
        )
    frames = [
        Frame(i, draw(TEXT), (0.0, 1.0, 2.5, 3.0))
        for i in draw(st.lists(ID, unique=True, max_size=2))
    ]
    notes = [Note(i, draw(TEXT)) for i in draw(st.lists(ID, unique=True, max_size=2))]
    data = DataSettings(draw(TEXT), draw(TEXT), validation=draw(st.floats(0, 0.99)))
    training = TrainingSettings(
        seed=draw(st.integers(0, 2**32 - 1)), metrics=tuple(draw(st.lists(TEXT, max_size=2)))
    )
    return replace(project, data=data, training=training, frames=tuple(frames), notes=tuple(notes))


@settings(max_examples=60, deadline=None)
@given(_documents())
def test_every_document_comes_back(project: Project) -> None:
    data = to_json(project)
    again = from_json(data, "x.kgui")
    assert again == project
    assert repr(again) == repr(replace(project, graph=_sorted(project.graph)))
    assert to_json(again) == data
    assert json.loads(data)["format"] == "kgui"


def _sorted(graph: Graph) -> Graph:
    nodes = (replace(node, options=dict(sorted(node.options.items()))) for node in graph.nodes)
    return Graph(tuple(nodes), graph.wires)


def test_what_could_not_be_reopened_is_not_written(drawing: Project, tmp_path: Path) -> None:
    node = replace(drawing.graph.nodes[0], options={"rate": float("nan")})
    broken = replace(drawing, graph=replace(drawing.graph, nodes=(node,)))
    path = tmp_path / "x.kgui"
    with pytest.raises(InputError, match=r"^The project cannot be saved: .*options\.rate.*input"):
        save(broken, path)
    assert not path.exists()


def test_save_and_load(drawing: Project, tmp_path: Path) -> None:
    path = tmp_path / "模型.kgui"
    save(drawing, path)
    assert path.read_bytes() == to_json(drawing)
    assert load(path) == drawing
    assert load(str(path)) == drawing


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(KguiError) as caught:
        load(tmp_path / "nix.kgui")
    assert "nix.kgui" in str(caught.value)
    with pytest.raises(KguiError):
        load(tmp_path)


AUDIT = """
import sys
from kgui.graph import load
seen = []
def watch(event, arguments):
    wrapped = event == "open" and isinstance(arguments[0], int)  # a descriptor opened before
    if watching and not wrapped and event not in ("object.__getattr__", "object.__setattr__"):
        seen.append((event, str(arguments[:1])))
watching = False
sys.addaudithook(watch)
watching = True
load(sys.argv[1])
watching = False
print([event for event in seen if event[0] != "open"])
print([event for event in seen if event[0] == "open"])
"""


def test_opening_opens_nothing_else(drawing: Project, tmp_path: Path) -> None:
    hostile = edits.set_data(drawing, source="//host/share/x.csv", target="__import__('os')")
    hostile = edits.set_option(hostile, "n2", "activation", "/dev/zero")
    path = tmp_path / "x.kgui"
    save(hostile, path)
    command = [sys.executable, "-c", AUDIT, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    others, opened = done.stdout.splitlines()
    assert others == "[]"
    assert opened.count("'open'") == 1
    assert "x.kgui" in opened


def test_positions_are_held_within_reach(drawing: Project) -> None:
    note = replace(drawing, notes=(Note("n", "", (0.0, -1e9)),))
    note = replace(note, frames=(Frame("f", "", (0.0, 1.0, 1e30, 2.0)),))
    data = to_json(note).replace(b"[660.0, 0.5]", b"[1e308, -1000000000000000000000000000000]")
    opened = from_json(data, "x.kgui")
    assert opened.graph.node("n3").position == (1e6, -1e6)
    assert opened.notes[0].position == (0.0, -1e6)
    assert opened.frames[0].rectangle == (0.0, 1.0, 1e6, 2.0)
    assert from_json(to_json(opened), "x.kgui") == opened


def test_a_file_without_an_id_always_gets_the_same() -> None:
    data = b'{"format": "kgui", "version": 1}'
    first = from_json(data, "x.kgui")
    assert first.id
    assert first == from_json(data, "y.kgui")
    assert first.id != from_json(data + b"\n", "x.kgui").id


def test_a_chain_of_ten_thousand(chain: Project) -> None:
    assert from_json(to_json(chain), "x.kgui") == chain


def test_opening_is_fast() -> None:
    nodes = tuple(
        Node(f"n{i}", "Dense", f"dense_{i}", {"units": i, "activation": "relu"}, (1.5 * i, 0.0))
        for i in range(1_000)
    )
    pairs = ((i, j) for i in range(999) for j in {i + 1, min(999, i + 5), min(999, i + 9)})
    wires = tuple(Wire(f"n{i}", 0, f"n{j}", i) for i, j in pairs)[:2_000]
    data = to_json(Project(graph=Graph(nodes, wires)))
    times = []
    for _ in range(7):
        start = time.perf_counter()
        from_json(data, "x.kgui")
        times.append(time.perf_counter() - start)
    assert min(times) < 0.050
