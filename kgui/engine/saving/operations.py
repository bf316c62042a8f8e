"""Operators and functions of tensors between the layers of a model, as Keras's files name them."""

import inspect
import operator
from collections.abc import Callable
from functools import partial
from typing import Any

from kgui.engine import activations, ops
from kgui.engine.naming import snake_case
from kgui.engine.ops.arithmetic import true_divide
from kgui.engine.ops.composite import Composite
from kgui.engine.saving.serialization import serialize_keras_object
from kgui.engine.symbolic import Node, Operation

Config = dict[str, Any]
Function = Callable[..., Any]


_OTHERS: dict[str, Function] = {
    "true_divide": true_divide,
    "get_item": lambda x, key: operator.getitem(x, _index(key)),
    "re_lu": activations.relu,
}
"""What has another name here, or none."""

_TENSORS = {
    "a", "array", "b", "choicelist", "condition", "condlist", "default", "fill_value", "indices",
    "inputs", "key", "operands", "output", "predictions", "q", "sorted_sequence", "start_indices",
    "target", "targets", "values", "variable", "x", "x1", "x2", "xs",
}  # fmt: skip
"""The arguments that a call in a file has; the others are the operation's own."""
_NAMED = {"constant_values", "weights"}
"""Those of a call that it has by name."""

_IN_NN = {
    "binary_crossentropy", "categorical_crossentropy", "celu", "elu", "gelu", "glu", "hard_shrink",
    "hard_sigmoid", "hard_silu", "hard_tanh", "leaky_relu", "log_sigmoid", "log_softmax",
    "moments", "multi_hot", "normalize", "one_hot", "relu", "relu6", "selu", "sigmoid", "silu",
    "soft_shrink", "softmax", "softplus", "softsign", "sparse_categorical_crossentropy",
    "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus", "tanh_shrink", "threshold",
}  # fmt: skip
_MODULES = {
    **dict.fromkeys(_IN_NN, "ops.nn"),
    **dict.fromkeys(("cast", "slice", "stop_gradient", "unstack"), "ops.core"),
    **dict.fromkeys(("erf", "in_top_k", "logdet", "logsumexp", "rsqrt", "top_k"), "ops.math"),
    **dict.fromkeys(("cholesky", "det", "inv", "norm", "solve"), "ops.linalg"),
    "re_lu": "activations.activations",
}
"""Where Keras keeps an operation, unless it is among those of NumPy's names."""


def _index(index: Any) -> Any:
    return tuple(index) if isinstance(index, list) else index


def operation_config(operation: Operation) -> Config:
    """An operator as plain data; ValueError for one that files do not name."""
    node = operation.inbound_nodes[0]
    if not isinstance(operation, Composite):
        raise ValueError(
            f"The operation '{operation.name}' on tensors cannot be saved: use a layer instead, or "
            "a layer of your own that computes it."
        )
    kind = operation.kind
    bound = _bound(node).items()
    called = _TENSORS | _NAMED
    own = {key: serialize_keras_object(value) for key, value in bound if key not in called}
    return {
        "module": f"keras.src.{_MODULES.get(kind, 'ops.numpy')}",
        "class_name": operation.class_name,
        "config": {"name": operation.name, **own},
        "registered_name": operation.class_name,
    }


def call_arguments(node: Node) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """What a call in a file has, by place and by name: not what is the operation's own."""
    if not isinstance(node.operation, Composite):
        return node.arguments, node.keywords
    bound = _bound(node)
    placed = tuple(value for key, value in bound.items() if key in _TENSORS - {"operands"})
    named = {key: value for key, value in bound.items() if key in _NAMED}
    return (*placed, *bound.get("operands", ())), named


def _bound(node: Node) -> Config:
    """All arguments of a call by name, those that were not given as well."""
    operation = node.operation
    assert isinstance(operation, Composite)  # noqa: S101 - the callers saw to it
    bound = inspect.signature(operation.function).bind(*node.arguments, **node.keywords)
    bound.apply_defaults()
    return dict(bound.arguments)


def operation_from_config(entry: Config) -> Function | None:
    """The function that an entry of a model's layers stands for; None for a real layer."""
    module = str(entry.get("module"))
    if not module.startswith(("keras.src.ops.", "keras.ops", "keras.src.activations.")):
        return None
    kind = snake_case(str(entry["class_name"]))
    function = _OTHERS.get(kind) or (getattr(ops, kind) if kind in ops.__all__ else None)
    if function is None:
        raise ValueError(f"The operation '{kind[:100]}' on tensors is not known here.")
    options = {key: value for key, value in entry["config"].items() if key != "name"}
    known = inspect.signature(function).parameters
    strange = [key for key, value in options.items() if key not in known and value]
    if strange:
        raise ValueError(f"The operation '{kind}' does not know the argument '{strange[0]}'.")
    given = {key: value for key, value in options.items() if key in known}
    if "subscripts" in given:  # the only one of its own that goes before the tensors
        return partial(function, given["subscripts"])
    return lambda *args, **kwargs: function(*args, **{**given, **kwargs})
