"""The data sets that come with the program."""

from dataclasses import dataclass
from pathlib import Path

from kgui.data.refusal import refusal
from kgui.language import RESOURCES, tr

PREFIX = "sample:"


@dataclass(frozen=True)
class Sample:
    """A bundled data set: `sample:NAME` in a document."""

    name: str
    file: str
    title: str
    description: str
    target: str = ""
    """The column to predict, where it is not the last."""

    @property
    def path(self) -> Path:
        """Where it lies."""
        return RESOURCES / "samples" / self.file


def samples() -> tuple[Sample, ...]:
    """What is bundled, from the smallest to the largest."""
    return (
        Sample("xor", "xor.csv", tr("XOR"), tr("400 points in four clouds, two classes")),
        Sample("iris", "iris.csv", tr("Iris"), tr("150 flowers, four measures, three species")),
        Sample(
            "penguins",
            "penguins.csv",
            tr("Penguins"),
            tr("344 penguins, numbers and words, some values missing"),
            "species",
        ),
        Sample(
            "digits", "digits.npz", tr("Digits"), tr("1,797 small pictures of digits, 8 × 8 pixels")
        ),
        Sample(
            "mnist",
            "mnist.npz",
            tr("MNIST"),
            tr("7,000 of the pictures of digits, 28 × 28 pixels, a part of them to test"),
        ),
    )


def find_sample(source: str) -> Sample:
    """The sample that `sample:NAME` names; InputError lists the names there are."""
    name = source.removeprefix(PREFIX)
    for sample in samples():
        if sample.name == name:
            return sample
    sentence = tr("There is no sample called {name}; there are {names}.")
    names = ", ".join(sample.name for sample in samples())
    raise refusal(sentence, name=name[:80], names=names)
