"""Faults a user can act on: one sentence each, with the exit code of the command line."""


class KguiError(Exception):
    """A fault told in one translated sentence: what, where, found and allowed, what to do."""

    exit_code = 3


class InputError(KguiError):
    """A file or value that cannot be used as it is."""

    exit_code = 3


class TrainingError(KguiError):
    """Training could not be carried out."""

    exit_code = 4


class OutputError(KguiError):
    """A file could not be read or written for a reason outside its content."""

    exit_code = 5


class ChangedOnDiskError(OutputError):
    """Another program changed the file since it was read; nothing was written."""


class MemoryNeedError(KguiError):
    """The work would not fit in memory; nothing was started."""

    exit_code = 6
