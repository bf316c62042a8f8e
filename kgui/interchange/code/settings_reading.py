"""The arguments of `compile` and `fit` as training settings; what they cannot hold is told."""

import ast
import inspect
import math
from typing import Any

from kgui.compiler.objective import (
    ALSO_METRICS,
    LOSSES,
    METRICS,
    OPTIMIZERS,
    OTHER_NAMES,
    takes_momentum,
)
from kgui.engine import optimizers
from kgui.graph.names import snake_case
from kgui.graph.quoting import shortened
from kgui.interchange.code.faults import shown
from kgui.interchange.code.program import Program
from kgui.interchange.code.values import Made, Model, Path, Unknown
from kgui.language import tr

COMPILE = ("optimizer", "loss", "loss_weights", "metrics")
FIT = ("x", "y", "batch_size", "epochs", "verbose", "callbacks", "validation_split",
       "validation_data")  # fmt: skip
PASSED_OVER = frozenset({
    "run_eagerly", "jit_compile", "steps_per_execution", "auto_scale_loss", "verbose", "shuffle",
    "validation_data", "x", "y", "validation_steps", "steps_per_epoch", "validation_batch_size",
    "workers", "use_multiprocessing", "max_queue_size", "generator", "weighted_metrics",
})  # fmt: skip
"""Arguments that say how, not what, is trained, or on which data."""
SHORT = {"acc": "accuracy", "logcosh": "log_cosh", "rmse": "root_mean_squared_error"}


def compiled(
    program: Program, model: Model, positional: list[Any], named: dict[str, Any], node: ast.Call
) -> None:
    """Take over what `model.compile` is given."""
    given = {**dict(zip(COMPILE, positional, strict=False)), **named}
    program.note_trained(model)
    _take_optimizer(program, model, given.pop("optimizer", "rmsprop"))
    loss, metrics = given.pop("loss", None), given.pop("metrics", None)
    sources = {keyword.arg: keyword.value for keyword in node.keywords}
    model.settings["loss"] = _loss(program, loss, sources.get("loss"))
    model.settings["metrics"] = _metrics(program, metrics, sources.get("metrics"))
    _tell_rest(program, given)


def fitted(program: Program, model: Model, positional: list[Any], named: dict[str, Any]) -> None:
    """Take over what `model.fit` is given."""
    given = {**dict(zip(FIT, positional, strict=False)), **named}
    program.note_trained(model)
    for name, usual in (("batch_size", 32), ("epochs", 1)):
        number = given.pop(name, usual)
        number = usual if number is None else number
        if type(number) is int and number >= 1:
            model.settings[name] = number
        else:
            _tell(program, name)
    share = given.pop("validation_split", None)
    if isinstance(share, int | float) and 0 <= share < 1:
        model.validation = float(share)
    elif share is not None:
        _tell(program, "validation_split")
    elif given.get("validation_data") is None:
        model.validation = 0.0
    callbacks = given.pop("callbacks", None)
    for callback in callbacks if isinstance(callbacks, list | tuple) else [callbacks]:
        _take_callback(program, model, callback)
    _tell_rest(program, given)


def _tell(program: Program, what: str) -> None:
    sentence = tr("{what} is left out: the training settings cannot hold it")
    program.remark(sentence.format(what=shortened(what)))


def _tell_rest(program: Program, given: dict[str, Any]) -> None:
    for name, value in given.items():
        if name not in PASSED_OVER and value not in (None, 0):
            _tell(program, name)


def _name_of(value: Any) -> str:
    """The name of an object of Keras, of its class or function, or the text itself."""
    if isinstance(value, Made):
        return value.path.last
    if isinstance(value, Path):
        return value.last
    return value if isinstance(value, str) else ""


def _text_of(value: Any) -> str:
    """What to call a value in a message."""
    return shown(value.node) if isinstance(value, Made | Unknown) else _name_of(value) or "…"


def _arguments(made: Any, names: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(made, Made):
        return {}
    return {**dict(zip(names, made.positional, strict=False)), **made.named}


def _take_optimizer(program: Program, model: Model, value: Any) -> None:
    name = _name_of(value).lower()
    if name not in OPTIMIZERS:
        _tell(program, tr("the optimizer {name}").format(name=_text_of(value)))
        return
    model.settings.update(optimizer=name, learning_rate=None, momentum=0.0)
    parameters = inspect.signature(type(optimizers.get(name))).parameters
    given = _arguments(value, tuple(parameters))
    given.pop("name", None)
    rate = given.pop("learning_rate", given.pop("lr", None))
    if _is_number(rate) and rate > 0:
        model.settings["learning_rate"] = float(rate)
    elif rate is not None:
        _tell(program, tr("the learning rate"))
    momentum = given.pop("momentum", 0.0)
    if _is_number(momentum) and 0 <= momentum < 1 and takes_momentum(name):
        model.settings["momentum"] = float(momentum)
    elif momentum:
        _tell(program, tr("the momentum"))
    for argument, setting in given.items():
        usual = parameters[argument].default if argument in parameters else None
        if not _is_same(setting, usual):
            _tell(program, argument)


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]  # it is one of the two


def _is_same(value: Any, usual: Any) -> bool:
    return isinstance(value, int | float | str | None) and value == usual


def _loss(program: Program, value: Any, source: ast.expr | None) -> str:
    if value is None or program.is_automatic(source):
        return "auto"
    values = list(value.values()) if isinstance(value, dict) else value
    values = values if isinstance(values, list | tuple) else [values]
    names = {_settled(_name_of(item)) for item in values}
    name = names.pop() if len(names) == 1 else "several"
    if name not in (*LOSSES, "auto"):
        text = tr("the loss {name}").format(name=_text_of(values[0]))
        _tell(program, tr("a loss for each output") if names else text)
        return "auto"
    for argument, setting in _arguments(values[0], ()).items():
        if argument not in ("from_logits", "name", "reduction") and setting:
            _tell(program, argument)
    return name


def _settled(name: str) -> str:
    """The name as the settings have it: "MeanSquaredError" -> "mse"."""
    word = name.lower() if name.lower() in SHORT else snake_case(name)
    word = SHORT.get(word, word)
    return OTHER_NAMES.get(word, word)


def _metrics(program: Program, value: Any, source: ast.expr | None) -> tuple[str, ...]:
    if value is None:
        return ()
    if program.is_automatic(source):
        return ("auto",)
    marked = {text for text in _texts(source) if program.is_automatic(text)}
    chosen = {text.value for text in marked}
    found: list[str] = []
    for item in _one_row(program, value):
        name = _settled(_name_of(item))
        if isinstance(item, str) and item in chosen:
            found.append("auto")
        elif name in (*METRICS, *ALSO_METRICS):
            found.append(name)
        else:
            _tell(program, tr("the metric {name}").format(name=_text_of(item)))
    return tuple(dict.fromkeys(found))


def _texts(source: ast.expr | None) -> list[ast.Constant]:
    """The texts in a list, or in a list of lists."""
    if isinstance(source, ast.List | ast.Tuple):
        return [text for item in source.elts for text in _texts(item)]
    return [source] if isinstance(source, ast.Constant) else []


def _one_row(program: Program, value: Any) -> list[Any]:
    """The metrics of one output; several outputs must have the same."""
    values = list(value.values()) if isinstance(value, dict) else value
    values = list(values) if isinstance(values, list | tuple) else [values]
    rows = [list(row) if isinstance(row, list | tuple) else [row] for row in values]
    if not any(isinstance(row, list | tuple) for row in values) and not isinstance(value, dict):
        return values
    if any(list(map(_name_of, row)) != list(map(_name_of, rows[0])) for row in rows):
        _tell(program, tr("metrics for each output"))
    return rows[0]


def _take_callback(program: Program, model: Model, callback: Any) -> None:
    if callback is None or _name_of(callback) in ("History", "ProgbarLogger"):
        return
    if _name_of(callback) != "EarlyStopping":
        _tell(program, _text_of(callback))
        return
    given = _arguments(callback, ("monitor", "min_delta", "patience"))
    patience = given.pop("patience", 0)
    if type(patience) is not int or patience < 0:
        _tell(program, "patience")
        return
    model.settings["patience"] = patience
    if given.pop("monitor", "val_loss") not in ("val_loss", "loss"):
        _tell(program, "monitor")
    _tell_rest(program, given)
