"""Who may import whom: the table of docs/architecture.md, and proof that breaking it shows."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STDLIB = set(sys.stdlib_module_names)

# Package -> what it may import besides the standard library, itself, and what EVERYBODY may.
ALLOWED: dict[str, set[str]] = {
    "kgui.language": set(),
    "kgui.io": {"numpy", "kgui.language"},
    "kgui.engine": {"numpy", "kgui.io"},
    "kgui.engine.backend": {"numpy", "threadpoolctl", "kgui.io", "kgui.engine"},
    "kgui.engine.saving": {"numpy", "h5py", "kgui.io", "kgui.engine"},
    "kgui.engine.callbacks": {"numpy", "tensorboardX", "kgui.io", "kgui.engine"},
    "kgui.graph": {"msgspec", "kgui.io", "kgui.language"},
    "kgui.compiler": {
        "numpy", "kgui.engine", "kgui.graph", "kgui.data.values", "kgui.io",
        "kgui.language",
    },
    "kgui.data": {
        "numpy", "duckdb", "msgspec", "kgui.graph", "kgui.io", "kgui.language",
    },
    "kgui.interchange": {
        "numpy", "msgspec", "kgui.engine", "kgui.graph", "kgui.compiler", "kgui.data", "kgui.io",
        "kgui.language",
    },
    "kgui.training": {
        "numpy", "kgui.engine", "kgui.graph", "kgui.compiler", "kgui.data",
        "kgui.interchange", "kgui.io", "kgui.language",
    },
    "kgui.training.thread": {"PySide6.QtCore", "kgui"},
    "kgui.widgets": {
        "PySide6", "kgui.graph", "kgui.compiler", "kgui.data", "kgui.interchange",
        "kgui.training", "kgui.io", "kgui.language", "kgui.faults",
    },
    "kgui.widgets.plots": {"PySide6", "pyqtgraph", "numpy", "kgui"},
    "kgui.cli": {
        "numpy", "kgui.graph", "kgui.compiler", "kgui.data", "kgui.interchange", "kgui.training",
        "kgui.io", "kgui.language", "kgui.engine", "kgui.commands", "kgui.faults",
    },
    "kgui.commands": {
        "numpy", "msgspec", "kgui.graph", "kgui.compiler", "kgui.data", "kgui.interchange",
        "kgui.training", "kgui.io", "kgui.language", "kgui.engine",
    },
    "kgui.app": {"PySide6", "kgui"},
    "kgui.faults": {"PySide6", "kgui.language", "kgui.io"},
    "kgui.__main__": {"kgui.app"},
    "kgui": set(),
}  # fmt: skip
EVERYBODY = {"kgui.__version__"}
NEVER: dict[str, set[str]] = {
    "kgui.widgets": {"kgui.engine"},
    "kgui.widgets.plots": {"kgui.engine"},
    "kgui.training.thread": {"kgui.widgets"},
    "kgui.training": {"kgui.training.thread", "PySide6"},
    "kgui.cli": {"kgui.training.thread"},
    "kgui.commands": {"kgui.training.thread"},
}
QT_FREE = ["io", "engine", "graph", "compiler", "data", "interchange", "cli", "training.run"]


def module_name(path: Path) -> str:
    """kgui/io/read.py -> kgui.io.read."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def package_of(module: str) -> str:
    """The longest entry of the table that the module belongs to."""
    fits = [name for name in ALLOWED if module == name or module.startswith(f"{name}.")]
    return max(fits, key=len)


def imports(source: str) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything imported, inside functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"


def inside(name: str, group: str) -> bool:
    """True if a dotted name is a module or part of it."""
    return name == group or name.startswith(f"{group}.")


def violations(module: str, source: str) -> list[str]:
    """What a module imports against the table."""
    package = package_of(module)
    found = []
    for line, name in imports(source):
        if name.split(".")[0] in STDLIB:
            continue
        banned = any(inside(name, other) for other in NEVER.get(package, ()))
        own = inside(name, package) and package != "kgui"
        allowed = own or any(inside(name, other) for other in ALLOWED[package] | EVERYBODY)
        if banned or not allowed:
            found.append(f"{module}:{line} imports {name}")
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "kgui").rglob("*.py")), ids=module_name)
def test_module_imports_what_its_package_may(path: Path) -> None:
    assert violations(module_name(path), path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("module", "planted"),
    [
        ("kgui.io.read", "from kgui.graph import load"),
        ("kgui.io.read", "import PySide6"),
        ("kgui.engine.plan", "from kgui.language import tr"),
        ("kgui.engine.plan", "import threadpoolctl"),
        ("kgui.engine.plan", "import h5py"),
        ("kgui.engine.plan", "import tensorboardX"),
        ("kgui.engine.layers.core", "from PySide6.QtCore import QObject"),
        ("kgui.graph.edits", "import numpy as np"),
        ("kgui.graph.edits", "from kgui.engine import layers"),
        ("kgui.compiler.checker", "from PySide6 import QtCore"),
        ("kgui.data.table", "from kgui.engine.layers import Dense"),
        ("kgui.interchange.npz", "from kgui.widgets import palette"),
        ("kgui.training.run", "from PySide6.QtCore import QThread"),
        ("kgui.training.thread", "from PySide6.QtWidgets import QWidget"),
        ("kgui.widgets.inspector", "from kgui.engine.layers import Dense"),
        ("kgui.widgets.inspector", "import pyqtgraph"),
        ("kgui.cli", "from kgui.widgets import main_window"),
        ("kgui.cli", "def f():\n    from kgui.training.thread import TrainingThread"),
    ],
)
def test_planted_violation_is_found(module: str, planted: str) -> None:
    assert violations(module, planted)


def test_everything_below_the_window_runs_without_qt() -> None:
    """One process in which PySide6 cannot be imported imports every module that needs none."""
    names = [
        module_name(path)
        for path in sorted((ROOT / "kgui").rglob("*.py"))
        if any(inside(module_name(path), f"kgui.{part}") for part in QT_FREE)
    ]
    code = (
        "import sys, importlib\n"
        "sys.modules['PySide6'] = None\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_only_io_opens_files_for_writing() -> None:
    """One write path: nothing else calls open(..., "w"), write_text, write_bytes or savez."""
    writers = {"write_text", "write_bytes", "savez", "savez_compressed", "save_npz", "tofile"}
    found = []
    for path in (ROOT / "kgui").rglob("*.py"):
        if inside(module_name(path), "kgui.io"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _writes(node, writers):
                found.append(f"{module_name(path)}:{node.lineno}")
    assert found == []


def _writes(call: ast.Call, writers: set[str]) -> bool:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name in writers:
        return True
    texts = [a.value for a in (*call.args, *(k.value for k in call.keywords))
             if isinstance(a, ast.Constant) and isinstance(a.value, str)]  # fmt: skip
    modes = [text for text in texts if text and set(text) <= set("rwaxbt+")]
    return name == "open" and any(set(mode) & set("wax+") for mode in modes)
