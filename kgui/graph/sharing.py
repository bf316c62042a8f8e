"""Shared layers: nodes that use the layer, options and weights of another node of their level.

The node that has the layer is the owner; a node that shares has no options and no inside of its
own. Whoever removes an owner hands its layer on to the first that shares it.
"""

from collections.abc import Collection, Iterable, Sequence

from msgspec.structs import replace

from kgui.graph.blocks import PORTS, renewed
from kgui.graph.project import Graph, Node, Project
from kgui.language import tr

UNSHARABLE = ("Input", *PORTS)


def owner(graph: Graph, node_id: str) -> Node:
    """The node whose layer a node uses: itself, or the one it shares."""
    node = graph.node(node_id)
    return graph.node(node.shares) if node.shares else node


def sharers(nodes: Iterable[Node]) -> dict[str, list[str]]:
    """Owner's id -> ids of the nodes that share its layer, for owners that anybody shares."""
    found: dict[str, list[str]] = {}
    for node in nodes:
        if node.shares:
            found.setdefault(node.shares, []).append(node.id)
    return found


def why_not_share(graph: Graph, node_ids: Sequence[str]) -> str:
    """Why nodes cannot use one layer, as a sentence, or ""."""
    nodes = [graph.node(node_id) for node_id in node_ids]
    kinds = {node.type for node in nodes}
    for kind in kinds.intersection(UNSHARABLE):
        return tr("{type} has nothing that could be shared.").format(type=kind)
    if len(kinds) > 1:
        names = ", ".join(sorted(kinds))
        return tr("Only nodes of one type share a layer; these are {types}.").format(types=names)
    if len({owner(graph, node_id).id for node_id in node_ids}) < 2:
        return tr("Select two or more nodes that do not share a layer yet.")
    return ""


def share(project: Project, node_ids: Sequence[str]) -> Project:
    """All of the nodes with the layer of the first; ValueError says why they cannot."""
    if reason := why_not_share(project.graph, node_ids):
        raise ValueError(reason)
    first = owner(project.graph, node_ids[0]).id
    joining = {owner(project.graph, node_id).id for node_id in node_ids} - {first}

    def joined(node: Node) -> Node:
        if node.id in joining or node.shares in joining:
            return replace(node, shares=first, options={}, inside=None)
        return node

    return _with_nodes(project, map(joined, project.graph.nodes))


def unshare(project: Project, node_ids: Iterable[str]) -> Project:
    """The nodes with layers of their own, set like those they shared; their weights start anew."""
    for node_id in node_ids:
        project = _freed(project, node_id)
    return project


def _freed(project: Project, node_id: str) -> Project:
    graph = project.graph
    node = graph.node(node_id)
    source = owner(graph, node_id)
    if not node.shares and node_id not in sharers(graph.nodes):
        return project
    inside = None if source.inside is None else renewed(source.inside)
    free = replace(node, shares="", options=source.options, inside=inside)
    nodes = graph.nodes if node.shares else handed_on(graph.nodes, [node_id])
    return _with_nodes(project, (free if other.id == node_id else other for other in nodes))


def detached(graph: Graph, node_ids: Collection[str]) -> tuple[Node, ...]:
    """Nodes as they stand without the others: a missing one's layer goes to the first sharer."""
    missing = {node.id for node in graph.nodes}.difference(node_ids)
    return tuple(node for node in handed_on(graph.nodes, missing) if node.id not in missing)


def handed_on(nodes: Sequence[Node], leaving: Collection[str]) -> tuple[Node, ...]:
    """The nodes with the layers of those that leave at the first that share them and stay."""
    by_id = {node.id: node for node in nodes}
    heirs: dict[str, str] = {}
    for node in nodes:
        if node.shares in leaving and node.id not in leaving:
            heirs.setdefault(node.shares, node.id)
    if not heirs:
        return tuple(nodes)

    def settled(node: Node) -> Node:
        heir = heirs.get(node.shares)
        if heir is None or node.id in leaving:
            return node
        if heir != node.id:
            return replace(node, shares=heir)
        source = by_id[node.shares]
        return replace(node, shares="", options=source.options, inside=source.inside)

    return tuple(map(settled, nodes))


def with_options(nodes: Iterable[Node]) -> dict[str, Node]:
    """Id -> node, one that shares a layer with the options of that."""
    found = {node.id: node for node in nodes}
    for node in list(found.values()):
        if node.shares in found:
            found[node.id] = replace(node, options=found[node.shares].options)
    return found


def _with_nodes(project: Project, nodes: Iterable[Node]) -> Project:
    return replace(project, graph=replace(project.graph, nodes=tuple(nodes)))
