"""Layers that look indices up, against data that are scaled before they come in."""

from collections.abc import Iterator

from kgui.compiler.drawing import Drawing, is_input
from kgui.compiler.issues import Issue
from kgui.data.values import Summary
from kgui.language import tr

LOOK_UP = ("Embedding", "CategoryEncoding")
PASS_ON = ("Flatten", "Identity", "Permute", "RepeatVector", "Reshape")
"""Layers behind which the values are those that came in."""


def index_issues(drawing: Drawing, summary: Summary) -> Iterator[Issue]:
    """An error for every layer that is to look up numbers which scaling made fractions."""
    if not summary.is_scaled:
        return
    raw = {node.id for node in drawing.used_inputs}
    for node_id in drawing.order:
        node = drawing.nodes[node_id]
        behind = any(wire.source in raw for wire in drawing.incoming.get(node_id, ()))
        if behind and node.type in LOOK_UP:
            message = tr("takes whole numbers from 0, but the data are scaled before they come in")
            yield Issue(node_id, "error", message, tr("Set the scaling of the data to none"))
        elif is_input(node) or (behind and node.type in PASS_ON):
            raw.add(node_id)
