"""msgspec's faults as sentences: the place, the node's name, what is there, what should be."""

import json
import re
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from kgui.graph.project import OptionValue
from kgui.graph.quoting import quoted, shortened
from kgui.language import tr

_FAULT = re.compile(r"(?P<detail>.*?)(?: - at `(?P<place>[^`]*)`)?", re.DOTALL)
_LIMITED = re.compile(r"Expected `(\w+)` (>=|>|<=|<|of length) (\S+)")
_TYPED = re.compile(r"Expected `([^`]*)`, got `([^`]*)`")
_NODE = re.compile(r"\$\.(?:.*\.)?nodes\[\d+\]")
_STEPS = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_MISSING = object()


def explain(error: msgspec.ValidationError, document: object, kind: type) -> str:
    """One clause for a fault met while `document` was read as a `kind`."""
    parts = _FAULT.fullmatch(str(error))
    detail, place = (parts["detail"], parts["place"] or "$") if parts else (str(error), "$")
    place = _with_option(place, document)
    return _clause(detail, place, document, kind) + _of_node(place, document)


def _clause(detail: str, place: str, document: object, kind: type) -> str:
    value = shown(_at(place, document))
    if detail.startswith("Object missing required field"):
        key = detail.split("`")[1]
        return tr("{place} has no {key}").format(place=place, key=quoted(key))
    if detail.startswith("Object contains unknown field"):
        # The key may hold backticks itself.
        key = detail.partition("`")[2].rpartition("`")[0]
        return tr("{place} is not a key of this format").format(place=f"{place}.{shortened(key)}")
    if detail.startswith("Invalid enum value"):
        sentence = tr("{place} is {value}; possible are {choices}")
        choices = ", ".join(json.dumps(choice) for choice in _choices(place, kind))
        return sentence.format(place=place, value=value, choices=choices)
    if detail.startswith("Number out of range"):
        return tr("{place} is a number too large to be kept").format(place=place)
    if expected := _expected(detail):
        sentence = tr("{place} is {value}, but should be {expected}")
        return sentence.format(place=place, value=value, expected=expected)
    return tr("{place}: {reason}").format(place=place, reason=detail)


def _expected(detail: str) -> str:
    if found := _TYPED.fullmatch(detail):
        if "array | null" in found[1]:
            return tr("a number, a text, true, false, null or a list")
        return tr(" or ").join(_kind_name(kind) for kind in found[1].split(" | "))
    if found := _LIMITED.fullmatch(detail):
        limits = {
            ">=": tr("{kind} of at least {limit}"),
            ">": tr("{kind} above {limit}"),
            "<=": tr("{kind} of at most {limit}"),
            "<": tr("{kind} below {limit}"),
            "of length": tr("{kind} of {limit}"),
        }
        return limits[found[2]].format(kind=_kind_name(found[1]), limit=found[3])
    return ""


def _kind_name(kind: str) -> str:
    names = {
        "int": tr("an integer"),
        "float": tr("a number"),
        "str": tr("a text"),
        "bool": tr("true or false"),
        "array": tr("a list"),
        "object": tr("an object"),
    }
    return names.get(kind, kind)


def _with_option(place: str, document: object) -> str:
    """msgspec writes [...] where the fault is in a dictionary's value; find out which one."""
    if not place.endswith("[...]"):
        return place
    place = place.removesuffix("[...]")
    options = _at(place, document)
    for key, value in options.items() if isinstance(options, dict) else ():
        try:
            msgspec.convert(value, OptionValue)
        except msgspec.ValidationError:
            return f"{place}.{shortened(key)}"
        if value in (float("inf"), float("-inf")):
            return f"{place}.{shortened(key)}"
    return place


def _at(place: str, document: object) -> object:
    value: Any = document
    for key, index in _STEPS.findall(place.removeprefix("$")):
        try:
            value = value[key] if key else value[int(index)]
        except (LookupError, TypeError):
            return _MISSING
    return value


def shown(value: object) -> str:
    """A JSON value as messages show it."""
    if value is _MISSING:
        return tr("something else")
    if isinstance(value, dict):
        return tr("an object")
    if isinstance(value, list):
        return tr("a list of {number}").format(number=len(value))
    return quoted(value) if isinstance(value, str) else shortened(json.dumps(value))


def _of_node(place: str, document: object) -> str:
    found = _NODE.match(place)
    name = _at(f"{found[0]}.name", document) if found else None
    return tr(" (node {name})").format(name=quoted(name)) if isinstance(name, str) else ""


def _choices(place: str, kind: type) -> tuple[Any, ...]:
    """The values of the Literal at a place; only objects lead to one, never a list."""
    hint: Any = kind
    for key in place.removeprefix("$").split(".")[1:]:
        hint = get_type_hints(hint).get(key) if isinstance(hint, type) else None
    return get_args(hint) if get_origin(hint) is Literal else ()
