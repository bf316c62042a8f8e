"""Models: any graph of layers, and the plain stack."""

from kgui.engine.models.model import Model
from kgui.engine.models.sequential import Sequential

__all__ = ["Model", "Sequential"]
