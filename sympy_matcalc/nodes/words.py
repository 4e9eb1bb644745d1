"""The functions of entries that SymPy has, with the words by which they are typed and printed."""

from sympy import (
    Abs,
    Add,
    Expr,
    Function,
    Heaviside,
    Integer,
    Mul,
    Pow,
    Symbol,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    cos,
    cosh,
    count_ops,
    erf,
    erfc,
    exp,
    log,
    loggamma,
    polygamma,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.pretty.stringpict import prettyForm, stringPict
from sympy.printing.str import StrPrinter

from .bound import BOUND, body_of
from .declaration import OwnNode, applied_pretty

FUNCTIONS = {  # of a scalar: the function; of a vector or matrix: entry by entry
    "exp": exp, "log": log, "sqrt": sqrt, "sin": sin, "cos": cos, "tan": tan, "sinh": sinh, "cosh": cosh, "tanh": tanh,
    "asin": asin, "acos": acos, "atan": atan, "asinh": asinh, "acosh": acosh, "atanh": atanh, "abs": Abs, "sign": sign,
    "erf": erf, "erfc": erfc, "lgamma": loggamma, "digamma": lambda x: polygamma(0, x), "trigamma": lambda x: polygamma(1, x),
    "step": lambda x, at_zero=0: Heaviside(x, at_zero),
}  # fmt: skip
WORDS = {function(BOUND): name for name, function in FUNCTIONS.items()}  # by the value at the bound symbol


def call_of(body):
    """(word, arguments behind the first) of a body that is one function of the bound symbol; None for any other."""
    if isinstance(body, OwnNode) and body.args[:1] == (BOUND,) and not any(a.has(BOUND) for a in body.args[1:]):
        return body.word(), body.args[1:]
    if body in WORDS:
        return WORDS[body], ()
    return (type(body).__name__, ()) if isinstance(body, Function) and body.args == (BOUND,) else None


def printed(function, printer):
    """The name of a function such as exp, else what it does to its argument, ``u -> u**2 + 1``; as they are typed."""
    body = body_of(function)
    word, rest = call_of(body) or ("", ())
    if word and not rest:
        return word
    letter = _letter(body)
    if type(printer) is StrPrinter:
        printer = OwnSumsLast(printer._settings)
    return f"{letter} -> {printer._print(body.xreplace({BOUND: letter}))}"


def own_sums_last(factors):
    """The factors with sums behind the functions in them: s, 1 - s, 1 - 2*s."""
    bases = [f.base if isinstance(f, Pow) and f.exp.is_positive else f for f in factors]
    functions = [base for base in bases if isinstance(base, Function)]
    sums = [f for f, base in zip(factors, bases) if isinstance(base, Add) and any(map(base.has, functions))]
    return [f for f in factors if f not in sums] + sorted(sums, key=count_ops)


class OwnSumsLast(StrPrinter):
    """SymPy's str, but ``s*(1 - s)``, where SymPy writes the sum first."""

    def _print_Mul(self, expr):
        number, rest = expr.as_coeff_Mul()
        factors = rest.as_ordered_factors() if isinstance(rest, Mul) else [rest]
        in_order = own_sums_last(factors)
        divides = any(isinstance(f, Pow) and not f.exp.is_positive for f in factors)
        if in_order == factors or divides or not isinstance(number, Integer):
            return super()._print_Mul(expr)
        texts = [self.parenthesize(f, PRECEDENCE["Mul"]) for f in in_order]
        return "-" * bool(number < 0) + "*".join([self._print(abs(number))] * (abs(number) != 1) + texts)


def _letter(body: Expr) -> Symbol:
    """A letter for the argument that stands for nothing else in a body."""
    taken = {s.name for s in body.free_symbols if s != BOUND}
    return Symbol(next(name for name in (*"uvwrst", "u_") if name not in taken), real=True)


def entrywise_text(function, argument, printer):
    """``sigmoid(X*w)``; of a function without a name ``apply(u -> u**2 + 1, X*w)``."""
    call = call_of(body_of(function))
    if call is None:
        return f"apply({printed(function, printer)}, {printer._print(argument)})"
    return f"{call[0]}({', '.join(map(printer._print, (argument, *call[1])))})"


def entrywise_pretty(function, argument, printer):
    """The same in two dimensions."""
    call = call_of(body_of(function))
    if call is not None:
        return pretty_call(call[0], map(printer._print, (argument, *call[1])))
    return pretty_call("apply", [printed_pretty(function, printer), printer._print(argument)])


def printed_pretty(function, printer):
    """What `printed` says in two dimensions."""
    body = body_of(function)
    word, rest = call_of(body) or ("", ())
    if word and not rest:
        return prettyForm(word)
    letter = _letter(body)
    arrow = " ↦ " if printer._use_unicode else " -> "
    return prettyForm(*stringPict.next(printer._print(letter), arrow, printer._print(body.xreplace({BOUND: letter}))))


def pretty_call(word, args):
    """The pretty form of a function of arguments that have been printed."""
    inner = stringPict.next(*[part for arg in args for part in (", ", arg)][1:])
    return applied_pretty(prettyForm(word), prettyForm(*prettyForm(*inner).parens()))


def called_with_function(node, printer):
    """The pretty form of a node whose first argument is a function."""
    return pretty_call(node.word(), [printed_pretty(node.args[0], printer), *map(printer._print, node.args[1:])])
