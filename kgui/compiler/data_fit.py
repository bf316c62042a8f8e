"""The drawing against the data: shapes of rows at the Inputs, the target at the output."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kgui.compiler.catalog import option_value
from kgui.compiler.drawing import Drawing
from kgui.compiler.index_fit import index_issues
from kgui.compiler.issues import Issue, Severity, Shape
from kgui.compiler.metric_fit import metric_issues
from kgui.compiler.objective import (
    LOSSES,
    PROBABILITIES,
    automatic_loss,
    loss_name,
    unknown_names,
)
from kgui.compiler.wording import names_text, sizes_text
from kgui.data.values import Summary, Target
from kgui.graph.project import Graph, Node, TrainingSettings
from kgui.graph.quoting import shortened
from kgui.language import tr

Shapes = Mapping[str, tuple[Shape, ...]]


def input_arrays(graph: Graph, summary: Summary) -> dict[str, str]:
    """Name of each Input in use -> the data's array it takes: by name if all agree, else in order.

    Empty if there are not as many of one as of the other.
    """
    return _arrays([node.name for node in Drawing(graph).used_inputs], list(summary.input_shapes))


def _arrays(inputs: Sequence[str], arrays: Sequence[str]) -> dict[str, str]:
    if len(inputs) != len(arrays):
        return {}
    return {n: n for n in inputs} if set(inputs) == set(arrays) else dict(zip(inputs, arrays))  # noqa: B905 - compared above


def data_issues(
    drawing: Drawing, shapes: Shapes, training: TrainingSettings, summary: Summary
) -> Iterator[Issue]:
    """Everything that keeps the drawing from being trained on the data."""
    found = [*_input_issues(drawing, shapes, summary), *_output_issues(drawing, shapes, summary)]
    output = target_output(drawing, shapes, summary.target)
    if output is not None and not any(issue.node_id == output.id for issue in found):
        found += _loss_issues(output, shapes[output.id][0], training, summary.target)
        if unknown_names(training) == []:
            found += metric_issues(output, shapes[output.id][0], training, summary.target)
    names = _arrays([node.name for node in drawing.used_inputs], list(summary.input_shapes))
    found += index_issues(drawing, summary, names)
    return (replace(issue, cause="data") for issue in found)


def _input_issues(drawing: Drawing, shapes: Shapes, summary: Summary) -> Iterator[Issue]:
    used = drawing.used_inputs
    arrays = _arrays([node.name for node in used], list(summary.input_shapes))
    if used and not arrays:
        message = tr(
            "The number of Inputs that feed something is {inputs}, but the data has {count}"
            " arrays: {names}"
        )
        yield Issue(
            None,
            "error",
            message.format(
                inputs=len(used),
                count=len(summary.input_shapes),
                names=names_text(summary.input_shapes),
            ),
        )
    for node in used:
        if node.name in arrays and node.id in shapes:
            taken, row = shapes[node.id][0][1:], summary.input_shapes[arrays[node.name]]
            if not _accepts(taken, row):
                message = tr("takes {taken}, but the data has {row}: set its shape to {sizes}")
                text = message.format(taken=taken, row=tuple(row), sizes=sizes_text(row))
                yield Issue(node.id, "error", text, option="shape")


def _accepts(taken: Shape, row: Shape) -> bool:
    """True if rows fit; a last axis of 1 may be there or not, as the engine allows."""
    if len(row) == len(taken) + 1 and row[-1] == 1:
        row = row[:-1]
    elif len(row) == len(taken) - 1 and taken[-1] == 1:
        row = (*row, 1)
    pairs = zip(taken, row, strict=False)
    return len(taken) == len(row) and all(a is None or a == b for a, b in pairs)


def target_output(drawing: Drawing, shapes: Shapes, target: Target) -> Node | None:
    """The output that is trained: the first that fits the target, else the first that is known."""
    known = [node for node in drawing.outputs if node.id in shapes]
    fitting = (node for node in known if _fits(node, shapes[node.id][0], target))
    return next(fitting, known[0] if known else None)


def _fits(node: Node, shape: Shape, target: Target) -> bool:
    return next(_target_issues(node, shape, target), None) is None


def _output_issues(drawing: Drawing, shapes: Shapes, summary: Summary) -> Iterator[Issue]:
    output = target_output(drawing, shapes, summary.target)
    if output is None:
        return
    yield from _target_issues(output, shapes[output.id][0], summary.target)
    for node in drawing.outputs:
        if node.id in shapes and node is not output:
            message = tr("leads nowhere: the data has only one target")
            hint = tr("Connect it, or delete it; the output is {name}")
            yield Issue(node.id, "error", message, hint.format(name=shortened(output.name)))


def _target_issues(node: Node, shape: Shape, target: Target) -> Iterator[Issue]:
    if len(shape) > 2:
        message = tr("gives {shape}, but the data has one {what} per row").format(
            shape=shape,
            what=tr("class") if target.kind == "classes" else tr("list of numbers"),
        )
        yield Issue(node.id, "error", message, tr("Insert a Flatten before it"))
    elif target.kind == "numbers":
        if shape[-1] != target.width:
            message = tr("has {units}, but the data has {width} to predict per row")
            text = message.format(units=_units(node, shape), width=_numbers(target.width))
            yield Issue(node.id, "error", text, option=_size_option(node))
    else:
        yield from _class_issues(node, shape, target)


def _class_issues(node: Node, shape: Shape, target: Target) -> Iterator[Issue]:
    classes = len(target.classes)
    if classes < 2:
        message = tr("cannot learn {target}: the data has only one class")
        yield Issue(node.id, "error", message.format(target=shortened(target.name)))
        return
    if shape[-1] == classes:
        return
    if shape[-1] == 1 and classes == 2:
        if _activation(node) not in ("sigmoid", "hard_sigmoid"):
            message = tr("has one unit for two classes: that takes the activation sigmoid")
            hint = tr("Set the activation to sigmoid, or the units to 2")
            yield Issue(node.id, "error", message, hint, _activation_option(node))
        return
    message = tr("has {units}, but the data has {count} classes: {names}")
    text = message.format(
        units=_units(node, shape), count=classes, names=names_text(target.classes)
    )
    option = _size_option(node)
    hint = tr("Set {option} to {count}").format(option=option, count=classes) if option else ""
    yield Issue(node.id, "error", text, hint, option)


def _units(node: Node, shape: Shape) -> str:
    size = shape[-1]
    if _size_option(node):
        return tr("1 unit") if size == 1 else tr("{count} units").format(count=size)
    return tr("1 value") if size == 1 else tr("{count} values").format(count=size)


def _numbers(count: int) -> str:
    return tr("1 number") if count == 1 else tr("{count} numbers").format(count=count)


def _size_option(node: Node) -> str:
    return "units" if option_value(node.type, node.options, "units") is not None else ""


def _activation(node: Node) -> str:
    return str(option_value(node.type, node.options, "activation") or "linear")


def _activation_option(node: Node) -> str:
    return "activation" if option_value(node.type, node.options, "activation") else ""


def _loss_issues(
    node: Node, shape: Shape, training: TrainingSettings, target: Target
) -> Iterator[Issue]:
    name = loss_name(training)
    name = automatic_loss(target, shape) if name == "auto" else name
    family = LOSSES.get(name)
    if family is None:
        return
    if target.kind == "numbers" and family != "numbers":
        message = tr("is trained with {loss}, which is for classes; {target} holds numbers")
        text = message.format(loss=name, target=shortened(target.name))
        severity: Severity = "error" if family == "classes" else "warning"
        yield Issue(node.id, severity, text, tr("Set the loss to auto"))
    elif target.kind == "classes" and family == "classes" and shape[-1] == 1:
        message = tr("is trained with {loss}, which takes one unit per class")
        yield Issue(node.id, "error", message.format(loss=name), tr("Set the loss to auto"))
    elif target.kind == "classes" and family == "numbers":
        message = tr("is trained with {loss}, which is for numbers; classes learn better with auto")
        yield Issue(node.id, "warning", message.format(loss=name), tr("Set the loss to auto"))
    yield from _activation_issues(node, target)


def _activation_issues(node: Node, target: Target) -> Iterator[Issue]:
    activation = _activation(node)
    if target.kind == "numbers" and activation in PROBABILITIES:
        message = tr("gives values between 0 and 1 through {activation}; are all of {target}?")
        text = message.format(activation=activation, target=shortened(target.name))
        yield Issue(node.id, "warning", text, option=_activation_option(node))
    elif target.kind == "classes" and activation not in (
        *PROBABILITIES, "linear", "log_softmax",
    ):  # fmt: skip
        message = tr("ends in {activation}; softmax gives a probability for every class")
        text = message.format(activation=activation)
        yield Issue(node.id, "warning", text, option=_activation_option(node))
