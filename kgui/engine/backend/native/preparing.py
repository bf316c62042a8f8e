"""The interpreter made ready: from a cache on disk, or compiled."""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

from kgui.engine.backend.native.calls import numba
from kgui.engine.backend.native.interpreter import compile_run

SOURCES = (
    "calls.py", "codes.py", "copying.py", "interpreter.py", "loops.py", "products.py", "tiles.py",
)  # fmt: skip


def load() -> Callable[..., None]:
    """The compiled interpreter; ImportError without numba."""
    if numba is None:
        raise ImportError("Compiled kernels need numba: pip install kgui[fast]")
    if sys.maxsize < 2**32:
        raise ImportError("Compiled kernels need a 64-bit Python.")
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = before or str(cache_folder())
    try:
        return compile_run(cache=True)
    except RuntimeError:  # nowhere to write: it compiles anew every time
        return compile_run(cache=False)
    finally:
        numba.config.CACHE_DIR = before


def cache_folder() -> Path:
    """Where this version's compiled code is kept: the user's own cache folder."""
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    # numba itself sees only changes of the file that the outermost function stands in.
    digest = hashlib.sha256()
    for name in SOURCES:
        digest.update((Path(__file__).parent / name).read_bytes())
    return base / "kgui" / f"kernels-{digest.hexdigest()[:16]}"
