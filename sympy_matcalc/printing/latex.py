"""`latex`: SymPy's LaTeX printer with the notation of papers for matrices."""

from typing import Any

from sympy import Basic
from sympy.matrices import MatrixBase
from sympy.printing.latex import LatexPrinter as SympyLatexPrinter
from sympy.printing.printer import print_function

from ..errors import ArgumentError, ExpressionError
from ..indices.recognised import as_typed
from ..kernel.as_written import as_written
from ..nodes.algebra_text import positive_first
from ..nodes.base import conditions
from .indices import Indices
from .letters import twins


class LatexPrinter(Indices):
    r"""Prints SymPy's matrix expressions and the nodes of this package; has every setting of SymPy's printer (by default with
    `fold_frac_powers`, which writes `s^{3/2}`), and these:

    transpose: ``r"\top"``, ``"T"``, ``"'"`` or other LaTeX for the superscript of a transpose. determinant: ``"det"`` or ``"bars"``.
    bold: upright bold letters for matrices and vectors, bold Greek. show_sizes: sizes of identities, ones and zeros. index_base: what
    the first entry is called, 0 or 1. conditions: behind the expression, in words, what has to hold for it and which derivative it is.
    SymPy's `adjoint_style` is "hermitian" by default, ``X^H``.

    >>> from sympy import MatrixSymbol, symbols
    >>> n = symbols("n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", n, n)
    >>> print(LatexPrinter({"transpose": "T"}).doprint(X.T.I))
    X^{-T}
    """

    _default_settings = {
        **SympyLatexPrinter._default_settings,
        "fold_frac_powers": True,
        "transpose": r"\top",
        "determinant": "det",
        "bold": False,
        "show_sizes": False,
        "index_base": 0,
        "conditions": False,
        "adjoint_style": "hermitian",
    }

    def __init__(self, settings=None):
        super().__init__(settings)
        if self._settings["determinant"] not in ("det", "bars"):
            raise ArgumentError(f'`determinant` must be "det" or "bars", got {self._settings["determinant"]!r}')
        if self._settings["index_base"] not in (0, 1):
            raise ArgumentError(f"`index_base` must be 0 or 1, got {self._settings['index_base']!r}")
        self.parents = []
        self.twins: set[str] = set()  # names without a mark of their own, `xhat` beside `x_hat`

    def doprint(self, expr: Any) -> str:
        """The LaTeX of an expression, with sums that SymPy has written out as they were typed, and its conditions where asked for."""
        expr = as_written(expr)
        self.twins = twins(expr)
        tex = super().doprint(as_typed(expr))
        said = conditions(expr) if self._settings["conditions"] and isinstance(expr, Basic) else ()
        return tex + "".join(rf" \quad \text{{({in_text(sentence)})}}" for sentence in said)

    def _print(self, expr, **kwargs):
        """Print, with what `expr` stands in known: a determinant needs brackets in a product, none on its own."""
        self.parents.append(expr)
        try:
            return super()._print(expr, **kwargs)
        finally:
            self.parents.pop()

    def _as_ordered_terms(self, expr, order=None):
        """The terms of a sum of scalars: `b - a`, not `- a + b`."""
        return positive_first(list(super()._as_ordered_terms(expr, order)))

    @property
    def parent(self):
        """What the expression that is being printed stands in; None at the top."""
        return self.parents[-2] if len(self.parents) > 1 else None


SPECIAL = {**{c: "\\" + c for c in "#$%&_{}"}, "\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
SPECIAL |= {"<": r"$\langle$", ">": r"$\rangle$"}


def in_text(sentence):
    """A sentence as the text mode of LaTeX has it."""
    return "".join(SPECIAL.get(c, c) for c in sentence)


@print_function(LatexPrinter)
def latex(expr: Any, **settings: Any) -> str:
    r"""LaTeX of a SymPy expression, in the notation of papers; called as ``sympy.latex`` is.

    ``sympy.init_printing(latex_printer=latex)`` makes Jupyter use it. Settings: those of ``sympy.latex``, and those of `LatexPrinter`:
    transpose, determinant, bold, show_sizes, index_base, conditions. A derivation, an abbreviated expression, a verdict and a problem are
    written by their own ``latex(**settings)``. Errors: TypeError for an unknown setting, as SymPy's; ExpressionError for text.

    >>> from sympy import Determinant, MatrixSymbol, exp, log, symbols
    >>> n, m = symbols("n m", integer=True, positive=True)
    >>> X, y, A = MatrixSymbol("X", n, m), MatrixSymbol("y", n, 1), MatrixSymbol("A", n, n)
    >>> print(latex(X.T*(A.T.I*y - y.applyfunc(exp))))
    X^{\top} \left(A^{-\top} y - \exp\left(y\right)\right)
    >>> print(latex(log(Determinant(A)), bold=True))
    \log\det \mathbf{A}
    """
    if isinstance(expr, str):
        raise ExpressionError(f"`latex` writes SymPy expressions, got the string {expr!r}; text is read by `expr, names = mc.parse(...)`")
    own = None if isinstance(expr, Basic | MatrixBase | type) else getattr(expr, "latex", None)
    return str(own(**settings)) if callable(own) else LatexPrinter(settings).doprint(expr)
