"""The ends of a model: tensors that it is made between, and stand-ins for data and shapes."""

import warnings
from typing import Any

import numpy as np

from kgui.engine.layers.core import Input
from kgui.engine.structure import Structure, flatten
from kgui.engine.symbolic import KerasTensor


def check_ends(inputs: Structure, outputs: Structure) -> None:
    """Raise ValueError for anything but symbolic tensors."""
    for argument, given in (("inputs", inputs), ("outputs", outputs)):
        for value in flatten(given):
            if not isinstance(value, KerasTensor):
                raise ValueError(
                    f"All `{argument}` values must be KerasTensors. Received: {argument}={given} "
                    f"including invalid value {value} of type {type(value)}"
                )
    for key, tensor in inputs.items() if isinstance(inputs, dict) else ():
        if isinstance(tensor, KerasTensor) and key != tensor.name:
            warnings.warn(
                "When providing `inputs` as a dict, all keys in the dict must match the names of "
                f"the corresponding tensors. Received key '{key}' mapping to value {tensor} which "
                f"has name '{tensor.name}'. Change the tensor name to '{key}' (via `Input(..., "
                f"name='{key}')`)",
                stacklevel=4,
            )


def outline(value: Any) -> KerasTensor:
    """A tensor of any number of samples like this one."""
    if not isinstance(value, KerasTensor):
        value = value if hasattr(value, "dtype") else np.asarray(value)
    dtype = str(value.dtype)
    kept = dtype if isinstance(value, KerasTensor) or "float" not in dtype else None
    return KerasTensor((None, *value.shape[1:]), kept or "float32", name="")


def tensors_of(shape: Any) -> Structure:
    """Tensors of the shapes in a structure; a shape is a tuple or list of sizes."""
    if isinstance(shape, dict):
        return {key: tensors_of(item) for key, item in shape.items()}
    if all(size is None or isinstance(size, int) for size in shape):
        return KerasTensor(tuple(shape), name="")
    return [tensors_of(item) for item in shape]


def as_input(tensor: KerasTensor) -> KerasTensor:
    """An input as it is; for a tensor in the middle of a graph, an input of the same shape."""
    if tensor.node is None or tensor.node.is_input:
        return tensor
    return Input(batch_shape=tensor.shape, dtype=tensor.dtype, name=f"{tensor.name}CLONE")
