"""What a file holds, to tell whether somebody else has changed it."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from kgui.io.filesystem import REAL, FileSystem
from kgui.io.reasons import reading_fault


@dataclass(frozen=True)
class Fingerprint:
    """What a file holds; equal for equal content, whenever it was written."""

    size: int
    sha256: str
    modified_ns: int = field(default=0, compare=False)


def fingerprint(path: str | Path, *, filesystem: FileSystem = REAL) -> Fingerprint:
    """What the file holds now; InputError if it is gone, OutputError if it cannot be read."""
    path = Path(path)
    try:
        return measure(filesystem, path)
    except (OSError, ValueError) as error:
        raise reading_fault(error, path) from error


def measure(filesystem: FileSystem, path: Path) -> Fingerprint:
    """What the file holds now; OSError if it cannot be read."""
    state = filesystem.stat(path)
    digest, size = hashlib.sha256(), 0
    for piece in filesystem.read(path):
        digest.update(piece)
        size += len(piece)
    return Fingerprint(size, digest.hexdigest(), state.modified_ns if state else 0)


def holds(filesystem: FileSystem, path: Path, content: memoryview) -> bool:
    """True if the file holds exactly these bytes; OSError if it cannot be read."""
    position = 0
    for piece in filesystem.read(path):
        if content[position : position + len(piece)] != piece:
            return False
        position += len(piece)
    return position == len(content)
