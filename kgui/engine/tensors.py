"""What eager calls return: arrays like any other, which a tape can follow.

NumPy's functions and operators compute plainly on them. While a tape records, those that have
an entry in `UFUNCS`, `REDUCTIONS` or `FUNCTIONS` go through the engine's primitives instead;
operators.py fills these tables, since primitives are built on this module.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from kgui.engine.calling import current_call
from kgui.engine.recording import recorders

Array = npt.NDArray[Any]

UFUNCS: dict[Any, Callable[..., Any]] = {}
"""Primitives that compute what a universal function of NumPy computes."""
REDUCTIONS: dict[Any, Callable[..., Any]] = {}
"""Primitives (x, axis, keepdims) that compute the `reduce` of a universal function."""
FUNCTIONS: dict[Any, Callable[..., Any]] = {}
"""Primitives that compute what another function of NumPy computes."""


class Tensor(np.ndarray):
    """An array that came out of the engine; it may carry a mask."""

    def numpy(self) -> Array:
        """A plain copy of the values."""
        return np.array(self)

    def __array_ufunc__(
        self, ufunc: Any, method: str, *inputs: Any, **options: Any
    ) -> Any:  # what NumPy calls, with whatever it was given
        """Compute with NumPy, or with primitives while a tape records."""
        return apply_ufunc(ufunc, method, inputs, options, through_engine=bool(recorders()))

    def __array_function__(
        self, func: Any, types: Any, args: Iterable[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        """Compute with NumPy, or with primitives while a tape records."""
        if recorders() and func in FUNCTIONS:
            return FUNCTIONS[func](*args, **kwargs)
        return super().__array_function__(func, types, args, kwargs)

    def __getitem__(self, key: Any) -> Any:
        if recorders() and self.dtype.kind == "f":
            return FUNCTIONS["getitem"](self, key)
        return as_tensor(super().__getitem__(key))

    def __hash__(self) -> int:  # type: ignore[override] # single numbers, as NumPy's, have one
        return hash(self.item()) if self.ndim == 0 else hash(self.view(np.ndarray))


def as_tensor(value: Any) -> Tensor:
    """A tensor of these values, which are not copied."""
    if isinstance(value, Tensor):
        return value
    return np.asarray(value).view(Tensor)


def plain(value: Any) -> Any:
    """The values of a tensor or variable as a plain array; anything else as it is."""
    if isinstance(value, Tensor):
        return value.view(np.ndarray)
    return getattr(value, "array", value)


def apply_ufunc(
    ufunc: Any,
    method: str,
    inputs: Sequence[Any],
    options: Mapping[str, Any],
    *,
    through_engine: bool,
) -> Any:
    """A universal function of tensors, variables and arrays."""
    traced = current_call().tracing and any(_is_symbolic(value) for value in inputs)
    if traced or (through_engine and any(_has_gradient(value) for value in inputs)):
        function = UFUNCS.get(ufunc) if method == "__call__" and not options else None
        if function is not None:
            return function(*inputs)
        if method == "reduce" and ufunc in REDUCTIONS and _simple(options):
            axis, keepdims = options.get("axis", 0), options.get("keepdims", False)
            return REDUCTIONS[ufunc](inputs[0], axis=axis, keepdims=bool(keepdims))
    if traced:
        raise TypeError(
            f"numpy.{ufunc.__name__} would compute once, with the values of now. "
            "Use a function of `ops` in a layer's `call`."
        )
    out = options.get("out", ())
    given = {key: plain(value) for key, value in options.items() if key != "out"}
    if out:
        given["out"] = tuple(plain(value) for value in out)
    result = getattr(ufunc, method)(*map(plain, inputs), **given)
    if out:
        return out[0] if len(out) == 1 else out
    if isinstance(result, tuple):
        return tuple(map(as_tensor, result))
    return result if result is None else as_tensor(result)


def _simple(options: Mapping[str, Any]) -> bool:
    """True for a reduction that asks for nothing but an axis."""
    usual = {"dtype": None, "out": None, "initial": np._NoValue, "where": True}  # noqa: SLF001 - NumPy's own word for "not given"
    given = {key: value for key, value in options.items() if key not in ("axis", "keepdims")}
    return all(key in usual and usual[key] is value for key, value in given.items())


def _is_symbolic(value: Any) -> bool:
    """True for what stands for values that every run of a plan has anew."""
    return not isinstance(value, np.ndarray | np.generic) and hasattr(value, "dtype")


def _has_gradient(value: Any) -> bool:
    return getattr(value, "dtype", None) in ("float32", "float64")
