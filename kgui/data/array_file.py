"""Arrays as data to learn from: `.npz` files, and what IDX files hold."""

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from kgui.data.memory import refuse_unless_it_fits
from kgui.data.naming import class_name, natural
from kgui.data.numbers import refuse_beyond
from kgui.data.preparation import ArrayInput, Preparation
from kgui.data.refusal import listed, refusal
from kgui.data.roles import MOST_CLASSES, is_class_target
from kgui.data.source import check_classes, divide, fingerprint_of_file, title_of
from kgui.data.values import Array, Part, Parts, Summary, Target
from kgui.graph.project import DataSettings
from kgui.io.arrays import read_arrays
from kgui.language import tr

TARGETS = ("y", "target", "targets", "label", "labels", "Y")


def open_arrays(path: Path, settings: DataSettings) -> "ArraySource":
    """Read an `.npz` file: x and y, or x_train, y_train, x_test, y_test, as Keras's have them."""
    arrays = {key: a for key, a in read_arrays(path).items() if not key.startswith("__")}
    mark = fingerprint_of_file(path)
    train: dict[str, Array] = {}
    for key, array in arrays.items():
        name = key.removesuffix("_train")
        if key.endswith("_test"):
            continue
        if name in train:
            sentence = tr("{name} holds both {array} and {array}_train; leave one out.")
            raise refusal(sentence, name=path.name, array=name)
        train[name] = array
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
        self._settings, self._name = settings, title_of(path)
        self.fingerprint = fingerprint
        key = _target_key(train, settings.target, self._name)
        _check_parts(train, test, self._name)
        self._inputs = _inputs(train, key)
        self._test_inputs = _inputs(test, key) if test else {}
        self._labels, self._test_labels, self._target = _target(
            key, train[key], test.get(key), self._name
        )
        check_classes(self._target, self._name)
        _refuse_unusable(self._inputs, "", self._name)
        _refuse_unusable(self._test_inputs, "_test", self._name)
        rows = len(self._labels) + (0 if self._test_labels is None else len(self._test_labels))
        shapes = {name: tuple(array.shape[1:]) for name, array in self._inputs.items()}
        scaled = all(self._divisor(name) != 1 for name in self._inputs)
        self.summary = Summary(
            self._name, rows, shapes, self._target, is_scaled=scaled, greatest=self._greatest()
        )

    def _greatest(self) -> dict[str, float]:
        parts = (self._inputs, self._test_inputs)
        return {
            name: max(float(part[name].max()) for part in parts if name in part)
            for name, array in self._inputs.items()
            if array.size and self._divisor(name) == 1
        }

    def _preparation(self) -> Preparation:
        arrays = tuple(
            ArrayInput(name, tuple(array.shape[1:]), self._divisor(name))
            for name, array in self._inputs.items()
        )
        return Preparation(arrays=arrays, target=self._target.name, classes=self._target.classes)

    def _divisor(self, name: str) -> float:
        """8-bit pixels become 0 to 1; some files have 16 or 1 as the brightest."""
        parts = [inputs[name] for inputs in (self._inputs, self._test_inputs) if name in inputs]
        if self._settings.scaling != "auto" or any(part.dtype != np.uint8 for part in parts):
            return 1.0
        brightest = max(int(part.max(initial=0)) for part in parts)
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
        found = listed(sorted(arrays))
        raise refusal(sentence, name=name, wanted=wanted or "y", found=found)
    if len(arrays) < 2:
        sentence = tr("{name} holds only {array}; an array to learn from, such as x, is needed.")
        raise refusal(sentence, name=name, array=known[0])
    return known[0]


def _check_parts(train: Mapping[str, Array], test: Mapping[str, Array], name: str) -> None:
    """The arrays of each part have rows, as many as each other; a test part has all of them."""
    if not test.keys() <= train.keys() or (test and test.keys() != train.keys()):
        sentence = tr("{name}: the test part should hold {wanted}, but holds {found}.")
        wanted, found = (
            listed(f"{key}_test" for key in sorted(keys)) for keys in (train.keys(), test.keys())
        )
        raise refusal(sentence, name=name, wanted=wanted, found=found)
    for part in (train, test):
        lengths = {key: len(array) if array.ndim else 0 for key, array in part.items()}
        if len(set(lengths.values())) > 1 or 0 in lengths.values():
            counts = listed(f"{key}: {count}" for key, count in lengths.items())
            sentence = tr("{name}: every array must have the same number of rows, but {lengths}.")
            raise refusal(sentence, name=name, lengths=counts)
    # They are there already; what the engine takes is a float32 of each, cut into parts.
    refuse_unless_it_fits(8 * sum(a.size for part in (train, test) for a in part.values()), name)


def _inputs(arrays: Mapping[str, Array], target: str) -> dict[str, Array]:
    """The other arrays by name: one alone is "x"; of x_left, "left" remains."""
    others = {key: array for key, array in arrays.items() if key != target}
    if len(others) == 1:
        return {"x": _at_least_two_axes(next(iter(others.values())))}
    return {key.removeprefix("x_"): _at_least_two_axes(a) for key, a in others.items()}


def _at_least_two_axes(array: Array) -> Array:
    return array[:, None] if array.ndim == 1 else array


def _refuse_unusable(inputs: Mapping[str, Array], part: str, name: str) -> None:
    for key, array in inputs.items():
        if not math.prod(array.shape[1:]):
            sentence = tr("{name}: the rows of the array {array} hold no values.")
            raise refusal(sentence, name=name, array=key)
        refuse_beyond(array, tr("the array {array}").format(array=key + part), name)


def _target(
    key: str, train: Array, test: Array | None, name: str
) -> tuple[Array, Array | None, Target]:
    """Targets as the engine takes them; classes are numbered over both parts."""
    parts = [_flat(part) for part in (train, test) if part is not None]
    if len({part.shape[1:] for part in parts}) > 1:
        sentence = tr("{name}: the rows of {key} have {train} values each, those to test {test}.")
        widths = [math.prod(part.shape[1:]) for part in parts]
        raise refusal(sentence, name=name, key=key, train=widths[0], test=widths[1])
    for part in parts:
        refuse_beyond(part, key, name)
    everything, count = np.concatenate(parts), len(train)
    if everything.ndim == 2 and _is_one_hot(everything):
        everything = everything.argmax(1)
    if everything.ndim == 1 and _are_classes(everything):
        classes, labels = np.unique(everything, return_inverse=True)
        words = tuple(class_name(value) for value in natural(classes))
        labels = labels.reshape(-1).astype(np.int32)
        target = Target(key, "classes", words)
    else:
        labels = everything.reshape(len(everything), -1).astype(np.float32)
        target = Target(key, "numbers", width=labels.shape[1])
    return labels[:count], labels[count:] if test is not None else None, target


def _flat(array: Array) -> Array:
    """Targets of one value per row without the axis that says so."""
    return array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else array


def _are_classes(values: Array) -> bool:
    """Bytes and booleans always; other whole numbers unless they look like amounts."""
    if values.dtype.kind == "b" or values.dtype == np.uint8 or is_class_target(values):
        return True
    if values.dtype.kind not in "iu":
        return False
    distinct = len(np.unique(values))
    return distinct <= MOST_CLASSES or distinct <= 0.3 * len(values)


def _is_one_hot(array: Array) -> bool:
    return bool(np.isin(array, (0, 1)).all() and (array.sum(1) == 1).all())
