"""The Node that the tests run JavaScript with: the one of requirements-dev.txt, beside our Python."""

import sys
from pathlib import Path

NODE = str(Path(sys.executable).parent / "node")
