"""Edits of several nodes at once, in one pass: each node as `edits` would change it alone."""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from kgui.graph import edits
from kgui.graph.project import Graph, Node, OptionValue, Project
from kgui.graph.sharing import owner


def set_option(
    project: Project, node_ids: Iterable[str], option: str, value: OptionValue
) -> Project:
    """The nodes with an option set; ValueError where the rules refuse the value."""
    return _each(project, node_ids, lambda one, key: edits.set_option(one, key, option, value))


def reset_option(project: Project, node_ids: Iterable[str], option: str) -> Project:
    """The nodes with an option at its default."""
    return _each(project, node_ids, lambda one, key: edits.reset_option(one, key, option))


def _each(
    project: Project, node_ids: Iterable[str], change: Callable[[Project, str], Project]
) -> Project:
    wanted = set(node_ids)
    missing = wanted.difference(node.id for node in project.graph.nodes)
    if missing:
        raise KeyError(*sorted(missing))
    wanted = {owner(project.graph, node_id).id for node_id in wanted}

    def changed(node: Node) -> Node:
        if node.id not in wanted:
            return node
        return change(Project(id="", graph=Graph((node,))), node.id).graph.nodes[0]

    nodes = tuple(changed(node) for node in project.graph.nodes)
    if all(new is old for new, old in zip(nodes, project.graph.nodes, strict=True)):
        return project
    return replace(project, graph=replace(project.graph, nodes=nodes))
