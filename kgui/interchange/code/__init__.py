"""The drawing as Keras code, and code as a drawing: parsed, never executed."""

from kgui.interchange.code.faults import CodeError
from kgui.interchange.code.reading import CodeReading, is_code, load_code, read_code
from kgui.interchange.code.writing import code_of

__all__ = ["CodeError", "CodeReading", "code_of", "is_code", "load_code", "read_code"]
