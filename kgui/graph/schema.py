"""The JSON schema of the file, made from the values themselves (resources/kgui.schema.json)."""

from typing import Any

import msgspec

from kgui.graph.decoding import File
from kgui.graph.migrations import VERSION
from kgui.graph.names import NAME
from kgui.graph.rules import LONGEST_TEXT, MOST_NODES, MOST_OPTIONS, MOST_REMARKS, MOST_WIRES


def schema() -> dict[str, Any]:
    """JSON Schema 2020-12; what it cannot say (unique names, no circles) is in graph-format.md."""
    (reference,), kinds = msgspec.json.schema_components([File], ref_template="#/$defs/{name}")
    file = kinds.pop(reference["$ref"].rpartition("/")[2])
    file["properties"]["version"] = {"const": VERSION}
    _limit(file["properties"], {"nodes": MOST_NODES, "wires": MOST_WIRES})
    _limit(file["properties"], {"frames": MOST_REMARKS, "notes": MOST_REMARKS})
    node = kinds["Node"]["properties"]
    node["name"]["pattern"] = node["type"]["pattern"] = f"^{NAME.pattern}$"
    node["id"]["minLength"] = 1
    node["options"]["propertyNames"] = {"pattern": f"^{NAME.pattern}$"}
    node["options"]["maxProperties"] = MOST_OPTIONS
    kinds["Note"]["properties"]["text"]["maxLength"] = LONGEST_TEXT
    for kind in (file, *kinds.values()):
        kind["description"] = kind["description"].partition("\n")[0]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **file,
        "title": "kgui graph",
        "$defs": kinds,
    }


def _limit(properties: dict[str, Any], most: dict[str, int]) -> None:
    for key, number in most.items():
        properties[key]["maxItems"] = number
