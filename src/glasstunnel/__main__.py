"""``python -m glasstunnel`` is the command line."""

import sys

from glasstunnel.cli import main

if __name__ == "__main__":
    sys.exit(main())
