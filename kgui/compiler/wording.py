"""Faults of the engine, shapes and sizes, worded for people who draw."""

from collections.abc import Iterable, Mapping

from kgui.engine.errors import EngineError
from kgui.graph.quoting import shortened
from kgui.language import tr


class _Short:
    """What somebody typed, or a list, inside a message: as Python writes it, but never long."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __repr__(self) -> str:
        return shortened(repr(self._value))

    def __str__(self) -> str:
        return shortened(self._value)


def explain(error: EngineError) -> str:
    """The fault in the user's language; shapes as "(None, 28, 28)"."""
    return sentence(error.plain, error.values)


def sentence(plain: str, values: Mapping[str, object]) -> str:
    """A template of the engine, translated and filled; long values are cut."""
    return tr(plain).format(**{name: _shown(name, value) for name, value in values.items()})


def _shown(name: str, value: object) -> object:
    if isinstance(value, list) and 1 < len(value) < 5 and all(map(_is_shape, value)):
        return tr(" and ").join(str(shape) for shape in value)
    endless = isinstance(value, list) or (name == "value" and isinstance(value, str | tuple))
    return _Short(value) if endless else value


def _is_shape(value: object) -> bool:
    return isinstance(value, tuple)


def sizes_text(shape: Iterable[int | None]) -> str:
    """A shape as it is typed into a field: "28, 28"."""
    return ", ".join("None" if size is None else str(size) for size in shape)


def bytes_text(count: float) -> str:
    """An amount of memory: "3.6 TB"; 1 kB is 1000 bytes."""
    units = (tr("bytes"), tr("kB"), tr("MB"), tr("GB"), tr("TB"), tr("PB"), tr("EB"))
    for unit in units:
        if count < 1000:
            return f"{count:.0f} {unit}" if count == int(count) else f"{count:.1f} {unit}"
        count /= 1000
    return tr("more than {amount}").format(amount=f"1000 {units[-1]}")


def names_text(names: Iterable[str], most: int = 3) -> str:
    """The first names of a row; an ellipsis stands for the rest."""
    row = [shortened(name) for name in names]
    return ", ".join(row if len(row) <= most else [*row[:most], "…"])
