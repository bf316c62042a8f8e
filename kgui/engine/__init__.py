"""Keras, from scratch, on NumPy; useful without kgui. Imports stdlib, numpy and kgui.io only."""

from kgui.engine import (
    activations,
    backend,
    callbacks,
    constraints,
    initializers,
    layers,
    losses,
    metrics,
    models,
    ops,
    optimizers,
    regularizers,
    saving,
    utils,
)
from kgui.engine.layers.core import Input
from kgui.engine.models import Model, Sequential
from kgui.engine.symbolic import KerasTensor

__all__ = [
    "Input",
    "KerasTensor",
    "Model",
    "Sequential",
    "activations",
    "backend",
    "callbacks",
    "constraints",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "ops",
    "optimizers",
    "regularizers",
    "saving",
    "utils",
]
