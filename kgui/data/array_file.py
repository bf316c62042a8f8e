"""Arrays as data to learn from: `.npz` files, and what IDX files hold."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from kgui.data.preparation import ArrayInput, Preparation
from kgui.data.roles import is_class_target
from kgui.data.source import (
    check_classes,
    class_name,
    divide,
    fingerprint_of,
    natural,
    title_of,
)
from kgui.data.values import Array, Part, Parts, Summary, Target
from kgui.graph.project import DataSettings
from kgui.io.arrays import read_arrays
from kgui.io.errors import InputError
from kgui.io.read import read_bytes
from kgui.language import tr

LARGEST_FILE = 16 * 10**9
TARGETS = ("y", "target", "targets", "label", "labels", "Y")


def open_arrays(path: Path, settings: DataSettings) -> "ArraySource":
    """Read an `.npz` file: x and y, or x_train, y_train, x_test, y_test, as Keras's have them."""
    arrays = read_arrays(path)
    mark = fingerprint_of(read_bytes(path, LARGEST_FILE, tr("array")))
    train = {key.removesuffix("_train"): array for key, array in arrays.items()
             if not key.endswith("_test") and not key.startswith("__")}  # fmt: skip
    test = {key.removesuffix("_test"): a for key, a in arrays.items() if key.endswith("_test")}
    return ArraySource(path, settings, train, test, mark)


class ArraySource:
    """Input arrays and one target array, with or without a test part of their own."""

    def __init__(
        self,
        path: Path,
        settings: DataSettings,
        train: Mapping[str, Array],
        test: Mapping[str, Array],
        fingerprint: str,
    ) -> None:
        self._settings, self._name = settings, path.name
        self.fingerprint = fingerprint
        key = _target_key(train, settings.target, path.name)
        self._inputs = _inputs(train, key)
        self._test_inputs = _inputs(test, key) if test else {}
        _check_lengths({**self._inputs, key: train[key]}, path.name)
        own = test.get(key)
        self._labels, self._test_labels, self._target = _target(key, train[key], own, path.name)
        check_classes(self._target, path.name)
        if self._test_labels is not None:
            _check_lengths({**self._test_inputs, key: self._test_labels}, path.name)
        _refuse_non_finite(self._inputs, path.name)
        rows = len(self._labels) + (0 if self._test_labels is None else len(self._test_labels))
        shapes = {name: tuple(array.shape[1:]) for name, array in self._inputs.items()}
        self.summary = Summary(title_of(path), rows, shapes, self._target)

    def _preparation(self) -> Preparation:
        arrays = tuple(
            ArrayInput(name, tuple(array.shape[1:]), self._divisor(array))
            for name, array in self._inputs.items()
        )
        return Preparation(arrays=arrays, target=self._target.name, classes=self._target.classes)

    def _divisor(self, array: Array) -> float:
        """8-bit pixels become 0 to 1; some files have 16 or 1 as the brightest."""
        if array.dtype != np.uint8 or self._settings.scaling != "auto":
            return 1.0
        brightest = int(array.max(initial=0))
        return float(next(limit for limit in (1, 16, 255) if brightest <= limit))

    def split(self, seed: int) -> tuple[Parts, Preparation]:
        """Training, validation and test part; a test part of the file's own comes first."""
        preparation = self._preparation()
        own = self._test_labels is not None
        train, validation, test = divide(
            self._labels, self._target.kind, self._settings, seed, own_test=own
        )

        def part(rows: Array) -> Part:
            cut = {name: array[rows] for name, array in self._inputs.items()}
            return Part(preparation.apply_arrays(cut, self._name), self._labels[rows])

        tested = part(test) if len(test) else None
        if self._test_labels is not None:
            inputs = preparation.apply_arrays(self._test_inputs, self._name)
            tested = Part(inputs, self._test_labels)
        return Parts(
            part(train), part(validation) if len(validation) else None, tested
        ), preparation


def _target_key(arrays: Mapping[str, Array], wanted: str, name: str) -> str:
    known = [key for key in ((wanted,) if wanted else TARGETS) if key in arrays]
    if not known:
        sentence = tr("{name} has no array {wanted} to predict; it holds {found}.")
        listed = ", ".join(sorted(arrays)[:20]) or tr("nothing")
        raise InputError(sentence.format(name=name, wanted=wanted or "y", found=listed))
    if len(arrays) < 2:
        sentence = tr("{name} holds only {array}; an array to learn from, such as x, is needed.")
        raise InputError(sentence.format(name=name, array=known[0]))
    return known[0]


def _inputs(arrays: Mapping[str, Array], target: str) -> dict[str, Array]:
    """The other arrays by name: one alone is "x"; of x_left, "left" remains."""
    others = {key: array for key, array in arrays.items() if key != target}
    if len(others) == 1:
        return {"x": _at_least_two_axes(next(iter(others.values())))}
    return {key.removeprefix("x_"): _at_least_two_axes(a) for key, a in others.items()}


def _at_least_two_axes(array: Array) -> Array:
    return array[:, None] if array.ndim == 1 else array


def _check_lengths(arrays: Mapping[str, Array], name: str) -> None:
    lengths = {key: len(array) if array.ndim else 0 for key, array in arrays.items()}
    if len(set(lengths.values())) > 1 or 0 in lengths.values():
        listed = ", ".join(f"{key}: {count}" for key, count in lengths.items())
        sentence = tr("{name}: every array must have the same number of rows, but {lengths}.")
        raise InputError(sentence.format(name=name, lengths=listed))


def _refuse_non_finite(arrays: Mapping[str, Array], name: str) -> None:
    for key, array in arrays.items():
        if array.dtype.kind != "f" or np.isfinite(array).all():
            continue
        row = int(np.argwhere(~np.isfinite(array))[0][0])
        sentence = tr("{name}, row {row}: the array {array} holds a value that is not finite.")
        raise InputError(sentence.format(name=name, row=row + 1, array=key))


def _target(
    key: str, train: Array, test: Array | None, name: str
) -> tuple[Array, Array | None, Target]:
    """Targets as the engine takes them; classes are numbered over both parts."""
    everything = train if test is None else np.concatenate([train, test])
    if everything.ndim == 2 and everything.shape[1] > 1 and _is_one_hot(everything):
        everything = everything.argmax(1)
    elif everything.ndim == 2 and everything.shape[1] == 1:
        everything = everything[:, 0]
    _refuse_non_finite({key: everything}, name)
    count = len(train)
    if everything.ndim == 1 and (everything.dtype.kind in "iub" or is_class_target(everything)):
        classes, labels = np.unique(everything, return_inverse=True)
        words = tuple(class_name(value) for value in natural(classes))
        labels = labels.reshape(-1).astype(np.int32)
        target = Target(key, "classes", words)
    else:
        labels = everything.reshape(len(everything), -1).astype(np.float32)
        target = Target(key, "numbers", width=labels.shape[1])
    return labels[:count], labels[count:] if test is not None else None, target


def _is_one_hot(array: Array) -> bool:
    return bool(np.isin(array, (0, 1)).all() and (array.sum(1) == 1).all())
