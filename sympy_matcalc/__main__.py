"""``python -m sympy_matcalc "x.T*A*x" --wrt x``."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
