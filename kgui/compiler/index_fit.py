"""Layers that look indices up, against data that are scaled before they come in, or too large."""

from collections.abc import Iterator, Mapping

from kgui.compiler.catalog import option_value
from kgui.compiler.drawing import Drawing, is_input
from kgui.compiler.issues import Issue
from kgui.data.values import Summary
from kgui.graph.project import Node
from kgui.language import tr

LOOK_UP = {"Embedding": "input_dim", "CategoryEncoding": "num_tokens"}
"""Layers, and the option that says how many indices there are."""
PASS_ON = ("Flatten", "Identity", "Permute", "RepeatVector", "Reshape")
"""Layers behind which the values are those that came in."""


def index_issues(drawing: Drawing, summary: Summary, arrays: Mapping[str, str]) -> Iterator[Issue]:
    """An error for every layer that is to look up what it has no place for.

    `arrays` tells which of the data's arrays each Input takes, by the Input's name.
    """
    raw: dict[str, float | None] = {}
    for node_id in drawing.order:
        node = drawing.nodes[node_id]
        before = [w.source for w in drawing.incoming.get(node_id, ()) if w.source in raw]
        if before and node.type in LOOK_UP:
            yield from _looked_up(node, summary.is_scaled, raw[before[0]])
        elif is_input(node):
            raw[node_id] = summary.greatest.get(arrays.get(node.name, ""))
        elif before and node.type in PASS_ON:
            raw[node_id] = raw[before[0]]


def _looked_up(node: Node, is_scaled: bool, greatest: float | None) -> Iterator[Issue]:
    if is_scaled:
        message = tr("takes whole numbers from 0, but the data are scaled before they come in")
        yield Issue(node.id, "error", message, tr("Set the scaling of the data to none"))
        return
    option = LOOK_UP[node.type]
    count = option_value(node.type, node.options, option)
    if greatest is not None and isinstance(count, int) and greatest >= count:
        message = tr("takes indices from 0 to {last}, but the data go up to {greatest}")
        text = message.format(last=count - 1, greatest=f"{greatest:g}")
        hint = tr("Set {option} to {count}").format(option=option, count=int(greatest) + 1)
        yield Issue(node.id, "error", text, hint, option)
