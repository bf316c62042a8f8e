"""From a model to named arrays and back: whole or not at all."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from kgui.engine.backend.session import SeedGenerator
from kgui.engine.saving.layout import Kept, places
from kgui.engine.variables import Array

if TYPE_CHECKING:
    from kgui.engine.models.model import Model


@dataclass
class Entry:
    """What a file holds at one path: arrays under "0", "1", ..., and a name for readers."""

    name: str | None = None
    arrays: dict[str, Array] = field(default_factory=dict)


Entries = dict[str, Entry]
"""Everything a file holds of a model, by path."""


def entries_of(model: "Model", include_optimizer: bool = True) -> Entries:
    """The state of a model: weights, optimizer, and where its random numbers stand."""
    return {place.path: _entry(place.item) for place in places(model, include_optimizer)}


def _entry(item: Kept) -> Entry:
    if isinstance(item, SeedGenerator):
        return Entry(None, {"0": item.state()})
    store: dict[str, Any] = {}
    item.save_own_variables(store)
    return Entry(item.name, {key: np.asarray(value) for key, value in store.items()})


def load_entries(model: "Model", entries: Mapping[str, Entry], skip_mismatch: bool = False) -> None:
    """Take the state of a file.

    ValueError, and the model as it was, if a layer finds other variables than its own; with
    `skip_mismatch` those layers stay as they are and the rest is taken, with a warning.
    """
    failures: list[tuple[Kept, Exception]] = []
    before: list[tuple[Kept, list[Array]]] = []
    for path, item in places(model):
        values = [array.copy() for array in _arrays(item)]
        before.append((item, values))
        entry = entries.get(path, Entry())
        try:
            _load(item, entry.arrays)
        except Exception as error:
            failures.append((item, error))
            _restore(item, values)
    if not failures:
        return
    if skip_mismatch:
        warnings.warn(_told(failures), stacklevel=4)
        return
    for item, values in before:
        _restore(item, values)
    raise ValueError(_told(failures)) from failures[0][1]


def _load(item: Kept, arrays: Mapping[str, Array]) -> None:
    if not isinstance(item, SeedGenerator):
        item.load_own_variables(arrays)
    elif "0" in arrays:
        item.set_state(arrays["0"])


def _arrays(item: Kept) -> list[Array]:
    if isinstance(item, SeedGenerator):
        return [item.state()]
    return [variable.array for variable in item.stored_variables()]


def _restore(item: Kept, values: list[Array]) -> None:
    if isinstance(item, SeedGenerator):
        item.set_state(values[0])
        return
    for variable, value in zip(item.stored_variables(), values, strict=True):
        variable.array[...] = value


def _told(failures: list[tuple[Kept, Exception]]) -> str:
    item, error = failures[0]
    names = [getattr(other, "name", "seed_generator") for other, _ in failures]
    return (
        f"A total of {len(failures)} objects could not be loaded. Example error message for "
        f"object {getattr(item, 'name', item)}: {error} "
        f"List of objects that could not be loaded: {names}"
    )
