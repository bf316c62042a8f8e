"""Node types that are no layers: blocks, and the ports of the drawing within a block.

They are described as layers are, by a signature and a docstring, and built as nested models.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated

from kgui.compiler.node_types import NodeType
from kgui.compiler.reflection import node_type_of
from kgui.engine.layers.layer import Layer
from kgui.engine.options import Range
from kgui.graph.blocks import (
    BLOCK,
    BLOCK_INPUT,
    BLOCK_OUTPUT,
    MOST_REPEATS,
    inside_of,
    port_nodes,
)
from kgui.graph.project import Graph, Node
from kgui.language import language, tr


class Block(Layer):
    """Several layers as one: a drawing of its own, which can be repeated and shared.

    Args:
        repeat: How many times it stands in a row, each time with weights of its own.
    """

    def __init__(self, repeat: Annotated[int, Range(1, MOST_REPEATS)] = 1) -> None:
        super().__init__()


class BlockInput(Layer):
    """Where data come into a block."""


class BlockOutput(Layer):
    """Where data go out of a block."""


BLOCK_CLASSES: Mapping[str, type[Layer]] = MappingProxyType(
    {BLOCK: Block, BLOCK_INPUT: BlockInput, BLOCK_OUTPUT: BlockOutput}
)


def block_types() -> Mapping[str, NodeType]:
    """Name -> node type, in the language in force."""
    return _block_types(language.translate)


@lru_cache(maxsize=2)
def _block_types(translate: Callable[[str], str]) -> Mapping[str, NodeType]:
    ports = {BLOCK: (0, 0), BLOCK_INPUT: (0, 1), BLOCK_OUTPUT: (1, 0)}
    return MappingProxyType(
        {
            name: replace(
                node_type_of(kind),
                category=tr("Blocks"),
                inputs=ports[name][0],
                outputs=ports[name][1],
                only_inside=name != BLOCK,
            )
            for name, kind in BLOCK_CLASSES.items()
        }
    )


def kind_of(types: Mapping[str, NodeType], graph: Graph, node: Node) -> NodeType | None:
    """A node's type, with the ports of what a block holds; None for an unknown type."""
    kind = types.get(node.type)
    if kind is None or node.type != BLOCK:
        return kind
    inside = inside_of(graph, node)
    if inside is None:
        return kind
    return replace(
        kind,
        inputs=len(port_nodes(inside, outputs=False)),
        outputs=len(port_nodes(inside, outputs=True)),
    )
