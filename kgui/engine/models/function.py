"""From output tensors back to inputs: which calls make a model, and in which order.

The order is Keras's: decreasing depth (the longest way to an output; a shared layer takes its
greatest), ties by first visit in a depth-first walk back from the outputs.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from kgui.engine.symbolic import KerasTensor, Node, Operation

Maker = Callable[[KerasTensor], Node | None]
"""From a tensor to the call that made it."""


class GraphMap(NamedTuple):
    """The calls and operations of a model, in order of execution."""

    nodes: list[Node]
    operations: list[Operation]


def map_graph(
    inputs: Sequence[KerasTensor],
    outputs: Sequence[KerasTensor],
    stand_ins: Mapping[int, KerasTensor],
) -> GraphMap:
    """Collect every call between inputs and outputs; ValueError names what is not connected.

    A tensor whose id is in `stand_ins` counts as that input: what made it is left out.
    """

    def maker(tensor: KerasTensor) -> Node | None:
        return stand_ins.get(id(tensor), tensor).node

    finished, first_visit = _walk_back(outputs, maker)
    _check_connected(inputs, finished)
    node_depths, operation_depths = _depths(finished, maker)
    for tensor in inputs:
        operation = _operation(tensor)
        if operation is not None and operation not in operation_depths:
            operation_depths[operation] = 0
            first_visit[operation] = -1
            node_depths[operation.inbound_nodes[0]] = 0
    by_depth: dict[int, list[Operation]] = defaultdict(list)
    for operation, depth in operation_depths.items():
        by_depth[depth].append(operation)
    operations: list[Operation] = []
    for depth in sorted(by_depth, reverse=True):
        operations.extend(sorted(by_depth[depth], key=lambda item: first_visit[item]))
    nodes = sorted(node_depths, key=lambda node: -node_depths[node])
    return GraphMap(nodes, operations)


def _operation(tensor: KerasTensor) -> Operation | None:
    return None if tensor.history is None else tensor.history.operation


def _walk_back(
    outputs: Sequence[KerasTensor], maker: Maker
) -> tuple[list[Node], dict[Operation, int]]:
    finished: list[Node] = []
    first_visit: dict[Operation, int] = {}
    state: dict[int, str] = {}
    for output in outputs:
        stack = [output]
        while stack:
            node = maker(stack[-1])
            if node is None or state.get(id(node)) == "finished":
                stack.pop()
            elif id(node) not in state:
                state[id(node)] = "open"
                first_visit.setdefault(node.operation, len(first_visit))
                stack.extend(reversed(node.inputs))
            else:
                stack.pop()
                state[id(node)] = "finished"
                finished.append(node)
    return finished, first_visit


def _check_connected(inputs: Sequence[KerasTensor], nodes: Sequence[Node]) -> None:
    known = {id(tensor) for tensor in inputs}
    for node in nodes:
        outside = node.is_input and id(node.outputs[0]) not in known
        if outside:
            raise ValueError(
                f"Graph disconnected: cannot find parent for tensor {node.outputs[0]} at "
                f"operation '{node.operation.name}'. It is needed for the outputs, but it is not "
                f"among the model's inputs."
            )
        known.update(id(tensor) for tensor in node.outputs)


def _depths(finished: Sequence[Node], maker: Maker) -> tuple[dict[Node, int], dict[Operation, int]]:
    node_depths: dict[Node, int] = {}
    operation_depths: dict[Operation, int] = {}
    inside = set(finished)
    for node in reversed(finished):
        depth = max(node_depths.get(node, 0), operation_depths.get(node.operation, 0))
        operation_depths[node.operation] = depth
        node_depths[node] = depth
        for tensor in node.inputs:
            parent = maker(tensor)
            if parent is not None and parent in inside:
                node_depths[parent] = max(depth + 1, node_depths.get(parent, 0))
    return node_depths, operation_depths
