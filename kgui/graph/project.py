"""The document as an immutable value: what is drawn, on which data, trained how."""

from typing import Annotated, Any, Literal
from uuid import uuid4

import msgspec
from msgspec import Meta, Struct

OptionValue = bool | int | float | str | None | list[Any]
"""What an option of a node may hold: plain JSON, with lists (of these) for shapes and axes."""

Port = Annotated[int, Meta(ge=0, le=1000)]


class Node(Struct, frozen=True, forbid_unknown_fields=True):
    """One drawn layer: `type` is the engine class's name, `options` its keyword arguments.

    Options equal to their default are left out. The dictionary is never changed in place.
    """

    id: str
    type: str
    name: str
    options: dict[str, OptionValue] = {}
    position: tuple[float, float] = (0.0, 0.0)
    bypassed: bool = False
    """Data goes past the node as if it were not there."""
    shares: str = ""
    """Id of the node of the same level whose layer, with options and weights, this one uses too."""
    inside: "Inside | None" = None
    """What a block holds; None for every other node, and for a block that shares another."""


class Wire(Struct, frozen=True, forbid_unknown_fields=True, order=True):
    """A tensor's way from an output port to an input port; ports count from 0."""

    source: str
    source_port: Port
    target: str
    target_port: Port


class Graph(Struct, frozen=True, forbid_unknown_fields=True):
    """The nodes in the order they were added, and the wires between them."""

    nodes: tuple[Node, ...] = ()
    wires: tuple[Wire, ...] = ()

    def node(self, node_id: str) -> Node:
        """The node of that id; KeyError if there is none."""
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise KeyError(node_id)


class Frame(Struct, frozen=True, forbid_unknown_fields=True):
    """A titled rectangle behind nodes."""

    id: str
    title: str
    rectangle: tuple[float, float, float, float]
    colour: str = ""


class Note(Struct, frozen=True, forbid_unknown_fields=True):
    """Plain text on the canvas."""

    id: str
    text: str
    position: tuple[float, float] = (0.0, 0.0)


class Inside(Struct, frozen=True, forbid_unknown_fields=True):
    """A drawing within a block; its BlockInput and BlockOutput nodes are the block's ports."""

    nodes: tuple[Node, ...] = ()
    wires: tuple[Wire, ...] = ()
    frames: tuple[Frame, ...] = ()
    notes: tuple[Note, ...] = ()


class DataSettings(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where the rows come from and how they are divided; a file is never opened on load.

    `source` is "" (none), "sample:NAME" (a bundled sample) or a path, relative to the document.
    """

    source: str = ""
    target: str = ""
    """Column (or array) to predict; "" takes the last column, or the array the format calls so."""
    missing: Literal["drop", "refuse"] = "drop"
    """Rows with missing values: leave them out and say so, or refuse to train."""
    scaling: Literal["auto", "none"] = "auto"
    """auto: standardise numeric columns, divide 8-bit pixels by 255."""
    validation: Annotated[float, Meta(ge=0, lt=1)] = 0.2
    """Share of the training rows held out to validate each epoch."""
    test: Annotated[float, Meta(ge=0, lt=1)] = 0.0
    """Share of all rows held out to test at the end; a source's own test part comes first."""


class TrainingSettings(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How the drawing is trained; names are Keras's, "auto" is resolved from drawing and data."""

    optimizer: str = "adam"
    learning_rate: Annotated[float, Meta(gt=0)] | None = None
    """None takes the optimizer's own default."""
    momentum: Annotated[float, Meta(ge=0, lt=1)] = 0.0
    loss: str = "auto"
    metrics: tuple[str, ...] = ("auto",)
    batch_size: Annotated[int, Meta(ge=1)] = 32
    epochs: Annotated[int, Meta(ge=1)] = 5
    seed: Annotated[int, Meta(ge=0, lt=2**32)] = 0
    patience: Annotated[int, Meta(ge=0)] | None = None
    """Epochs without improvement before training stops early; None never stops early."""


class Project(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole document. Compare with `==`; "unsaved changes" means `project is not saved`."""

    id: str = msgspec.field(default_factory=lambda: uuid4().hex)
    graph: Graph = Graph()
    data: DataSettings = DataSettings()
    training: TrainingSettings = TrainingSettings()
    frames: tuple[Frame, ...] = ()
    notes: tuple[Note, ...] = ()
