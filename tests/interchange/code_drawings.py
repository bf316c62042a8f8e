"""Drawings of every kind for the tests of code, and what two of them have in common."""

import random
from typing import Any

from kgui.compiler import LOSSES, METRICS, OPTIMIZERS, NodeType, Option, node_types
from kgui.compiler.examination import examine
from kgui.compiler.reflection import layer_classes
from kgui.graph import Graph, Node, Project, TrainingSettings, Wire, edits
from kgui.graph.names import free_name, snake_case

SHAPES: tuple[list[Any], ...] = ([4], [6], [5, 4], [6, 6, 3])
NAMES = ("input", "model", "lambda", "print", "keras", "head", "dense_3", "a_long_name" * 5)


def random_drawing(seed: int) -> Project:
    """Up to 14 layers of any kind, wired at random so that every shape is known."""
    choice = random.Random(seed)  # noqa: S311 - the same drawings every time
    nodes: list[Node] = []
    wires: list[Wire] = []
    shapes: dict[str, Any] = {}
    for index in range(choice.randint(1, 3)):
        sizes = SHAPES[0] if index else choice.choice(SHAPES)
        nodes.append(Node(f"i{index}", "Input", _name(choice, "Input", nodes), {"shape": sizes}))
        shapes[f"i{index}"] = (None, *sizes)
    for index in range(choice.randint(2, 30)):
        kind = choice.choice([node_types()[name] for name in layer_classes() if name != "Input"])
        sources = _sources(choice, kind, nodes, shapes)
        options = {
            option.name: _value(choice, option)
            for option in kind.options
            if option.required or choice.random() < 0.2
        }
        options = {
            name: value
            for name, value in options.items()
            if kind.option(name).required or value != kind.option(name).default
        }
        outcome = examine(kind.name, options, [shapes[source.id] for source in sources])
        if outcome.fault is None:
            node = Node(f"n{index}", kind.name, _name(choice, kind.name, nodes), options)
            nodes.append(node)
            shapes[node.id] = outcome.shapes[0]
            wires += [Wire(source.id, 0, node.id, port) for port, source in enumerate(sources)]
    project = Project(graph=Graph(tuple(nodes), tuple(wires)), training=_settings(choice))
    return edits.set_data(project, validation=choice.choice([0.0, 0.1, 0.2]))


def _name(choice: random.Random, kind: str, nodes: list[Node]) -> str:
    wanted = choice.choice(NAMES) if choice.random() < 0.15 else snake_case(kind)
    return free_name(wanted, {node.name for node in nodes})


def _sources(
    choice: random.Random, kind: NodeType, nodes: list[Node], shapes: dict[str, Any]
) -> list[Node]:
    first = choice.choice(nodes)
    alike = [node for node in nodes if shapes[node.id] == shapes[first.id]]
    count = choice.choice([2, 3]) if kind.growing else kind.inputs
    return [first, *(choice.choice(alike) for _ in range(count - 1))]


def _value(choice: random.Random, option: Option) -> Any:
    if option.choices:
        return choice.choice(option.choices)
    if option.kind == "boolean":
        return choice.random() < 0.5
    return option.default


def _settings(choice: random.Random) -> TrainingSettings:
    metrics = [(), ("auto",), ("accuracy", "mse"), ("auto", "mape"), (choice.choice(METRICS),)]
    return TrainingSettings(
        optimizer=choice.choice(OPTIMIZERS),
        learning_rate=choice.choice([None, 0.01, 1e-05]),
        loss=choice.choice(["auto", *LOSSES]),
        metrics=choice.choice(metrics),
        epochs=choice.randint(1, 30),
        batch_size=choice.choice([32, 128]),
        seed=choice.choice([0, 7]),
        patience=choice.choice([None, 4]),
    )
