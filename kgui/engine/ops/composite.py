"""Functions of tensors that count as one operation in a graph, whatever they are made of.

The order of a model's layers follows from how deep each call lies, and a model's file names each
call with its arguments, so that a function which is one operation in Keras must be one here.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from kgui.engine.calling import Call, calling, current_call
from kgui.engine.naming import automatic_name
from kgui.engine.structure import Structure, flatten, map_structure
from kgui.engine.symbolic import KerasTensor, Node, Operation, is_symbolic

P = ParamSpec("P")
R = TypeVar("R")


OTHERWISE = {
    "activations.relu": "re_lu",
    "curves.hard_swish": "hard_silu",
    "curves.swish": "silu",
}
"""Functions, with their module, that are called otherwise as operations of a graph."""


class Composite(Operation):
    """One call of such a function on symbolic tensors."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        place = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
        self.name = self.kind = OTHERWISE.get(place, function.__name__)
        self.function = function

    @property
    def class_name(self) -> str:
        """What Keras calls the class of such operations: GetItem for get_item."""
        if self.kind == "re_lu":
            return "ReLU"
        return "".join(word.capitalize() for word in self.kind.split("_"))

    def __call__(self, *arguments: Structure, **keywords: Any) -> Structure:
        """Record the call on symbolic tensors; compute, or trace primitives, elsewhere."""
        if current_call().tracing or not is_symbolic((arguments, list(keywords.values()))):
            return self.function(*arguments, **keywords)
        with calling(Call(tracing=True)):
            traced = self.function(*arguments, **keywords)
        outputs = map_structure(
            lambda t: KerasTensor(t.shape, t.dtype, name=automatic_name("keras_tensor")), traced
        )
        if not self.inbound_nodes:
            self.name = automatic_name(self.name)
        Node(self, arguments, keywords, flatten(outputs)).register()
        return outputs


def composite(function: Callable[P, R]) -> Callable[P, R]:
    """Have a function of tensors count as one operation."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        if not _any_symbolic(args) and not _any_symbolic(kwargs.values()):
            return function(*args, **kwargs)
        if current_call().tracing:
            return function(*args, **kwargs)
        return cast(R, Composite(function)(*args, **kwargs))

    return call


def _any_symbolic(values: Iterable[Any]) -> bool:
    """True if a value, or one in a list, is a symbolic tensor; quickly, for the case of none."""
    for value in values:
        if isinstance(value, KerasTensor):
            return True
        if isinstance(value, list | tuple) and is_symbolic(value):
            return True
    return False
