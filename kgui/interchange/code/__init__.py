"""The drawing as Keras code, and code as a drawing: parsed, never executed."""

from kgui.interchange.code.faults import CodeError
from kgui.interchange.code.reading import CodeReading, read_code
from kgui.interchange.code.writing import code_of

__all__ = ["CodeError", "CodeReading", "code_of", "read_code"]
