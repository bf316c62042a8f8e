"""kgui's own file, `.npz`: plain arrays under the paths of Keras's weights file, and JSON.

See docs/model-format.md.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from kgui import __version__
from kgui.engine.saving.errors import damaged, file_faults
from kgui.engine.saving.states import Entries, Entry
from kgui.engine.variables import Array
from kgui.io.arrays import describe_arrays, npz_bytes, read_arrays

FORMAT, VERSION = "kgui-saved-model", 1
_HEAD = "__kgui__"
_VARS = "vars"

Head = dict[str, Any]
"""What the file says of itself: format, version, generator, names, perhaps config."""


def model_npz(entries: Entries, config: dict[str, Any] | None) -> bytes:
    """The file of these entries; a model if there is a config, else weights alone."""
    arrays: dict[str, Array] = {}
    for path, entry in entries.items():
        group = f"{path}/{_VARS}" if path else _VARS
        arrays |= {f"{group}/{key}": array for key, array in entry.arrays.items()}
    head: Head = {
        "format": FORMAT,
        "version": VERSION,
        "generator": f"kgui {__version__}",
        "names": {path: entry.name for path, entry in entries.items() if entry.name is not None},
        "config": config,
        "arrays": describe_arrays(arrays),
    }
    text = json.dumps(head).encode()
    return npz_bytes({_HEAD: np.frombuffer(text, np.uint8), **arrays})


def read_npz(path: Path) -> tuple[Head, dict[str, Array]]:
    """What a file says of itself, and its arrays; SavedFileError if it is none of kgui's."""
    with file_faults(path):
        arrays = read_arrays(path)
    if _HEAD not in arrays:
        raise damaged(path, f"it is not a saved model: it has no {_HEAD!r}")
    try:
        head = json.loads(arrays.pop(_HEAD).tobytes().decode())
    except (ValueError, RecursionError) as error:
        raise damaged(path, f"its description, {_HEAD!r}, is damaged") from error
    if not isinstance(head, dict):
        raise damaged(path, f"its description, {_HEAD!r}, is damaged")
    return head, arrays


def check_head(head: Head, path: Path) -> None:
    """SavedFileError unless the file is of this format, in a version that is known."""
    if head.get("format") != FORMAT:
        raise damaged(path, f"its format is {str(head.get('format'))[:80]!r}, not {FORMAT!r}")
    if type(head.get("version")) is not int or not 1 <= head["version"] <= VERSION:
        raise damaged(path, f"it needs a newer kgui than {__version__}")


def entries_from(head: Head, arrays: Mapping[str, Array], path: Path) -> Entries:
    """The entries of such a file."""
    names = head.get("names")
    if not isinstance(names, dict) or not all(isinstance(name, str) for name in names.values()):
        raise damaged(path, "its description lists no names")
    entries: Entries = {place: Entry(name) for place, name in names.items()}
    for full, array in arrays.items():
        group, _, key = full.rpartition("/")
        if group != _VARS and not group.endswith(f"/{_VARS}"):
            raise damaged(path, f"array {full!r} has no place in a saved model")
        place = group.removesuffix(_VARS).removesuffix("/")
        entries.setdefault(place, Entry()).arrays[key] = array
    return entries
