"""Layers, one file per family; the file is the palette's category."""

from kgui.engine.layers.activations import ELU, Activation, LeakyReLU, PReLU, ReLU, Softmax
from kgui.engine.layers.core import Dense, Identity, Input, InputLayer
from kgui.engine.layers.joining import (
    add,
    average,
    concatenate,
    dot,
    maximum,
    minimum,
    multiply,
    subtract,
)
from kgui.engine.layers.lambda_layer import Lambda
from kgui.engine.layers.layer import Layer
from kgui.engine.layers.merging import (
    Add,
    Average,
    Concatenate,
    Dot,
    Maximum,
    Minimum,
    Multiply,
    Subtract,
)
from kgui.engine.layers.preprocessing import Rescaling
from kgui.engine.layers.regularization import Dropout
from kgui.engine.layers.reshaping import Flatten, Permute, RepeatVector, Reshape

__all__ = [
    "ELU",
    "Activation",
    "Add",
    "Average",
    "Concatenate",
    "Dense",
    "Dot",
    "Dropout",
    "Flatten",
    "Identity",
    "Input",
    "InputLayer",
    "Lambda",
    "Layer",
    "LeakyReLU",
    "Maximum",
    "Minimum",
    "Multiply",
    "PReLU",
    "Permute",
    "ReLU",
    "RepeatVector",
    "Rescaling",
    "Reshape",
    "Softmax",
    "Subtract",
    "add",
    "average",
    "concatenate",
    "dot",
    "maximum",
    "minimum",
    "multiply",
    "subtract",
]
