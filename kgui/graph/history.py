"""Undo and redo: the projects there have been, and which of them is now."""

from dataclasses import dataclass

from kgui.graph.project import Project

MOST_STEPS = 1_000
"""5 MiB for 200 steps of 1,000 nodes were measured; small projects share nearly everything."""


@dataclass(frozen=True)
class Step:
    """What an edit was called and what came of it; steps of one gesture share a merge key."""

    label: str
    project: Project
    merge_key: object = None


class History:
    """The steps since a document was opened; undo gives back the very object of before."""

    def __init__(self, project: Project, most_steps: int = MOST_STEPS) -> None:
        self._steps = [Step("", project)]
        self._index = 0
        self._saved = project
        self._most_steps = most_steps

    @property
    def project(self) -> Project:
        """The project as it is now."""
        return self._steps[self._index].project

    def apply(self, label: str, project: Project, merge_key: object = None) -> None:
        """Make the project the present one; the same object as now is no step.

        A step with the merge key of the last one replaces it, unless that one was saved or undone.
        """
        if project is self.project:
            return
        if self._merges(merge_key):
            self._index -= 1
        del self._steps[self._index + 1 :]
        self._steps.append(Step(label, project, merge_key))
        del self._steps[: -self._most_steps - 1]
        self._index = len(self._steps) - 1

    def _merges(self, merge_key: object) -> bool:
        last = self._steps[-1]
        at_end = 0 < self._index == len(self._steps) - 1
        same = merge_key is not None and last.merge_key == merge_key
        return at_end and same and last.project is not self._saved

    def undo(self) -> Project:
        """Go one step back, if there is one; returns the project as it is then."""
        self._index = max(0, self._index - 1)
        return self.project

    def redo(self) -> Project:
        """Go one step forward, if there is one; returns the project as it is then."""
        self._index = min(len(self._steps) - 1, self._index + 1)
        return self.project

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to go back."""
        return self._index > 0

    @property
    def can_redo(self) -> bool:
        """Whether a step was undone."""
        return self._index < len(self._steps) - 1

    @property
    def undo_label(self) -> str:
        """What undo would take back; "" if nothing."""
        return self._steps[self._index].label if self.can_undo else ""

    @property
    def redo_label(self) -> str:
        """What redo would do again; "" if nothing."""
        return self._steps[self._index + 1].label if self.can_redo else ""

    def mark_saved(self) -> None:
        """The present project is the one on disk."""
        self._saved = self.project

    @property
    def is_modified(self) -> bool:
        """Whether the present project differs from the one on disk."""
        return self.project is not self._saved
