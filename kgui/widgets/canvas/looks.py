"""What a node shows, as a value: texts, ports and state, from the document and its report."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Literal

from kgui.compiler.issues import Issue, Report, Shape
from kgui.compiler.node_types import NodeType, Option
from kgui.graph.blocks import BLOCK, PORTS, repeats
from kgui.graph.project import Node, OptionValue
from kgui.graph.sharing import sharers
from kgui.language import tr, trn


@dataclass(frozen=True)
class Facts:
    """What a report says of one node; nothing where it is not known."""

    shapes: tuple[Shape, ...] = ()
    parameters: int | None = None
    issues: tuple[Issue, ...] = ()

    @property
    def severity(self) -> Literal["", "warning", "error"]:
        """The worst of the issues."""
        if not self.issues:
            return ""
        return "error" if any(issue.severity == "error" for issue in self.issues) else "warning"

    @property
    def complaint(self) -> str:
        """The first error, where there is one and the shape is not known."""
        errors = [issue.message for issue in self.issues if issue.severity == "error"]
        return errors[0] if errors and not self.shapes else ""


NO_FACTS = Facts()


@dataclass(frozen=True)
class Ports:
    """The ports of one node: how many are shown, and which have a wire."""

    inputs: int = 0
    outputs: int = 0
    used_inputs: frozenset[int] = frozenset()
    used_outputs: frozenset[int] = frozenset()
    growing: bool = False

    @property
    def free_input(self) -> int:
        """The first input without a wire; the first of all where each has one."""
        return next((port for port in range(self.inputs) if port not in self.used_inputs), 0)


@dataclass(frozen=True)
class Sharing:
    """What a node knows of those that use the same layer."""

    owner: str
    count: int
    group: int
    """Number of the group on its level, from 0: nodes of one group have one tint."""


def sharing_of(nodes: Iterable[Node]) -> dict[str, Sharing]:
    """Id of a node that shares its layer with others -> what it shows of that."""
    groups = sharers(nodes)
    found: dict[str, Sharing] = {}
    for number, (owner, others) in enumerate(groups.items()):
        sharing = Sharing(owner, len(others) + 1, number)
        found.update(dict.fromkeys((owner, *others), sharing))
    return found


@dataclass(frozen=True)
class Look:
    """Everything that a node's picture depends on, apart from selection and pointer."""

    type_name: str
    category: str
    name: str
    summary: str
    shape: str
    parameters: tuple[str, ...]
    """The same count ever shorter: the first that fits is shown."""
    ports: Ports
    severity: Literal["", "warning", "error"] = ""
    complaint: str = ""
    """The first error, which stands where the shape would."""
    bypassed: bool = False
    chip: str = ""
    """What is special about the node, in a word: "shared ×2", "×3"."""
    group: int | None = None
    """Number of the group of nodes that share one layer; they have one tint."""
    is_block: bool = False
    collapsed: bool = False
    """Whether the title is all that is shown."""
    tool_tip: str = ""
    accessible_name: str = ""


def look(
    node: Node,
    node_type: NodeType,
    ports: Ports,
    facts: Facts = NO_FACTS,
    sharing: Sharing | None = None,
) -> Look:
    """The look of a node of the document, with the options of the layer it uses."""
    summary = block_summary(node) if node.type == BLOCK else option_summary(node, node_type)
    summary = tr("bypassed") if node.bypassed else summary
    chips = [tr("×{count}").format(count=repeats(node))] if repeats(node) > 1 else []
    chips += [tr("shared ×{count}").format(count=sharing.count)] if sharing else []
    shape = ", ".join(shape_text(shape) for shape in facts.shapes)
    return Look(
        type_name=node.type,
        category=node_type.category,
        name=node.name,
        summary=summary,
        shape=shape,
        parameters=parameter_texts(facts.parameters),
        ports=ports,
        severity=facts.severity,
        complaint=facts.complaint,
        bypassed=node.bypassed,
        chip=" · ".join(chips) if node.type == BLOCK or sharing else "",
        group=sharing.group if sharing else None,
        is_block=node.type == BLOCK,
        collapsed=node.collapsed,
        tool_tip=tool_tip(node, node_type, facts),
        accessible_name=accessible_name(node, ", ".join([summary, *chips]), shape, facts),
    )


def palette_look(node_type: NodeType) -> Look:
    """The look of a node that is not in the document yet: the ghost of a drag."""
    ports = Ports(node_type.inputs, node_type.outputs, growing=node_type.growing)
    node = Node(id="", type=node_type.name, name="")
    return look(node, node_type, ports)


def ports_of(node_type: NodeType, inputs: frozenset[int], outputs: frozenset[int]) -> Ports:
    """The ports to show where these have wires; a growing node has one free input more."""
    highest = max(inputs, default=-1)
    shown = max(node_type.inputs, highest + (2 if node_type.growing else 1))
    count = max(node_type.outputs, max(outputs, default=-1) + 1)
    return Ports(shown, count, inputs, outputs, node_type.growing)


def unknown_type(name: str) -> NodeType:
    """A stand-in for a type that this program does not have, so that its node can be seen."""
    return NodeType(name, "", tr("This kind of layer is not known here."), (), 1)


def facts_by_node(report: Report) -> dict[str, Facts]:
    """The report sorted by node."""
    issues: dict[str, list[Issue]] = {}
    for issue in report.issues:
        if issue.node_id is not None:
            around = report.blocks_around.get(issue.node_id, ())
            for node_id in (*around, issue.node_id):
                issues.setdefault(node_id, []).append(issue)
    return {
        node_id: Facts(
            tuple(report.shapes.get(node_id, ())),
            report.parameters.get(node_id),
            tuple(issues.get(node_id, ())),
        )
        for node_id in report.shapes.keys() | report.parameters.keys() | issues.keys()
    }


def shape_text(shape: Shape) -> str:
    """A shape as Keras prints it: "(None, 512)"."""
    return str(tuple(shape))


def parameter_texts(count: int | None) -> tuple[str, ...]:
    """A number of weights, from long to short; nothing for none."""
    if not count:
        return ()
    full = f"{count:,}"
    long = trn("{count} param", "{count} params", count).format(count=full)
    return (long, full, _short_number(count))


def _short_number(count: int) -> str:
    for limit, unit in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if count >= limit:
            return f"{count / limit:.3g} {unit}"
    return str(count)


def main_options(node_type: NodeType) -> tuple[Option, ...]:
    """The one or two options that are edited on the node itself; none where it has none."""
    main = tuple(option for option in node_type.options if _is_main(option))
    return main[:2] or node_type.options[:1]


def _is_main(option: Option) -> bool:
    return option.required or option.name in ("activation", "shape")


def option_summary(node: Node, node_type: NodeType) -> str:
    """The options that matter most, in a few words: "512 · relu"."""
    main = [option for option in node_type.options if _is_main(option)]
    values = [node.options.get(option.name, option.default) for option in main]
    texts = [value_text(value) for value in values if value not in (None, "linear", "")]
    if not texts:
        texts = [
            f"{name.replace('_', ' ')} {value_text(value)}" for name, value in _extra(node).items()
        ]
    return " · ".join(texts)


def block_summary(node: Node) -> str:
    """What a block holds, in a few words."""
    inner = () if node.inside is None else node.inside.nodes
    count = sum(1 for one in inner if one.type not in PORTS)
    return trn("{count} layer", "{count} layers", count).format(count=count)


def _extra(node: Node) -> dict[str, OptionValue]:
    """The first option that was set, where none is a main one."""
    return dict(list(node.options.items())[:1])


def value_text(value: OptionValue) -> str:
    """An option's value in a few characters: "28 × 28", "0.5", "yes"."""
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, list):
        return " × ".join(value_text(part) for part in value)
    return tr("any") if value is None else str(value)


def _number_text(value: float) -> str:
    """A number short; 1/255 rather than 0.003922."""
    inverse = 1 / value if 0 < value < 0.1 else 0.0
    if inverse > 100 and abs(inverse - round(inverse)) < 1e-6:
        return f"1/{round(inverse)}"
    return f"{value:.4g}"


def tool_tip(node: Node, node_type: NodeType, facts: Facts) -> str:
    """What stands in a node's tooltip: its problems first; texts are escaped, never markup."""
    paragraphs = [_issue_html(issue) for issue in facts.issues]
    title = f"<b>{escape(node.type)}</b>"
    if node.name:
        title = f"{title} {escape(node.name)}"
    paragraphs.append(f"{title}<br>{escape(node_type.summary)}")
    figures = [shape_text(shape) for shape in facts.shapes]
    figures += list(parameter_texts(facts.parameters)[:1])
    if figures:
        paragraphs.append(escape(" · ".join(figures)))
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _issue_html(issue: Issue) -> str:
    kind = tr("Error") if issue.severity == "error" else tr("Warning")
    text = f"<b>{escape(kind)}:</b> {escape(issue.message)}"
    return f"{text}<br>{escape(issue.hint)}" if issue.hint else text


def accessible_name(node: Node, summary: str, shape: str, facts: Facts) -> str:
    """The node in one line of plain text, for those who hear the drawing."""
    parts = [f"{node.type} {node.name}".strip(), summary, shape]
    parts += list(parameter_texts(facts.parameters)[:1])
    parts += [issue.message for issue in facts.issues]
    return ", ".join(part for part in parts if part)
