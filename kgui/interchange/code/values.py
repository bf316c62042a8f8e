"""What names stand for while code is read; numbers, texts, lists and dictionaries are Python's."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from kgui.graph.project import OptionValue


@dataclass(frozen=True)
class Path:
    """A name of a library: "keras.layers.Dense", "numpy.zeros"."""

    name: str

    @property
    def last(self) -> str:
        """The name without its modules."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True)
class Unknown:
    """What only the running program knows: data, random numbers, results of other libraries."""

    node: ast.AST


@dataclass(eq=False)
class Layer:
    """A layer that was made; "Input" is one, too."""

    type: str
    name: str
    options: dict[str, OptionValue]
    line: int
    input_shape: list[Any] | None = None
    """Of one sample, where the layer says it itself."""


@dataclass(eq=False)
class Model:
    """A functional model, or a sequential one where `stack` is not None."""

    line: int
    inputs: tuple["Tensor", ...] = ()
    outputs: tuple["Tensor", ...] = ()
    stack: list["Operation"] | None = None
    input_shape: list[Any] | None = None
    """Of a sequential model: given to `build`, or by its first layer."""
    input_name: str = ""
    """Of a sequential model whose Input is made for that shape."""
    settings: dict[str, Any] = field(default_factory=dict)
    """Changes of the training settings."""
    validation: float | None = None
    trained: int = 0
    """When it was compiled or trained last; 0 is never."""


Operation: TypeAlias = Layer | Model


@dataclass(eq=False)
class Call:
    """A layer or model that was given tensors; calls are numbered as they happen."""

    operation: Operation
    inputs: tuple["Tensor", ...]
    line: int
    number: int


@dataclass(frozen=True)
class Tensor:
    """One output of a call."""

    call: Call
    index: int = 0


@dataclass(frozen=True, eq=False)
class Made:
    """An object of Keras that is no layer: an optimizer, a loss, an initializer, a callback."""

    path: Path
    positional: tuple[Any, ...]
    named: Mapping[str, Any]
    node: ast.AST


@dataclass(eq=False)
class Function:
    """A function of the program."""

    definition: ast.FunctionDef | ast.Lambda
    scope: Any
    """Where it was defined."""
    is_called: bool = False


@dataclass(frozen=True)
class Method:
    """A method, looked up but not called yet."""

    owner: Any
    name: str


def tensors_in(value: Any) -> list[Tensor]:
    """The tensors in a value: one, or those of a list, or of a dictionary in Keras's order."""
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, dict):
        value = [value[key] for key in sorted(value, key=str)]
    if isinstance(value, list | tuple):
        return [item for item in value if isinstance(item, Tensor)]
    return []
