"""The one place that writes files: safe, injectable, verified. Imports stdlib and numpy only."""

# `kgui.io.arrays` is imported under its own name: it alone loads numpy, which takes 0.1 s.
from kgui.io.atomic_write import Fingerprint, atomic_write, fingerprint
from kgui.io.errors import (
    ChangedOnDiskError,
    InputError,
    KguiError,
    MemoryNeedError,
    OutputError,
    TrainingError,
)
from kgui.io.filesystem import REAL, FileState, FileSystem, RealFileSystem
from kgui.io.read import decompress_gzip, read_bytes

__all__ = [
    "REAL",
    "ChangedOnDiskError",
    "FileState",
    "FileSystem",
    "Fingerprint",
    "InputError",
    "KguiError",
    "MemoryNeedError",
    "OutputError",
    "RealFileSystem",
    "TrainingError",
    "atomic_write",
    "decompress_gzip",
    "fingerprint",
    "read_bytes",
]
