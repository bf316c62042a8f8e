"""Collapsed nodes: they show their title only, and compute as before."""

from collections.abc import Iterable

from msgspec.structs import replace

from kgui.graph.project import Project


def set_collapsed(project: Project, node_ids: Iterable[str], *, collapsed: bool) -> Project:
    """The nodes shown by their title only, or in full again; KeyError for an unknown id."""
    wanted = set(node_ids)
    for node_id in wanted:
        project.graph.node(node_id)
    nodes = tuple(
        replace(node, collapsed=collapsed)
        if node.id in wanted and node.collapsed != collapsed
        else node
        for node in project.graph.nodes
    )
    if nodes == project.graph.nodes:
        return project
    return replace(project, graph=replace(project.graph, nodes=nodes))
