"""The drawing as a value, edits as pure functions, its file format.

Imports stdlib, msgspec and kgui.io only.
"""

from kgui.graph import edits
from kgui.graph.decoding import from_json
from kgui.graph.diff import Difference, difference
from kgui.graph.history import History, Step
from kgui.graph.layout import arrange
from kgui.graph.paths import in_order
from kgui.graph.project import (
    DataSettings,
    Frame,
    Graph,
    Node,
    Note,
    OptionValue,
    Project,
    TrainingSettings,
    Wire,
)
from kgui.graph.storage import load, save, to_json

__all__ = [
    "DataSettings",
    "Difference",
    "Frame",
    "Graph",
    "History",
    "Node",
    "Note",
    "OptionValue",
    "Project",
    "Step",
    "TrainingSettings",
    "Wire",
    "arrange",
    "difference",
    "edits",
    "from_json",
    "in_order",
    "load",
    "save",
    "to_json",
]
