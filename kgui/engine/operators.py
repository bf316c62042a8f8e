"""Operators of tensors and variables: NumPy's functions, and the primitives that stand for them.

Filled in here because primitives are built on tensors and variables, not the other way round.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from kgui.engine import ops
from kgui.engine.recording import recorders
from kgui.engine.tensors import FUNCTIONS, REDUCTIONS, UFUNCS, Tensor, as_tensor


def _ufuncs(names: str) -> dict[Any, Callable[..., Any]]:
    return {getattr(np, name): getattr(ops, name) for name in names.split() if hasattr(ops, name)}


UFUNCS.update(
    _ufuncs(
        "absolute add arccos arccosh arcsin arcsinh arctan arctan2 arctanh ceil cos cosh divide "
        "equal exp exp2 expm1 floor floor_divide greater greater_equal isfinite isinf isnan less "
        "less_equal log log10 log1p log2 logaddexp logical_and logical_not logical_or logical_xor "
        "matmul maximum minimum mod multiply negative not_equal power reciprocal rint sign sin "
        "sinh sqrt square subtract tan tanh"
    )
)


def _method(name: str, function: Callable[..., Any], *, packs: bool = False) -> None:
    """Let an array's method be a primitive while a tape records.

    With `packs` the method may be given one sequence or single numbers, as `reshape` is.
    """
    usual = getattr(np.ndarray, name)

    def method(self: Tensor, *args: Any, **options: Any) -> Any:
        if not recorders() or self.dtype.kind != "f":
            return as_tensor(usual(self, *args, **options))
        if packs and len(args) != 1:
            args = (args,) if args else ()
        elif packs and isinstance(args[0], int):
            args = (args,)
        return function(self, *args, **options)

    method.__name__, method.__doc__ = name, function.__doc__
    setattr(Tensor, name, method)


_method("mean", ops.mean)
_method("reshape", ops.reshape, packs=True)
_method("squeeze", ops.squeeze)
_method("transpose", ops.transpose, packs=True)
_method("astype", ops.cast)
setattr(Tensor, "T", property(lambda self: self.transpose()))  # noqa: B010 - as above

# A tape may hold the very array: what would change it in place makes a new one instead.
for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"):
    setattr(Tensor, f"__i{_name}__", getattr(np.ndarray, f"__{_name}__"))

REDUCTIONS.update({np.add: ops.sum})
FUNCTIONS.update({np.concatenate: ops.concatenate})
