"""What is typed into the search: a layer, its values, and layers in a row.

"dense 64 relu" is a Dense with units and activation; "input > dense 3" are two, wired.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kgui.compiler.finding import find
from kgui.compiler.node_types import NodeType, Option
from kgui.graph.project import OptionValue
from kgui.widgets.typed_text import from_text

ARROW = ">"


@dataclass(frozen=True)
class Layer:
    """A layer that is to be added, and what was said of its options."""

    node_type: NodeType
    options: Mapping[str, OptionValue]


@dataclass(frozen=True)
class Phrase:
    """What a text may mean: layers that are clear, and choices for the last one, best first."""

    before: tuple[Layer, ...] = ()
    choices: tuple[Layer, ...] = ()

    def layers(self, choice: int) -> tuple[Layer, ...]:
        """All layers, with one of the choices as the last."""
        return (*self.before, self.choices[choice])


def read(
    text: str,
    first: Sequence[NodeType],
    others: Sequence[NodeType],
    recent: Sequence[str] = (),
) -> Phrase:
    """The phrase of a text; `first` are the types that may begin it, `others` those that follow."""
    *earlier, last = (part.strip() for part in text.split(ARROW))
    before: list[Layer] = []
    for part in earlier:
        found = choices(part, others if before else first, recent)
        if not found or not part:
            return Phrase()
        before.append(found[0])
    return Phrase(tuple(before), choices(last, others if before else first, recent))


def choices(text: str, node_types: Iterable[NodeType], recent: Sequence[str]) -> tuple[Layer, ...]:
    """The layers that a text without arrows may mean, with the values in it."""
    kinds, words = tuple(node_types), text.split()
    for count in range(len(words), -1, -1):
        found = find(kinds, " ".join(words[:count]), recent) if count or not words else ()
        layers = [_with_values(kind, words[count:]) for kind in found]
        if fitting := tuple(layer for layer in layers if layer is not None):
            return fitting
    return ()


def _with_values(node_type: NodeType, words: Iterable[str]) -> Layer | None:
    """The layer with the values for the options they fit; None where one fits none."""
    options: dict[str, OptionValue] = {}
    free = sorted(node_type.options, key=lambda option: not option.required)
    for word in words:
        name, equals, value = word.partition("=")
        wanted = [o for o in free if o.name == name.casefold()] if equals else free
        chosen = _taker(wanted, value if equals else word)
        if chosen is None:
            return None
        option, options[chosen[0].name] = chosen
        free.remove(option)
    return Layer(node_type, options)


def _taker(options: Iterable[Option], word: str) -> tuple[Option, OptionValue] | None:
    """The first option that the word is a value of, and the value."""
    for option in options:
        value = _READERS.get(option.kind, _nothing)(option, word)
        if value is not None:
            return option, value
    return None


def _nothing(option: Option, word: str) -> OptionValue:
    return None


def _number(option: Option, word: str) -> OptionValue:
    value = from_text(option.kind, word)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if option.kind == "integer" and not isinstance(value, int):
        return None
    low = option.minimum is not None and value < option.minimum
    high = option.maximum is not None and value > option.maximum
    return None if low or high else value


def _sizes(option: Option, word: str) -> OptionValue:
    value = from_text(option.kind, word.strip("()[]"))
    return value if isinstance(value, list | int) else None


def _choice(option: Option, word: str) -> OptionValue:
    return next((choice for choice in option.choices if choice == word.casefold()), None)


def _boolean(option: Option, word: str) -> OptionValue:
    return {"true": True, "yes": True, "false": False, "no": False}.get(word.casefold())


_READERS: Mapping[str, Callable[[Option, str], OptionValue]] = {
    "integer": _number,
    "number": _number,
    "boolean": _boolean,
    "choice": _choice,
    "shape": _sizes,
    "integers": _sizes,
    "numbers": _sizes,
}
