"""Cross-entropies as `keras.ops` has them: of probabilities or logits, along any axis."""

from typing import Any

import numpy as np

from kgui.engine.backend.session import epsilon, floatx
from kgui.engine.errors import ShapeError
from kgui.engine.ops import crossentropy
from kgui.engine.ops.activation import log_softmax, softplus
from kgui.engine.ops.arithmetic import add, multiply, subtract
from kgui.engine.ops.comparison import cast
from kgui.engine.ops.composite import composite
from kgui.engine.ops.conversion import convert_to_tensor
from kgui.engine.ops.elementwise import clip, log, negative
from kgui.engine.ops.primitive import Tensor
from kgui.engine.ops.products import moveaxis
from kgui.engine.ops.reduction import sum as sum_over
from kgui.engine.ops.shaping import squeeze
from kgui.engine.symbolic import KerasTensor
from kgui.engine.variables import Variable


def _floats(x: Any) -> Tensor:
    tensor = x if isinstance(x, KerasTensor | Variable) else convert_to_tensor(x)
    return tensor if str(tensor.dtype).startswith("float") else cast(tensor, floatx())


def _same_shape(target: Tensor, output: Tensor) -> None:
    pairs = zip(target.shape, output.shape, strict=False)
    if len(target.shape) != len(output.shape) or any(
        None not in (a, b) and a != b for a, b in pairs
    ):
        raise ShapeError(
            "Arguments `target` and `output` must have the same shape. "
            "Received: target.shape={target}, output.shape={output}",
            target=tuple(target.shape),
            output=tuple(output.shape),
        )


@composite
def categorical_crossentropy(
    target: Tensor, output: Tensor, from_logits: bool = False, axis: int = -1
) -> Tensor:
    """Cross-entropy of one-hot or soft targets and probabilities along an axis."""
    output = _floats(output)
    target = cast(_floats(target), output.dtype)
    _same_shape(target, output)
    if axis not in (-1, len(output.shape) - 1):
        target, output = moveaxis(target, axis, -1), moveaxis(output, axis, -1)
    if from_logits:
        return negative(sum_over(multiply(target, log_softmax(output)), axis=-1))
    return crossentropy.categorical_crossentropy(target, output)


@composite
def sparse_categorical_crossentropy(
    target: Tensor, output: Tensor, from_logits: bool = False, axis: int = -1
) -> Tensor:
    """Cross-entropy of class indices and probabilities along an axis."""
    output = _floats(output)
    target = target if hasattr(target, "shape") else np.asarray(target)
    if axis not in (-1, len(output.shape) - 1):
        output = moveaxis(output, axis, -1)
    if len(target.shape) == len(output.shape) and target.shape[-1] == 1:
        target = squeeze(target, -1)
    target = cast(target, "int32")
    if from_logits:
        return negative(crossentropy.take_class(target, log_softmax(output)))
    return crossentropy.sparse_categorical_crossentropy(target, output)


@composite
def binary_crossentropy(target: Tensor, output: Tensor, from_logits: bool = False) -> Tensor:
    """Cross-entropy of 0 and 1 and the probability of 1, for every value."""
    output = _floats(output)
    target = cast(_floats(target), output.dtype)
    _same_shape(target, output)
    if from_logits:
        return subtract(softplus(output), multiply(output, target))
    p = clip(output, epsilon(), 1 - epsilon())
    true = multiply(target, log(p))
    false = multiply(subtract(1.0, target), log(subtract(1.0, p)))
    return negative(add(true, false))
