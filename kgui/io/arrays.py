"""Named arrays in `.npz` files that plain NumPy reads: written whole and verified, read warily."""

import io
import os
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np

from kgui.io.atomic_write import Fingerprint, atomic_write
from kgui.io.damage import DamageError
from kgui.io.errors import InputError, MemoryNeedError, OutputError
from kgui.io.filesystem import REAL, FileSystem, open_regular
from kgui.io.manifest import array_digest, as_bytes, describe_arrays, portable, verify_arrays
from kgui.io.memory import available_memory
from kgui.io.npy import MAGIC, Array, read_npy, refused_type
from kgui.io.read import content_fault
from kgui.io.reasons import amount, reading_fault
from kgui.io.zip_reading import MOST_MEMBERS, Member, Unpacking, members
from kgui.language import tr

__all__ = ["array_digest", "describe_arrays", "npz_bytes", "read_arrays", "write_arrays"]

# Below these sizes nobody asks how much memory there is, or how well zeros were packed.
_SMALL, _MODEST = 64 << 20, 256 << 20
_DENSEST = 200
"""Unpacked bytes for each byte of the file: real data stays below, bombs reach 1000."""
_LONGEST_NAME = 255
# A fixed date makes equal arrays equal files; 1980 is the first that zip can say.
_DATE = (1980, 1, 1, 0, 0, 0)


def write_arrays(
    path: str | Path,
    arrays: Mapping[str, Array],
    *,
    backup: bool = True,
    expected: Fingerprint | None = None,
    filesystem: FileSystem = REAL,
) -> None:
    """Save arrays as `.npz`, under exactly this path, and verify them before returning.

    InputError for names and types that others could not read; else as `atomic_write`.
    """
    data = npz_bytes(arrays)
    # The bytes hold the arrays, and atomic_write compares the file with the bytes.
    atomic_write(path, data, backup=backup, expected=expected, filesystem=filesystem)


def npz_bytes(arrays: Mapping[str, Array]) -> bytes:
    """The `.npz` file of these arrays, the same bytes for the same arrays; read back before use."""
    ready = {name: _savable(name, array) for name, array in arrays.items()}
    if len(ready) > MOST_MEMBERS:
        sentence = tr("{count} arrays are too many for one file: at most {most}.")
        raise InputError(sentence.format(count=len(ready), most=MOST_MEMBERS))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, array in ready.items():
            entry = zipfile.ZipInfo(f"{name}.npy", _DATE)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            with archive.open(entry, "w", force_zip64=array.nbytes >= 1 << 31) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
    _refuse_difference(buffer, ready)
    return buffer.getvalue()


def read_arrays(path: str | Path, *, limit: int | None = None) -> dict[str, Array]:
    """The arrays of an `.npz` file by name, or of an `.npy` file as `data`; bool, int, float only.

    Together at most `limit` bytes (without it: what fits in memory). InputError for files that
    are damaged or hold anything else, MemoryNeedError if they do not fit, OutputError if the
    system refuses. An archive with a manifest is checked against it.
    """
    path = Path(path)
    try:
        descriptor = open_regular(path)
    except (OSError, ValueError) as error:
        raise reading_fault(error, path) from error
    with os.fdopen(descriptor, "rb") as file:
        try:
            arrays = dict(_read(file, os.fstat(descriptor).st_size, limit))
            verify_arrays(arrays)
        except Exception as error:
            raise content_fault(error, path) from error
    return arrays


def _read(file: BinaryIO, length: int, limit: int | None) -> Iterator[tuple[str, Array]]:
    """Name and array, one after the other, once all sizes are known to fit."""
    start = file.read(len(MAGIC))
    if start == MAGIC:
        found = {"data": Member("data", length, length)}
    elif start[:2] == b"PK":
        found = {_array_name(member): member for member in members(file, length)}
    else:
        raise DamageError(tr("it is not a NumPy file (.npz or .npy)"))
    _refuse_size(sum(member.size for member in found.values()), length, limit)
    for name, member in found.items():
        yield name, read_npy(Unpacking(file, member), name)


def _array_name(member: Member) -> str:
    name = member.name.removesuffix(".npy")
    # Only names with the ending are taken, so that no two members share a name.
    if name == member.name:
        raise DamageError(tr("{name} is not a NumPy array").format(name=repr(name)))
    if not _is_name(name):
        raise DamageError(tr("{name} cannot be the name of an array").format(name=repr(name)))
    return name


def _is_name(name: object) -> bool:
    """False for what could escape a folder, end a string early or deceive a reader."""
    if not isinstance(name, str) or not name.isprintable() or len(name) > _LONGEST_NAME:
        return False
    parts = name.split("/")
    return not ("\\" in name or re.match("[A-Za-z]:", name) or {"", ".", ".."} & set(parts))


def _refuse_size(total: int, length: int, limit: int | None) -> None:
    if limit is not None and total > limit:
        sentence = tr("its arrays have {total}, more than the {limit} expected")
        raise DamageError(sentence.format(total=amount(total), limit=amount(limit)))
    if total > _MODEST and total > _DENSEST * length:
        sentence = tr("its {length} would unpack to {total}, as no real data do")
        raise DamageError(sentence.format(length=amount(length), total=amount(total)))
    if total > _SMALL and total > (free := available_memory() * 4 // 5):
        sentence = tr(
            "The arrays need {needed} of memory and {free} are free; close other programs."
        )
        raise MemoryNeedError(sentence.format(needed=amount(total), free=amount(free)))


def _savable(name: str, array: Array) -> Array:
    if not _is_name(name):
        raise InputError(tr("{name} cannot be the name of an array.").format(name=repr(name)))
    array = np.asanyarray(array)
    known = array.dtype.kind in "biuf" and array.dtype.itemsize <= 8
    if not known or isinstance(array, np.ma.MaskedArray):
        masked = "masked" if known else array.dtype.name
        found = "structured" if array.dtype.names else masked
        raise InputError(f"{refused_type(name, found)}.")
    return portable(array)


def _refuse_difference(buffer: BinaryIO, arrays: Mapping[str, Array]) -> None:
    """OutputError unless reading gives back every array, bit for bit."""
    length = buffer.seek(0, os.SEEK_END)
    buffer.seek(0)
    left = dict(arrays)
    limit = sum(array.nbytes for array in arrays.values()) + length
    try:
        for name, array in _read(buffer, length, limit):
            if not _is_same(array, left.pop(name)):
                break
        else:
            if not left:
                return
    except (DamageError, KeyError):
        pass
    raise OutputError(tr("The arrays could not be saved: they do not read back the same."))


def _is_same(first: Array, second: Array) -> bool:
    second = second.astype(second.dtype.newbyteorder("="), copy=False)
    same = first.dtype == second.dtype and first.shape == second.shape
    return same and np.array_equal(as_bytes(first), as_bytes(second))
