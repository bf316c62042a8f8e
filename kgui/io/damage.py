"""The one exception of the readers of binary formats, turned into a sentence by their callers."""


class DamageError(ValueError):
    """What is wrong with a file: a translated clause without a full stop."""
