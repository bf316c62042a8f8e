"""The inspector's page of one node: what it is, what flows through it, and its options."""

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QWidget

from kgui.compiler.issues import Issue, Report
from kgui.compiler.node_types import NodeType, Option
from kgui.graph import edits
from kgui.graph.project import Node, OptionValue, Project
from kgui.graph.quoting import listed
from kgui.graph.sharing import owner, sharers
from kgui.language import tr
from kgui.widgets.canvas.looks import shape_text
from kgui.widgets.document import Document
from kgui.widgets.editors import TextField
from kgui.widgets.labels import as_sentence, muted, plain_label
from kgui.widgets.option_edits import with_option
from kgui.widgets.option_page import lay_out, option_row
from kgui.widgets.rows import Row
from kgui.widgets.theme import Theme

CheckOption = Callable[[str, str, OptionValue], str]
"""Type, option, value -> what is wrong, in a sentence, or ""."""


class NodePage(QWidget):
    """Patches itself: a field that is being edited keeps its cursor."""

    def __init__(
        self,
        document: Document,
        node_id: str,
        node_type: NodeType,
        check_option: CheckOption,
        theme: Theme,
    ) -> None:
        super().__init__()
        self.node_id = node_id
        self._document, self._type, self._check_option = document, node_type, check_option
        self.title = plain_label(node_type.name)
        self.summary = plain_label(node_type.summary)
        self.facts = plain_label("")
        self.facts.setObjectName("facts")
        self.problems = plain_label("")
        self.problems.setObjectName("node.problems")
        self.name_row = Row(
            tr("Name"), TextField(), self._check_name, self._rename, has_reset_column=True
        )
        self.name_row.field.setObjectName("option.name")
        self.rows = {option.name: self._row(option) for option in node_type.options}
        lay_out(
            self,
            self.title,
            (self.summary, self.facts, self.problems),
            (self.name_row, *self.rows.values()),
        )
        self.set_theme(theme)
        self.refresh()

    def _row(self, option: Option) -> Row:
        return option_row(option, self._check, self._set, self._reset)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        muted(self.summary, theme)
        palette = self.problems.palette()
        palette.setColor(self.problems.foregroundRole(), theme.error)
        self.problems.setPalette(palette)
        for row in (self.name_row, *self.rows.values()):
            row.show_theme(theme)

    def refresh(self) -> None:
        """Show the node as the document and its report have it now."""
        project, report = self._document.project, self._document.report
        node = project.graph.node(self.node_id)
        issues = [issue for issue in report.issues if issue.node_id == self.node_id]
        self.name_row.show_value(node.name, changed=False)
        own = owner(project.graph, self.node_id)
        for option in self._type.options:
            row = self.rows[option.name]
            value = own.options.get(option.name, option.default)
            row.show_value(value, changed=option.name in own.options and not option.required)
            row.show_issue(_sentences(i for i in issues if i.option == option.name))
        general = [issue for issue in issues if issue.option not in self.rows]
        self.problems.setText(_sentences(general))
        self.problems.setVisible(bool(general))
        self.facts.setText(facts_text(node, project, report))

    def _check(self, option: Option, value: OptionValue) -> str:
        if value is None and not option.optional:
            return tr("{option} needs a value.").format(option=option.label)
        return self._check_option(self._type.name, option.name, value)

    def _set(self, option: Option, value: OptionValue, burst: str) -> None:
        after = with_option(self._document.project, [self.node_id], option, value)
        self._document.apply(self._label(option), after, burst)

    def _reset(self, option: Option) -> None:
        after = edits.reset_option(self._document.project, self.node_id, option.name)
        label = tr("Reset {option} of {node}")
        name = self._document.project.graph.node(self.node_id).name
        self._document.apply(label.format(option=option.label, node=name), after)

    def _label(self, option: Option) -> str:
        name = self._document.project.graph.node(self.node_id).name
        return tr("Set {option} of {node}").format(option=option.label, node=name)

    def _check_name(self, value: OptionValue) -> str:
        return edits.why_not_rename(self._document.project, self.node_id, str(value))

    def _rename(self, value: OptionValue, burst: str) -> None:
        after = edits.rename(self._document.project, self.node_id, str(value))
        self._document.apply(tr("Rename to {name}").format(name=value), after, burst)


def _sentences(issues: Iterable[Issue]) -> str:
    return "\n".join(as_sentence(issue.message, issue.hint) for issue in issues)


def facts_text(node: Node, project: Project, report: Report) -> str:
    """Shapes in and out and the number of weights, one a line; unknown is said so."""
    unknown = tr("not known yet")
    lines = sharing_lines(node, project)
    wires = sorted(wire for wire in project.graph.wires if wire.target == node.id)
    inputs = [
        _output_shape(report, wire.source, wire.source_port) or unknown
        for wire in sorted(wires, key=lambda wire: wire.target_port)
    ]
    if inputs:
        lines.append(tr("In: {shapes}").format(shapes=", ".join(inputs)))
    shapes = [shape_text(shape) for shape in report.shapes.get(node.id, ())]
    lines.append(tr("Out: {shapes}").format(shapes=", ".join(shapes) or unknown))
    if (count := report.parameters.get(node.id)) is not None:
        lines.append(tr("Parameters: {count}").format(count=f"{count:,}"))
    return "\n".join(lines)


def sharing_lines(node: Node, project: Project) -> list[str]:
    """Who else uses the layer of a node, in a line; nothing where nobody does."""
    own = node.shares or node.id
    names = [n.name for n in project.graph.nodes if own in (n.id, n.shares) and n is not node]
    if not names or not (node.shares or own in sharers(project.graph.nodes)):
        return []
    return [tr("One layer with {names}: the same options and weights").format(names=listed(names))]


def _output_shape(report: Report, node_id: str, port: int) -> str:
    shapes = report.shapes.get(node_id, ())
    return shape_text(shapes[port]) if port < len(shapes) else ""
