"""Bad files: each is refused in one sentence that says where, and nothing else ever happens."""

import json
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kgui.graph import from_json, to_json
from kgui.graph.decoding import LARGEST_FILE
from kgui.io.errors import InputError, KguiError

CORPUS = Path(__file__).parent.parent / "corpus" / "graph"
GOLDEN = (CORPUS / "golden_v1.kgui").read_bytes()
EXPECTED: dict[str, list[str]] = json.loads((CORPUS / "expected.json").read_text("utf-8"))
MUTATIONS = 5_000 * int(os.environ.get("KGUI_FUZZ", "1"))


def _refusal(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        from_json(data, "x.kgui")
    return str(caught.value)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_bad_file_is_refused_in_one_sentence(name: str) -> None:
    sentence = _refusal((CORPUS / name).read_bytes())
    assert sentence.startswith("x.kgui ")
    assert sentence.endswith(".")
    assert len(sentence) < 1_000
    assert sentence.isprintable()
    for words in EXPECTED[name]:
        assert words in sentence


def test_every_bad_file_is_expected() -> None:
    assert {path.name for path in CORPUS.glob("bad_*")} == set(EXPECTED)


def test_a_byte_order_mark_is_tolerated() -> None:
    assert from_json(b"\xef\xbb\xbf" + GOLDEN, "x.kgui") == from_json(GOLDEN, "x.kgui")


def test_where_the_bytes_are_not_utf8() -> None:
    place = GOLDEN.index(b"Flatten")
    broken = GOLDEN[:place] + b"\xff" + GOLDEN[place:]
    assert f"byte {place} " in _refusal(broken)
    assert f"byte {place + 3} " in _refusal(b"\xef\xbb\xbf" + broken)


def test_line_and_column_of_broken_json() -> None:
    broken = GOLDEN.replace(b'"rate": 0.25', b'"rate" 0.25')
    line = broken[: broken.index(b'"rate" 0.25')].count(b"\n") + 1
    assert f"line {line}, column 16 is not valid JSON" in _refusal(broken)


def test_too_large_is_refused_before_parsing() -> None:
    start = time.perf_counter()
    sentence = _refusal(b" " * LARGEST_FILE + GOLDEN)
    assert "at most 33,554,432 are read" in sentence
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize(
    ("member", "words"),
    [
        ('"nodes": [' + ",".join(["{}"] * 600_000) + "]", "values"),
        ('"nodes": [' + "[],[]," * 600_000 + "[]]", "values"),
    ],
    ids=["objects", "lists"],
)
def test_too_many_values_are_refused_before_parsing(member: str, words: str) -> None:
    data = f'{{"format": "kgui", "version": 1, {member}}}'.encode()
    start = time.perf_counter()
    assert words in _refusal(data)
    assert time.perf_counter() - start < 0.5


def test_too_many_nodes_and_wires() -> None:
    nodes = ",".join(f'{{"id": "{i}", "type": "A", "name": "a{i}"}}' for i in range(10_001))
    data = f'{{"format": "kgui", "version": 1, "nodes": [{nodes}]}}'.encode()
    assert "it has 10001 nodes; at most 10000 are possible" in _refusal(data)
    wire = '{"source": "a", "source_port": 0, "target": "b", "target_port": 0}'
    wires = ",".join([wire] * 50_001)
    data = f'{{"format": "kgui", "version": 1, "wires": [{wires}]}}'.encode()
    assert "it has 50001 wires; at most 50000 are possible" in _refusal(data)


def test_every_prefix_is_refused() -> None:
    for length in range(len(GOLDEN.rstrip())):
        with pytest.raises(InputError, match="is not a kgui graph"):
            from_json(GOLDEN[:length], "x.kgui")


TOKENS = [
    *(b"{}", b"[]", b"null", b"true", b"-1", b"1e400", b"NaN", b"-0.0", b"1e-400", b"9" * 30),
    *(b'"\\ud800"', b'"\\u0000"', b'"', b",", b":", b"{", b"}", b"[" * 2_000, b"\xff", b"\0"),
    *(b"\xed\xa0\x80", "é\u202e".encode(), b'{"id": 1}', b'"n1"', b"1" * 5_000, b" ", b"\\"),
]


def _flip(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


def _cut(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + data[place + chance.randrange(1, 60) :]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    start, place = chance.randrange(len(data)), chance.randrange(len(data))
    return data[:place] + data[start : start + chance.randrange(1, 200)] + data[place:]


def _insert(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + chance.choice(TOKENS) + data[place:]


def _swap_value(data: bytes, chance: random.Random) -> bytes:
    """Another token where a value stands."""
    values = list(re.finditer(rb'(?<=: )("[^"]*"|[0-9.-]+|true|false|null)', data))
    found = chance.choice(values)
    return data[: found.start()] + chance.choice(TOKENS) + data[found.end() :]


def _mix_values(data: bytes, chance: random.Random) -> bytes:
    """One value of the file where another stands."""
    first, second = chance.choices(list(re.finditer(rb'(?<=: )("[^"]*"|[0-9.-]+)', data)), k=2)
    return data[: first.start()] + second[0] + data[first.end() :]


def _drop_lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    place = chance.randrange(len(lines))
    del lines[place : place + chance.randrange(1, 4)]
    return b"".join(lines)


MUTATORS: list[Callable[[bytes, random.Random], bytes]] = [
    *(_flip, _cut, _repeat, _insert, _swap_value, _mix_values, _mix_values, _drop_lines),
]


def _mutations(number: int, seed: int) -> Iterator[bytes]:
    chance = random.Random(seed)  # noqa: S311 # repeatable, not secret
    for _ in range(number):
        data = GOLDEN
        for _ in range(chance.choice([1, 1, 1, 2, 4])):
            data = chance.choice(MUTATORS)(data, chance) or GOLDEN
        yield data


def test_a_damaged_file_opens_or_is_refused() -> None:
    """What opens can be saved and comes back equal; anything else is a KguiError."""
    seed = int(os.environ.get("KGUI_SEED", "1"))
    opened = 0
    for number, data in enumerate(_mutations(MUTATIONS, seed)):
        try:
            project = from_json(data, "x.kgui")
        except KguiError as refusal:
            assert str(refusal).startswith("x.kgui "), (seed, number, data)
            assert str(refusal).isprintable(), (seed, number, data)
            continue
        opened += 1
        again = from_json(to_json(project), "x.kgui")
        assert again == project, (seed, number, data)
    assert MUTATIONS * 0.02 < opened < MUTATIONS * 0.5
