"""What an archive says about its own arrays: `__kgui__` holds JSON, as bytes in a uint8 array.

Its member `arrays`, where present, is name -> {shape, dtype, sha256}: an array that was lost,
added, renamed or changed is found out, whatever the archive around it looks like.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from kgui.io.damage import DamageError
from kgui.io.npy import Array
from kgui.language import tr

MANIFEST = "__kgui__"


def array_digest(array: Array) -> str:
    """SHA-256 of the numbers, in C order and little-endian: the same on every machine."""
    return hashlib.sha256(as_bytes(portable(array)).data).hexdigest()


def describe_arrays(arrays: Mapping[str, Array]) -> dict[str, dict[str, Any]]:
    """The `arrays` member for these arrays, `__kgui__` itself left out."""
    return {
        name: {
            "shape": list(array.shape),
            "dtype": array.dtype.name,
            "sha256": array_digest(array),
        }
        for name, array in arrays.items()
        if name != MANIFEST
    }


def verify_arrays(arrays: Mapping[str, Array]) -> None:
    """DamageError if the arrays are not those of the manifest; nothing where there is none."""
    if MANIFEST not in arrays:
        return
    said = _read_manifest(arrays[MANIFEST]).get("arrays")
    if said is None:
        return
    found = describe_arrays(arrays)
    if not isinstance(said, dict):
        raise _damaged()
    for name in sorted(said.keys() | found.keys()):
        if name not in found:
            raise DamageError(tr("array {name} is missing").format(name=repr(name)))
        if name not in said:
            sentence = tr("array {name} was added after it was saved")
            raise DamageError(sentence.format(name=repr(name)))
        if said[name] != found[name]:
            sentence = tr("array {name} is not the one that was saved")
            raise DamageError(sentence.format(name=repr(name)))


def portable(array: Array) -> Array:
    """The same numbers, C-contiguous and little-endian."""
    array = np.asarray(array, order="C")
    return array.astype(array.dtype.newbyteorder("<"), copy=False)


def as_bytes(array: Array) -> Array:
    """The bytes of a contiguous array, without a copy: uint8 (bytes,)."""
    return array.reshape(-1).view(np.uint8)


def _read_manifest(array: Array) -> dict[str, Any]:
    if array.dtype != np.uint8 or array.ndim != 1:
        raise _damaged()
    try:
        said = json.loads(array.tobytes().decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise _damaged() from error
    if not isinstance(said, dict):
        raise _damaged()
    return said


def _damaged() -> DamageError:
    return DamageError(tr("its description, {name}, is damaged").format(name=MANIFEST))
