"""IDX files, the format of the original MNIST: one array of bytes or numbers, gzipped or not."""

import math
import zlib
from pathlib import Path

import numpy as np

from kgui.data.array_file import ArraySource
from kgui.data.memory import refuse_unless_it_fits
from kgui.data.refusal import refusal
from kgui.data.source import fingerprint_of, title_of
from kgui.data.values import Array
from kgui.graph.project import DataSettings
from kgui.io.read import decompress_gzip, read_bytes
from kgui.language import tr

LARGEST_FILE = 4 * 10**9
TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
_DENSEST = 1040
"""Bytes that one byte of gzip data can unpack to, at most."""
HEADER = 4 + 4 * 8
"""Bytes that tell type and sizes of an array of up to eight axes."""


def open_idx(path: Path, settings: DataSettings) -> ArraySource:
    """Read a folder of IDX files (train-…, t10k-…), or images with their labels beside them."""
    if path.is_dir():
        train, marks = _pair(path, "train")
        test: dict[str, Array] = {}
        if _find(path, "t10k", "images"):
            test, more = _pair(path, "t10k")
            marks += more
        return ArraySource(path, settings, train, test, marks)
    if "labels" in path.name:
        path = _partner(path, "labels", "images")
    labels = _partner(path, "images", "labels")
    images, first = read_idx(path)
    numbers, second = read_idx(labels)
    return ArraySource(path, settings, {"x": images, "y": numbers}, {}, first + second)


def _partner(path: Path, mine: str, other: str) -> Path:
    """The file of labels that belongs to images, or the other way round."""
    name = path.name.replace(mine, other)
    axes = ("idx3", "idx1") if other == "labels" else ("idx1", "idx3")
    example = name.replace(*axes)
    for candidate in (example, name):
        for packed in (candidate, candidate.removesuffix(".gz"), f"{candidate}.gz"):
            if packed != path.name and path.with_name(packed).exists():
                return path.with_name(packed)
    if example == path.name:
        sentence = tr("{name} is not an IDX file that says in its name: images or labels.")
        raise refusal(sentence, name=path.name)
    sentence = tr("{name} needs a file with its {other} beside it, such as {example}.")
    raise refusal(sentence, name=path.name, other=other, example=example)


def _find(folder: Path, part: str, what: str) -> Path | None:
    found = sorted(folder.glob(f"{part}*{what}*"))
    return found[0] if found else None


def _pair(folder: Path, part: str) -> tuple[dict[str, Array], str]:
    images, labels = _find(folder, part, "images"), _find(folder, part, "labels")
    if images is None or labels is None:
        sentence = tr("The folder {name} holds no IDX files: {part}-images… and {part}-labels….")
        raise refusal(sentence, name=title_of(folder), part=part)
    x, first = read_idx(images)
    y, second = read_idx(labels)
    return {"x": x, "y": y}, first + second


def read_idx(path: Path) -> tuple[Array, str]:
    """The array in an IDX file, and the file's fingerprint; the header is believed last."""
    data = read_bytes(path, LARGEST_FILE, tr("IDX"))
    mark = fingerprint_of(data)
    packed = data.startswith(b"\x1f\x8b")
    head = _head(data, path.name) if packed else data[:HEADER]
    shape, kind = _header(head, path.name)
    start = 4 + 4 * len(shape)
    size = start + math.prod(shape) * kind.itemsize
    # A size that the packed data cannot reach is a slip in the header, not a want of memory.
    if packed and size <= len(data) * _DENSEST:
        refuse_unless_it_fits(5 * size, path.name)
        data = decompress_gzip(data, size, path.name)
    if len(data) != size:
        sentence = tr("{name} should hold {wanted} bytes by its header, but holds {found}.")
        raise refusal(sentence, name=path.name, wanted=size, found=len(data))
    array = np.frombuffer(data, kind, offset=start).reshape(shape)
    return array.astype(kind.newbyteorder("=")), mark


def _head(data: bytes, name: str) -> bytes:
    """The first bytes of gzip data, without unpacking the rest."""
    try:
        return zlib.decompressobj(wbits=31).decompress(data, HEADER)
    except zlib.error as error:
        sentence = tr("{name} is damaged: its gzip data cannot be unpacked.")
        raise refusal(sentence, name=name) from error


def _header(head: bytes, name: str) -> tuple[tuple[int, ...], np.dtype[np.generic]]:
    sound = len(head) >= 4 and head[:2] == b"\0\0" and head[2] in TYPES and 1 <= head[3] <= 8
    if not sound or len(head) < 4 + 4 * head[3]:
        raise refusal(tr("{name} is not an IDX file."), name=name)
    shape = tuple(
        int.from_bytes(head[4 + 4 * axis : 8 + 4 * axis], "big") for axis in range(head[3])
    )
    return shape, np.dtype(TYPES[head[2]])
