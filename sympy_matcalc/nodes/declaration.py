r"""What a node of the package is, said once, on its class. The tables of text, printing, random data and code generation derive from it.

| on the class | says | read by |
|---|---|---|
| `typed` | how the node is typed, a `Typed`; or a sentence: why it has no text | the parser, the writer and the help of `text` |
| `written` | the function of text that prints it, by default the name of `typed`, without one that of the class | `str`, pretty forms |
| `latex_name` | the name in front of the arguments; by default that of `typed` in upright letters | LaTeX of SymPy and of `printing` |
| `domain` | what random matrices it needs, a word of `testing.random_env` | the same, and the random expressions |
| `domains` | (argument, domain) where several arguments need data of a kind | `check`, verdicts, the command line |
| `conditions` | sentences that have to hold for its value | `mc.conditions` |
| `indices` | the arguments that count entries, values or vectors | `check`, the command line |
| `multiprecision(A, ...)` | its value of a matrix of mpmath, where it has no closed form | `evalf`, and by it verdicts with many digits |

A function of every entry (`Elementwise`) says besides:

| on the class | says | read by |
|---|---|---|
| `definition(x, ...)` | what it is in SymPy's functions | values, derivatives, `rewrite`, numeric code, functions of a matrix |
| `is_analytic` | whether a square matrix may stand in it by its power series | `MatrixFunction` |
| `numeric` | the operation of generated code, where there is a better one than the definition | `codegen` |
| `kinks(...)` | where the function or its derivative jumps | the tests, which try these values |

**To add a node**: its class, in a file of `nodes/` that has its name in ``__all__``; its value for the tests in `testing/book_nodes.py`,
written independently; a row in ``tests/nodes/rows.py``. A function of every entry needs nothing else. Any other node also needs its
canonical form (`canonical/package_nodes.py`), its differential (`rules/`, with a row in ``tests/rules/rows.py``), or in the place of both a
row in the table of linear operators, and its numeric code (`codegen/lower_*.py`). ``tests/nodes/test_every_node.py`` crosses all nodes
with all of this: what is forgotten fails there by name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Abs, Expr, S
from sympy.printing.pretty.stringpict import prettyForm

from .multiprecision import by_mpmath, evaluated

MANY = 1000  # arguments, where any number is read
LETTERS = {
    "matrix": "XY", "square": "X", "vector": "x", "stacked": "x", "triple": "xy", "quaternion": "q", "direction": "E", "value": "X",
    "index": "ij", "size": "mn", "number": "cd",
}  # fmt: skip


def applied_pretty(name: prettyForm, args: prettyForm) -> prettyForm:
    """``name(args)``, of which a power has the exponent behind the name, as SymPy writes it."""
    form = prettyForm(*name.right(args), binding=prettyForm.FUNC)
    form.prettyFunc, form.prettyArgs = name, args
    return form


def itself(x: Expr, *rest: Expr) -> Expr:
    """What many nodes are of a number: the number."""
    return x


def absolute(x: Expr, *rest: Expr) -> Expr:
    """What a norm is of a number."""
    return Abs(x)


def one(*rest: Expr) -> Expr:
    """What a unit vector of length 1 is."""
    return S.One


def zero(*rest: Expr) -> Expr:
    return S.Zero


@dataclass(frozen=True)
class Typed:
    """How a node is typed as text.

    name: the function, ``eigval`` of ``eigval(X, i)``. takes: the kind of each argument, in words separated by spaces, the last also of
    all that follow: "matrix", "square", "vector" or "stacked" (a vector of as many entries as the sizes multiply to) or "triple", a
    vector of length 3, or "quaternion", one of length 4; "direction", a
    matrix of the shape of the first; "function", a name or a map; "value", an expression that the function takes entry by entry;
    "number", "size", "index", "power" of a norm, "order", a number that may be left out. help: a line for the list of functions.
    of_number: what the node is where its matrix is a number, None for nothing. usage: how it is called, by default the name with a
    letter an argument. arity: fewest and most arguments, by default as many as are taken. aliases: other names that are read.
    """

    name: str
    takes: str
    help: str
    of_number: Callable[..., Any] | None = None
    usage: str = ""
    arity: tuple[int, int] = (0, 0)
    aliases: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(self.takes.split())

    @property
    def counts(self) -> tuple[int, int]:
        """The fewest and the most arguments."""
        return self.arity if self.arity[1] else (len(self.kinds), len(self.kinds))

    @property
    def call(self) -> str:
        """How it is called, ``eigval(X, i)``."""
        letters = {kind: iter(letter) for kind, letter in LETTERS.items()}
        letters["size"] = iter("mn" if self.kinds.count("size") > 1 else "n")
        return self.usage or f"{self.name}({', '.join(next(letters[kind]) for kind in self.kinds)})"


class OwnNode:
    """Mixin of every node class of the package. A class that is no node itself but a base of some says ``abstract = True``."""

    args: Any
    typed: ClassVar[Typed | str]
    written = ""
    latex_name = ""
    domain: Any = "any"
    multiprecision: ClassVar[Any] = None
    up_to_sign: ClassVar[bool] = False  # its columns are determined up to their sign, which is the numeric library's
    abstract = True

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if is_library(cls) and not cls.__dict__.get("abstract", False):
            NODES[cls.__name__] = _checked(cls)

    def _eval_evalf(self, prec: int) -> Any:
        """The value of explicit matrices of numbers, to any precision."""
        compute = type(self).multiprecision
        found = by_mpmath(compute, self.args[0], self.args[1:], prec) if compute else None
        return evaluated(self, prec) if found is None else found

    def is_symmetric_by_form(self, is_symmetric: Callable[[Any], bool]) -> bool:
        """Whether a square matrix of the class is its own transpose by what it is; ``is_symmetric(a)`` answers that of a part."""
        return False

    @property
    def domains(self) -> tuple[tuple[Any, str], ...]:
        """(argument, the domain of its random data) of each argument for which not any will do."""
        return ((getattr(self, "arg", None), self.domain),)

    @property
    def indices(self) -> tuple[tuple[Expr, Expr], ...]:
        """(index, the whole number that it has to stay below) for each argument that counts entries, values or vectors from 0."""
        return ()

    @classmethod
    def word(cls) -> str:
        """The function that the node is printed as in text."""
        return cls.written or (cls.typed.name if isinstance(cls.typed, Typed) else cls.__name__)

    def _sympystr(self, printer: Any) -> str:
        """As it is typed, so that what is printed can be read back."""
        return f"{self.word()}({', '.join(map(printer._print, self.args))})"

    def _pretty(self, printer: Any) -> prettyForm:
        args = prettyForm(*printer._print_seq(self.args, delimiter=", ").parens())
        return applied_pretty(prettyForm(self.word()), args)

    @classmethod
    def latex_word(cls) -> str:
        """The name that LaTeX prints in front of the arguments."""
        name = cls.typed.name if isinstance(cls.typed, Typed) else cls.__name__
        return cls.latex_name or rf"\operatorname{{{name.replace('_', '')}}}"


def typed_of(node: type[OwnNode]) -> Typed:
    """How a node is typed, of one that has a text."""
    assert isinstance(node.typed, Typed), f"{node.__name__}: {node.typed}"
    return node.typed


NODES: dict[str, type[OwnNode]] = {}  # every node class of the package, by name


def is_library(cls: type) -> bool:
    """Whether a class is SymPy's or the package's, not one that a user has written, which may have the same name."""
    return (cls.__module__ or "").partition(".")[0] in ("sympy", "sympy_matcalc")


def _checked(cls: type[OwnNode]) -> type[OwnNode]:
    """The class, where it says how it is typed; TypeError where it does not."""
    typed = getattr(cls, "typed", None)
    if not isinstance(typed, str) and not (isinstance(typed, Typed) and "typed" in cls.__dict__):
        raise TypeError(f"the node `{cls.__name__}` does not say how it is typed: `typed = Typed(name, takes, help)`, or why it is not")
    if isinstance(typed, Typed):
        taken = [c.__name__ for c in NODES.values() if isinstance(c.typed, Typed) and c.typed.name == typed.name and c is not cls]
        if taken and taken != [cls.__name__]:
            raise TypeError(f"the node `{cls.__name__}` is typed as `{typed.name}`, which is `{taken[0]}`")
    return cls
