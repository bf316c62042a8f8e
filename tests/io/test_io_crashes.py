"""A2: every state that a power cut may leave, and proof that each protection is needed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from io_cases import number_of, numbered

from kgui.io import REAL, OutputError
from kgui.io.arrays import npz_bytes, write_arrays
from kgui.io.atomic_write import atomic_write, fingerprint
from kgui.io.crashes import CrashFileSystem, Operation
from kgui.io.filesystem import FileSystem

FOLDER = Path("/disk")
PATH, BACKUP = FOLDER / "x.kgui", FOLDER / "x.kgui.bak"


class NoLinks(CrashFileSystem):
    """FAT."""

    def link(self, source: Path, target: Path) -> None:
        raise OSError(1, "no links")


def _save_three(filesystem: CrashFileSystem, checked: bool = False) -> dict[int, int]:
    """Save 1, 2, 3 over 0; how many operations had been done when each was acknowledged."""
    said = {0: 0}
    expected = fingerprint(PATH, filesystem=filesystem) if checked else None
    for number in (1, 2, 3):
        saved = atomic_write(PATH, numbered(number, 64), expected=expected, filesystem=filesystem)
        expected = saved if checked else None
        said[number] = len(filesystem.operations)
    return said


def _violations(filesystem: CrashFileSystem, said: dict[int, int]) -> tuple[int, list[str]]:
    """Number of states, and what is wrong with each bad one."""
    count, wrong = 0, []
    for done, state in filesystem.states():
        count += 1
        last = max(number for number, position in said.items() if position <= done)
        faults = [*_faults_of_file(state, last), *_faults_of_backup(state, last)]
        if faults:
            wrong.append(f"after {done} operations: {', '.join(faults)}")
    return count, wrong


def _faults_of_file(state: dict[Path, bytes], last: int) -> Iterator[str]:
    """What is wrong with the file if `last` was acknowledged."""
    try:
        found = number_of(state[PATH])
    except KeyError:
        yield "no file"
    except AssertionError as error:
        yield str(error)
    else:
        if not last <= found <= last + 1:
            yield f"{found}, but {last} was acknowledged"


def _faults_of_backup(state: dict[Path, bytes], last: int) -> Iterator[str]:
    """What is wrong with the file that the last one replaced."""
    try:
        kept = number_of(state[BACKUP]) if BACKUP in state else -1
    except AssertionError as error:
        yield f"backup {error}"
    else:
        if not last - 1 <= kept <= last:
            yield f"backup {kept}, but {last - 1} was replaced"


@pytest.mark.parametrize("checked", [False, True], ids=["", "expected"])
@pytest.mark.parametrize("kind", [CrashFileSystem, NoLinks])
def test_every_state_holds_a_whole_file(kind: type[CrashFileSystem], checked: bool) -> None:
    filesystem = kind({PATH: numbered(0, 64)})
    count, wrong = _violations(filesystem, _save_three(filesystem, checked))
    assert wrong == []
    assert count >= 80


def test_the_first_save_is_whole_or_absent() -> None:
    filesystem = CrashFileSystem({})
    atomic_write(PATH, numbered(1, 64), filesystem=filesystem)
    contents = {state.get(PATH) for _, state in filesystem.states()}
    assert contents == {None, numbered(1, 64)}
    at_the_end = [s for done, s in filesystem.states() if done == len(filesystem.operations)]
    assert {state.get(PATH) for state in at_the_end} == {numbered(1, 64)}


def test_arrays_are_saved_the_same_way() -> None:
    arrays = [{"a/kernel": np.full(9, n)} for n in range(2)]
    filesystem = CrashFileSystem({PATH: npz_bytes(arrays[0])})
    write_arrays(PATH, arrays[1], filesystem=filesystem)
    contents = {state.get(PATH) for _, state in filesystem.states()}
    assert contents == {npz_bytes(each) for each in arrays}


def test_a_save_after_the_power_cut_repairs_everything() -> None:
    """A13: from each state that a cut leaves, saving works and is as safe again."""
    first = CrashFileSystem({PATH: numbered(0, 64)})
    atomic_write(PATH, numbered(1, 64), filesystem=first)
    states = {frozenset(state.items()) for _, state in first.states()}
    for state in states:
        start = dict(state)
        filesystem = CrashFileSystem(start)
        atomic_write(PATH, numbered(2, 64), filesystem=filesystem)
        allowed = {start[PATH], numbered(2, 64)}
        assert {found.get(PATH) for _, found in filesystem.states()} <= allowed
    assert len(states) > 10


# Sabotage: each of these turns the gate above red.


def _no_fsync(filesystem: CrashFileSystem, descriptor: int) -> None:
    pass


def _no_fsync_dir(filesystem: CrashFileSystem, folder: Path) -> None:
    pass


def _away_then_in(filesystem: CrashFileSystem, source: Path, target: Path) -> None:
    names = filesystem.disk.names
    filesystem.record(Operation("names", names={target: None}))
    filesystem.record(Operation("names", names={source: None, target: names[source]}))


def _in_place(filesystem: CrashFileSystem, source: Path, target: Path) -> None:
    content = filesystem.disk.content[filesystem.disk.names[source]]
    number = filesystem.open_temp(target, None)
    filesystem.write(number, memoryview(content))
    filesystem.fsync(number)


@pytest.mark.parametrize(
    ("operation", "sabotage", "words"),
    [
        ("fsync", _no_fsync, "torn"),
        ("fsync_dir", _no_fsync_dir, "was acknowledged"),
        ("replace", _away_then_in, "no file"),
        ("replace", _in_place, "torn"),
    ],
)
def test_sabotage_is_found(
    monkeypatch: pytest.MonkeyPatch, operation: str, sabotage: Callable[..., None], words: str
) -> None:
    monkeypatch.setattr(CrashFileSystem, operation, sabotage)
    filesystem = CrashFileSystem({PATH: numbered(0, 64)})
    said = {0: 0}
    for number in (1, 2):
        atomic_write(PATH, numbered(number, 64), filesystem=filesystem)
        said[number] = len(filesystem.operations)
    _, wrong = _violations(filesystem, said)
    assert any(words in each for each in wrong)


def test_a_save_without_backup_fails_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    # By its name: `kgui.io.atomic_write` is the function, which hides the module.
    monkeypatch.setitem(atomic_write.__globals__, "_keep_old", lambda *arguments: None)
    filesystem = CrashFileSystem({PATH: numbered(0, 64)})
    _, wrong = _violations(filesystem, _save_three(filesystem))
    assert any("backup -1, but 0 was replaced" in each for each in wrong)


def test_a_replace_that_does_nothing_is_not_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CrashFileSystem, "replace", lambda self, source, target: None)
    with pytest.raises(OutputError):
        atomic_write(PATH, b"new", filesystem=CrashFileSystem({PATH: b"old"}))


def test_writing_in_place_fails_the_gate() -> None:
    filesystem = CrashFileSystem({PATH: numbered(0, 64)})
    number = filesystem.open_temp(PATH, None)
    filesystem.write(number, memoryview(numbered(1, 64)))
    count, wrong = _violations(filesystem, {0: 0, 1: 2})
    assert count > len(wrong) > 0


# The model behaves as the disk does.


def _script(filesystem: FileSystem, folder: Path) -> list[object]:
    """Much of what a program may do with names, and what it sees."""
    a, b, c = folder / "a", folder / "b", folder / "c"
    seen: list[object] = []
    for path, content in ((a, b"one"), (b, b"three")):
        number = filesystem.open_temp(path, None)
        filesystem.write(number, memoryview(content))
        filesystem.fsync(number)
        filesystem.close(number)
    filesystem.link(a, c)
    filesystem.replace(c, a)
    seen.append(sorted(filesystem.names(folder)))
    filesystem.replace(b, c)
    filesystem.fsync_dir(folder)
    for act in (lambda: filesystem.unlink(b), lambda: filesystem.link(a, c),
                lambda: filesystem.replace(b, a), lambda: list(filesystem.read(b))):  # fmt: skip
        with pytest.raises(OSError) as caught:
            act()
        seen.append(caught.value.errno)
    seen += [b"".join(filesystem.read(path)) for path in (a, c)]
    seen += [state and state.size for state in map(filesystem.stat, (a, b, c))]
    return seen


def test_the_model_agrees_with_the_disk(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    assert _script(CrashFileSystem({}), FOLDER) == _script(REAL, folder)
