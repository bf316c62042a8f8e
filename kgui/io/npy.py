"""The `.npy` format: numbers only, and the size known to fit before memory is asked for.

The header is matched, not evaluated: it is a Python literal, and evaluating a stranger's text,
however safely, costs an audit event and a zoo of exceptions (TokenError, RecursionError, ...).
"""

import math
import re
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kgui.io.damage import DamageError
from kgui.io.zip_reading import Unpacking
from kgui.language import tr

Array = NDArray[Any]

MAGIC = b"\x93NUMPY"
_LONGEST_HEADER = 10_000
_MOST_DIMENSIONS = 64
_ITEM = re.compile(
    r"""\s*(['"])(?P<key>descr|fortran_order|shape)\1\s*:\s*"""
    r"""(?P<value>'[^']*'|"[^"]*"|\[.*\]|True|False|\([\d\s,L]*\))\s*(?:,|$)""",
    re.DOTALL,
)
_NUMBER = re.compile(r"(?P<order>[<>|=]?)(?P<kind>[biuf])(?P<size>[1248])")
_TYPE_NAMES = {"O": "object", "V": "void", "U": "text", "S": "bytes", "a": "bytes"} | {
    "M": "datetime", "m": "timedelta", "c": "complex", "f": "float", "i": "int", "u": "int",
}  # fmt: skip


@dataclass(frozen=True)
class _Header:
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    fortran_order: bool
    length: int
    """Bytes before the numbers."""


def read_npy(source: Unpacking, name: str) -> Array:
    """The array, C-contiguous and in native byte order; DamageError if anything does not fit."""
    header = _read_header(source, name)
    count = math.prod(header.shape)
    declared = header.length + count * header.dtype.itemsize
    if declared != source.member.size:
        sentence = tr("array {name} says it has {declared} bytes but has {size}")
        values = {"declared": declared, "size": source.member.size}
        raise DamageError(sentence.format(name=repr(name), **values))
    flat = np.empty(count, header.dtype)
    raw = flat.view(np.uint8)
    source.fill(raw.data)
    source.finish()
    if header.dtype.kind == "b" and count and raw.max() > 1:
        sentence = tr("array {name} has values that are neither true nor false")
        raise DamageError(sentence.format(name=repr(name)))
    shaped = flat.reshape(header.shape, order="F" if header.fortran_order else "C")
    return shaped.astype(header.dtype.newbyteorder("="), order="C", copy=False)


def _read_header(source: Unpacking, name: str) -> _Header:
    start = source.take(8) if source.member.size >= 8 else b""
    if start[:6] != MAGIC or start[6:] not in (b"\1\0", b"\2\0", b"\3\0"):
        raise DamageError(tr("{name} is not a NumPy array").format(name=repr(name)))
    form = "<H" if start[6] == 1 else "<L"
    field = source.take(struct.calcsize(form))
    (length,) = struct.unpack(form, field)
    if length > _LONGEST_HEADER:
        raise _bad_header(name)
    text = source.take(length).decode("latin-1")
    items = _items(text, name)
    shape = tuple(int(size) for size in re.findall(r"\d+", items["shape"]))
    if len(shape) > _MOST_DIMENSIONS:
        raise _bad_header(name)
    dtype = _dtype(items["descr"], name)
    return _Header(dtype, shape, items["fortran_order"] == "True", 8 + len(field) + length)


def _items(text: str, name: str) -> dict[str, str]:
    """The three entries of the header as they are written."""
    text = text.strip()
    if not (text.startswith("{") and text.endswith("}")):
        raise _bad_header(name)
    inner, position, items = text[1:-1].rstrip(), 0, {}
    while position < len(inner):
        match = _ITEM.match(inner, position)
        if match is None or match["key"] in items:
            raise _bad_header(name)
        items[match["key"]] = match["value"]
        position = match.end()
    forms = {"descr": r"['\"\[].*", "fortran_order": "True|False", "shape": _SHAPE}
    if items.keys() != forms.keys():
        raise _bad_header(name)
    if not all(re.fullmatch(forms[key], items[key], re.DOTALL) for key in forms):
        raise _bad_header(name)
    return items


_SHAPE = r"\(\s*\)|\(\s*\d+L?\s*,\s*\)|\(\s*\d+L?(?:\s*,\s*\d+L?)+\s*,?\s*\)"


def _dtype(text: str, name: str) -> np.dtype[Any]:
    number = _NUMBER.fullmatch(text[1:-1])
    if number and not text.startswith("[") and _exists(number["kind"], number["size"]):
        return np.dtype(number[0])
    raise refused_type(name, _type_name(text))


def _exists(kind: str, size: str) -> bool:
    return size in {"b": "1", "f": "248"}.get(kind, "1248")


def _type_name(text: str) -> str:
    if text.startswith("["):
        return "structured"
    letters = text[1:-1].lstrip("<>|=")
    known = _TYPE_NAMES.get(letters[:1], "")
    return (
        known + str(int(letters[1:]) * 8) if known == "float" and letters[1:].isdigit() else known
    )


def refused_type(name: str, found: str) -> DamageError:
    """The clause for an array of something else than numbers."""
    sentence = tr("array {name} has type {found}; only bool, int, float are read")
    return DamageError(sentence.format(name=repr(name), found=found or tr("unknown")))


def _bad_header(name: str) -> DamageError:
    return DamageError(tr("the header of array {name} is damaged").format(name=repr(name)))
