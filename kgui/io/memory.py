"""How much memory may still be asked for."""

import os
from contextlib import suppress
from pathlib import Path

_UNKNOWN = 4 << 30


def available_memory() -> int:
    """Bytes that are free or can be freed, within the limits of this process; a guess elsewhere."""
    found = [value for value in (_of_system(), _of_group(), _of_process()) if value is not None]
    return max(0, min(found)) if found else _UNKNOWN


def _of_system() -> int | None:
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    with suppress(AttributeError, OSError, ValueError):
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def _of_group() -> int | None:
    """What a container leaves (cgroup v2)."""
    group = Path("/sys/fs/cgroup")
    with suppress(OSError, ValueError):
        most = int((group / "memory.max").read_text("ascii"))
        return most - int((group / "memory.current").read_text("ascii"))
    return None


def _of_process() -> int | None:
    with suppress(ImportError, OSError, ValueError, IndexError):
        import resource  # not there on Windows

        most, _ = resource.getrlimit(resource.RLIMIT_AS)
        if most != resource.RLIM_INFINITY:
            used = int(Path("/proc/self/statm").read_text("ascii").split()[0])
            return most - used * resource.getpagesize()
    return None
