"""What is wrong with code that is read: one sentence with the line."""

import ast

from kgui.graph.quoting import shortened
from kgui.io.errors import InputError
from kgui.language import tr


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
    return shortened(" ".join(ast.unparse(node).split()))
