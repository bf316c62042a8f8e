"""What commands say, and where: results on stdout, all else on stderr."""

import sys
from collections.abc import Mapping


class UsageError(Exception):
    """The call itself is wrong; one sentence."""


def say(text: str) -> None:
    """A sentence for the user, apart from the results."""
    one_line = " ".join(text.split())
    sys.stderr.write(f"kgui: {one_line}\n")
    sys.stderr.flush()


def answer(text: str) -> None:
    """A line of the result."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def numbers_text(values: Mapping[str, float]) -> str:
    """Numbers in a row: "loss 0.3521, accuracy 0.9020"."""
    return ", ".join(f"{name} {value:.4f}" for name, value in values.items())
