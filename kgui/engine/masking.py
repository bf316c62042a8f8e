"""Masks: which steps of a tensor count. A mask travels as an attribute of its tensor."""

from collections.abc import Callable
from functools import cache
from inspect import signature
from typing import Any
from warnings import warn

import numpy as np

from kgui.engine.structure import Structure, flatten, map_structure
from kgui.engine.tensors import as_tensor
from kgui.engine.variables import Array

ATTRIBUTE = "_keras_mask"


def mask_of(tensor: Any) -> Any:
    """The mask that a tensor carries, True where it counts; None if it carries none."""
    return getattr(tensor, ATTRIBUTE, None)


def masks_of(structure: Structure) -> Structure:
    """The masks of all tensors, in the tensors' structure."""
    if isinstance(structure, list | tuple | dict):
        return map_structure(mask_of, structure)
    return getattr(structure, ATTRIBUTE, None)


def with_mask(tensor: Any, mask: Any) -> Any:
    """The tensor, carrying a mask from now on; a plain array as one that can carry it."""
    if isinstance(tensor, np.ndarray):
        tensor = as_tensor(tensor)
    setattr(tensor, ATTRIBUTE, mask)
    return tensor


def masked_like(tensor: Any, array: Array) -> Array:
    """An array made from a tensor's values, with the tensor's mask if it has one."""
    mask = mask_of(tensor)
    if mask is None:
        return array
    carrier: Array = with_mask(array, mask)
    return carrier


@cache
def argument_names(function: Callable[..., Any]) -> tuple[str, ...]:
    """The names of a function's arguments; looked up once."""
    return tuple(signature(function).parameters)


@cache
def masks_wanted(function: Callable[..., Any]) -> tuple[str, ...]:
    """The arguments of a layer's `call` that take masks."""
    return tuple(n for n in argument_names(function) if n == "mask" or n.endswith("_mask"))


class MaskCarrier:
    """What a layer does with masks: it takes them in, and gives them to what it returns."""

    name: str
    supports_masking = False
    """False for layers after which masks mean nothing any more: they are dropped."""

    notes_masks = True
    """False where `call` has masks as arguments that Keras takes from the tensors."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """A layer that says how masks change supports them."""
        super().__init_subclass__(**kwargs)
        if "compute_mask" in vars(cls) and "supports_masking" not in vars(cls):
            cls.supports_masking = True

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """The outputs' masks from the inputs and theirs: the same, unless a layer says more."""
        return previous_mask

    def take_masks(
        self, inputs: Structure, args: tuple[Any, ...], keywords: dict[str, Any]
    ) -> tuple[Any, dict[str, Any]]:
        """The mask that counts as the inputs', and the keywords with masks `call` asks for."""
        given = keywords.get("mask")
        if given is not None:
            return given, keywords
        masks = masks_of(inputs)
        wanted = masks_wanted(type(self).call)  # type: ignore[attr-defined] # layers have one
        if not wanted:
            return masks, keywords
        names = argument_names(type(self).call)[1:]  # type: ignore[attr-defined] # as above
        others = dict(zip(names[1:], args, strict=False)) | keywords
        tensors = {name: value for name, value in others.items() if _is_tensor(value)}
        found = {"mask": masks}
        if tensors:
            found = {f"{name}_mask": masks_of(value) for name, value in tensors.items()}
            found[f"{names[0]}_mask"] = masks
        taken = {name: mask for name, mask in found.items() if name in wanted}
        free = {name: mask for name, mask in taken.items() if keywords.get(name) is None}
        return masks, {**keywords, **free}

    def give_masks(self, inputs: Structure, outputs: Structure, masks: Structure) -> Structure:
        """The outputs with the masks that belong to them."""
        if self.supports_masking:
            plain = type(self).compute_mask is MaskCarrier.compute_mask
            if masks is None and plain:
                return outputs
            return self._carry(inputs, outputs, masks)
        return outputs

    def _carry(self, inputs: Structure, outputs: Structure, masks: Structure) -> Structure:
        if all(mask_of(tensor) is not None for tensor in flatten(outputs)):
            return outputs
        computed = self.compute_mask(inputs, masks)
        if computed is None:
            return outputs
        left = iter(flatten(computed))

        def carry(tensor: Any) -> Any:
            mask = next(left, None)
            return (
                tensor if mask is None or mask_of(tensor) is not None else with_mask(tensor, mask)
            )

        return map_structure(carry, outputs)

    def warn_of_lost_masks(self, masks: Structure) -> None:
        """Say that the inputs' masks end here, if there are any and they do."""
        if masks is None or self.supports_masking or not _any(masks):
            return
        warn(
            f"Layer '{self.name}' (of type {type(self).__name__}) was passed an input with a mask "
            "attached to it. However, this layer does not support masking and will therefore "
            "destroy the mask information. Downstream layers will not see the mask.",
            stacklevel=3,
        )


def _any(masks: Structure) -> bool:
    return any(mask is not None for mask in flatten(masks))


def _is_tensor(value: Any) -> bool:
    return any(hasattr(leaf, "shape") for leaf in flatten(value))
