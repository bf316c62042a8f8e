"""Collect every text a user sees into resources/translations/kgui.pot, for translators.

Texts stand in three places: in calls of `tr` and `trn`, in the wordings of the engine's faults,
and in the docstrings of the layers, which are the palette's and the inspector's help.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from kgui.compiler import node_types

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "resources" / "translations" / "kgui.pot"
FAULTS = {"EngineError", "ShapeError", "OptionError", "DataError"}
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'

Text = tuple[str, str]
"""Singular and plural; the plural is empty where there is one form."""


def literal(node: ast.expr) -> str:
    """The text of a literal, "" for anything else."""
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return ""
    return value if isinstance(value, str) else ""


def texts_of(call: ast.Call) -> Iterator[Text]:
    """The texts in a call, where it is one that takes texts."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if name == "tr" and call.args:
        yield literal(call.args[0]), ""
    elif name == "trn" and len(call.args) > 1:
        yield literal(call.args[0]), literal(call.args[1])
    elif name in FAULTS:
        yield from ((literal(argument), "") for argument in call.args[:1])
        yield from ((literal(k.value), "") for k in call.keywords if k.arg == "plain")


def texts() -> dict[Text, list[str]]:
    """Every text with the places where it stands."""
    found: dict[Text, list[str]] = {}
    for path in sorted((ROOT / "kgui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                place = str(path.relative_to(ROOT))
                for text in texts_of(node):
                    found.setdefault(text, []).append(place)
    for kind in node_types().values():
        helps = [(option.help, f"{kind.name}.{option.name}") for option in kind.options]
        for words, place in [(kind.summary, kind.name), (kind.category, kind.name), *helps]:
            found.setdefault((words, ""), []).append(place)
    found.pop(("", ""), None)
    return found


def entry(text: Text, places: list[str]) -> str:
    """One text in gettext's form."""
    singular, plural = (part.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
                        for part in text)  # fmt: skip
    lines = [f"#: {' '.join(places[:4])}", f'msgid "{singular}"']
    if plural:
        return "\n".join([*lines, f'msgid_plural "{plural}"', 'msgstr[0] ""', 'msgstr[1] ""', ""])
    return "\n".join([*lines, 'msgstr ""', ""])


def main() -> None:
    """Write the catalogue."""
    found = texts()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    entries = [entry(text, places) for text, places in sorted(found.items())]
    CATALOGUE.write_text("\n".join([HEADER, *entries]), "utf-8")
    print(f"{len(found)} texts in {CATALOGUE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
