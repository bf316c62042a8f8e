"""What can be wrong with a file of a model: Keras's kinds of error, one sentence each."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kgui.io import InputError, MemoryNeedError, OutputError


class SavedFileError(ValueError):
    """A file that is no saved model, or a damaged one."""


class MissingFileError(FileNotFoundError, SavedFileError):
    """A file that is not there."""


class SavingError(OSError):
    """The system refuses to write or read a file."""


class LoadingMemoryError(MemoryError):
    """What a file holds does not fit in memory."""


@contextmanager
def file_faults(path: Path) -> Iterator[None]:
    """Faults of kgui.io as errors of the engine."""
    try:
        yield
    except InputError as error:
        if not path.exists():
            raise MissingFileError(
                f"File not found: filepath={path}. Please ensure the file is accessible."
            ) from error
        raise SavedFileError(str(error)) from error
    except OutputError as error:
        raise SavingError(str(error)) from error
    except MemoryNeedError as error:
        raise LoadingMemoryError(str(error)) from error


def damaged(path: Path, reason: str) -> SavedFileError:
    """The error for a file that cannot be what its name says."""
    return SavedFileError(f"{path} cannot be read: {reason}.")
