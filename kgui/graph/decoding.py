"""From the bytes of a `.kgui` file to a project, or to one sentence that says what is wrong."""

import codecs
import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable
from typing import Any, Literal

import msgspec
from msgspec import Struct

from kgui.graph import migrations
from kgui.graph.project import (
    DataSettings,
    Frame,
    Graph,
    Node,
    Note,
    Project,
    TrainingSettings,
    Wire,
)
from kgui.graph.quoting import quoted, shortened
from kgui.graph.rules import faults, sizes
from kgui.graph.settling import settled
from kgui.graph.wording import explain, shown
from kgui.io.errors import InputError
from kgui.language import tr, trn

LARGEST_FILE = 32 * 1024 * 1024
MOST_VALUES = 1_000_000
"""Above twice what 10,000 nodes and 50,000 wires need; keeps small files from filling memory."""
FAULTS_SHOWN = 5


class File(Struct, frozen=True, forbid_unknown_fields=True):
    """A `.kgui` file: a project with nodes and wires at the top, and what wrote it."""

    format: Literal["kgui"]
    version: int
    generator: str = ""
    id: str = ""
    nodes: tuple[Node, ...] = ()
    wires: tuple[Wire, ...] = ()
    data: DataSettings = DataSettings()
    training: TrainingSettings = TrainingSettings()
    frames: tuple[Frame, ...] = ()
    notes: tuple[Note, ...] = ()


_read = msgspec.json.Decoder(File).decode


class _Head(Struct):
    """What every version of the format says of itself; reading it checks the whole syntax."""

    format: Any = None
    version: Any = None
    generator: Any = None


class _RefusedError(Exception):
    """Why the bytes are not a graph; the name of the file is not known here."""


def from_json(data: bytes, name: str) -> Project:
    """The project that a file called `name` holds; InputError in one sentence if it holds none."""
    sentence = tr("{file} is not a kgui graph: {reason}.")
    try:
        text = _text(data)
        head = _head(text)
        _refuse_newer(head, name)
        sentence = tr("{file} cannot be opened until this is corrected: {reason}.")
        text = _today(text, head.version)
        project = _project(text)
        # Sizes come first: looking for keys that are there twice needs far more memory.
        _refuse(list(sizes(project)))
        _parsed(text)
        _refuse(faults(project))
    except _RefusedError as refused:
        raise InputError(sentence.format(file=name, reason=refused)) from None
    return project


def _text(data: bytes) -> str:
    if len(data) > LARGEST_FILE:
        sentence = tr("it has {size:,} bytes; at most {most:,} are read")
        raise _RefusedError(sentence.format(size=len(data), most=LARGEST_FILE))
    if kind := _foreign(data):
        raise _RefusedError(tr("it is {kind}").format(kind=kind))
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        sentence = tr("byte {byte} is not UTF-8 text; save the file with the encoding UTF-8")
        raise _RefusedError(
            sentence.format(byte=len(data) - len(error.object) + error.start)
        ) from None
    if not text.strip():
        raise _RefusedError(tr("the file is empty; use its backup (.bak) if there is one"))
    if text.lstrip()[0] != "{":
        sentence = tr("it begins with {text} and not with an opening brace")
        raise _RefusedError(sentence.format(text=quoted(text.lstrip()[:20])))
    values = text.count(",") + text.count("[") + text.count("{")
    if values > MOST_VALUES:
        sentence = tr("it holds about {number:,} values; at most {most:,} are read")
        raise _RefusedError(sentence.format(number=values, most=MOST_VALUES))
    return text


def _foreign(data: bytes) -> str:
    """What else a file is that begins like this; "" if it may be a graph."""
    beginnings = {
        b"PK": tr("a zip archive, such as an .npz model"),
        b"\x93NUMPY": tr("a NumPy array"),
        b"\x1f\x8b": tr("a gzip archive"),
        b"\x89HDF": tr("an HDF5 file"),
        b"\xff\xfe": tr("UTF-16 text; save it with the encoding UTF-8"),
        b"\xfe\xff": tr("UTF-16 text; save it with the encoding UTF-8"),
    }
    for beginning, kind in beginnings.items():
        if data.startswith(beginning):
            return kind
    zero = data.find(b"\0")
    return "" if zero < 0 else tr("binary data (byte {byte} is zero)").format(byte=zero)


def _head(text: str) -> _Head:
    try:
        head = msgspec.json.decode(text, type=_Head)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _RefusedError(_syntax(text, error)) from None
    if head.format != "kgui":
        found = tr("nothing") if head.format is None else shown(head.format)
        raise _RefusedError(tr('"format" should be "kgui", but is {found}').format(found=found))
    if type(head.version) is not int or head.version < 1:
        found = tr("nothing") if head.version is None else shown(head.version)
        raise _RefusedError(
            tr('"version" should be a whole number, but is {found}').format(found=found)
        )
    return head


def _syntax(text: str, error: Exception) -> str:
    """Where the JSON is broken: the standard library's parser says it by line and column."""
    if isinstance(error, RecursionError):
        return tr("its lists are nested too deep")
    try:
        document = json.loads(text, parse_constant=_Unkept, parse_int=_integer)
    except json.JSONDecodeError as found:
        if found.pos >= len(text.rstrip()) or found.msg.startswith("Unterminated string"):
            sentence = tr(
                "it ends too early, at line {line}; use its backup (.bak) if there is one"
            )
            return sentence.format(line=text.count("\n") + 1)
        sentence = tr("line {line}, column {column} is not valid JSON")
        return sentence.format(line=found.lineno, column=found.colno)
    except RecursionError:
        return tr("its lists are nested too deep")
    sentence = tr("{place} holds a number or a character that cannot be kept")
    return sentence.format(place=_place(document, _is_unkept))


class _Unkept(str):
    """NaN, Infinity or an integer of hundreds of digits: JSON to some programs, not to us."""


def _integer(digits: str) -> object:
    return int(digits) if len(digits) < 400 else _Unkept(digits)


def _is_unkept(value: object) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    halves = isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value)
    return halves or isinstance(value, _Unkept)


def _refuse_newer(head: _Head, name: str) -> None:
    newest = migrations.VERSION
    if head.version > newest:
        sentence = tr(
            "{file} was written by {generator} (format {version}); this program reads up to"
            " format {newest}, so it needs a newer kgui."
        )
        generator = head.generator if isinstance(head.generator, str) else ""
        generator = shortened(generator) or tr("a newer kgui")
        version = shortened(head.version)
        raise InputError(
            sentence.format(file=name, generator=generator, version=version, newest=newest)
        )


def _today(text: str, version: int) -> str:
    """The text in today's format."""
    if version == migrations.VERSION:
        return text
    try:
        document = migrations.migrate(_parsed(text), version, migrations.STEPS, migrations.VERSION)
    except (LookupError, TypeError, AttributeError) as error:
        sentence = tr("it cannot be taken from format {version} to format {newest} ({reason})")
        raise _RefusedError(
            sentence.format(version=version, newest=migrations.VERSION, reason=repr(error))
        ) from None
    return json.dumps(document, ensure_ascii=False)


def _project(text: str) -> Project:
    try:
        file = _read(text)
    except msgspec.ValidationError as error:
        raise _RefusedError(explain(error, _parsed(text), File)) from None
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _RefusedError(_syntax(text, error)) from None
    # A file by another program may have no id: the same bytes always get the same one.
    project_id = file.id or hashlib.sha256(text.encode()).hexdigest()[:32]
    graph = Graph(file.nodes, file.wires)
    project = Project(project_id, graph, file.data, file.training, file.frames, file.notes)
    return settled(project)


def _parsed(text: str) -> Any:
    """The JSON as dictionaries and lists; refused if a key is there twice in one object."""
    twice: list[tuple[object, str]] = []

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice.append((found, Counter(key for key, _ in pairs).most_common(1)[0][0]))
        return found

    try:
        document = json.loads(text, object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        raise _RefusedError(_syntax(text, error)) from None
    if twice:
        owner, key = twice[0]
        place = f"{_place(document, lambda value: value is owner)}.{shortened(key)}"
        raise _RefusedError(tr("the key {place} is there twice").format(place=place))
    return document


def _place(document: object, wanted: Callable[[object], bool]) -> str:
    """The path of the first value within a document that is wanted; "$" if there is none."""
    waiting: list[tuple[str, object]] = [("$", document)]
    while waiting:
        place, value = waiting.pop()
        if wanted(value):
            return place
        if isinstance(value, dict):
            inner = [(f"{place}.{shortened(key)}", item) for key, item in value.items()]
            waiting.extend(reversed(inner))
        elif isinstance(value, list):
            inner = [(f"{place}[{index}]", item) for index, item in enumerate(value)]
            waiting.extend(reversed(inner))
    return "$"


def _refuse(found: list[str]) -> None:
    if not found:
        return
    reasons = "; ".join(found[:FAULTS_SHOWN])
    if more := len(found[FAULTS_SHOWN:]):
        reasons += trn("; and {more} fault more", "; and {more} faults more", more).format(
            more=more
        )
    raise _RefusedError(reasons)
