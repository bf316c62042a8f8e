"""The program as far as it has been read: its models, and how much work reading has been."""

import ast
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeAlias

from kgui.graph.names import snake_case
from kgui.graph.rules import MOST_NODES
from kgui.interchange.code.faults import CodeError, sentence
from kgui.interchange.code.values import Call, Function, Layer, Model, Operation, Tensor
from kgui.language import tr

MOST_STEPS = 500_000
"""Expressions looked at and items counted: a second or two."""
DEEPEST_CALL = 20
MOST_ITEMS = 10_000
"""In a list; characters in a text."""
LARGEST = 2**63


_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_AUTOMATIC = re.compile(r"[\])},\s]*#\s*auto\s*")

FunctionRunner: TypeAlias = Callable[[Function, list[Any], dict[str, Any], ast.Call], Any]
"""Reads the body of a function with arguments; gives back what it returns."""


class Program:
    """What reading finds out, and the limits that keep it short."""

    def __init__(self, text: str, run_function: FunctionRunner) -> None:
        self._lines = _LINE_ENDS.split(text)
        self.run_function = run_function
        self.line = 0
        """Of what is being read."""
        self.models: list[Model] = []
        self.calls: list[Call] = []
        self.functions: list[Function] = []
        self.remarks: list[str] = []
        """Sentences about what was left out."""
        self.classes: list[int] = []
        """Lines of layers and models that are classes of the program."""
        self.seed: int | None = None
        self.depth = 0
        self._steps = 0
        self._names: Counter[str] = Counter()
        self._layers = 0
        self._trained = 0

    def step(self, node: ast.AST | None = None, count: int = 1) -> None:
        """Count work; CodeError where it becomes too much."""
        if node is not None and hasattr(node, "lineno"):
            self.line = node.lineno
        self._steps += count
        if self._steps > MOST_STEPS:
            raise self.fault(tr("reading the code takes too many steps up to here"))

    def fault(self, reason: str) -> CodeError:
        """An error at the line that is being read."""
        return CodeError(self.line, reason)

    def remark(self, reason: str, line: int = 0) -> None:
        """Tell of something that is left out; each only once."""
        text = sentence(line or self.line, reason)
        if text not in self.remarks:
            self.remarks.append(text)

    def automatic_name(self, type_name: str) -> str:
        """Keras's name for the next layer of a type that has none of its own."""
        prefix = "input_layer" if type_name == "Input" else snake_case(type_name)
        count = self._names[prefix]
        self._names[prefix] += 1
        return f"{prefix}_{count}" if count else prefix

    def made(self, layer: Layer) -> Layer:
        """Count a layer."""
        self._layers += 1
        if self._layers > MOST_NODES:
            raise self.fault(tr("more than {most} layers are made").format(most=MOST_NODES))
        return layer

    def call(self, operation: Operation, inputs: list[Tensor]) -> Call:
        """Note that a layer or model was given tensors."""
        self.step(count=1 + len(inputs))
        call = Call(operation, tuple(inputs), self.line, len(self.calls))
        self.calls.append(call)
        return call

    def note_trained(self, model: Model) -> None:
        """A model is compiled or trained: the last one is what the program is about."""
        self._trained += 1
        model.trained = self._trained

    def is_automatic(self, node: ast.expr | None) -> bool:
        """Whether the comment behind a value says that it was chosen automatically."""
        if node is None or node.end_lineno is None or node.end_col_offset is None:
            return False
        rest = self._lines[node.end_lineno - 1].encode()[node.end_col_offset :]
        return bool(_AUTOMATIC.fullmatch(rest.decode()))


class Scope:
    """Names of a module or of a call of a function."""

    def __init__(self, program: Program, outer: "Scope | None" = None) -> None:
        self.program, self.outer = program, outer
        self.names: dict[str, Any] = {}

    def find(self, name: str) -> Any:
        """What a name stands for; KeyError if nothing."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        raise KeyError(name)

    def __contains__(self, name: str) -> bool:
        try:
            self.find(name)
        except KeyError:
            return False
        return True
