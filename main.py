"""Start kgui from a checkout: python main.py [FILE.kgui | COMMAND ...]."""

import sys

from kgui.app import main

if __name__ == "__main__":
    sys.exit(main())
