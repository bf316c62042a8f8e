"""Layers, one file per family; the file is the palette's category."""

from kgui.engine.layers.activations import Activation
from kgui.engine.layers.core import Dense, Input, InputLayer
from kgui.engine.layers.layer import Layer
from kgui.engine.layers.merging import Add, Concatenate
from kgui.engine.layers.normalization import (
    BatchNormalization,
    GroupNormalization,
    LayerNormalization,
    RMSNormalization,
    UnitNormalization,
)
from kgui.engine.layers.preprocessing import Rescaling
from kgui.engine.layers.regularization import Dropout
from kgui.engine.layers.reshaping import Flatten

__all__ = [
    "Activation",
    "Add",
    "BatchNormalization",
    "Concatenate",
    "Dense",
    "Dropout",
    "Flatten",
    "GroupNormalization",
    "Input",
    "InputLayer",
    "Layer",
    "LayerNormalization",
    "RMSNormalization",
    "Rescaling",
    "UnitNormalization",
]
