"""One layer asked for its output shape and size by the engine itself; remembered by question."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kgui.compiler.block_types import BLOCK_CLASSES
from kgui.compiler.catalog import as_argument
from kgui.compiler.issues import Shape
from kgui.compiler.reflection import layer_classes
from kgui.compiler.wording import sentence
from kgui.engine.backend import Session, use_session
from kgui.engine.errors import EngineError
from kgui.engine.layers.core import InputLayer
from kgui.engine.layers.layer import Layer
from kgui.engine.layers.merge import Merge
from kgui.engine.structure import flatten
from kgui.engine.symbolic import KerasTensor
from kgui.graph.project import OptionValue

REMEMBERED = 10_000
"""Answers kept: a drawing of the largest size is checked again in milliseconds."""


@dataclass(frozen=True)
class Fault:
    """Why a layer refuses; worded only when shown, as the language may change."""

    plain: str
    values: Mapping[str, object] = field(default_factory=dict)
    option: str = ""

    @property
    def message(self) -> str:
        """The fault in the user's language."""
        return sentence(self.plain, self.values)


@dataclass(frozen=True)
class Outcome:
    """What a layer makes of its inputs' shapes."""

    shapes: tuple[Shape, ...] = ()
    parameters: int = 0
    fault: Fault | None = None


def examine(
    type_name: str,
    options: Mapping[str, OptionValue],
    shapes: Sequence[Shape],
    first: tuple[Shape, ...] | None = None,
) -> Outcome:
    """Call a layer of a known type on tensors of these shapes; no weights are made.

    A shared layer is called on those of its `first` call before. Of blocks nothing is known.
    """
    if type_name in BLOCK_CLASSES:
        return Outcome()
    return _examine(type_name, json.dumps(options, sort_keys=True), tuple(shapes), first)


@lru_cache(maxsize=REMEMBERED)
def _examine(
    type_name: str, options: str, shapes: tuple[Shape, ...], first: tuple[Shape, ...] | None
) -> Outcome:
    layer_class = layer_classes()[type_name]
    arguments = {name: as_argument(value) for name, value in json.loads(options).items()}
    with use_session(Session(seed=0, abstract=True)):
        try:
            layer = layer_class(**arguments)
            if isinstance(layer, InputLayer):
                return Outcome((layer.batch_shape,))
            if first is not None:
                _call(layer, first)
            outputs = _call(layer, shapes)
            return Outcome(tuple(output.shape for output in outputs), layer.count_params())
        except EngineError as error:
            return Outcome(fault=Fault(error.plain, error.values, getattr(error, "option", "")))
        except (ValueError, TypeError, ArithmeticError, LookupError) as error:
            return Outcome(fault=Fault("{reason}", {"reason": str(error)}))


def _call(layer: Layer, shapes: Sequence[Shape]) -> list[KerasTensor]:
    tensors = [KerasTensor(shape, name="") for shape in shapes]
    if isinstance(layer, Merge):
        layer.check_count(len(tensors))
    return flatten(layer(tensors if isinstance(layer, Merge) else tensors[0]))
