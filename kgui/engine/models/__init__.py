"""Models: any graph of layers, the plain stack, and classes of one's own."""

from kgui.engine.models.cloning import clone_model, model_from_json
from kgui.engine.models.model import Model
from kgui.engine.models.sequential import Sequential
from kgui.engine.saving import load_model, save_model

__all__ = ["Model", "Sequential", "clone_model", "load_model", "model_from_json", "save_model"]
