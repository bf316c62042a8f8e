"""Masks in a drawing: from where steps that are not there are marked, to where that is lost."""

from collections.abc import Iterator

from kgui.compiler.catalog import option_value
from kgui.compiler.drawing import Drawing
from kgui.compiler.issues import Issue
from kgui.compiler.reflection import layer_classes
from kgui.graph.project import Node
from kgui.language import tr


def lost_masks(drawing: Drawing) -> Iterator[Issue]:
    """A warning for every layer that counts steps again which were marked as not there."""
    masked: set[str] = set()
    for node_id in drawing.order:
        node = drawing.nodes[node_id]
        layer_class = layer_classes().get(node.type)
        under = any(wire.source in masked for wire in drawing.incoming.get(node_id, ()))
        if layer_class is None:
            continue
        if _marks(node) or (under and layer_class.supports_masking):
            masked.add(node_id)
        elif under:
            message = tr("loses the mask: steps that are not there count again from here on")
            yield Issue(node_id, "warning", message)


def _marks(node: Node) -> bool:
    if node.type == "Masking":
        return True
    return option_value(node.type, node.options, "mask_zero") is True
