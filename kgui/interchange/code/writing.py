"""A drawing as Python source for Keras 3's functional API, laid out as Ruff formats it."""

import builtins
import keyword as python
from collections import Counter
from collections.abc import Iterator, Sequence

from kgui.compiler.catalog import check_options, node_types
from kgui.compiler.checker import check
from kgui.compiler.drawing import Drawing
from kgui.compiler.issues import Report
from kgui.compiler.node_types import NodeType
from kgui.data.values import Target
from kgui.graph.names import snake_case
from kgui.graph.project import Node, Project
from kgui.graph.quoting import shortened
from kgui.interchange.code.layout import Piece, Row, bracketed, keyword, lines, literal, text
from kgui.interchange.code.settings_writing import compile_lines, seed_lines, train_lines

IMPORTS = ("import keras", "from keras import layers")
LONGEST_VARIABLE = 26
"""So that the longest name of a layer between two variables fits on a line."""
RESERVED = frozenset({"keras", "layers", "model", "train", *python.kwlist, *dir(builtins)})
INSTEAD = {"input": "inputs"}
"""What a variable is called whose usual name means something else in Python."""


def code_of(project: Project, target: Target | None = None, report: Report | None = None) -> str:
    """The program that makes and compiles the model that is drawn; a function in it trains it.

    Nodes that are not wired up stand in it as comments. What is "auto" in the settings follows
    from the target, or else from the last layer; comments say which of the values were chosen so.
    """
    drawing = Drawing(project.graph)
    writer = _Writer(drawing)
    body = [line for node_id in drawing.order for line in writer.node_lines(drawing.nodes[node_id])]
    body += writer.circle_lines()
    model = writer.model_lines()
    seed = seed_lines(project.training)
    found = [*IMPORTS, "", *([*seed, ""] if seed else []), *body]
    if not model:
        return _joined([*found, *([] if body else ["# The drawing is empty."])])
    shapes = (report or check(project)).shapes
    output = drawing.outputs[0]
    shape = shapes.get(output.id, ((None, None),))[0]
    settings = compile_lines(project, output, shape, target, len(writer.outputs))
    return _joined([*found, *model, *settings, "", "", *train_lines(project)])


def _joined(parts: Sequence[str]) -> str:
    return "\n".join(parts).strip("\n") + "\n"


class _Writer:
    """Gives every node its variable and its lines."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._types = node_types()
        self._variables: dict[str, str] = {}
        self._taken = set(RESERVED)
        self._automatic: Counter[str] = Counter()
        self._used = {node.id for node in drawing.used_inputs}

    def node_lines(self, node: Node) -> list[str]:
        """The statement that makes a node's tensor, or a comment that says why there is none."""
        kind = self._types.get(node.type)
        before = [wire.source for wire in self._drawing.incoming.get(node.id, ())]
        if reason := self._why_not(node, kind, before):
            return [f"# {node.name}: {reason}"]
        assert kind is not None  # noqa: S101 - there is a reason where there is no type
        variable = self._variable(node)
        arguments = self._arguments(node, kind)
        if not (kind.inputs or kind.growing):
            return lines([f"{variable} = ", Row("keras.Input", arguments)])
        sources = tuple(self._variables[source] for source in before)
        merges = kind.growing or kind.inputs > 1
        called: tuple[Piece, ...] = (bracketed(sources),) if merges else sources
        head = f"{variable} = layers.{node.type}"
        return lines([Row(head, arguments), Row("", called) if merges else f"({sources[0]})"])

    def _why_not(self, node: Node, kind: NodeType | None, before: Sequence[str]) -> str:
        """Why a node cannot be written, in a few words of English, as code is."""
        if kind is None:
            return f"there is no layer {shortened(node.type)}"
        wrong = check_options(node.type, node.options)
        if wrong:
            return f"{shortened(next(iter(wrong)))} is not set as it must be"
        if kind.inputs == 0 and not kind.growing:
            return "" if node.id in self._used else "feeds nothing"
        if not before:
            return "has no input"
        if any(source not in self._variables for source in before):
            return "gets nothing from the layer before it"
        if not kind.growing and len(before) != kind.inputs:
            return f"has {len(before)} of {kind.inputs} inputs"
        return ""

    def _arguments(self, node: Node, kind: NodeType) -> tuple[Piece, ...]:
        """Options that differ from their defaults; the only one that is needed has no keyword."""
        given = {option.name: option for option in kind.options if option.name in node.options}
        needed = [option for option in kind.options if option.required]
        found: list[Piece] = []
        for name, option in given.items():
            value = node.options[name]
            if not option.required and repr(value) == repr(option.default):
                continue
            piece = literal(value)
            if option.kind == "numbers" and isinstance(value, list):
                piece = bracketed(map(literal, value))
            bare = needed == [option] == [kind.options[0]] and node.type != "Input"
            found.append(piece if bare else keyword(name, piece))
        found += [f"name={text(node.name)}"] if self._needs_name(node) else []
        return tuple(found)

    def _needs_name(self, node: Node) -> bool:
        """Whether Keras would call the layer something else by itself."""
        prefix = "input_layer" if node.type == "Input" else snake_case(node.type)
        count = self._automatic[prefix]
        if node.name != (f"{prefix}_{count}" if count else prefix):
            return True
        self._automatic[prefix] += 1
        return False

    def _variable(self, node: Node) -> str:
        wanted = INSTEAD.get(node.name, node.name)[:LONGEST_VARIABLE]
        wanted = f"{wanted[: LONGEST_VARIABLE - 1]}_" if wanted in RESERVED else wanted
        name, number = wanted, 2
        while name in self._taken:
            end = f"_{number}"
            name, number = wanted[: LONGEST_VARIABLE - len(end)] + end, number + 1
        self._taken.add(name)
        self._variables[node.id] = name
        return name

    def circle_lines(self) -> Iterator[str]:
        """Comments on the nodes that have no place in an order."""
        ordered = set(self._drawing.order)
        for node in self._drawing.nodes.values():
            if node.id not in ordered:
                yield f"# {node.name}: is part of a circle, or behind one"

    @property
    def outputs(self) -> list[str]:
        """The variables of what the model gives back, in document order."""
        names = self._variables
        return [names[node.id] for node in self._drawing.outputs if node.id in names]

    def model_lines(self) -> list[str]:
        """The statement that makes the model; nothing where there is none yet."""
        names = self._variables
        inputs = [names[node.id] for node in self._drawing.used_inputs if node.id in names]
        if not inputs or not self.outputs:
            return []
        ends = [("inputs", inputs), ("outputs", self.outputs)]
        arguments = tuple(
            keyword(name, row[0] if len(row) == 1 else bracketed(row)) for name, row in ends
        )
        return ["", *lines(["model = ", Row("keras.Model", arguments)])]
