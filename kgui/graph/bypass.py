"""Bypassed nodes: they stay in the drawing, and data goes past them."""

from collections.abc import Iterable

from msgspec.structs import replace

from kgui.graph.project import Graph, Project
from kgui.graph.rewiring import Origin, origins, without


def set_bypassed(project: Project, node_ids: Iterable[str], *, bypassed: bool) -> Project:
    """The nodes taken out of the computation, or back in; KeyError for an unknown id."""
    wanted = set(node_ids)
    for node_id in wanted:
        project.graph.node(node_id)
    nodes = tuple(
        replace(node, bypassed=bypassed)
        if node.id in wanted and node.bypassed != bypassed
        else node
        for node in project.graph.nodes
    )
    if nodes == project.graph.nodes:
        return project
    return replace(project, graph=replace(project.graph, nodes=nodes))


def bypassed_ids(graph: Graph) -> frozenset[str]:
    """The nodes that take no part."""
    return frozenset(node.id for node in graph.nodes if node.bypassed)


def active(graph: Graph) -> Graph:
    """What is computed: the graph without its bypassed nodes; the same object without any."""
    gone = bypassed_ids(graph)
    return without(graph, gone) if gone else graph


def passed_origins(graph: Graph) -> dict[str, Origin]:
    """Bypassed node -> the output whose data goes past it; none for those that nothing feeds."""
    gone = bypassed_ids(graph)
    return origins(graph.wires, gone) if gone else {}
