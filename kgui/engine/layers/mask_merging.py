"""Masks of several tensors: joined into one, and heeded where values are chosen or multiplied."""

from collections.abc import Callable, Sequence
from typing import Any

from kgui.engine import ops
from kgui.engine.masking import with_mask
from kgui.engine.ops.logic import all_true, any_of_last, logical_and, logical_or, where
from kgui.engine.ops.primitive import Tensor

Masks = Sequence[Tensor | None]


def mask_of_any(inputs: Any, masks: Any) -> Tensor | None:
    """A step counts if it counts in any input; no mask if an input has none."""
    listed = _listed(inputs, masks)
    if not listed or any(mask is None for mask in listed):
        return None
    joined, *others = listed
    for mask in others:
        joined = logical_or(joined, mask)
    return joined


def mask_of_joined(inputs: Any, masks: Any, axis: int) -> Tensor | None:
    """The masks joined along an axis as the inputs are; an input without one counts in full."""
    listed = _listed(inputs, masks)
    if all(mask is None for mask in listed):
        return None
    pairs = zip(inputs, listed, strict=True)
    return any_of_last(ops.concatenate([_widened(*pair) for pair in pairs], axis))


def _listed(inputs: Any, masks: Any) -> list[Tensor | None]:
    """One mask, or None, for every input; nothing where no mask is known of."""
    if masks is None:
        return []
    for name, value in (("mask", masks), ("inputs", inputs)):
        if not isinstance(value, list | tuple):
            raise ValueError(f"`{name}` should be a list. Received: {name}={value}")
    if len(masks) != len(inputs):
        raise ValueError(
            "The lists `inputs` and `mask` should have the same length. Received: "
            f"inputs={inputs} of length {len(inputs)}, and mask={masks} of length {len(masks)}"
        )
    return list(masks)


def _widened(tensor: Tensor, mask: Tensor | None) -> Tensor:
    """A truth value for every value of the tensor."""
    if mask is None:
        return all_true(tensor)
    if len(mask.shape) < len(tensor.shape):
        return logical_and(ops.expand_dims(mask, -1), all_true(tensor))
    return mask


def product(inputs: Sequence[Tensor], masks: Masks) -> Tensor:
    """The product, in which a step that does not count is 1; 0 where it counts nowhere."""
    total: Tensor = None
    for tensor, mask in zip(inputs, masks, strict=True):
        if mask is not None:
            tensor = where(_column(mask), tensor, 1.0)
        total = tensor if total is None else ops.multiply(total, tensor)
    joined = mask_of_any(inputs, masks)
    return total if joined is None else with_mask(where(_column(joined), total, 0.0), joined)


def extreme(
    function: Callable[[Tensor, Tensor], Tensor], inputs: Sequence[Tensor], masks: Masks
) -> Tensor:
    """The larger or smaller of each, chosen from the inputs in which a step counts."""
    total, known = inputs[0], masks[0]
    for tensor, mask in zip(inputs[1:], masks[1:], strict=True):
        if mask is not None:
            tensor = where(_column(mask), tensor, total)
        if known is not None:
            total = where(_column(known), total, tensor)
        both = mask is not None and known is not None
        known = logical_or(known, mask) if both else None
        total = function(total, tensor)
    return total if known is None else with_mask(total, known)


def _column(mask: Tensor) -> Tensor:
    return ops.expand_dims(mask, -1)
