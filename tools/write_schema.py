"""Write resources/kgui.schema.json from the code: python tools/write_schema.py"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # runs from a checkout that is not installed

from kgui.graph.schema import schema  # noqa: E402  (after the path is set)


def main() -> None:
    """Write the schema next to the other resources."""
    text = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    (ROOT / "resources" / "kgui.schema.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
