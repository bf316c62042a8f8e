"""The `.kgui` file: load, save, and the text in between (docs/graph-format.md)."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from kgui import __version__
from kgui.graph.decoding import LARGEST_FILE, from_json
from kgui.graph.migrations import VERSION
from kgui.graph.project import Frame, Inside, Node, Note, Project, Wire
from kgui.graph.rules import faults
from kgui.io.atomic_write import Fingerprint, atomic_write
from kgui.io.errors import InputError
from kgui.io.read import read_bytes
from kgui.language import tr

# Compiled once: json.dumps with these options would build an encoder for every value.
_text = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def load(path: str | Path) -> Project:
    """The project in a file; InputError or OutputError in one sentence. Opens nothing else."""
    return from_json(read_bytes(path, LARGEST_FILE, tr("graph")), Path(path).name)


def save(project: Project, path: str | Path, *, expected: Fingerprint | None = None) -> Fingerprint:
    """Write the project, whole or not at all; `expected` guards against others' changes."""
    return atomic_write(path, to_json(project), expected=expected)


def to_json(project: Project) -> bytes:
    """The file's bytes, the same for equal projects; InputError if they could not be reopened."""
    if found := faults(project):
        sentence = tr("The project cannot be saved: {reason}.")
        raise InputError(sentence.format(reason=found[0]))
    graph = project.graph
    members = {
        "format": _text("kgui"),
        "version": _text(VERSION),
        "generator": _text(f"kgui {__version__}"),
        "id": _text(project.id),
        "nodes": _rows((_node(node, "") for node in graph.nodes), ""),
        "wires": _rows(_lines(graph.wires), ""),
        "data": _object(msgspec.to_builtins(project.data), "  "),
        "training": _object(msgspec.to_builtins(project.training), "  "),
        "frames": _rows(_lines(project.frames), ""),
        "notes": _rows(_lines(project.notes), ""),
    }
    return f"{_braces(members, '')}\n".encode()


def _lines(values: Iterable[Wire | Frame | Note]) -> Iterator[str]:
    return (_text(msgspec.to_builtins(value)) for value in values)


def _node(node: Node, indent: str) -> str:
    members = {
        "id": _text(node.id),
        "type": _text(node.type),
        "name": _text(node.name),
        # Sorted, so that setting an option and taking it back leaves no trace.
        "options": _object(dict(sorted(node.options.items())), f"{indent}      "),
        "position": _text(node.position),
    }
    if node.bypassed:
        members["bypassed"] = _text(True)
    if node.shares:
        members["shares"] = _text(node.shares)
    if node.inside is not None:
        members["inside"] = _inside(node.inside, f"{indent}      ")
    return _braces(members, f"{indent}    ")


def _inside(inside: Inside, indent: str) -> str:
    members = {
        "nodes": _rows((_node(node, indent) for node in inside.nodes), indent),
        "wires": _rows(_lines(inside.wires), indent),
        "frames": _rows(_lines(inside.frames), indent),
        "notes": _rows(_lines(inside.notes), indent),
    }
    return _braces(members, indent)


def _object(values: Mapping[str, object], indent: str) -> str:
    return _braces({key: _text(value) for key, value in values.items()}, indent)


def _braces(members: Mapping[str, str], indent: str) -> str:
    """An object with one member per line; `indent` is that of its braces."""
    if not members:
        return "{}"
    lines = ",\n".join(f"{indent}  {_text(key)}: {value}" for key, value in members.items())
    return f"{{\n{lines}\n{indent}}}"


def _rows(elements: Iterator[str], indent: str) -> str:
    """A list with every element on lines of its own."""
    lines = ",\n".join(f"{indent}    {element}" for element in elements)
    return f"[\n{lines}\n{indent}  ]" if lines else "[]"
