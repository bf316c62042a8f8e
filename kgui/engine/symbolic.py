"""Symbolic tensors and call events: who made this tensor, with which shape."""

from collections.abc import Mapping
from operator import index
from typing import Any, NamedTuple, SupportsIndex

from kgui.engine.naming import automatic_name
from kgui.engine.structure import Structure, flatten

Shape = tuple[int | None, ...]


def standard_shape(shape: Any) -> Shape:
    """Sizes as a tuple of whole numbers and None; ValueError, in Keras's words, for others."""
    if not hasattr(shape, "__iter__"):
        raise ValueError(f"Cannot convert '{shape}' to a shape.")
    sizes = tuple(shape)
    for size in sizes:
        if size is None:
            continue
        if not isinstance(size, SupportsIndex):
            raise ValueError(
                f"Cannot convert '{shape}' to a shape. Found invalid dimension '{size}' of type "
                f"'{type(size)}'. "
            )
        if index(size) < 0:
            raise ValueError(
                f"Cannot convert '{shape}' to a shape. Negative dimensions are not allowed."
            )
    return tuple(None if size is None else index(size) for size in sizes)


class History(NamedTuple):
    """Where a tensor comes from."""

    operation: "Operation"
    node_index: int
    tensor_index: int


class Operation:
    """Something that can be called on symbolic tensors: a layer or a primitive."""

    name: str

    def __init__(self) -> None:
        self.inbound_nodes: list[Node] = []


class KerasTensor:
    """A tensor that has a shape but no values yet; None in the shape is not known yet."""

    __array_priority__ = 1000.0  # array + tensor is this class's business

    def __init__(
        self,
        shape: Shape,
        dtype: str = "float32",
        name: str | None = None,
        history: History | None = None,
    ) -> None:
        """Normally made by `Input` and by calling layers; shapes include the batch axis."""
        self.shape = tuple(shape)
        self.dtype = dtype
        self.name = name if name is not None else automatic_name("keras_tensor")
        self.history = history
        self.node: Node | None = None
        """The call that made this tensor."""

    @property
    def ndim(self) -> int:
        """Number of axes, the batch included."""
        return len(self.shape)

    def __repr__(self) -> str:
        return f"<KerasTensor shape={self.shape}, dtype={self.dtype}, name={self.name}>"

    def __bool__(self) -> bool:
        raise TypeError("A symbolic KerasTensor has no values, so it is neither true nor false.")

    def __array__(self, *_: object, **__: object) -> None:
        raise ValueError(
            "A KerasTensor is symbolic: it's a placeholder for a shape and a dtype. "
            "It doesn't have any actual numerical value."
        )

    def __float__(self) -> float:
        raise ValueError(
            "A KerasTensor is symbolic: it's a placeholder for a shape and a dtype. "
            "It doesn't have any actual numerical value. You cannot convert it to a number."
        )

    __int__ = __float__

    def __iter__(self) -> None:
        raise NotImplementedError("Iterating over a symbolic KerasTensor is not supported.")


class Node:
    """One call of an operation: what went in, what came out."""

    def __init__(
        self,
        operation: Operation,
        arguments: tuple[Structure, ...],
        keywords: Mapping[str, Any],
        outputs: list[KerasTensor],
        owner: str = "",
        filled: bool = False,
    ) -> None:
        self.owner = owner
        self.filled = filled
        """The keywords hold what the layer found out by itself."""
        self.operation = operation
        self.arguments = arguments
        self.keywords = dict(keywords)
        self.outputs = outputs
        everything = (arguments, list(self.keywords.values()))
        self.inputs = [leaf for leaf in flatten(everything) if isinstance(leaf, KerasTensor)]
        for tensor in outputs:
            tensor.node = self

    def register(self) -> None:
        """Enter the call in its operation's list, where models and files find it."""
        index = len(self.operation.inbound_nodes)
        self.operation.inbound_nodes.append(self)
        for position, tensor in enumerate(self.outputs):
            tensor.history = History(self.operation, index, position)

    @property
    def is_input(self) -> bool:
        """True for the node of an Input."""
        return not self.inputs


def is_symbolic(structure: Structure) -> bool:
    """True if any leaf is a symbolic tensor."""
    return any(isinstance(leaf, KerasTensor) for leaf in flatten(structure))
