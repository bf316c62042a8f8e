"""A1: killed at any moment, a save leaves the old file or the new one, and soon nothing else."""

import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from io_cases import FUZZ, chance_of, fork, leftovers, names_in, number_of, numbered, run_in_child

from kgui.io.arrays import read_arrays, write_arrays
from kgui.io.atomic_write import atomic_write
from kgui.io.faults import FaultyFileSystem

ROOT = Path(__file__).resolve().parents[2]
Save = Callable[[Path, int], None]


def _save_bytes(path: Path, number: int) -> None:
    atomic_write(path, numbered(number))


def _load_bytes(path: Path) -> int:
    return number_of(path.read_bytes())


def _save_arrays(path: Path, number: int) -> None:
    write_arrays(path, {"a/kernel": np.full((50, 40), number), "a/bias": np.full(7, number)})


def _load_arrays(path: Path) -> int:
    found = {int(n) for array in read_arrays(path).values() for n in np.unique(array)}
    assert len(found) == 1, "a mixture of two saves"
    return found.pop()


def _kill_while_saving(path: Path, save: Save, first: int, after: float) -> int:
    """Let a child save numbers from `first` on and kill it; the last one it said was saved."""
    reading, writing = os.pipe()

    def act() -> None:
        os.close(reading)
        for number in range(first, first + 10_000):
            save(path, number)
            os.write(writing, struct.pack("<I", number))

    child = fork(act)
    os.close(writing)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    said = b"".join(_everything(reading))
    os.close(reading)
    return struct.unpack("<I", said[-4:])[0] if said else first - 1


def _everything(descriptor: int) -> Iterator[bytes]:
    while piece := os.read(descriptor, 1 << 16):
        yield piece


@pytest.mark.parametrize(
    ("save", "load", "kills"),
    [(_save_bytes, _load_bytes, 500 * FUZZ), (_save_arrays, _load_arrays, 60 * FUZZ)],
    ids=["bytes", "arrays"],
)
def test_kills(tmp_path: Path, save: Save, load: Callable[[Path], int], kills: int) -> None:
    chance, path = chance_of(), tmp_path / "x.kgui"
    save(path, 0)
    number, orphans = 1, 0
    for _ in range(kills):
        said = _kill_while_saving(path, save, number, chance.uniform(0.002, 0.014))
        found = load(path)
        assert said <= found <= said + 1, "an acknowledged save is lost"
        backup = tmp_path / "x.kgui.bak"
        if backup.exists():
            assert load(backup) <= found
        orphans += len(leftovers(tmp_path))
        number = found + 2
        save(path, number - 1)
        assert leftovers(tmp_path) == []
        assert set(names_in(tmp_path)) <= {"x.kgui", "x.kgui.bak"}
    # Otherwise the kills never fell into a save, and nothing was tested.
    assert number > kills
    assert orphans > kills // 50


def _save_in_place(path: Path, number: int) -> None:
    path.write_bytes(numbered(number, 1 << 20))


def test_saving_in_place_fails_the_gate(tmp_path: Path) -> None:
    """What the kills above are for: a program that opens the old file and writes is found out."""
    chance, path = chance_of(), tmp_path / "x.kgui"
    for _ in range(400):
        _save_in_place(path, 0)
        _kill_while_saving(path, _save_in_place, 1, chance.uniform(0.002, 0.014))
        try:
            _load_bytes(path)
        except AssertionError:
            return
    pytest.fail("four hundred kills tore nothing: they do not fall into a save")


class Killing(FaultyFileSystem):
    """Ends the process at the n-th operation: before it, or after it."""

    def step(self, operation: str) -> None:
        """Count an operation; the end if its turn has come."""
        self.operations.append(operation)
        if len(self.operations) == self.n:
            os.kill(os.getpid(), signal.SIGKILL)


def _save_and_die(path: Path, n: int) -> None:
    atomic_write(path, numbered(1), filesystem=Killing(n, 0))


def test_a_kill_at_every_operation(tmp_path: Path) -> None:
    path = tmp_path / "x"
    clean = FaultyFileSystem(0, 0)
    atomic_write(path, numbered(0))
    atomic_write(path, numbered(1), filesystem=clean)
    for n in range(1, len(clean.operations) + 1):
        atomic_write(path, numbered(0))
        assert run_in_child(partial(_save_and_die, path, n)) == -signal.SIGKILL
        replaced = "fsync_dir" in clean.operations[: n - 1]
        assert number_of(path.read_bytes()) in ((1,) if replaced else (0, 1))
        atomic_write(path, numbered(2))
        assert leftovers(tmp_path) == []


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_kill_at_every_system_call(tmp_path: Path) -> None:
    """The same beneath our own counting: the kernel's calls, by their names."""
    path = tmp_path / "x"
    script = f"from kgui.io.atomic_write import atomic_write as w; w({str(path)!r}, b'new' * 9000)"
    killed = []
    for call in ("write", "fsync", "link", "linkat", "rename"):
        for n in (1, 2, 3):
            path.write_bytes(b"old" * 9000)
            code = _run_and_kill(script, call, n)
            if code == 1:
                pytest.skip("strace may not trace here")
            assert path.read_bytes() in (b"old" * 9000, b"new" * 9000)
            if code == 0:
                assert path.read_bytes() == b"new" * 9000
                break
            killed.append((call, n))
    assert len(killed) >= 5


def _run_and_kill(script: str, call: str, n: int) -> int:
    """Run a script that dies when it makes a system call for the n-th time; the exit code."""
    inject = f"inject={call}:signal=SIGKILL:when={n}"
    command = ["strace", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", inject]
    command += [sys.executable, "-c", script]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode
