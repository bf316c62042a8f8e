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
from kgui.engine.layers.preprocessing import (
    CategoryEncoding,
    Discretization,
    Normalization,
    Rescaling,
)
from kgui.engine.layers.regularization import (
    ActivityRegularization,
    Dropout,
    GaussianDropout,
    GaussianNoise,
    SpatialDropout1D,
    SpatialDropout2D,
)
from kgui.engine.layers.reshaping import Flatten
from kgui.engine.layers.sequences import Embedding, Masking
from kgui.engine.layers.wrappers import TimeDistributed, Wrapper

__all__ = [
    "Activation",
    "ActivityRegularization",
    "Add",
    "BatchNormalization",
    "CategoryEncoding",
    "Concatenate",
    "Dense",
    "Discretization",
    "Dropout",
    "Embedding",
    "Flatten",
    "GaussianDropout",
    "GaussianNoise",
    "GroupNormalization",
    "Input",
    "InputLayer",
    "Layer",
    "LayerNormalization",
    "Masking",
    "Normalization",
    "RMSNormalization",
    "Rescaling",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "TimeDistributed",
    "UnitNormalization",
    "Wrapper",
]
