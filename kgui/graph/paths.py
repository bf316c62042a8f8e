"""Ways through the wires: order, circles, reach. Nothing recurses: a drawing may be 10,000 deep."""

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush

from kgui.graph.project import Wire


def successors(ids: Iterable[str], wires: Iterable[Wire]) -> dict[str, list[str]]:
    """Id -> the ids its wires lead to, once per wire; wires that leave `ids` are left out."""
    after: dict[str, list[str]] = {node_id: [] for node_id in ids}
    for wire in wires:
        if wire.source in after and wire.target in after:
            after[wire.source].append(wire.target)
    return after


def in_order(ids: Sequence[str], wires: Iterable[Wire]) -> list[str]:
    """The ids so that every wire leads forward, otherwise in the order given.

    Ids on a circle, or behind one, are left out.
    """
    after = successors(ids, wires)
    waiting = dict.fromkeys(ids, 0)
    for targets in after.values():
        for target in targets:
            waiting[target] += 1
    rank = {node_id: index for index, node_id in enumerate(ids)}
    ready = [rank[node_id] for node_id, count in waiting.items() if count == 0]
    heapify(ready)
    ordered: list[str] = []
    while ready:
        node_id = ids[heappop(ready)]
        ordered.append(node_id)
        for target in after[node_id]:
            waiting[target] -= 1
            if waiting[target] == 0:
                heappush(ready, rank[target])
    return ordered


def circles(ids: Iterable[str], wires: Iterable[Wire]) -> list[list[str]]:
    """Circles of wires that share no node, each in the direction of its wires; none if acyclic.

    Walks upstream until it meets its own path; every node leaves once, so the time is linear.
    """
    before = successors(ids, (_turned(wire) for wire in wires))
    gone: set[str] = set()
    found: list[list[str]] = []
    for start in before:
        path = {} if start in gone else {start: None}
        while path:
            last = next(reversed(path))
            upstream = before[last]
            while upstream and upstream[-1] in gone:
                upstream.pop()
            if upstream and upstream[-1] not in path:
                path[upstream[-1]] = None
                continue
            end = upstream[-1] if upstream else last
            cut = [path.popitem()[0]]
            while cut[-1] != end:
                cut.append(path.popitem()[0])
            gone.update(cut)
            if upstream:
                found.append(cut)
    return found


def _turned(wire: Wire) -> Wire:
    return Wire(wire.target, wire.target_port, wire.source, wire.source_port)


def downstream(starts: Iterable[str], wires: Iterable[Wire]) -> set[str]:
    """The starts and every node that one of them leads to."""
    after: dict[str, list[str]] = {}
    for wire in wires:
        after.setdefault(wire.source, []).append(wire.target)
    reached = set(starts)
    open_ends = list(reached)
    while open_ends:
        for target in after.get(open_ends.pop(), ()):
            if target not in reached:
                reached.add(target)
                open_ends.append(target)
    return reached
