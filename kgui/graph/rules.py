"""What a project that can be drawn, saved and reopened is: limits, names, values, wires.

`faults(project)` lists what is wrong as sentences without a full stop; no fault, no sentence.
Which node types and options exist is the compiler's business.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import msgspec

from kgui.graph.blocks import DEEPEST, all_nodes
from kgui.graph.names import NAME
from kgui.graph.nesting import levels_below, measured, sharing_faults
from kgui.graph.paths import circles
from kgui.graph.project import DataSettings, Graph, Node, Project, TrainingSettings, Wire
from kgui.graph.quoting import listed, quoted, shortened
from kgui.language import tr

MOST_NODES = 10_000
MOST_WIRES = 50_000
MOST_OPTIONS = 200
"""Of one node."""
MOST_REMARKS = 1_000
"""Frames, notes."""
LONGEST_TEXT = 4_096
"""Bytes of UTF-8."""
LARGEST_INTEGER = 2**53
"""Above it, programs that read JSON numbers as floats would change the value."""
HIGHEST_PORT = 1_000
DEEPEST_LIST = 8
LARGEST_VALUE = 10_000
"""Numbers and texts in one option."""

# Control characters, overrides of the writing direction and halves of surrogate pairs: they
# hide what a text says, or cannot be stored.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def why_not_text(text: str) -> str:
    """Why a text cannot be kept, or ""."""
    if _UNPRINTABLE.search(text):
        return tr("the text {text} holds unprintable characters").format(text=quoted(text))
    # A character takes at most 4 bytes, so most texts need not be encoded to be measured.
    if len(text) * 4 > LONGEST_TEXT and len(text.encode()) > LONGEST_TEXT:
        sentence = tr("the text {text} is longer than {most} bytes")
        return sentence.format(text=quoted(text), most=LONGEST_TEXT)
    return ""


def why_not_name(name: str) -> str:
    """Why a text cannot name a node, a type or an option, or ""."""
    if NAME.fullmatch(name):
        return ""
    sentence = tr(
        "the name {name} is not 1 to 64 letters (A-Z), digits and underscores"
        " without a digit in front"
    )
    return sentence.format(name=quoted(name))


def why_not_value(value: object) -> str:
    """Why an option cannot hold the value, or "": plain, finite, not too deep, not too large."""
    level: list[object] = [value]
    size = 0
    for _ in range(DEEPEST_LIST + 1):
        if reason := next(filter(None, map(_why_not_scalar, level)), ""):
            return reason
        level = list(chain.from_iterable(item for item in level if isinstance(item, list)))
        size += len(level)
        if not level:
            return ""
        if size > LARGEST_VALUE:
            return tr("the list holds more than {most} values").format(most=LARGEST_VALUE)
    return tr("the list is nested more than {most} deep").format(most=DEEPEST_LIST)


def _why_not_scalar(value: object) -> str:
    if isinstance(value, str):
        return why_not_text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return tr("{value} is not a finite number").format(value=value)
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        # Python refuses to write out integers of more than 4,300 digits.
        shown = shortened(value) if value.bit_length() < 4_000 else tr("the integer")
        return tr("{value} is outside ±2^53").format(value=shown)
    if value is not None and not isinstance(value, bool | int | float | list):
        return tr("{value} is not a number, a text, a list, true, false or null").format(
            value=quoted(value)
        )
    return ""


def faults(project: Project) -> list[str]:
    """Everything that contradicts itself or exceeds a limit; the sizes alone if they do."""
    too_much = list(sizes(project))
    if too_much:
        return too_much
    levels = [("$", project), *levels_below(project)]
    found = chain(
        _id_faults(project.graph.nodes),
        *(_graph_faults(level.graph, place) for place, level in levels),
        _setting_faults(project),
        *(_remark_faults(level, place) for place, level in levels),
    )
    return list(found)


def _graph_faults(graph: Graph, place: str) -> Iterator[str]:
    return chain(
        _node_faults(graph.nodes, place), sharing_faults(graph.nodes, place), _wire_faults(graph)
    )


def sizes(project: Project) -> Iterator[str]:
    """What there is too much of, on all levels together."""
    found = measured(project)
    counts = (
        (tr("it has {number} nodes; at most {most} are possible"), len(found.nodes), MOST_NODES),
        (tr("it has {number} wires; at most {most} are possible"), found.wires, MOST_WIRES),
        (tr("it has {number} frames; at most {most} are possible"), found.frames, MOST_REMARKS),
        (tr("it has {number} notes; at most {most} are possible"), found.notes, MOST_REMARKS),
        (tr("its blocks stand {number} deep; at most {most} are possible"), found.depth, DEEPEST),
    )
    for sentence, number, most in counts:
        if number > most:
            yield sentence.format(number=number, most=most)
    for node in found.nodes:
        if len(node.options) > MOST_OPTIONS:
            sentence = tr("node {name} has {number} options; at most {most} are possible")
            number = len(node.options)
            yield sentence.format(name=quoted(node.name), number=number, most=MOST_OPTIONS)


def _id_faults(nodes: Sequence[Node]) -> Iterator[str]:
    for node_id, names in _repeated((node.id, node.name) for _, node in all_nodes(nodes)):
        sentence = tr("the id {id} belongs to more than one node: {names}")
        yield sentence.format(id=quoted(node_id), names=listed(names))


def _node_faults(nodes: Sequence[Node], level: str) -> Iterator[str]:
    for name, _ in _repeated((node.name, "") for node in nodes):
        yield tr("more than one node has the name {name}").format(name=quoted(name))
    for index, node in enumerate(nodes):
        for place, reason in node_reasons(node):
            sentence = tr("{place} (node {name}): {reason}")
            where = f"{level}.nodes[{index}]{place}"
            yield sentence.format(place=where, name=quoted(node.name), reason=reason)


def node_reasons(node: Node) -> Iterator[tuple[str, str]]:
    """What is wrong with a node by itself: pairs of a place in it and a reason."""
    if reason := _why_not_id(node.id):
        yield ".id", reason
    if reason := why_not_name(node.name):
        yield ".name", reason
    if not NAME.fullmatch(node.type):
        sentence = tr("the type {type} is not the name of a layer")
        yield ".type", sentence.format(type=quoted(node.type))
    if not all(map(math.isfinite, node.position)):
        yield ".position", tr("the position is not finite")
    for option, value in node.options.items():
        if reason := why_not_name(option) or why_not_value(value):
            yield f".options.{shortened(option)}", reason


def _why_not_id(text: str) -> str:
    return why_not_text(text) if text else tr("the id is empty")


def _wire_faults(graph: Graph) -> Iterator[str]:
    names = {node.id: node.name for node in graph.nodes}
    for wire in graph.wires:
        yield from _loose_ends(wire, names)
    for wire, count in Counter(graph.wires).items():
        if count > 1:
            sentence = tr("the wire from {source} to {target} is there {count} times")
            yield sentence.format(count=count, **_ends(wire, names))
    sources: dict[tuple[str, int], list[Wire]] = defaultdict(list)
    for wire in dict.fromkeys(graph.wires):
        sources[wire.target, wire.target_port].append(wire)
    for (target, port), wires in sources.items():
        if len(wires) > 1:
            yield tr("more than one wire ends at input {port} of {target}: from {sources}").format(
                port=port,
                target=quoted(names.get(target, target)),
                sources=listed(names.get(wire.source, wire.source) for wire in wires),
            )
    for circle in circles(names, (wire for wire in graph.wires if wire.source != wire.target)):
        sentence = tr("the wires run in a circle: {names}")
        yield sentence.format(names=listed((names[i] for i in [*circle, circle[0]]), " → "))


def _loose_ends(wire: Wire, names: dict[str, str]) -> Iterator[str]:
    if wire.source not in names:
        sentence = tr("a wire to {target} comes from {source}, which is no node")
        yield sentence.format(**_ends(wire, names))
    if wire.target not in names:
        sentence = tr("a wire from {source} leads to {target}, which is no node")
        yield sentence.format(**_ends(wire, names))
    if wire.source == wire.target:
        yield tr("{source} is wired to itself").format(**_ends(wire, names))
    if not (0 <= wire.source_port <= HIGHEST_PORT and 0 <= wire.target_port <= HIGHEST_PORT):
        sentence = tr("the ports of the wire from {source} to {target} are not within 0 to {most}")
        yield sentence.format(most=HIGHEST_PORT, **_ends(wire, names))


def _ends(wire: Wire, names: dict[str, str]) -> dict[str, str]:
    return {
        "source": quoted(names.get(wire.source, wire.source)),
        "target": quoted(names.get(wire.target, wire.target)),
    }


def _setting_faults(project: Project) -> Iterator[str]:
    if reason := _why_not_id(project.id):
        yield tr("{place}: {reason}").format(place="$.id", reason=reason)
    for place, settings in (("$.data", project.data), ("$.training", project.training)):
        for reason in setting_reasons(settings):
            yield tr("{place}: {reason}").format(place=place, reason=reason)


def setting_reasons(settings: DataSettings | TrainingSettings) -> Iterator[str]:
    """What is wrong with settings whose types and ranges are right."""
    for key, value in msgspec.to_builtins(settings).items():
        plain = list(value) if isinstance(value, tuple) else value
        if reason := why_not_value(plain):
            yield tr("{place}: {reason}").format(place=key, reason=reason)


def _remark_faults(project: Project, level: str) -> Iterator[str]:
    in_frames, in_notes = f"{level}.frames", f"{level}.notes"
    for place, remarks in ((in_frames, project.frames), (in_notes, project.notes)):
        for remark_id, _ in _repeated((remark.id, "") for remark in remarks):
            sentence = tr("{place}: the id {id} is there more than once")
            yield sentence.format(place=place, id=quoted(remark_id))
    frames = ((frame.id, frame.title, frame.colour, frame.rectangle) for frame in project.frames)
    notes = ((note.id, note.text, "", note.position) for note in project.notes)
    for place, remarks_of_a_kind in ((in_frames, frames), (in_notes, notes)):
        for index, (remark_id, text, colour, numbers) in enumerate(remarks_of_a_kind):
            reasons = [_why_not_id(remark_id), why_not_text(text), why_not_text(colour)]
            if not all(map(math.isfinite, numbers)):
                reasons.append(tr("the position is not finite"))
            for reason in filter(None, reasons):
                yield tr("{place}: {reason}").format(place=f"{place}[{index}]", reason=reason)


def _repeated(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return ((key, values) for key, values in groups.items() if len(values) > 1)
