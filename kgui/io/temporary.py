"""Unfinished files: their names, `.NAME.<pid>.<random>.tmp`, and their removal if left behind."""

import os
import re
import secrets
import time
from contextlib import suppress
from pathlib import Path

from kgui.io.filesystem import FileSystem

_OLD = 3600.0
_LONGEST = 120
"""Bytes of the name that are kept, so that a long name does not become a too long one."""


def temporary_path(target: Path, suffix: str = "") -> Path:
    """A fresh name beside the target: the same folder, so that replacing it is one step."""
    own = f".{_stem(target)}{suffix}.{os.getpid()}.{secrets.token_hex(8)}.tmp"
    return target.with_name(own)


def sweep(filesystem: FileSystem, target: Path) -> None:
    """Remove what killed programs left beside the target; never fails."""
    pattern = re.compile(
        rf"\.{re.escape(_stem(target))}(?:\.bak)?\.(\d{{1,9}})\.[0-9a-f]{{16}}\.tmp"
    )
    with suppress(OSError):
        for name in filesystem.names(target.parent):
            match = pattern.fullmatch(name)
            if match:
                _remove_orphan(filesystem, target.with_name(name), int(match[1]))


def _remove_orphan(filesystem: FileSystem, path: Path, owner: int) -> None:
    with suppress(OSError):
        state = filesystem.stat(path)
        if state is None:
            return
        age = time.time() - state.modified_ns / 1e9
        if age > _OLD or not _is_alive(owner):
            filesystem.unlink(path)


def _is_alive(process: int) -> bool:
    """Whether the process exists; on Windows, where asking would end it, always true."""
    if os.name == "nt":
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _stem(target: Path) -> str:
    return target.name.encode("utf-8", "replace")[:_LONGEST].decode("utf-8", "ignore")
