"""Operators and functions of tensors between the layers of a model, as Keras's files name them."""

import inspect
import operator
import re
from collections.abc import Callable
from typing import Any

from kgui.engine import ops
from kgui.engine.naming import snake_case
from kgui.engine.ops.logic import not_equal
from kgui.engine.symbolic import Operation

Config = dict[str, Any]
Function = Callable[..., Any]


_OTHERS: dict[str, Function] = {
    "true_divide": ops.divide,
    "get_item": lambda x, index: operator.getitem(x, _index(index)),
    "not_equal": not_equal,
    "power": operator.pow,
}
"""What has another name here, or none."""

_WRITTEN = {
    "add": "Add", "subtract": "Subtract", "multiply": "Multiply", "divide": "TrueDivide",
    "matmul": "Matmul", "maximum": "Maximum", "minimum": "Minimum", "negative": "Negative",
    "absolute": "Absolute", "exp": "Exp", "expm1": "Expm1", "log": "Log", "log1p": "Log1p",
    "sqrt": "Sqrt", "square": "Square", "tanh": "Tanh", "power": "Power",
}  # fmt: skip
"""Primitives without options of their own -> Keras's classes in `keras.src.ops.numpy`."""


def _index(index: Any) -> Any:
    return tuple(index) if isinstance(index, list) else index


def operation_config(operation: Operation) -> Config:
    """An operator as plain data; ValueError for one that files do not name."""
    name = operation.name
    kind = re.sub(r"_\d+$", "", name)  # the name without its number
    if kind not in _WRITTEN or getattr(operation, "constants", None):
        raise ValueError(
            f"The operation '{kind}' on tensors cannot be saved: use a layer instead, or a layer "
            "of your own that computes it."
        )
    return {
        "module": "keras.src.ops.numpy",
        "class_name": _WRITTEN[kind],
        "config": {"name": name},
        "registered_name": _WRITTEN[kind],
    }


def operation_from_config(entry: Config) -> Function | None:
    """The function that an entry of a model's layers stands for; None for a real layer."""
    if not str(entry.get("module")).startswith(("keras.src.ops.", "keras.ops")):
        return None
    kind = snake_case(str(entry["class_name"]))
    function = _OTHERS.get(kind) or (getattr(ops, kind) if kind in ops.__all__ else None)
    if function is None:
        raise ValueError(f"The operation '{kind[:100]}' on tensors is not known here.")
    options = {key: value for key, value in entry["config"].items() if key != "name"}
    known = inspect.signature(function).parameters
    strange = [key for key, value in options.items() if key not in known and value is not None]
    if strange:
        raise ValueError(f"The operation '{kind}' does not know the argument '{strange[0]}'.")
    given = {key: value for key, value in options.items() if key in known}
    return lambda *args, **kwargs: function(*args, **{**given, **kwargs})
