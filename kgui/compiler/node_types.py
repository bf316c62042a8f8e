"""What the window knows of a layer: its name, ports and options, without the layer itself."""

from dataclasses import dataclass
from typing import Literal

from kgui.graph.project import OptionValue

Kind = Literal["integer", "number", "boolean", "choice", "text", "shape", "integers", "numbers"]
"""shape: list of positive integers or null, e.g. (28, 28, 1); integers: one integer or a list."""


@dataclass(frozen=True)
class Option:
    """One keyword argument of a layer: how it is edited, checked and explained."""

    name: str
    kind: Kind
    default: OptionValue
    """Of a required option: what a new node begins with, None where there is nothing to guess."""
    help: str
    required: bool = False
    optional: bool = False
    """None is allowed."""
    minimum: float | None = None
    maximum: float | None = None
    exclusive: bool = False
    """The limits themselves are not allowed."""
    choices: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The name as the inspector shows it: "kernel_initializer" -> "kernel initializer"."""
        return self.name.replace("_", " ")


@dataclass(frozen=True)
class NodeType:
    """One entry of the palette."""

    name: str
    category: str
    summary: str
    options: tuple[Option, ...]
    inputs: int
    """Number of input ports: 0 for Input, 1 for most, the least number where the port grows."""
    growing: bool = False
    """Merge layers: there is always one free input port more."""
    outputs: int = 1
    only_inside: bool = False
    """Has a place within blocks only."""

    def option(self, name: str) -> Option:
        """The option of that name; KeyError if there is none."""
        for option in self.options:
            if option.name == name:
                return option
        raise KeyError(name)
