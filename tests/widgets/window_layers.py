"""A few kinds of layers and a check of them, for tests of the window."""

from kgui.compiler.issues import Issue, Report, Shape
from kgui.compiler.node_types import NodeType, Option
from kgui.data.values import Summary
from kgui.graph.project import OptionValue, Project

ACTIVATIONS = ("linear", "relu", "softmax")
INITIALIZERS = ("glorot_uniform", "he_normal", "zeros")

NODE_TYPES = {
    node_type.name: node_type
    for node_type in (
        NodeType(
            "Input",
            "Core",
            "Where rows enter the network.",
            (Option("shape", "shape", [784], "Shape of one row.", required=True),),
            0,
        ),
        NodeType(
            "Dense",
            "Core",
            "Every input reaches every unit.",
            (
                Option("units", "integer", 64, "Outputs of the layer.", True, minimum=1),
                Option(
                    "activation",
                    "choice",
                    None,
                    "Function of the sum.",
                    optional=True,
                    choices=ACTIVATIONS,
                ),
                Option("use_bias", "boolean", True, "Whether a bias is added."),
                Option(
                    "kernel_initializer",
                    "choice",
                    "glorot_uniform",
                    "First weights.",
                    choices=INITIALIZERS,
                ),
            ),
            1,
        ),
        NodeType(
            "Dropout",
            "Regularization",
            "Sets numbers to 0 at random while training.",
            (
                Option("rate", "number", 0.5, "Share that is dropped.", minimum=0, maximum=1),
                Option("seed", "integer", None, "Of the random numbers.", optional=True),
            ),
            1,
        ),
        NodeType("Flatten", "Reshaping", "Makes one long row of each sample.", (), 1),
    )
}


def check_option(type_name: str, name: str, value: OptionValue) -> str:
    """What is wrong with a value, in the sentences of these tests."""
    option = NODE_TYPES[type_name].option(name)
    if value is None:
        return ""
    if option.kind == "integer" and not isinstance(value, int):
        return f"{name} must be a whole number, not {value!r}."
    if option.kind == "number" and not isinstance(value, int | float):
        return f"{name} must be a number, not {value!r}."
    if option.kind == "shape" and not isinstance(value, list):
        return f"{name} must be sizes such as 28, 28; {value!r} is not."
    return _limits(option, value)


def _limits(option: Option, value: OptionValue) -> str:
    if isinstance(value, int | float) and option.minimum is not None and value < option.minimum:
        return f"{option.name} must be at least {option.minimum:g}, not {value}."
    if isinstance(value, int | float) and option.maximum is not None and value > option.maximum:
        return f"{option.name} must be at most {option.maximum:g}, not {value}."
    return ""


def check(project: Project, summary: Summary | None = None) -> Report:
    """An Input must fit the data, everything else an input; a Dense has shape (None, units)."""
    fed = {wire.target for wire in project.graph.wires}
    shapes: dict[str, tuple[Shape, ...]] = {}
    parameters: dict[str, int] = {}
    issues: list[Issue] = []
    for node in project.graph.nodes:
        if node.type == "Input":
            wanted = tuple(node.options.get("shape", [784]))  # type: ignore[arg-type]  # a list
            shapes[node.id] = ((None, *wanted),)
            data = next(iter(summary.input_shapes.values())) if summary else wanted
            if data != wanted:
                text = f"expects {wanted} but the data has {data}."
                issues.append(Issue(node.id, "error", text, "Change the shape.", "shape"))
        elif node.id not in fed:
            issues.append(Issue(node.id, "error", "has no input.", "Draw a wire to it."))
        elif node.type == "Dense":
            units = node.options.get("units", 64)
            assert isinstance(units, int)
            shapes[node.id] = ((None, units),)
            parameters[node.id] = 100 * units
    return Report(shapes, parameters, tuple(issues))
