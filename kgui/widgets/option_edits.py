"""An option given a value, or its default: at one node or at several."""

from collections.abc import Iterable

from kgui.compiler.node_types import Option
from kgui.graph import together
from kgui.graph.project import OptionValue, Project


def with_option(
    project: Project, node_ids: Iterable[str], option: Option, value: OptionValue
) -> Project:
    """The nodes with the option set; one that is left at its default is not kept."""
    if repr(value) == repr(option.default) and not option.required:
        return together.reset_option(project, node_ids, option.name)
    return together.set_option(project, node_ids, option.name, value)
