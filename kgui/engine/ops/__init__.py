"""Primitives: shape rule, forward into a buffer and derivative of each operation, side by side.

Every function takes symbolic tensors (and records the call) or arrays and variables (and
computes at once).
"""

from kgui.engine.ops.activation import (
    elu,
    leaky_relu,
    log_softmax,
    relu,
    sigmoid,
    softmax,
    softplus,
    tanh,
)
from kgui.engine.ops.arithmetic import (
    add,
    divide,
    maximum,
    minimum,
    multiply,
    subtract,
)
from kgui.engine.ops.comparison import (
    cast,
    equal,
    greater,
)
from kgui.engine.ops.conversion import (
    convert_to_numpy,
    convert_to_tensor,
)
from kgui.engine.ops.elementwise import (
    absolute,
    clip,
    exp,
    expm1,
    log,
    log1p,
    negative,
    sqrt,
    square,
)
from kgui.engine.ops.entropy import (
    binary_crossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
)
from kgui.engine.ops.linear import (
    matmul,
)
from kgui.engine.ops.products import (
    dot,
    moveaxis,
    outer,
    prod,
    ravel,
    swapaxes,
    vdot,
)
from kgui.engine.ops.random import (
    dropout,
)
from kgui.engine.ops.reduction import (
    mean,
    sum,  # noqa: A004 - Keras's name
)
from kgui.engine.ops.shaping import (
    concatenate,
    expand_dims,
    reshape,
    squeeze,
    transpose,
)

__all__ = [
    "absolute",
    "add",
    "binary_crossentropy",
    "cast",
    "categorical_crossentropy",
    "clip",
    "concatenate",
    "convert_to_numpy",
    "convert_to_tensor",
    "divide",
    "dot",
    "dropout",
    "elu",
    "equal",
    "exp",
    "expand_dims",
    "expm1",
    "greater",
    "leaky_relu",
    "log",
    "log1p",
    "log_softmax",
    "matmul",
    "maximum",
    "mean",
    "minimum",
    "moveaxis",
    "multiply",
    "negative",
    "outer",
    "prod",
    "ravel",
    "relu",
    "reshape",
    "sigmoid",
    "softmax",
    "softplus",
    "sparse_categorical_crossentropy",
    "sqrt",
    "square",
    "squeeze",
    "subtract",
    "sum",
    "swapaxes",
    "tanh",
    "transpose",
    "vdot",
]
