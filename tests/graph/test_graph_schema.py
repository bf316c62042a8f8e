"""The schema in resources/ is today's, and the documentation's example is a real file."""

import json
import re
from pathlib import Path
from typing import Any

from kgui import __version__
from kgui.graph import from_json, to_json
from kgui.graph.schema import schema

ROOT = Path(__file__).resolve().parents[2]


def test_the_schema_is_todays() -> None:
    written = (ROOT / "resources" / "kgui.schema.json").read_text("utf-8")
    assert json.loads(written) == json.loads(json.dumps(schema())), "run tools/write_schema.py"


def test_the_schema_names_every_key_of_a_file() -> None:
    golden = json.loads((ROOT / "tests/corpus/graph/golden_v1.kgui").read_text("utf-8"))
    made = schema()
    kinds: dict[str, Any] = made["$defs"]
    assert list(made["properties"]) == list(golden)
    for key, kind in (("nodes", "Node"), ("wires", "Wire"), ("frames", "Frame"), ("notes", "Note")):
        assert made["properties"][key]["items"] == {"$ref": f"#/$defs/{kind}"}
        named = list(dict.fromkeys(name for item in golden[key] for name in item))
        assert list(kinds[kind]["properties"]) == named
    assert list(kinds["DataSettings"]["properties"]) == list(golden["data"])
    assert list(kinds["TrainingSettings"]["properties"]) == list(golden["training"])
    assert kinds["Node"]["additionalProperties"] is False


def test_the_example_of_the_documentation() -> None:
    text = (ROOT / "docs" / "graph-format.md").read_text("utf-8")
    example = re.findall(r"```json\n(.*?)```", text, re.DOTALL)[0]
    project = from_json(example.encode(), "example.kgui")
    assert to_json(project).decode() == example.replace("kgui 0.1.0", f"kgui {__version__}")
    assert [node.type for node in project.graph.nodes] == ["Input", "Flatten", "Dense", "Dense"]
