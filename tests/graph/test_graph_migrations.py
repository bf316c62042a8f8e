"""Older versions are brought to today's, newer ones are refused by name."""

import re
from pathlib import Path

import pytest

from kgui.graph import Project, from_json, migrations, to_json
from kgui.graph.migrations import Document, migrate
from kgui.io.errors import InputError

GOLDEN = Path(__file__).parent.parent / "corpus" / "graph"


def _rename_units(document: Document) -> Document:
    nodes = [
        {**node, "options": {k.replace("width", "units"): v for k, v in node["options"].items()}}
        for node in document["nodes"]
    ]
    return {**document, "nodes": nodes}


def _drop_view(document: Document) -> Document:
    return {key: value for key, value in document.items() if key != "view"}


STEPS = {1: _rename_units, 2: _drop_view}


def test_steps_run_in_a_chain_and_leave_the_original_alone() -> None:
    old = {"version": 1, "view": 1, "nodes": [{"options": {"width": 3}}]}
    before = repr(old)
    assert migrate(old, 1, STEPS, 3) == {"version": 3, "nodes": [{"options": {"units": 3}}]}
    assert repr(old) == before
    assert migrate(old, 3, STEPS, 3) is old
    with pytest.raises(KeyError):
        migrate(old, 1, {2: _drop_view}, 3)


def test_an_old_file_opens(drawing: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    old = to_json(drawing).replace(b'"units"', b'"width"').replace(b'"data"', b'"view": 1, "data"')
    monkeypatch.setattr(migrations, "VERSION", 3)
    monkeypatch.setattr(migrations, "STEPS", STEPS)
    assert from_json(old, "x.kgui") == drawing


def test_an_old_file_that_cannot_be_brought_forward(
    drawing: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "VERSION", 2)
    monkeypatch.setattr(migrations, "STEPS", STEPS)
    broken = to_json(drawing).replace(b'"nodes"', b'"knots"')
    with pytest.raises(InputError, match="cannot be taken from format 1 to format 2"):
        from_json(broken, "x.kgui")


def test_a_newer_file_is_refused_by_number_and_generator(drawing: Project) -> None:
    data = to_json(drawing).replace(b'"version": 1', b'"version": 3')
    data = re.sub(rb"kgui [0-9.]+", b"kgui 2.1", data).replace(b'"data"', b'"new key": {}, "data"')
    with pytest.raises(InputError) as caught:
        from_json(data, "x.kgui")
    assert str(caught.value) == (
        "x.kgui was written by kgui 2.1 (format 3); this program reads up to format 1,"
        " so it needs a newer kgui."
    )


def test_every_step_is_there() -> None:
    assert sorted(migrations.STEPS) == list(range(1, migrations.VERSION))


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("golden_*.kgui")), ids=lambda p: p.name)
def test_files_of_every_version_open_for_ever(path: Path) -> None:
    project = from_json(path.read_bytes(), path.name)
    assert len(project.graph.nodes) == 7
    assert len(project.graph.wires) == 5
    assert project.graph.node("n4").options == {"axis": -1}
    assert project.notes[0].text == "Zwei Wege,\nein Ziel: 模型"


def test_todays_golden_file_is_what_is_written_today() -> None:
    data = (GOLDEN / f"golden_v{migrations.VERSION}.kgui").read_bytes()
    written = to_json(from_json(data, "golden"))
    generator = re.compile(rb'"generator": "[^"]*"')
    assert generator.sub(b"", written) == generator.sub(b"", data)
