"""Drawings in few words, for the compiler's tests."""

from itertools import pairwise
from typing import Any

from kgui.compiler import NodeType, Option, node_types
from kgui.compiler.examination import examine
from kgui.compiler.issues import Issue, Report, Shape
from kgui.compiler.reflection import layer_classes
from kgui.data.values import Summary, Target
from kgui.graph import Graph, Node, Project, TrainingSettings, Wire


def drawing(nodes: dict[str, tuple[str, dict[str, Any]]], *wires: str, **training: Any) -> Project:
    """Nodes by name (which is the id, too) and wires such as "a>b" or "a>b.1" (port 1 of b)."""
    drawn = tuple(Node(name, kind, name, options) for name, (kind, options) in nodes.items())
    settings = TrainingSettings(**training)
    return Project(graph=Graph(drawn, tuple(map(wire, wires))), training=settings)


def wire(text: str) -> Wire:
    """A wire from its short form: "a>b", "a>b.1", "a.1>b"."""
    (source, out), (target, into) = (
        (name, int(port or 0)) for name, _, port in (end.partition(".") for end in text.split(">"))
    )
    return Wire(source, out, target, into)


def chain(*layers: tuple[str, dict[str, Any]], **training: Any) -> Project:
    """Layers one after the other, called a, b, c, ..."""
    names = [chr(ord("a") + index) for index in range(len(layers))]
    wires = [f"{one}>{other}" for one, other in pairwise(names)]
    return drawing(dict(zip(names, layers, strict=True)), *wires, **training)


def classifier(
    shape: list[int], units: int, activation: str | None = "softmax", **training: Any
) -> Project:
    """Input a, Flatten b, Dense c."""
    last = {"units": units} if activation is None else {"units": units, "activation": activation}
    return chain(("Input", {"shape": shape}), ("Flatten", {}), ("Dense", last), **training)


def classes(*names: str, shape: tuple[int, ...] = (4,)) -> Summary:
    """A data set of one array with these classes."""
    return Summary("test", 100, {"x": shape}, Target("kind", "classes", names))


def numbers(width: int = 1, shape: tuple[int, ...] = (4,)) -> Summary:
    """A data set of one array with numbers to predict."""
    return Summary("test", 100, {"x": shape}, Target("price", "numbers", width=width))


def told(report: Report, severity: str = "error") -> list[tuple[str | None, str]]:
    """The issues of a severity as pairs of node and message."""
    return [(i.node_id, i.message) for i in report.issues if i.severity == severity]


def only(report: Report) -> Issue:
    """The one issue there is."""
    (issue,) = report.issues
    return issue


def example_value(option: Option) -> Any:
    """A value that the option's constraint allows."""
    if option.kind == "choice":
        return next(
            (word for word in ("tanh", "he_normal") if word in option.choices), option.choices[0]
        )
    low = 1 if option.minimum is None else option.minimum
    high = low + 4 if option.maximum is None else option.maximum
    values = {
        "integer": 1 if option.minimum is None else int(min(low + 2, high)),
        "number": (low + high) / 2, "boolean": True,
        "text": "text", "shape": [1] if option.optional else [4, 3], "integers": 1,
        "numbers": [-0.5, 1.25],
    }  # fmt: skip
    return values[option.kind]


def bad_values(option: Option) -> list[Any]:
    """Values that the option's constraint forbids."""
    wrong: dict[str, list[Any]] = {
        "integer": [1.5, "many", True, [1]],
        "number": ["much", False, [0.5], float("nan"), float("inf"), 10**400],
        "boolean": [1, "yes", [True]],
        "choice": ["no such choice", 3, "", ["relu"]],
        "text": [3, True, ["text"]],
        "shape": [5, "28", [-1], [0], [1.5], ["x"], [True], [[2]]],
        "integers": ["x", 1.5, [1.5], True],
        "numbers": ["x", 1.5, [], ["x"], [True], [[1.5]]],
    }  # fmt: skip
    found = list(wrong[option.kind])
    if option.minimum is not None:
        found += [option.minimum - 1, *([option.minimum] if option.exclusive else [])]
    if option.maximum is not None:
        found += [option.maximum + 1, *([option.maximum] if option.exclusive else [])]
    return found if option.optional else [*found, None]


def example_options(kind: NodeType) -> dict[str, Any]:
    """Values for the options that have no default."""
    return {option.name: example_value(option) for option in kind.options if option.required}


def example_shapes(kind: NodeType) -> tuple[Shape, ...]:
    """Shapes of inputs that the layer takes: the first of some usual ones."""
    count = max(kind.inputs, 2) if kind.growing else kind.inputs
    if count == 0:
        return ()
    usual = ((None, 5), (None, 5, 4), (None, 6, 6, 3), (None, 4, 4, 4, 2), (None, 32), (None,))
    for shape in usual:
        shapes: tuple[Shape, ...] = (shape,) * count
        if examine(kind.name, example_options(kind), shapes).fault is None:
            return shapes
    raise AssertionError(f"no usual shape fits {kind.name}")


def example_drawing(kind: NodeType, options: dict[str, Any] | None = None) -> Project:
    """Inputs, wired to the one layer."""
    options = example_options(kind) if options is None else options
    if kind.inputs == 0 and not kind.growing:
        nodes = {"layer": (kind.name, options), "end": ("Activation", {"activation": "linear"})}
        return drawing(nodes, "layer>end")
    shapes = example_shapes(kind)
    nodes = {f"input_{i}": ("Input", {"shape": list(s[1:])}) for i, s in enumerate(shapes)}
    wires = [f"input_{port}>layer.{port}" for port in range(len(shapes))]
    return drawing({**nodes, "layer": (kind.name, options)}, *wires)


PALETTE = [kind for name, kind in node_types().items() if name in layer_classes()]
"""The layers; blocks and their ports are no layers."""
