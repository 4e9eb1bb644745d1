"""LaTeX fit for a paper, of SymPy's matrix expressions and of the nodes of this package."""

from .latex import LatexPrinter as LatexPrinter
from .latex import latex as latex
