"""What every source can do, and where its rows go."""

import hashlib
from pathlib import Path
from typing import Protocol

import numpy as np

from kgui.data.preparation import Preparation
from kgui.data.refusal import listed, refusal
from kgui.data.values import Array, Parts, Summary, Target
from kgui.graph.project import DataSettings
from kgui.io.read import read_ends
from kgui.language import tr

_END = 1 << 20


class Source(Protocol):
    """Data that were read: a summary to look at, and parts to train on."""

    @property
    def summary(self) -> Summary:
        """The data in a few figures."""

    @property
    def fingerprint(self) -> str:
        """What tells these data from others."""

    def split(self, seed: int) -> tuple[Parts, Preparation]:
        """Training, validation and test part; the preparation is learnt on the first."""


def fingerprint_of(data: bytes) -> str:
    """Size and digest of a file's first and last mebibyte."""
    return _mark(data[:_END], data[-_END:], len(data))


def fingerprint_of_file(path: Path) -> str:
    """The same, without reading what lies between."""
    return _mark(*read_ends(path, _END))


def _mark(head: bytes, tail: bytes, size: int) -> str:
    return f"{size}-{hashlib.sha256(head + tail).hexdigest()}"


def divide(
    target: Array, kind: str, settings: DataSettings, seed: int, own_test: bool
) -> tuple[Array, Array, Array]:
    """Row numbers of the training, validation and test part; classes keep their shares."""
    generator = np.random.default_rng(seed)
    groups = _groups(target, kind, generator)
    test_share = 0.0 if own_test else settings.test
    test, rest = _take(groups, test_share)
    validation, train = _take(rest, settings.validation)
    parts = [np.sort(np.concatenate(part)) for part in (train, validation, test)]
    wanted = (1.0, settings.validation, test_share)
    names = (tr("training"), tr("validation"), tr("test"))
    for part, share, name in zip(parts, wanted, names, strict=True):
        if share and len(part) == 0:
            sentence = tr("The {part} part would have no rows: there are only {rows} in all.")
            raise refusal(sentence, part=name, rows=len(target))
    return parts[0], parts[1], parts[2]


def _groups(target: Array, kind: str, generator: np.random.Generator) -> list[Array]:
    order = generator.permutation(len(target))
    if kind != "classes":
        return [order]
    labels = target[order]
    return [order[labels == label] for label in np.unique(labels)]


def _take(groups: list[Array], share: float) -> tuple[list[Array], list[Array]]:
    """A share of every group, and the rest; rounding errors are carried from group to group.

    The rest keeps at least one row of every group, so that no class is unknown to the training.
    """
    taken, rest, due = [], [], 0.0
    for group in groups:
        due += len(group) * share
        count = min(round(due), len(group) - 1)
        due -= count
        taken.append(group[:count])
        rest.append(group[count:])
    return taken, rest


def check_classes(target: Target, name: str) -> None:
    """Refuse a target with a single class: there is nothing to learn."""
    if target.kind == "classes" and len(target.classes) < 2:
        sentence = tr("{name}: the target {target} has only one class, {only}.")
        raise refusal(sentence, name=name, target=target.name, only=listed(target.classes))


def title_of(path: Path) -> str:
    """A source's title: the file's or folder's name."""
    return path.name or str(path)
