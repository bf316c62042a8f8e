"""Zip archives of a few parts: written the same for the same content, read warily."""

import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from kgui.io.damage import DamageError
from kgui.io.errors import MemoryNeedError
from kgui.io.filesystem import open_regular
from kgui.io.memory import available_memory
from kgui.io.read import content_fault
from kgui.io.reasons import amount
from kgui.io.zip_reading import Member, Unpacking, members
from kgui.language import tr

_SMALL, _DENSEST = 64 << 20, 1100
"""Bytes that nobody asks about, and the most that a stored byte can unpack to (deflate: 1032)."""
_DATE = (1980, 1, 1, 0, 0, 0)


def archive_bytes(parts: Mapping[str, bytes]) -> bytes:
    """An archive with these parts, stored as they are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def read_archive(path: str | Path, limits: Mapping[str, int | None]) -> dict[str, bytes]:
    """The named parts of an archive, those that it has; others are left alone.

    A part may have as many bytes as its limit says; without one, what fits in memory. InputError
    for archives that are damaged or hold more, MemoryNeedError and OutputError as `read_arrays`.
    """
    path = Path(path)
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            length = file.seek(0, io.SEEK_END)
            found = [member for member in members(file, length) if member.name in limits]
            for member in found:
                _refuse_size(member, limits[member.name])
            return {member.name: _content(file, member) for member in found}
    except Exception as error:
        raise content_fault(error, path) from error


def _content(file: BinaryIO, member: Member) -> bytes:
    part = Unpacking(file, member)
    data = part.take(member.size)
    part.finish()
    return data


def _refuse_size(member: Member, limit: int | None) -> None:
    if limit is not None and member.size > limit:
        sentence = tr("its part {name} has {size}, more than the {limit} allowed")
        values = {"size": amount(member.size), "limit": amount(limit)}
        raise DamageError(sentence.format(name=repr(member.name), **values))
    if member.size > _DENSEST * member.stored + _SMALL:
        sentence = tr("its {length} would unpack to {total}, as no real data do")
        values = {"length": amount(member.stored), "total": amount(member.size)}
        raise DamageError(sentence.format(**values))
    if member.size > _SMALL and member.size > (free := available_memory() * 4 // 5):
        sentence = tr(
            "The arrays need {needed} of memory and {free} are free; close other programs."
        )
        raise MemoryNeedError(sentence.format(needed=amount(member.size), free=amount(free)))
