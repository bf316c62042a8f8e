"""What `model.summary()` prints: a row per layer, then how many parameters there are."""

import math
import re
import shutil
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from kgui.engine.models.tables import draw_table, folded
from kgui.engine.structure import flatten
from kgui.engine.symbolic import Operation
from kgui.engine.variables import Variable

if TYPE_CHECKING:
    from kgui.engine.models.model import Model

HEADER = ("Layer (type)", "Output Shape", "Param #", "Connected to")


def print_summary(
    model: "Model",
    line_length: int | None = None,
    positions: Sequence[float] | None = None,
    print_fn: Callable[[str], Any] | None = None,
    expand_nested: bool = False,
    show_trainable: bool = False,
    layer_range: Sequence[str] | None = None,
) -> None:
    """Print the summary, in one piece; see `Model.summary`."""
    plain = _is_plain(model)
    count = 3 if plain else 4
    header, alignments = list(HEADER[:count]), ["left", "left", "right", "left"][:count]
    length = 88 if plain else 108
    places = list(positions or ([0.45, 0.80, 1.0] if plain else [0.3, 0.56, 0.74, 1.0]))
    if show_trainable:
        length += 12
        places = [place * 0.9 for place in places] + [1.0]
        header.append("Trainable")
        alignments.append("center")
    screen = shutil.get_terminal_size().columns
    length = line_length or min(length, screen - 4)
    columns = len(header)
    operations = _range(_operations(model), layer_range)
    table = _Rows(model, plain, expand_nested, show_trainable)
    rows = [row for operation in operations for row in table.rows(operation)]
    table_lines = draw_table(header, rows, _widths(places, length)[:columns], alignments, length)
    lines = folded(f'Model: "{model.name}"', screen)
    lines += [line[:screen] for line in table_lines]
    lines += [part for line in _totals(model) for part in folded(line, screen)]
    text = "\n".join(lines) + "\n"
    if print_fn is None:
        print(text, end="")  # noqa: T201 - printing is what it is for
    else:
        print_fn(text)


def _operations(model: "Model") -> list[Operation]:
    return list(model.layers) if _is_stack(model) else list(model.operations)


def _is_stack(model: "Model") -> bool:
    return not model.is_graph or hasattr(model, "stack")


def _is_plain(model: "Model") -> bool:
    """True for layers in a row, where nothing need be said of what is connected to what."""
    if _is_stack(model):
        return True
    used = {id(tensor) for node in model.nodes for tensor in node.inputs}
    ends = sum(not any(id(t) in used for t in node.outputs) for node in model.nodes)
    shared = len({id(node.operation) for node in model.nodes}) < len(model.nodes)
    return ends == 1 and not shared and all(len(node.inputs) <= 1 for node in model.nodes)


def _widths(places: Sequence[float], length: int) -> list[int]:
    widths: list[int] = []
    for place in places:
        widths.append(int(place * length) - sum(widths))
        if widths[-1] < 4:
            raise ValueError("Insufficient console width to print summary.")
    return widths


def _range(operations: list[Operation], names: Sequence[str] | None) -> list[Operation]:
    """The operations between two names, which may be patterns; all if none are given."""
    if names is None:
        return operations
    if len(names) != 2:
        raise ValueError(
            "layer_range must be a list or tuple of length 2. Received: "
            f"layer_range = {names} of length {len(names)}"
        )
    if not all(isinstance(name, str) for name in names):
        raise ValueError(f"layer_range should contain string type only. Received: {names}")
    first, last = (
        [index for index, item in enumerate(operations) if re.match(name, item.name)]
        for name in names
    )
    if not first or not last:
        raise ValueError(
            f"Passed layer_names do not match the layer names in the model. Received: {names}"
        )
    if min(first) > max(last):
        first, last = last, first
    return operations[min(first) : max(last) + 1]


class _Rows:
    """Makes the rows of a model's layers."""

    def __init__(self, model: "Model", plain: bool, nested: bool, trainable: bool) -> None:
        self._inside = {id(node) for node in model.nodes}
        self._plain, self._nested, self._trainable = plain, nested, trainable

    def rows(self, operation: Any, level: int = 0) -> list[list[str]]:
        """The row of an operation, and those of the layers of a model inside."""
        prefix = "   " * level + "└ " if level else ""
        kind = getattr(operation, "class_name", type(operation).__name__)
        kind = "Functional" if kind == "Model" else kind
        row = [f"{prefix}{operation.name} ({kind})", _shape(operation), _parameters(operation)]
        if not self._plain:
            row.append(self._connections(operation))
        if self._trainable:
            row.append(_trainable(operation))
        rows = [row]
        if self._nested:
            for layer in getattr(operation, "layers", ()):
                rows += self.rows(layer, level + 1)
        return rows

    def _connections(self, operation: Operation) -> str:
        found = []
        for node in operation.inbound_nodes:
            if id(node) in self._inside:
                places = [tensor.history for tensor in node.inputs if tensor.history]
                found += [f"{p.operation.name}[{p.node_index}][{p.tensor_index}]" for p in places]
        return ", ".join(found) or "-"


def _shape(operation: Any) -> str:
    if operation.inbound_nodes:
        shapes: Any = [tensor.shape for tensor in operation.inbound_nodes[-1].outputs]
        shapes = shapes[0] if len(shapes) == 1 else shapes
    elif getattr(operation, "build_shape", None) is not None:
        shapes = operation.compute_output_shape(operation.build_shape)
    else:
        return "?"
    if isinstance(shapes, tuple) and all(size is None or isinstance(size, int) for size in shapes):
        return _as_text(shapes)
    many = shapes if isinstance(shapes, list | tuple) else flatten(shapes)
    texts = ", ".join(map(_as_text, many))
    return f"[{texts}]" if isinstance(shapes, list) else f"({texts})"


def _as_text(shape: Any) -> str:
    return f"({', '.join(map(str, shape))})"


def _parameters(operation: Any) -> str:
    if not hasattr(operation, "built"):
        return "0"
    return f"{operation.count_params():,}" if operation.built else "0 (unbuilt)"


def _trainable(operation: Any) -> str:
    if not getattr(operation, "weights", []):
        return "-"
    return "Y" if operation.trainable else "N"


def _totals(model: "Model") -> list[str]:
    groups = {"Trainable": model.trainable_weights, "Non-trainable": model.non_trainable_weights}
    optimizer = model.compiled.optimizer if model.compiled else None
    if optimizer is not None and optimizer.parameters is not None:
        groups["Optimizer"] = optimizer.variables
    everything = [variable for group in groups.values() for variable in group]
    lines = [f" Total params: {_count(everything)}"]
    return [*lines, *(f" {name} params: {_count(group)}" for name, group in groups.items())]


def _count(variables: Sequence[Variable]) -> str:
    values = sum(math.prod(variable.shape) for variable in variables)
    size = sum(math.prod(variable.shape) * _bytes(variable.dtype) for variable in variables)
    return f"{values:,} ({_size(size)})"


def _bytes(dtype: str) -> int:
    """Bytes of a number; Keras counts with 32 bits, and an optimizer with 64 here."""
    kind = np.dtype(dtype)
    return min(kind.itemsize, 4) if kind.kind == "i" else kind.itemsize


def _size(size: float) -> str:
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if size < 1024:
            return f"{size:.2f} {unit}"
        size /= 1024
    return f"{size:.2f} PB"
