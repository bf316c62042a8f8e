"""Keras's weights file, `.weights.h5`: a group `vars` at every path, numbered datasets in it.

Read warily: only numbers, only in this file, and no more of them than the file can hold.
"""

import io
import math
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from kgui.engine.saving.errors import LoadingMemoryError, SavedFileError, damaged
from kgui.engine.saving.states import Entries, Entry
from kgui.engine.variables import Array
from kgui.io.memory import available_memory

_VARS = "vars"
_DEEPEST, _MOST = 64, 100_000
"""Groups inside groups, and parts of a file, beyond which it is no model of ours."""
_MODEST, _DENSEST = 64 << 20, 1000
"""Above so many bytes, a dataset may not be a thousand times what is stored of it."""
_FILTERS = {1, 2, 3, 32000}
"""Deflate, shuffle, checksum, LZF: what comes with h5py; others would load libraries."""


def require_h5py() -> ModuleType:
    """The optional package; ImportError says how to get it."""
    try:
        import h5py
    except ImportError as error:
        raise ImportError(
            "Keras's files (`.keras`, `.weights.h5`) need the package h5py: install it with "
            "`pip install kgui[keras]`, or use `.npz`."
        ) from error
    module: ModuleType = h5py
    return module


def h5_bytes(entries: Entries) -> bytes:
    """The file that holds these entries."""
    h5py = require_h5py()
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for path, entry in entries.items():
            if entry.name is None and not entry.arrays:
                continue
            group = file.create_group(f"{path}/{_VARS}" if path else _VARS)
            if entry.name is not None:
                group.attrs["name"] = entry.name
            for key, array in entry.arrays.items():
                group[key] = array
    return buffer.getvalue()


def read_h5(data: bytes, path: Path) -> Entries:
    """The entries of such a file; SavedFileError for anything else, before memory is taken."""
    h5py = require_h5py()
    try:
        with h5py.File(io.BytesIO(data), "r") as file:
            return _Reader(h5py, len(data)).read(file)
    except (MemoryError, SavedFileError) as error:
        raise _located(error, path) from error
    except Exception as error:  # whatever a damaged file makes HDF5 say
        raise damaged(path, "it is damaged, cut off or not a Keras weights file") from error


def _located(error: Exception, path: Path) -> Exception:
    if isinstance(error, SavedFileError):
        return damaged(path, str(error))
    return LoadingMemoryError(f"There is not enough memory to read {path}.")


class _Reader:
    """One walk over a file."""

    def __init__(self, h5py: ModuleType, length: int) -> None:
        self._h5py, self._length = h5py, length
        self._parts = 0
        self._bytes = 0

    def read(self, file: Any) -> Entries:
        """The entries, by path."""
        entries: Entries = {}
        found: list[tuple[str, str, Any]] = []
        self._walk(file, "", 0, found, entries)
        return self._arrays(found, entries)

    def _walk(
        self, group: Any, path: str, depth: int, found: list[tuple[str, str, Any]], entries: Entries
    ) -> None:
        if depth > _DEEPEST:
            raise SavedFileError("its groups are nested too deeply")
        for name in group:
            self._parts += 1
            if self._parts > _MOST:
                raise SavedFileError(f"it has more than {_MOST} parts")
            item = self._member(group, name)
            if not isinstance(item, self._h5py.Group):
                continue  # numbers outside `vars` are nobody's
            if name != _VARS:
                self._walk(item, f"{path}/{name}" if path else name, depth + 1, found, entries)
                continue
            # The layer's name beside it is for people: on damaged texts HDF5 may never come back.
            entries[path] = Entry()
            for key in item:
                self._parts += 1
                found.append((path, key, self._dataset(item, key)))

    def _member(self, group: Any, name: str) -> Any:
        link = group.get(name, getlink=True)
        if not isinstance(link, self._h5py.HardLink):
            raise SavedFileError(f"{name!r} leads out of the file")
        return group[name]

    def _dataset(self, group: Any, name: str) -> Any:
        item = self._member(group, name)
        if not isinstance(item, self._h5py.Dataset) or item.shape is None:
            raise SavedFileError(f"{name!r} is no array")
        if item.external or item.is_virtual:
            raise SavedFileError(f"{name!r} keeps its numbers in other files")
        plan = item.id.get_create_plist()
        if any(plan.get_filter(i)[0] not in _FILTERS for i in range(plan.get_nfilters())):
            raise SavedFileError(f"{name!r} is packed in a way that is not read")
        number = item.dtype.kind in "biuf" and item.dtype.itemsize <= 8
        if not number and not _is_bfloat16(item):
            raise SavedFileError(f"{name!r} has type {item.dtype}; only numbers are read")
        size = math.prod(item.shape) * item.dtype.itemsize
        if size > _MODEST and size > _DENSEST * item.id.get_storage_size():
            raise SavedFileError(f"{name!r} would unpack to {size} bytes, as no real data do")
        self._bytes += size
        return item

    def _arrays(self, found: list[tuple[str, str, Any]], entries: Entries) -> Entries:
        if self._bytes > _MODEST and self._bytes > available_memory() * 4 // 5:
            raise MemoryError
        for path, key, dataset in found:
            entries[path].arrays[key] = _array(dataset)
        return entries


def _is_bfloat16(dataset: Any) -> bool:
    return dataset.dtype.itemsize == 2 and _text(dataset.attrs.get("dtype")) == "bfloat16"


def _array(dataset: Any) -> Array:
    array = np.array(dataset)
    if not _is_bfloat16(dataset):
        return array.astype(array.dtype.newbyteorder("="), copy=False)
    # A bfloat16 is the upper half of a float32.
    return (array.view("<u2").astype("uint32") << 16).view("float32")


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
