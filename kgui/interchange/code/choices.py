"""Activations, initializers, regularizers and constraints: by the names that a drawing holds."""

import ast
import inspect
from typing import Any

from kgui.engine import constraints, initializers, regularizers
from kgui.graph.names import snake_case
from kgui.interchange.code.faults import shown
from kgui.interchange.code.program import Program
from kgui.interchange.code.values import Made, Path
from kgui.language import tr

USUAL = {
    "swish": "silu", "hard_swish": "hard_silu", "leakyrelu": "leaky_relu", "nonneg": "non_neg",
    "maxnorm": "max_norm", "unitnorm": "unit_norm", "minmaxnorm": "min_max_norm",
    "l1_l2": "l1l2", "zero": "zeros", "one": "ones", "normal": "random_normal",
    "uniform": "random_uniform",
}  # fmt: skip
"""Other names of Keras -> the one in a drawing."""
_FAMILIES = {
    "initializers": initializers, "regularizers": regularizers, "constraints": constraints,
}  # fmt: skip


def choice_of(program: Program, value: Any, choices: tuple[str, ...], node: ast.AST) -> Any:
    """The name of what was given; the value itself where it is none of the choices."""
    if isinstance(value, str):
        return _named(value, choices)
    if isinstance(value, Path) and value.name.startswith(("keras.", "tensorflow.")):
        return _named(value.last, choices)
    if isinstance(value, Made):
        name = _named(value.path.last, choices)
        if name in choices:
            _require_usual(program, value)
            return name
    return value


def _named(name: str, choices: tuple[str, ...]) -> str:
    for word in (name, snake_case(name), USUAL.get(name.lower(), ""), USUAL.get(snake_case(name))):
        if word in choices:
            return str(word)
    return name


def _require_usual(program: Program, made: Made) -> None:
    """Refuse an object with settings other than its usual ones: a drawing holds only its name."""
    family = made.path.name.split(".")[1]
    function = getattr(_FAMILIES.get(family), made.path.last, None)
    if function is None or not (made.positional or made.named):
        return
    parameters = inspect.signature(function).parameters
    given = {**dict(zip(parameters, made.positional, strict=False)), **made.named}
    if given.pop("seed", None) is not None:
        sentence = tr("the seed of {code} is left out: a drawing has one seed for everything")
        program.remark(sentence.format(code=shown(made.node)))
    for name, value in given.items():
        usual = parameters[name].default if name in parameters else inspect.Parameter.empty
        if isinstance(value, int | float | str | None) and value == usual:
            continue
        sentence = tr("{code} has settings of its own, but a drawing holds only its name")
        raise program.fault(sentence.format(code=shown(made.node)))
