"""Models: any graph of layers, and the plain stack."""

from kgui.engine.models.model import Model
from kgui.engine.models.sequential import Sequential
from kgui.engine.saving import load_model

__all__ = ["Model", "Sequential", "load_model"]
