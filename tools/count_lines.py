"""Print the number of lines of each package."""

from pathlib import Path


def main() -> None:
    """One line per package, and the tests."""
    root = Path(__file__).resolve().parent.parent
    folders = [root / "kgui", *sorted(p for p in (root / "kgui").iterdir() if p.is_dir())]
    for folder in [*folders, root / "tests"]:
        if folder.name.startswith("__"):
            continue
        files = folder.glob("*.py") if folder.name == "kgui" else folder.rglob("*.py")
        lines = sum(len(path.read_text("utf-8").splitlines()) for path in files)
        print(f"{lines:7,} lines  {folder.relative_to(root)}")


if __name__ == "__main__":
    main()
