"""Where the routines live that both backends share: NumPy's own loops, and its BLAS."""

import ctypes
import sys
from functools import cache
from typing import Any, NamedTuple

from kgui.engine.backend.blas import routine


class _UfuncHead(ctypes.Structure):
    """The public beginning of a PyUFuncObject (numpy/ufuncobject.h)."""

    _fields_ = (
        ("object", ctypes.c_byte * object.__basicsize__),
        ("nin", ctypes.c_int),
        ("nout", ctypes.c_int),
        ("nargs", ctypes.c_int),
        ("identity", ctypes.c_int),
        ("functions", ctypes.POINTER(ctypes.c_void_p)),
        ("data", ctypes.POINTER(ctypes.c_void_p)),
        ("ntypes", ctypes.c_int),
    )


class Loop(NamedTuple):
    """A compiled loop of a ufunc, and the pointer it wants passed."""

    function: int
    data: int


@cache
def loop_of(ufunc: Any, types: str) -> Loop | None:
    """The loop of a ufunc for types such as "ff->f"; None where it cannot be had."""
    plain = sys.implementation.name == "cpython" and object.__basicsize__ == 16
    if not plain or types not in ufunc.types:
        return None
    head = _UfuncHead.from_address(id(ufunc))
    if (head.nin, head.nout, head.ntypes) != (ufunc.nin, ufunc.nout, ufunc.ntypes):
        return None
    index = ufunc.types.index(types)
    data = head.data[index] if head.data else None
    function = head.functions[index]
    return Loop(function, data or 0) if function else None


class Blas(NamedTuple):
    """Addresses of the float32 products of the BLAS that NumPy computes with."""

    gemm: int
    gemv: int


@cache
def blas() -> Blas | None:
    """NumPy's bundled OpenBLAS with 64-bit sizes; None where NumPy has another BLAS."""
    found = [routine(name) for name in ("sgemm", "sgemv")]
    places = [ctypes.cast(each, ctypes.c_void_p).value for each in found if each is not None]
    return Blas(*(place or 0 for place in places)) if len(places) == len(found) else None
