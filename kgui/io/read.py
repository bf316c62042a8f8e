"""Reading files that somebody chose: regular ones only, no larger than said, never waiting."""

import os
import zlib
from pathlib import Path

from kgui.io.damage import DamageError
from kgui.io.errors import InputError, KguiError, MemoryNeedError
from kgui.io.filesystem import CHUNK, open_regular
from kgui.io.reasons import amount, reading_fault, shown
from kgui.language import tr

_MOST_MEMBERS = 10_000
"""Of a gzip file. Each costs a copy of one portion: a million empty ones would take minutes."""
_PORTION = 1 << 16


def read_bytes(path: str | Path, limit: int, what: str) -> bytes:
    """The whole content of a file of at most `limit` bytes; `what` names its kind in the message.

    InputError if it is missing, no regular file or too large; OutputError if the system refuses;
    MemoryNeedError if it does not fit.
    """
    path = Path(path)
    try:
        descriptor = open_regular(path)
        try:
            return _read(descriptor, limit, path, what)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise reading_fault(error, path) from error
    except MemoryError as error:
        raise no_memory(path) from error


def read_ends(path: str | Path, length: int) -> tuple[bytes, bytes, int]:
    """The first and the last `length` bytes of a file, and its size; faults as `read_bytes`."""
    path = Path(path)
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            head = file.read(length)
            file.seek(max(0, size - length))
            return head, file.read(length), size
    except (OSError, ValueError) as error:
        raise reading_fault(error, path) from error


def no_memory(path: Path) -> MemoryNeedError:
    """The sentence for a file whose content does not fit in memory."""
    sentence = tr("There is not enough memory to read {path}; close other programs or use less.")
    return MemoryNeedError(sentence.format(path=shown(path)))


def content_fault(error: Exception, path: Path) -> KguiError:
    """The sentence for a file whose content a reader did not take."""
    if isinstance(error, KguiError):
        return error
    if isinstance(error, MemoryError):
        return no_memory(path)
    if isinstance(error, OSError):
        return reading_fault(error, path)
    why = str(error) if isinstance(error, DamageError) else tr("it is damaged")
    sentence = tr("{path} cannot be read: {reason}.")
    return InputError(sentence.format(path=shown(path), reason=why))


def _read(descriptor: int, limit: int, path: Path, what: str) -> bytes:
    size = os.fstat(descriptor).st_size
    pieces: list[bytes] = []
    read = 0
    # The size may be untrue (/proc) or change meanwhile, so what arrives is counted.
    while size <= limit and (piece := os.read(descriptor, CHUNK)):
        pieces.append(piece)
        read += len(piece)
        size = max(size, read)
    if size > limit:
        sentence = tr(
            "{path} has {size}, too much for a file of this kind ({what}): at most {limit}."
        )
        values = {"size": amount(size), "limit": amount(limit)}
        raise InputError(sentence.format(path=shown(path), what=what, **values))
    return b"".join(pieces)


def decompress_gzip(data: bytes, limit: int, name: str) -> bytes:
    """What a gzip file holds, at most `limit` bytes; InputError if it is damaged or holds more."""
    result, position = bytearray(), 0
    try:
        for _ in range(_MOST_MEMBERS):
            position = _inflate(data, position, limit, result)
            # Some tools fill the end with zeros, which cannot begin another member.
            if len(result) > limit or data[position : position + 1] in (b"", b"\0"):
                break
    except (zlib.error, EOFError) as error:
        sentence = tr("{name} is damaged, cut off or not a gzip file; get it again.")
        raise InputError(sentence.format(name=shown(name))) from error
    if len(result) > limit:
        sentence = tr("{name} unpacks to more than {limit}, more than it may hold.")
        raise InputError(sentence.format(name=shown(name), limit=amount(limit)))
    if data[position:].strip(b"\0"):
        sentence = tr("{name} is damaged: its gzip data goes on after its end; get it again.")
        raise InputError(sentence.format(name=shown(name)))
    return bytes(result)


def _inflate(data: bytes, position: int, limit: int, result: bytearray) -> int:
    """Append one gzip member to the result, one byte beyond the limit at most; where it ends."""
    inflator = zlib.decompressobj(wbits=31)
    while not inflator.eof and len(result) <= limit:
        portion = data[position : position + _PORTION]
        if not portion:
            raise EOFError
        position += len(portion)
        while portion and len(result) <= limit:
            result += inflator.decompress(portion, limit + 1 - len(result))
            portion = inflator.unconsumed_tail
    return position - len(inflator.unused_data)
