"""The drawing as Keras code, and code as a drawing: parsed, never executed."""

from kgui.interchange.code.writing import code_of

__all__ = ["code_of"]
