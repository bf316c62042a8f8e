"""Branches and loops as functions: carried out at once, on arrays."""

from collections.abc import Callable, Sequence
from typing import Any

from kgui.engine.ops.conversion import convert_to_tensor
from kgui.engine.ops.selection import stack
from kgui.engine.structure import flatten, map_structure, pack
from kgui.engine.symbolic import is_symbolic
from kgui.engine.variables import Variable


def _require_values(name: str, *given: Any) -> None:
    if is_symbolic(list(given)):
        raise ValueError(f"`{name}` needs values: it cannot be a part of a model's graph.")


def cond(pred: Any, true_fn: Callable[[], Any], false_fn: Callable[[], Any]) -> Any:
    """What one function returns, or the other."""
    _require_values("cond", pred)
    return true_fn() if pred else false_fn()


def switch(index: Any, branches: Sequence[Callable[..., Any]], *operands: Any) -> Any:
    """What the branch of that number returns; the nearest one if there is none."""
    _require_values("switch", index)
    return branches[min(max(int(index), 0), len(branches) - 1)](*operands)


def while_loop(
    cond: Callable[..., Any],
    body: Callable[..., Any],
    loop_vars: Any,
    maximum_iterations: int | None = None,
) -> Any:
    """The variables after as many turns of the body as the condition holds for."""
    several = isinstance(loop_vars, list | tuple)
    values = tuple(loop_vars) if several else (loop_vars,)
    turns = 0
    while (maximum_iterations is None or turns < maximum_iterations) and cond(*values):
        found = body(*values)
        values = tuple(found) if isinstance(found, list | tuple) else (found,)
        turns += 1
    return values if several else values[0]


def fori_loop(lower: int, upper: int, body_fun: Callable[[int, Any], Any], init_val: Any) -> Any:
    """The value after the body was called with every number from lower up to upper."""
    value = init_val
    for turn in range(int(lower), int(upper)):
        value = body_fun(turn, value)
    return value


def map(f: Callable[[Any], Any], xs: Any) -> Any:  # noqa: A001 - Keras's name
    """What f returns for each part along the first axis, put together again."""
    return scan(lambda _, part: (None, f(part)), None, xs)[1]


def vectorized_map(function: Callable[[Any], Any], elements: Any) -> Any:
    """What the function returns for each part along the first axis, put together again."""
    return map(function, elements)


def scan(
    f: Callable[[Any, Any], tuple[Any, Any]],
    init: Any,
    xs: Any = None,
    length: int | None = None,
    reverse: bool = False,
    unroll: int | bool = 1,
) -> tuple[Any, Any]:
    """A value carried from part to part along the first axis, and what f makes of each."""
    if not callable(f):
        raise TypeError(f"`f` should be a callable. Received: f={f}")
    if xs is None and length is None:
        raise ValueError("Got no `xs` to scan over and `length` not provided.")
    parts = map_structure(_values, xs)
    count = len(flatten(parts)[0]) if xs is not None else int(length or 0)
    turns = range(count - 1, -1, -1) if reverse else range(count)
    carried, made = init, []
    for turn in turns:
        part = None if xs is None else pack(parts, [leaf[turn] for leaf in flatten(parts)])
        carried, result = f(carried, part)
        made.append(result)
    if reverse:
        made.reverse()
    if not made or made[0] is None:
        return carried, None
    stacked = [stack(list(items)) for items in zip(*[flatten(m) for m in made], strict=True)]
    return carried, pack(made[0], stacked)


def _values(leaf: Any) -> Any:
    return convert_to_tensor(leaf.array if isinstance(leaf, Variable) else leaf)
