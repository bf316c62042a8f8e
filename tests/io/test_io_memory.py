"""How much memory may be asked for: the least that anybody allows, never a guess too high."""

import resource
import sys
from pathlib import Path

import pytest
from io_cases import run_in_child

from kgui.io import memory
from kgui.io.memory import available_memory


@pytest.mark.parametrize(
    ("found", "available"),
    [
        ((5, 3, 4), 3),
        ((5, None, 6), 5),
        ((None, 7, None), 7),
        ((5, -3, 4), 0),
        ((None, None, None), 4 << 30),
    ],
)
def test_the_least_counts(
    monkeypatch: pytest.MonkeyPatch, found: tuple[int | None, ...], available: int
) -> None:
    for name, value in zip(("_of_system", "_of_group", "_of_process"), found, strict=True):
        monkeypatch.setattr(memory, name, lambda value=value: value)
    assert available_memory() == available


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process uses")
def test_the_limit_of_a_process_is_what_it_may_still_use() -> None:
    more = 200 << 20

    def ask() -> None:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + more
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        assert more - (20 << 20) < (memory._of_process() or 0) <= more + (20 << 20)
        assert available_memory() <= more + (20 << 20)

    assert run_in_child(ask) == 0


@pytest.mark.parametrize(
    ("most", "used", "left"),
    [("1000", "300", 700), ("max", "300", None), ("1000", None, None), (None, None, None)],
)
def test_the_limit_of_a_container(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    most: str | None,
    used: str | None,
    left: int | None,
) -> None:
    group = tmp_path / "sys/fs/cgroup"
    group.mkdir(parents=True)
    for name, text in (("memory.max", most), ("memory.current", used)):
        if text is not None:
            (group / name).write_text(f"{text}\n")
    monkeypatch.setattr(memory, "Path", lambda path: tmp_path / path.lstrip("/"))
    assert memory._of_group() == left


def test_a_system_that_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text("MemTotal: 9 kB\nMemAvailable:   5 kB\n")
    monkeypatch.setattr(memory, "Path", lambda path: tmp_path / path.lstrip("/"))
    assert memory._of_system() == 5 * 1024
