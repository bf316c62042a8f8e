"""Operators of tensors and variables: NumPy's functions, and the primitives that stand for them.

Filled in here because primitives are built on tensors and variables, not the other way round.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from kgui.engine import ops
from kgui.engine.ops.picking import pick
from kgui.engine.recording import recorders
from kgui.engine.tensors import FUNCTIONS, REDUCTIONS, UFUNCS, Tensor, as_tensor


def _ufuncs(names: str) -> dict[Any, Callable[..., Any]]:
    return {getattr(np, name): getattr(ops, name) for name in names.split()}


UFUNCS.update(
    _ufuncs(
        "absolute add arccos arccosh arcsin arcsinh arctan arctanh ceil cos cosh divide equal exp "
        "exp2 expm1 floor floor_divide greater greater_equal isfinite isinf isnan less less_equal "
        "log log10 log1p log2 logical_and logical_not logical_or logical_xor matmul maximum "
        "minimum mod multiply negative not_equal power reciprocal sign sin sinh sqrt square "
        "subtract tan tanh"
    )
)


def _asked(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that ask for something: NumPy passes on every one it has."""
    usual = {"casting": "same_kind", "ddof": 0, "mode": "raise", "order": "C", "where": True}
    nothing = (None, np._NoValue)  # noqa: SLF001 - what NumPy hands over for "not given"
    return {
        key: value
        for key, value in options.items()
        if not any(value is other for other in nothing) and usual.get(key, nothing) is not value
    }


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
        return function(self, *args, **_asked(options))

    method.__name__, method.__doc__ = name, function.__doc__
    setattr(Tensor, name, method)


def _item(x: Any, key: Any) -> Any:
    """x[key]: a slice, or what index arrays and truth values pick."""
    parts = key if isinstance(key, tuple) else (key,)
    lists = any(isinstance(part, list | bool) or np.ndim(part) for part in parts if _listed(part))
    return pick(x, key) if lists else ops.get_item(x, key)


def _listed(part: Any) -> bool:
    return part is not None and part is not Ellipsis and not isinstance(part, slice)


_method("astype", ops.cast)
_method("clip", ops.clip)
_method("cumsum", ops.cumsum)
_method("dot", ops.dot)
_method("flatten", ops.ravel)
_method("max", ops.max)
_method("mean", ops.mean)
_method("min", ops.min)
_method("prod", ops.prod)
_method("ravel", lambda x, order="C": ops.ravel(x))
_method("repeat", ops.repeat)
_method("reshape", ops.reshape, packs=True)
_method("squeeze", ops.squeeze)
_method("std", ops.std)
_method("sum", ops.sum)
_method("swapaxes", ops.swapaxes)
_method("take", ops.take)
_method("transpose", ops.transpose, packs=True)
_method("var", ops.var)
setattr(Tensor, "T", property(lambda self: self.transpose()))  # noqa: B010 - as above

# A tape may hold the very array: what would change it in place makes a new one instead.
for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"):
    setattr(Tensor, f"__i{_name}__", getattr(np.ndarray, f"__{_name}__"))

UFUNCS[np.positive] = lambda x: ops.add(x, 0.0)
REDUCTIONS.update(
    {
        np.add: ops.sum,
        np.logical_and: ops.all,
        np.logical_or: ops.any,
        np.maximum: ops.max,
        np.minimum: ops.min,
        np.multiply: ops.prod,
    }
)
FUNCTIONS.update(
    {
        "getitem": _item,
        np.concatenate: lambda xs, axis=0, **options: ops.concatenate(
            [ops.convert_to_tensor(x) for x in xs], axis, **_asked(options)
        ),
        np.dot: ops.dot,
        np.linalg.norm: ops.norm,
        np.where: ops.where,
    }
)
