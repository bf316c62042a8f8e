"""Why the system refused, in the user's words."""

import errno
from pathlib import Path

from kgui.io.errors import InputError, KguiError, OutputError
from kgui.io.filesystem import NotRegularFileError
from kgui.language import tr, trn

_SHARING_FAULTS = {5, 32, 33}
"""Windows: access denied, sharing violation, lock violation."""
_LONGEST = 300


def shown(path: str | Path) -> str:
    """A path as it may stand in a sentence: printable, on one line, of bounded length."""
    text = "".join(letter if letter.isprintable() else "?" for letter in str(path))
    return text if len(text) <= _LONGEST else f"…{text[-_LONGEST:]}"


def amount(size: int) -> str:
    """A number of bytes as people write it: 512 bytes, 1.2 MB."""
    if size < 1000:
        return trn("{count} byte", "{count} bytes", size).format(count=size)
    # What would be written as 1000 of a unit is written as 1.0 of the next.
    power = next((n for n in range(1, 5) if size < 999.5 * 1000**n), 5)
    value, unit = size / 1000**power, ("kB", "MB", "GB", "TB", "PB")[power - 1]
    return f"{value:.0f} {unit}" if value >= 10 else f"{value:.1f} {unit}"


def is_held(error: OSError) -> bool:
    """True if another program, a virus scanner say, holds the file on Windows."""
    return getattr(error, "winerror", None) in _SHARING_FAULTS


def is_full(error: OSError | ValueError) -> bool:
    """True if there is no space left on the disk."""
    return _code(error) == "ENOSPC"


def reason(error: OSError | ValueError, folder: Path) -> str:
    """Why a file in the folder could not be written or read: a clause without a full stop."""
    if not isinstance(error, OSError):
        return tr("its name holds characters that the system does not allow")
    if is_held(error):
        return tr("another program is using it")
    known = _reasons().get(_code(error))
    if known is None:
        return error.strerror or type(error).__name__
    return known.format(folder=shown(folder))


def reading_fault(error: OSError | ValueError, path: Path) -> KguiError:
    """InputError if the name is at fault, OutputError if the system is; one sentence."""
    if isinstance(error, FileNotFoundError):
        return InputError(tr("{path} does not exist.").format(path=shown(path)))
    if isinstance(error, IsADirectoryError):
        return InputError(tr("{path} is a folder, not a file.").format(path=shown(path)))
    if isinstance(error, NotRegularFileError):
        sentence = tr("{path} is not a regular file but a device or a pipe; copy it to a file.")
        return InputError(sentence.format(path=shown(path)))
    named = _code(error) in {"ENAMETOOLONG", "ENOTDIR", "ELOOP"} or isinstance(error, ValueError)
    kind = InputError if named else OutputError
    sentence = tr("Could not read {path}: {reason}.")
    return kind(sentence.format(path=shown(path), reason=reason(error, path.parent)))


def _code(error: OSError | ValueError) -> str:
    return errno.errorcode.get(getattr(error, "errno", None) or 0, "")


def _reasons() -> dict[str, str]:
    no_permission = tr("there is no permission for it in the folder {folder}")
    gone = tr("the drive is no longer there")
    busy = tr("another program is using it")
    many = tr("too many files are open")
    return {
        "ENOSPC": tr("the disk is full"),
        "EDQUOT": tr("your share of the disk is full"),
        "EACCES": no_permission,
        "EPERM": no_permission,
        "EROFS": tr("the folder {folder} can only be read"),
        "ENOENT": tr("the folder {folder} does not exist"),
        "ENOTDIR": tr("{folder} is not a folder"),
        "EISDIR": tr("there is a folder of that name"),
        "ENAMETOOLONG": tr("the name is too long"),
        "ELOOP": tr("its links lead round in a circle"),
        "EFBIG": tr("it is larger than a file may be here"),
        "EIO": tr("the drive reports a fault"),
        "ESTALE": gone,
        "ENODEV": gone,
        "ENXIO": gone,
        "EBUSY": busy,
        "ETXTBSY": busy,
        "EMFILE": many,
        "ENFILE": many,
    }
