"""``python -m sympy_matcalc.cookbook --docs docs/cookbook.md --notebook notebooks/cookbook.ipynb``: both made anew."""

import argparse
import sys
from pathlib import Path

from .notebook import notebook
from .page import page


def main(argv=None):
    """Write the page, the notebook, or both."""
    parser = argparse.ArgumentParser(
        prog="python -m sympy_matcalc.cookbook", description="Derive and check every identity, and write them down."
    )
    parser.add_argument("--docs", type=Path, metavar="FILE", help="the page of the documentation (Markdown)")
    parser.add_argument("--notebook", type=Path, metavar="FILE", help="the notebook (.ipynb)")
    args = parser.parse_args(argv)
    if not (args.docs or args.notebook):
        parser.error("nothing to write: give --docs, --notebook or both")
    for path, made in ((args.docs, page), (args.notebook, notebook)):
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
