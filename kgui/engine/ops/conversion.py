"""From values to tensors and back."""

from typing import Any

import numpy as np

from kgui.engine.backend.session import floatx
from kgui.engine.calling import current_call
from kgui.engine.ops.composite import composite
from kgui.engine.ops.normalization import detached
from kgui.engine.ops.primitive import Array, Cast, Tensor
from kgui.engine.recording import recorders
from kgui.engine.symbolic import KerasTensor
from kgui.engine.tensors import Tensor as EagerTensor
from kgui.engine.tensors import as_tensor
from kgui.engine.variables import Variable


def convert_to_tensor(
    x: Any, dtype: str | None = None, sparse: bool | None = None, ragged: bool | None = None
) -> Tensor:
    """The values as a tensor; floats of Python in the default float type, whole numbers int32.

    Args:
        x: A tensor, variable, array, number, or nested lists of numbers.
        dtype: Number type; the values' own unless given.
        sparse: Taken as Keras takes it; there are no sparse tensors here.
        ragged: Taken as Keras takes it; there are no ragged tensors here.
    """
    if isinstance(x, KerasTensor) or (isinstance(x, Variable) and current_call().tracing):
        return x if dtype in (None, x.dtype) else Cast(str(dtype))(x)
    if isinstance(x, np.ndarray | Variable):
        kind = np.dtype(dtype or x.dtype)
        kept = isinstance(x, EagerTensor) or (isinstance(x, np.ndarray) and not recorders())
        return as_tensor(x) if kept and x.dtype == kind else Cast(kind.name)(x)
    array = np.asarray(x)
    if dtype is None and not isinstance(x, np.generic):
        dtype = {"f": floatx(), "i": "int32"}.get(array.dtype.kind)
    return as_tensor(array.astype(dtype) if dtype else array)


@composite
def stop_gradient(variable: Tensor) -> Tensor:
    """The tensor as it is, as a constant to everything derived from it."""
    return detached(variable)


def convert_to_numpy(x: Any) -> Array:
    """The values as a plain array; ValueError for a symbolic tensor."""
    return np.array(x)
