"""Nested lists, tuples and dicts of tensors: taken apart in a fixed order, and put together."""

from collections.abc import Callable, Iterator
from typing import Any

Structure = Any
"""A leaf, or lists, tuples and dicts of structures."""


def flatten(structure: Structure) -> list[Any]:
    """The leaves in order; dicts by sorted key, as Keras does."""
    return list(leaves(structure))


def leaves(structure: Structure) -> Iterator[Any]:
    """The leaves in order, one by one."""
    if isinstance(structure, dict):
        for key in sorted(structure):
            yield from leaves(structure[key])
    elif isinstance(structure, list | tuple):
        for item in structure:
            yield from leaves(item)
    else:
        yield structure


def paths(structure: Structure) -> list[tuple[Any, ...]]:
    """Where each leaf is, in the order of `flatten`: keys of dicts, places in lists."""
    if isinstance(structure, dict):
        return [(key, *rest) for key in sorted(structure) for rest in paths(structure[key])]
    if isinstance(structure, list | tuple):
        return [(place, *rest) for place, item in enumerate(structure) for rest in paths(item)]
    return [()]


def is_deep(structure: Structure) -> bool:
    """True for lists and dicts that hold lists and dicts."""
    if not isinstance(structure, dict | list | tuple):
        return False
    items = structure.values() if isinstance(structure, dict) else structure
    return any(isinstance(item, dict | list | tuple) for item in items)


def flatten_up_to(structure: Structure, value: Any) -> list[Any]:
    """What of a value belongs to each leaf of a structure; ValueError if it is built otherwise."""
    if isinstance(structure, dict):
        if not isinstance(value, dict) or not set(structure) <= set(value):
            raise ValueError(f"expected a dict with the keys {sorted(structure)}")
        pairs = [(structure[key], value[key]) for key in sorted(structure)]
    elif isinstance(structure, list | tuple):
        if not isinstance(value, list | tuple) or len(value) != len(structure):
            raise ValueError(f"expected a list of length {len(structure)}")
        pairs = list(zip(structure, value, strict=True))
    else:
        return [value]
    return [leaf for inner, given in pairs for leaf in flatten_up_to(inner, given)]


def map_structure(function: Callable[[Any], Any], structure: Structure) -> Structure:
    """The same structure with the function applied to every leaf."""
    if isinstance(structure, dict):
        return {key: map_structure(function, item) for key, item in structure.items()}
    if isinstance(structure, list | tuple):
        return type(structure)(map_structure(function, item) for item in structure)
    return function(structure)


def pack(structure: Structure, flat: list[Any]) -> Structure:
    """The same structure with its leaves replaced, in the order of `flatten`."""
    return _pack(structure, iter(flat))


def _pack(structure: Structure, items: Iterator[Any]) -> Structure:
    if isinstance(structure, dict):
        packed = {key: _pack(structure[key], items) for key in sorted(structure)}
        return {key: packed[key] for key in structure}
    if isinstance(structure, list | tuple):
        return type(structure)(_pack(item, items) for item in structure)
    return next(items)
