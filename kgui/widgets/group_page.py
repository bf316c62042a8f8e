"""The inspector's page of several nodes: the options that all of them have, edited at once."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QWidget

from kgui.compiler.node_types import NodeType, Option
from kgui.graph import together
from kgui.graph.project import Node, OptionValue
from kgui.graph.sharing import with_options
from kgui.language import tr, trn
from kgui.widgets.document import Document
from kgui.widgets.labels import muted, plain_label
from kgui.widgets.node_page import CheckOption
from kgui.widgets.option_edits import with_option
from kgui.widgets.option_page import lay_out, option_row
from kgui.widgets.rows import Row
from kgui.widgets.theme import Theme

MOST_NAMES = 6


def common_options(node_types: Sequence[NodeType]) -> tuple[Option, ...]:
    """The options that every one of the types has, of the same kind and with the same choices."""
    first, *others = node_types
    return tuple(
        option
        for option in first.options
        if all(_same(option, other) for kind in others for other in [_named(kind, option.name)])
    )


def _named(node_type: NodeType, name: str) -> Option | None:
    return next((option for option in node_type.options if option.name == name), None)


def _same(option: Option, other: Option | None) -> bool:
    return other is not None and (option.kind, option.choices) == (other.kind, other.choices)


class GroupPage(QWidget):
    """Shows a value where all agree and "mixed" where they do not; one edit is one step."""

    def __init__(
        self,
        document: Document,
        node_types: Mapping[str, NodeType],
        type_names: Sequence[str],
        check_option: CheckOption,
        theme: Theme,
    ) -> None:
        super().__init__()
        self.type_names = tuple(type_names)
        self.node_ids: tuple[str, ...] = ()
        self._document, self._check_option = document, check_option
        self._types = {name: node_types[name] for name in type_names if name in node_types}
        known = len(self._types) == len(self.type_names)
        self._options = common_options(tuple(self._types.values())) if known else ()
        self.title = plain_label("")
        self.names = plain_label("")
        self.names.setObjectName("facts")
        self.nothing = plain_label(tr("These layers have no option in common."))
        self.nothing.setVisible(not self._options)
        self.rows = {option.name: self._row(option) for option in self._options}
        lay_out(self, self.title, (self.names,), (self.nothing, *self.rows.values()))
        self.set_theme(theme)

    def _row(self, option: Option) -> Row:
        return option_row(option, self._check, self._set, self._reset)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for label in (self.names, self.nothing):
            muted(label, theme)
        for row in self.rows.values():
            row.show_theme(theme)

    def show_nodes(self, node_ids: Sequence[str]) -> None:
        """Be about these nodes, which are of this page's types."""
        self.node_ids = tuple(node_ids)
        self.refresh()

    def refresh(self) -> None:
        """Show the nodes as the document has them now."""
        chosen = self._nodes()
        self.title.setText(_title(len(chosen), self.type_names))
        names = [node.name for node in chosen[:MOST_NAMES]]
        more = ["…"] if len(chosen) > MOST_NAMES else []
        self.names.setText(", ".join([*names, *more]))
        for option in self._options:
            self._show(option, chosen)

    def _nodes(self) -> list[Node]:
        wanted = set(self.node_ids)
        nodes = with_options(self._document.project.graph.nodes)
        return [node for node in nodes.values() if node.id in wanted]

    def _show(self, option: Option, nodes: Sequence[Node]) -> None:
        row = self.rows[option.name]
        values = [node.options.get(option.name, self._default(node, option)) for node in nodes]
        changed = any(option.name in node.options for node in nodes) and not option.required
        if len({repr(value) for value in values}) == 1:
            row.show_value(values[0], changed=changed)
        else:
            row.show_mixed(changed=changed)

    def _default(self, node: Node, option: Option) -> OptionValue:
        return self._types[node.type].option(option.name).default

    def _check(self, option: Option, value: OptionValue) -> str:
        if value is None and not option.optional:
            return tr("{option} needs a value.").format(option=option.label)
        checks = (self._check_option(name, option.name, value) for name in self.type_names)
        return next(filter(None, checks), "")

    def _set(self, option: Option, value: OptionValue, burst: str) -> None:
        project = self._document.project
        for name, kind in self._types.items():
            own = kind.option(option.name)
            ids = [node.id for node in self._nodes() if node.type == name]
            project = with_option(project, ids, own, value)
        label = trn("Set {option} of {count} layer", "Set {option} of {count} layers",
                    len(self.node_ids))  # fmt: skip
        label = label.format(option=option.label, count=len(self.node_ids))
        self._document.apply(label, project, burst)

    def _reset(self, option: Option) -> None:
        project = together.reset_option(self._document.project, self.node_ids, option.name)
        label = trn("Reset {option} of {count} layer", "Reset {option} of {count} layers",
                    len(self.node_ids))  # fmt: skip
        label = label.format(option=option.label, count=len(self.node_ids))
        self._document.apply(label, project)


def _title(count: int, type_names: Sequence[str]) -> str:
    if len(type_names) == 1:
        return tr("{count} × {type}").format(count=count, type=type_names[0])
    return trn("{count} layer selected", "{count} layers selected", count).format(count=count)
