"""What numba does not offer by itself: addresses as pointers, and calls of C functions at them."""

import importlib
from collections.abc import Callable
from typing import Any


def _module(name: str) -> Any:
    """A module of the extra; None without it, and then nothing here is ever called."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


numba, ir, extending = map(_module, ("numba", "llvmlite.ir", "numba.extending"))

Function = Callable[..., Any]


def compiled(function: Function) -> Function:
    """Part of the interpreter; it compiles with it."""
    return function if numba is None else _plain(numba.njit(function, error_model="numpy"))


def _plain(function: Any) -> Function:
    return function  # type: ignore[no-any-return] # numba ships no types


def pointer_to(kind: str) -> Function:
    """A function from an address to a pointer to numbers of that type."""
    if numba is None:
        return absent

    def cast(typing_context: Any, address: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

        return numba.types.CPointer(getattr(numba.types, kind))(numba.types.int64), code

    return _plain(extending.intrinsic(cast))


def absent(*arguments: Any) -> Any:
    """What stands for all of these where numba is missing."""
    raise ImportError("Compiled kernels need numba: pip install kgui[fast]")


def inline(write: Callable[..., None]) -> Function:
    """A function of a tuple of whole numbers whose instructions `write(builder, *values)` makes."""
    if numba is None:
        return absent

    def call(typing_context: Any, arguments: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            long = numba.types.int64
            parts = [builder.extract_value(values[0], i) for i in range(len(arguments))]
            write(builder, *(context.cast(builder, part, kind, long)
                             for part, kind in zip(parts, arguments, strict=True)))  # fmt: skip
            return context.get_dummy_value()

        return numba.types.void(arguments), code

    return _plain(extending.intrinsic(call))


def _fused(typing_context: Any, x: Any, y: Any, z: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.fma(*values)

    kind = numba.types.float32
    return kind(kind, kind, kind), code


fused = absent if numba is None else _plain(extending.intrinsic(_fused))
"""x * y + z of float32 values with one rounding."""


def routine(parameters: str) -> Function:
    """A function that calls the C function at an address with a tuple of arguments.

    Args:
        parameters: A letter each: l a long or a pointer, i an int, f a float.
    """
    if numba is None:
        return absent

    def call(typing_context: Any, address: Any, arguments: Any) -> Any:
        kinds = {"l": numba.types.int64, "i": numba.types.int32, "f": numba.types.float32}

        def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            sorts = {"l": ir.IntType(64), "i": ir.IntType(32), "f": ir.FloatType()}
            kind = ir.FunctionType(ir.VoidType(), [sorts[sort] for sort in parameters])
            parts = []
            for i, sort in enumerate(parameters):
                part = builder.extract_value(values[1], i)
                parts.append(context.cast(builder, part, arguments[i], kinds[sort]))
            builder.call(builder.inttoptr(values[0], kind.as_pointer()), parts)
            return context.get_dummy_value()

        return numba.types.void(numba.types.int64, arguments), code

    return _plain(extending.intrinsic(call))
