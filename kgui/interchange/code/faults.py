"""What is wrong with code that is read: one sentence with the line."""

import ast
from itertools import islice

from kgui.graph.quoting import shortened
from kgui.io.errors import InputError
from kgui.language import tr

MOST_PARTS = 500
"""Of an expression that is shown in a message."""


class CodeError(InputError):
    """Code that cannot be read; `line` counts from 1, 0 where it is the whole text."""

    def __init__(self, line: int, reason: str) -> None:
        self.line, self.reason = line, reason
        super().__init__(sentence(line, reason))


def sentence(line: int, reason: str) -> str:
    """A reason, without a full stop, as a sentence that begins with its line."""
    text = tr("Line {line}: {reason}").format(line=line, reason=reason) if line else reason
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('?') else '.'}"


def shown(node: ast.AST) -> str:
    """A piece of the program as messages show it."""
    # Writing out a list of 100,000 numbers to show its beginning takes a second.
    if sum(1 for _ in islice(ast.walk(node), MOST_PARTS)) == MOST_PARTS:
        return tr("an expression of many parts")
    return shortened(" ".join(ast.unparse(node).split()))
