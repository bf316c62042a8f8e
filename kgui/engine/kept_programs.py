"""Programs that one fit leaves to the next, where nothing has changed that they were made from.

Planning takes some milliseconds, as long as hundreds of steps of a small network. What is looked at
is every attribute of the model's layers, of its optimizer, losses and metrics; where there is
anything that is not the engine's own, each fit plans anew, since nothing is known of that.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from types import BuiltinFunctionType, FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from kgui.engine.backend.choice import compiled_run
from kgui.engine.backend.session import get_session
from kgui.engine.batches import ArrayData
from kgui.engine.compiling import Compiled, Objective
from kgui.engine.programs import Program
from kgui.engine.symbolic import KerasTensor, Node
from kgui.engine.variables import Variable

if TYPE_CHECKING:
    from kgui.engine.models.model import Model

OWN = ("kgui.engine.", "numpy")
LEFT_OUT = ("inbound_nodes", "_update")
"""Attributes that do not bear on what is planned."""
ASKED = ("fn", "options")
"""Attributes of a metric that bear on what is planned."""
PLAIN = (str, int, float, complex, bytes, range, type(None))


KEPT = 16
"""Programs for batches of different shapes that are kept; the one used least lately goes."""


class Programs:
    """Programs by the shapes of the batch, made when first needed.

    `eager` ones are made for every batch, so that Python code in layers runs for every batch.
    """

    def __init__(self, make: Callable[[ArrayData, int], Program], eager: bool = False) -> None:
        self._make, self._kept = make, 0 if eager else KEPT
        self._programs: OrderedDict[Any, Program] = OrderedDict()
        self._by_count: dict[int, Program] = {}
        self._data: ArrayData | None = None

    def get(self, data: ArrayData, count: int) -> Program:
        """The program for that many rows of the data."""
        if data is self._data and count in self._by_count:
            return self._by_count[count]
        key = (count, *((array.shape[1:], array.dtype.char) for array in data.arrays))
        program = self._programs.pop(key, None) or self._make(data, count)
        self._programs[key] = program
        while len(self._programs) > self._kept:
            self._programs.popitem(last=False)
        if data is not self._data:
            self._data, self._by_count = data, {}
        if self._kept:
            self._by_count[count] = program
        return program

    def take_compiled(self) -> None:
        """Change over to compiled kernels, if they have become ready."""
        for program in self._programs.values():
            program.take_compiled()

    def serve(self, make: Callable[[ArrayData, int], Program]) -> None:
        """Be used by another fit."""
        self._make = make

    def release(self) -> None:
        """Let go of the data, until they serve again."""
        self._data, self._by_count, self._make = None, {}, _nobody
        for program in self._programs.values():
            program.release()


def _nobody(data: ArrayData, count: int) -> Program:
    raise AssertionError("These programs serve nobody.")


class UnknownError(Exception):
    """There is something of which nobody knows whether it has changed."""


class Same:
    """Equal only to another one of the very same object, which it keeps alive."""

    def __init__(self, item: Any) -> None:
        self.item = item

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.item is self.item

    def __hash__(self) -> int:
        return id(self.item)


class Kept(NamedTuple):
    """What a fit leaves behind."""

    outline: Hashable
    objective: Objective
    programs: Programs


def outline_of(
    model: "Model", compiled: Compiled, objective: Objective, data: ArrayData
) -> Hashable:
    """What the programs of a fit are made from; None where that cannot be told."""
    session, seen = get_session(), set[int]()
    try:
        parts = [_outline(item, seen) for item in (model, compiled.optimizer, *_judges(objective))]
    except UnknownError:
        return None
    arrays = tuple((array.shape[1:], array.dtype.char) for array in data.arrays)
    settings = (session.floatx, session.epsilon, session.threads, Same(compiled_run()))
    weights = tuple(objective.weights), tuple(tracker.key for tracker in objective.trackers)
    return (Same(compiled), *parts, arrays, len(data.weights), settings, weights)


def _judges(objective: Objective) -> list[Any]:
    """What losses and metrics compute: each fit has new ones."""
    metrics = [tracker.metric for tracker in objective.trackers]
    about = [[type(each), *(getattr(each, name, None) for name in ASKED)] for each in metrics]
    losses = [None if each is None else [type(each), vars(each)] for each in objective.losses]
    return [losses, about]


def _outline(item: Any, seen: set[int]) -> Hashable:
    if isinstance(item, PLAIN):
        return (type(item).__name__, item)
    if isinstance(item, list | tuple):
        return tuple(_outline(each, seen) for each in item)
    if isinstance(item, set | frozenset):
        return frozenset(_outline(each, seen) for each in item)
    if isinstance(item, dict):
        return tuple((_outline(key, seen), _outline(item[key], seen)) for key in item)
    if isinstance(item, KerasTensor | Node | np.ndarray | np.generic):
        return Same(item)
    _check_own(item)
    if isinstance(item, type | FunctionType | BuiltinFunctionType) or id(item) in seen:
        return Same(item)
    seen.add(id(item))
    if type(item).__module__.startswith("numpy"):
        return Same(item)
    return (Same(item), *_attributes(item, seen))


def _check_own(item: Any) -> None:
    module = getattr(item if isinstance(item, type) else type(item), "__module__", None)
    if isinstance(item, FunctionType | BuiltinFunctionType):
        module = item.__module__
    if not str(module).startswith(OWN):
        raise UnknownError(str(module))


def _attributes(item: Any, seen: set[int]) -> list[Hashable]:
    if isinstance(item, Variable):
        about = item.trainable, item.regularizer, item.constraint
        return [Same(item.array), *(_outline(each, seen) for each in about)]
    if hasattr(item, "compiled"):  # a model is its layers; what it has learnt is nothing here
        return [_outline([item.layers, item.inputs, item.outputs, item.trainable], seen)]
    if not hasattr(item, "__dict__"):
        raise UnknownError(type(item).__name__)
    return [
        (name, _outline(value, seen)) for name, value in vars(item).items() if name not in LEFT_OUT
    ]
