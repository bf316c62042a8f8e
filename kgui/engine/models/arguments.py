"""What a model is called on: put into the model's order, ranks mended, shapes checked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from kgui.engine.errors import DataError
from kgui.engine.masking import mask_of, masked_like
from kgui.engine.structure import Structure, flatten, flatten_up_to, is_deep, map_structure
from kgui.engine.symbolic import KerasTensor, Shape
from kgui.engine.variables import Variable

if TYPE_CHECKING:
    from kgui.engine.models.model import Model


def arranged(model: "Model", inputs: Structure) -> list[Any]:
    """The given inputs in the model's order; DataError if they do not fit."""
    names = model.input_keys
    if is_deep(model.inputs_structure):
        flat = _deep(model, inputs)
    elif isinstance(inputs, dict):
        missing = [name for name in names if name not in inputs]
        if missing:
            raise DataError(
                "Missing data for input {names}. You passed a data dictionary with keys "
                "{keys}. Expected the following keys: {expected}",
                names=", ".join(missing),
                keys=sorted(inputs),
                expected=names,
            )
        flat = [inputs[name] for name in names]
    else:
        flat = flatten(inputs) if _holds_tensors(inputs) else [inputs]
    if len(flat) != len(model.inputs):
        raise DataError(
            'Layer "{layer}" expects {expected} named input(s) with keys {keys}, but it received '
            "{found} input tensors. Pass inputs as a dict, e.g. `layer({example})`.",
            layer=model.name,
            expected=len(names),
            keys=names,
            found=len(flat),
            example="{" + ", ".join(f"{name!r}: ..." for name in names) + "}",
        )
    pairs = zip(model.inputs, flat, strict=True)
    return [_fitted(model, index, *pair) for index, pair in enumerate(pairs)]


def _deep(model: "Model", inputs: Structure) -> list[Any]:
    """What belongs to each input, from the inputs' structure or from a plain list of them."""
    flat = isinstance(inputs, list | tuple) and not is_deep(inputs)
    if flat and len(inputs) == len(model.inputs):
        return list(inputs)
    try:
        return flatten_up_to(model.inputs_structure, inputs)
    except ValueError as error:
        raise DataError(
            "The structure of `inputs` doesn't match the expected structure.\nExpected: "
            "{expected}\nReceived: {reason}",
            expected=map_structure(lambda tensor: tensor.name, model.inputs_structure),
            reason=error,
        ) from error


def _holds_tensors(inputs: Structure) -> bool:
    """True for a list of tensors or arrays; a list of numbers, or of rows of them, is an array."""
    return isinstance(inputs, list | tuple) and not all(_is_data(leaf) for leaf in inputs)


def as_arrays(inputs: Structure) -> Structure:
    """Inputs as arrays, in their structure; lists of numbers are arrays."""
    if isinstance(inputs, dict) or _holds_tensors(inputs):
        return map_structure(np.asarray, inputs)
    return np.asarray(inputs)


def _is_data(item: Any) -> bool:
    if isinstance(item, list | tuple):
        return all(_is_data(part) for part in item)
    return isinstance(item, int | float | bool)


def _fitted(model: "Model", index: int, tensor: KerasTensor, value: Any) -> Any:
    """An array whose rank is off by a last axis of 1 is taken with that mended."""
    if isinstance(value, KerasTensor | Variable):
        _check_shape(model, index, tensor, value.shape)
        return value
    array = value if isinstance(value, np.ndarray) else np.asarray(value)
    if mask_of(value) is not None and array.ndim == tensor.ndim:
        array = masked_like(value, array)
    elif array.ndim == tensor.ndim - 1 and tensor.shape[-1] == 1:
        array = array[..., None]
    elif array.ndim == tensor.ndim + 1 and array.shape[-1] == 1:
        array = array[..., 0]
    _check_shape(model, index, tensor, array.shape)
    whole = array.dtype.kind in "biu" or not tensor.dtype.startswith("float")
    if whole and array.dtype.kind in "biuf" and array.dtype.name != tensor.dtype:
        return masked_like(value, array.astype(tensor.dtype))
    return array


def _check_shape(model: "Model", index: int, tensor: KerasTensor, shape: Sequence[Any]) -> None:
    expected: Shape = tensor.shape
    pairs = zip(expected, shape, strict=False)
    differs = any(None not in (a, b) and a != b for a, b in pairs)
    if differs or len(shape) != tensor.ndim:
        raise DataError(
            "Input {index} with name '{name}' of layer '{layer}' is incompatible with the "
            "layer: expected shape={expected}, found shape={found}",
            plain="input '{name}' takes data of shape {expected}, but gets {found}",
            index=index,
            name=tensor.name,
            layer=model.name,
            expected=expected,
            found=tuple(shape),
        )
