"""How a problem is shown: its expressions, and each symbol with its shape and what it is; what is said of a wrong call of `flatten`."""

from html import escape
from typing import Any

from sympy import Basic, Symbol

from ..answers import echoed
from ..errors import MatcalcError
from ..printing import latex
from ..printing.rows import as_html, as_text
from .parameters import Parameters, shape_of

LEFT_OUT = 200  # characters: of a longer expression the rest is left out


class Shown:
    """Mixin of problems. A class says what its expressions are (`_shown_problem`), and its `structures`."""

    def _shown_problem(self) -> Any:
        """The problem by all entries, with `exprs`, `variables`, `data`, `args` and `parameters`."""
        return self

    def _shown_structures(self) -> dict[Any, str]:
        """{variable: its structure in a word}."""
        return {}

    def _shown_length(self) -> int | None:
        """How long x is; None where a size is not known yet."""
        parameters: Parameters = self._shown_problem().parameters
        return None if parameters.parts is None else parameters.size

    def __repr__(self) -> str:
        return as_text(type(self).__name__, self._rows(_plain))

    def latex(self, **settings: Any) -> str:
        """The expressions in LaTeX, a quad apart. settings: those of `mc.latex`."""
        return r",\quad ".join(latex(e, **settings) for e in self._shown_problem().exprs)

    def _repr_html_(self) -> str:
        return as_html(type(self).__name__, self._rows(_html))

    def _rows(self, write: Any) -> list[tuple[str, str]]:
        problem, structures, length = self._shown_problem(), self._shown_structures(), self._shown_length()
        sizes = problem.parameters.sizes
        lists = {"variables": problem.variables, "data": problem.data, "args": problem.args}
        rows = [("expression", write(e)) for e in problem.exprs]
        rows += [(what, ", ".join(_symbol(s, sizes, structures, write) for s in some)) for what, some in lists.items() if some]
        kind = "free parameters" if structures else "numbers"
        return [*rows, ("x", f"{length} {kind}" if length is not None else "of unknown length until `flatten` is called")]


def _plain(expr: Basic) -> str:
    text = echoed(expr)
    return text if len(text) <= LEFT_OUT else text[:LEFT_OUT] + " ..."


def _html(expr: Basic) -> str:
    return f"${escape(latex(expr))}$"


def _symbol(symbol: Basic, sizes: dict[Any, int], structures: dict[Any, str], write: Any) -> str:
    """``X (4 x 2)``, ``sigma2 (a positive number)``, ``S (3 x 3, symmetric)``, ``n = 4``."""
    if symbol in sizes:
        return f"{write(symbol)} = {sizes[symbol]}"
    words = [" x ".join(str(n.subs(sizes)) for n in shape_of(symbol))] if shape_of(symbol) else [_number(symbol)]
    words += [structures[symbol]] if symbol in structures else []
    return f"{write(symbol)} ({', '.join(words)})"


def _number(symbol: Basic) -> str:
    signs = "positive", "negative", "nonnegative", "nonpositive"
    sign = next((s for s in signs if isinstance(symbol, Symbol) and getattr(symbol, f"is_{s}")), "")
    return f"a {sign} number" if sign else "a number"


def the_values(values: Any, more: tuple[Any, ...], named: dict[str, Any], variables: tuple[Any, ...]) -> Any:
    """The one argument of `flatten`; MatcalcError, which says what to write, where it got none, several, or names of variables."""
    if values is not None and not more and not named:
        return values
    names = [str(v) for v in variables]
    several = f"`flatten(({', '.join(names)}))` in their order, or `flatten({{{', '.join(f'{n}: ...' for n in names)}}})`"
    instead = several if len(names) > 1 else f"`flatten({names[0]})` with its array"
    count = (values is not None) + len(more)
    got = ", ".join(f"`{name}=`" for name in named) or f"{count} argument{'s' * (count != 1)}"
    raise MatcalcError(f"`flatten` takes the values of the variables as one argument, got {got}; write {instead}")
