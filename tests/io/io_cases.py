"""What the tests of kgui.io share: children to kill, files to mistreat, how often."""

import os
import secrets
import struct
import sys
import traceback
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

FUZZ = int(os.environ.get("KGUI_FUZZ", "1"))
"""Multiplies the number of random cases: `KGUI_FUZZ=20 pytest tests/io`."""


def fork(act: Callable[[], None]) -> int:
    """The process id of a child that does something and ends: with 0, or 1 after an exception."""
    with warnings.catch_warnings():
        # The children touch nothing that a thread of the parent could hold.
        warnings.simplefilter("ignore", DeprecationWarning)
        process = os.fork()
    if process:
        return process
    code = 1
    try:
        act()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def run_in_child(act: Callable[[], None]) -> int:
    """The exit code of a child that does something; minus the signal that ended it."""
    _, status = os.waitpid(fork(act), 0)
    return os.waitstatus_to_exitcode(status)


def numbered(number: int, size: int = 20_000) -> bytes:
    """A content that tells its number and whether it is whole."""
    body = struct.pack("<I", number) * (size // 4)
    return body + struct.pack("<I", zlib.crc32(body))


def number_of(content: bytes) -> int:
    """The number of a content; AssertionError if it is torn."""
    assert len(content) > 8, "torn: almost empty"
    assert zlib.crc32(content[:-4]) == struct.unpack("<I", content[-4:])[0], "torn"
    number: int = struct.unpack("<I", content[:4])[0]
    return number


def names_in(folder: Path) -> list[str]:
    """What stands in a folder, sorted; without the settings that every test has."""
    return sorted(path.name for path in folder.iterdir() if path.name != "state")


def chance_of() -> np.random.Generator:
    """Random numbers, other ones each time; `KGUI_SEED=...` repeats a failure."""
    seed = int(os.environ.get("KGUI_SEED", secrets.randbelow(2**32)))
    sys.stdout.write(f"KGUI_SEED={seed}\n")
    return np.random.default_rng(seed)


def leftovers(folder: Path) -> list[str]:
    """Names of unfinished files."""
    return sorted(path.name for path in folder.iterdir() if path.suffix == ".tmp")
