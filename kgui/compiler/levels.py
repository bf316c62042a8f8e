"""What is wrong with blocks, and with names, on each level of a drawing by itself."""

from collections.abc import Iterator

from kgui.compiler.block_types import kind_of
from kgui.compiler.catalog import check_options, node_types
from kgui.compiler.drawing import Drawing
from kgui.compiler.issues import Issue
from kgui.compiler.ports import port_faults
from kgui.graph.blocks import (
    BLOCK,
    BLOCK_INPUT,
    BLOCK_OUTPUT,
    PORTS,
    levels,
    port_nodes,
    repeats,
)
from kgui.graph.project import Graph, Inside, Node
from kgui.graph.quoting import shortened
from kgui.language import tr


def level_issues(graph: Graph) -> Iterator[Issue]:
    """Problems of names, blocks and their ports, on all levels."""
    yield from _names(graph)
    yield from _blocks(graph)
    for node in graph.nodes:
        if node.type in PORTS:
            message, hint = tr("has a place within blocks only"), tr("Delete it")
            yield Issue(node.id, "error", message, hint)
    for _, block in levels(graph.nodes):
        if block.inside is not None:
            inner = Graph(block.inside.nodes, block.inside.wires)
            yield from _names(inner)
            yield from _blocks(inner)
            yield from _inside(block, block.inside)


def _names(graph: Graph) -> Iterator[Issue]:
    names: set[str] = set()
    repeated = {name: node for node in graph.nodes for name in copies_of(node)[1:]}
    for node in graph.nodes:
        if node.name in names or repeated.get(node.name, node) is not node:
            message = tr("another node is called {name} as well: names must differ")
            yield Issue(node.id, "error", message.format(name=shortened(node.name)))
        if "/" in node.name:
            message = tr("is called {name}, but the name of a layer must not contain /")
            yield Issue(node.id, "error", message.format(name=shortened(node.name)))
        names.add(node.name)


def copies_of(node: Node) -> list[str]:
    """The names of the models that a node is built as: one for each repetition of a block."""
    count = repeats(node) if node.type == BLOCK and not node.shares else 1
    return [node.name, *(f"{node.name}_{number}" for number in range(2, count + 1))]


def _blocks(graph: Graph) -> Iterator[Issue]:
    types, drawing = node_types(), Drawing(graph)
    for node in drawing.nodes.values():
        if node.type != BLOCK:
            continue
        for option, message in check_options(BLOCK, node.options).items():
            yield Issue(node.id, "error", message, "", option)
        wires = drawing.incoming.get(node.id, [])
        sources = {wire.source: drawing.nodes[wire.source] for wire in wires}
        kinds = {key: (one, kind_of(types, graph, one)) for key, one in sources.items()}
        kind = kind_of(types, graph, node)
        assert kind is not None  # noqa: S101 - blocks have a type
        for message in port_faults(kind, wires, kinds):
            yield Issue(node.id, "error", message, "" if wires else tr("Connect a wire to it"))
        if not kind.outputs:
            hint = tr("Open it and add a BlockOutput")
            yield Issue(node.id, "error", tr("has no output"), hint)
        if not kind.inputs:
            hint = tr("Open it and add a BlockInput")
            yield Issue(node.id, "error", tr("has no input of its own"), hint)
        if node.id not in drawing.sources and kind.outputs > 1:
            message = tr("has {count} outputs that lead nowhere")
            hint = tr("Connect one of them to a layer")
            yield Issue(node.id, "error", message.format(count=kind.outputs), hint)


def _inside(block: Node, inside: Inside) -> Iterator[Issue]:
    fed = {wire.target for wire in inside.wires}
    feeding = {wire.source for wire in inside.wires}
    for node in inside.nodes:
        if node.type == "Input":
            message, hint = tr("stands in a block"), tr("Use a BlockInput instead")
            yield Issue(node.id, "error", message, hint)
        elif node.type == BLOCK_INPUT and node.id not in feeding:
            message, hint = tr("feeds nothing"), tr("Draw a wire from it to a layer")
            yield Issue(node.id, "warning", message, hint)
        elif node.type == BLOCK_OUTPUT and node.id not in fed:
            yield Issue(node.id, "error", tr("has no input"), tr("Connect a wire to it"))
        elif node.type != BLOCK_OUTPUT and node.id not in feeding and not node.bypassed:
            message = tr("leads nowhere: nothing of it comes out of {block}")
            yield Issue(node.id, "warning", message.format(block=shortened(block.name)),
                        tr("Connect it, or delete it"))  # fmt: skip
    inputs, outputs = port_nodes(inside, outputs=False), port_nodes(inside, outputs=True)
    if repeats(block) > 1 and len(outputs) > len(inputs):
        message = tr("is repeated, but has more outputs than inputs to lead them into")
        yield Issue(block.id, "error", message, "", "repeat")
