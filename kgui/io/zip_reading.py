"""Zip archives read by their letter: nothing is unpacked before all the sizes are known to fit.

Stricter than `zipfile`, which takes the first plausible reading of a damaged archive: here both
headers of a member agree, members do not overlap, and the directory ends where the file says.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from kgui.io.damage import DamageError
from kgui.language import tr

MOST_MEMBERS = 10_000
_LARGEST_DIRECTORY = 2 << 20
"""Bytes: 200 for each of the most members, so that a refusal takes milliseconds."""
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_MASKED = 0xFFFFFFFF
_ENCRYPTED, _UTF_8 = 0x1, 0x800
STORED, DEFLATED = 0, 8


@dataclass(frozen=True)
class Member:
    """One file of an archive; `offset` is that of its first stored byte."""

    name: str
    size: int
    stored: int
    offset: int = 0
    method: int = STORED
    crc: int | None = None


@dataclass(frozen=True)
class _Directory:
    count: int
    size: int
    offset: int


@dataclass(frozen=True)
class _Entry:
    """One row of the directory; `offset` is that of the member's own header."""

    raw_name: bytes
    flags: int
    method: int
    crc: int
    stored: int
    size: int
    offset: int

    @property
    def name(self) -> str:
        return self.raw_name.decode("utf-8" if self.flags & _UTF_8 else "cp437")


def members(file: BinaryIO, length: int) -> list[Member]:
    """The members in the order of the directory; DamageError if anything does not fit."""
    directory = _find_directory(file, length)
    entries = _read_directory(file, directory)
    end = directory.offset
    found: dict[str, Member] = {}
    for entry in sorted(entries, key=lambda entry: entry.offset, reverse=True):
        member = _locate(file, entry)
        if member.offset + member.stored > end:
            raise DamageError(tr("its parts overlap"))
        if member.name in found:
            raise DamageError(tr("it holds {name} twice").format(name=repr(member.name)))
        found[member.name] = member
        end = entry.offset
    return [found[entry.name] for entry in entries]


def _find_directory(file: BinaryIO, length: int) -> _Directory:
    tail = _at(file, max(0, length - _END.size - 0xFFFF), min(length, _END.size + 0xFFFF))
    position = tail.rfind(b"PK\5\6")
    while position >= 0 and not _ends_at(tail, position):
        position = tail.rfind(b"PK\5\6", 0, position)
    if position < 0:
        raise DamageError(tr("its end is missing"))
    _, disk, start, here, count, size, offset, _ = _END.unpack_from(tail, position)
    end = length - len(tail) + position
    if count == 0xFFFF or _MASKED in (size, offset):
        disk, start, here, count, size, offset, end = _find_directory_64(file, end)
    if disk or start or here != count or offset + size != end:
        raise DamageError(tr("its directory is damaged"))
    if count > MOST_MEMBERS or size > _LARGEST_DIRECTORY:
        sentence = tr("it holds {count} parts, more than the {most} that are read")
        raise DamageError(sentence.format(count=count, most=MOST_MEMBERS))
    return _Directory(count, size, offset)


def _ends_at(tail: bytes, position: int) -> bool:
    if position + _END.size > len(tail):
        return False
    comment: int = _END.unpack_from(tail, position)[-1]
    return position + _END.size + comment == len(tail)


def _find_directory_64(file: BinaryIO, end: int) -> tuple[int, ...]:
    place = end - _LOCATOR_64.size
    signature, disk, offset, _ = _LOCATOR_64.unpack(_at(file, place, _LOCATOR_64.size))
    fields = _END_64.unpack(_at(file, offset, _END_64.size))
    fits = fields[1] == _END_64.size - 12 and offset + _END_64.size == place
    if signature != b"PK\6\7" or disk or fields[0] != b"PK\6\6" or not fits:
        raise DamageError(tr("its directory is damaged"))
    return (*fields[4:], offset)


def _read_directory(file: BinaryIO, directory: _Directory) -> list[_Entry]:
    data = _at(file, directory.offset, directory.size)
    entries, position = [], 0
    for _ in range(directory.count):
        fields = _ENTRY.unpack_from(data, position)
        names, extras, comments = fields[10:13]
        position += _ENTRY.size
        extra = data[position + names : position + names + extras]
        crc, stored, size, offset = fields[7], fields[8], fields[9], fields[16]
        size, stored, offset = _widened(extra, size, stored, offset)
        raw_name = data[position : position + names]
        entries.append(_Entry(raw_name, fields[3], fields[4], crc, stored, size, offset))
        position += names + extras + comments
        if fields[0] != b"PK\1\2" or position > len(data):
            raise DamageError(tr("its directory is damaged"))
    if position != len(data):
        raise DamageError(tr("its directory is damaged"))
    return entries


def _widened(extra: bytes, *values: int) -> tuple[int, ...]:
    """Size, stored size and offset, from the extra field where they need more than 32 bits."""
    position = 0
    wide: Iterator[tuple[int, ...]] = iter(())
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        if kind == 1:
            field = extra[position + 4 : position + 4 + length]
            wide = struct.iter_unpack("<Q", field[: length // 8 * 8])
            break
        position += 4 + length
    result = []
    for value in values:
        result.append(next(wide, (value,))[0] if value == _MASKED else value)
    return tuple(result)


def _locate(file: BinaryIO, entry: _Entry) -> Member:
    """Read the member's own header, which must say the same as the directory."""
    fields = _LOCAL.unpack(_at(file, entry.offset, _LOCAL.size))
    names, extras = fields[9:]
    raw_name = _at(file, entry.offset + _LOCAL.size, names)
    same = (raw_name, fields[2], fields[3]) == (entry.raw_name, entry.flags, entry.method)
    if fields[0] != b"PK\3\4" or not same:
        raise DamageError(tr("its directory is damaged"))
    name = entry.name
    if entry.flags & _ENCRYPTED or entry.method not in (STORED, DEFLATED):
        sentence = tr("{name} is encrypted or packed in a way that is not read")
        raise DamageError(sentence.format(name=repr(name)))
    if entry.method == STORED and entry.size != entry.stored:
        raise DamageError(tr("the size of {name} is damaged").format(name=repr(name)))
    offset = entry.offset + _LOCAL.size + names + extras
    return Member(name, entry.size, entry.stored, offset, entry.method, entry.crc)


def _at(file: BinaryIO, offset: int, length: int) -> bytes:
    if offset < 0:
        raise DamageError(tr("its directory is damaged"))
    try:
        file.seek(offset)
    except OSError as error:  # farther than any file reaches
        raise DamageError(tr("its directory is damaged")) from error
    data = file.read(length)
    if len(data) != length:
        raise DamageError(tr("it is cut off"))
    return data


class Unpacking:
    """The bytes of one member, in order; DamageError as soon as they cannot be the right ones."""

    def __init__(self, file: BinaryIO, member: Member) -> None:
        self.member = member
        self._file = file
        self._left = member.stored
        self._crc = 0
        self._tail = b""
        self._inflator = zlib.decompressobj(wbits=-15) if member.method == DEFLATED else None
        file.seek(member.offset)

    def take(self, length: int) -> bytes:
        """The next bytes; DamageError if there are fewer."""
        data = bytearray(length)
        self.fill(memoryview(data))
        return bytes(data)

    def fill(self, view: memoryview) -> None:
        """The next bytes, as many as the view has; DamageError if there are fewer."""
        while view:
            piece = self._next(min(len(view), 1 << 18))
            if not piece:
                raise self._damage()
            view[: len(piece)] = piece
            view = view[len(piece) :]
            self._crc = zlib.crc32(piece, self._crc)

    def finish(self) -> None:
        """DamageError if there is more, or if the checksum differs."""
        if self._next(1) or self._left or self._tail:
            raise self._damage()
        if self._inflator is not None and (not self._inflator.eof or self._inflator.unused_data):
            raise self._damage()
        if self.member.crc not in (None, self._crc):
            raise self._damage()

    def _next(self, most: int) -> bytes:
        """Some of the next bytes, at most so many; none at the end."""
        if self._inflator is None:
            return self._stored(most)
        while not self._inflator.eof:
            self._tail = self._tail or self._stored(1 << 16)
            at_end = not self._tail
            try:
                piece = self._inflator.decompress(self._tail, most)
            except zlib.error as error:
                raise self._damage() from error
            self._tail = self._inflator.unconsumed_tail
            if piece or at_end:
                return piece
        return b""

    def _stored(self, most: int) -> bytes:
        data = self._file.read(min(most, self._left))
        self._left -= len(data)
        return data

    def _damage(self) -> DamageError:
        sentence = tr("array {name} is damaged")
        return DamageError(sentence.format(name=repr(self.member.name.removesuffix(".npy"))))
