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
    operators,
    ops,
    optimizers,
    random,
    regularizers,
    saving,
    utils,
)
from kgui.engine.initializers import Initializer
from kgui.engine.layers.core import Input
from kgui.engine.layers.layer import Layer
from kgui.engine.losses.loss import Loss
from kgui.engine.metrics.metric import Metric
from kgui.engine.models import Model, Sequential
from kgui.engine.optimizers import Optimizer
from kgui.engine.regularizers import Regularizer
from kgui.engine.symbolic import KerasTensor
from kgui.engine.tape import GradientTape
from kgui.engine.variables import Variable

__all__ = [
    "GradientTape",
    "Initializer",
    "Input",
    "KerasTensor",
    "Layer",
    "Loss",
    "Metric",
    "Model",
    "Optimizer",
    "Regularizer",
    "Sequential",
    "Variable",
    "activations",
    "backend",
    "callbacks",
    "constraints",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "operators",
    "ops",
    "optimizers",
    "random",
    "regularizers",
    "saving",
    "utils",
]
