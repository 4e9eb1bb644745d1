"""Typed text to a tree of `Node`: a whitelist over Python's own syntax tree, one method a kind of node; nothing is ever evaluated."""

import ast
import re
import warnings
from dataclasses import dataclass
from decimal import Decimal

from sympy import Integer, Rational, S

from ..errors import ParseError
from .functions import ALIASES, ANALYTIC, CONSTANTS, ELEMENTWISE, FUNCTIONS, WORDS

MAX_TEXT = 10_000
MAX_DEPTH = 200
MAX_INTEGER = 10**6  # of an exponent, a size or an index
MAX_NAMES = 200
MAX_DIGITS = 50  # of a number, in front of the point or behind it
WINDOW = 60  # characters shown on each side of the caret
RESERVED = {"I": "the identity matrix"}
NAME = re.compile(r"[^\W\d_]\w{0,39}")
ATTRIBUTES = ("T", "I", "H")
SPLIT = "give intermediate results a name"
NAMES = "a name is a letter, then letters, digits and single underscores, 40 at most"
SUFFIXES = "allowed: `.T` transpose, `.I` inverse, `.H` conjugate transpose"
ALLOWED = "names, numbers, + - * @ / **, parentheses, `.T`, `.I`, `.H`, entries `X[i, j]`, and calls of the functions listed by `--help`"


@dataclass(eq=False)
class Node:
    """One operation. `span` is its place in the text; the others are filled in later."""

    op: str
    args: tuple
    span: tuple
    value: object = None
    shape: tuple = ()
    number: bool = False  # a scalar by construction: literals, traces, entries
    broadcast: bool = False
    weight: int = 1
    kinds: tuple = ()  # of a call: what each of `args` is, see `Function.takes`
    sizes: tuple = ()  # of a call: the arguments that are sizes
    function: str = ""  # of a call: the argument that is the name of a function; a map `u -> ...` is the last of `args`


class Source:
    """The text, and the errors that point into it."""

    def __init__(self, text):
        if not isinstance(text, str):
            raise ParseError(f"expected text, got `{type(text).__name__}`")
        if len(text) > MAX_TEXT:
            raise ParseError(f"the text has {len(text)} characters; at most {MAX_TEXT} are read")
        self.text = re.sub(r"\s", " ", text).strip()
        if not self.text:
            raise ParseError("the text is empty; write an expression such as `x.T*A*x`")

    def at(self, span):
        """The piece of text at `span`, for messages."""
        piece = self.text[span[0] : span[1]]
        return piece if len(piece) <= WINDOW else piece[: WINDOW - 3] + "..."

    def error(self, column, saw, allowed=f"allowed: {ALLOWED}"):
        """ParseError with the text, a caret under `column` (from 0), what was seen and what is allowed."""
        column = max(0, min(column, len(self.text)))
        low = max(0, column - WINDOW)
        line = self.text[low : column + WINDOW]
        return ParseError(f"column {column + 1}: {saw}; {allowed}\n    {line}\n    {' ' * (column - low)}^")


def read_tree(text):
    """(source, root node) of `text`; ParseError if it is not in the grammar or over a bound."""
    source = Source(text)
    _check_brackets(source)
    return source, Reader(source).read(_python_tree(source))


def _check_brackets(source):
    depth = 0
    for column, char in enumerate(source.text):
        depth += (char in "([{") - (char in ")]}")
        if depth > MAX_DEPTH:
            raise source.error(column, f"brackets nested deeper than {MAX_DEPTH}", SPLIT)


def _python_tree(source):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source.text.replace("->", ":="), mode="eval").body  # of one length, so that places stay right
    except SyntaxError as error:
        raise _syntax_error(source, error) from None
    except (RecursionError, MemoryError):
        raise source.error(0, f"an expression nested deeper than {MAX_DEPTH}, or too many operators in a row", SPLIT) from None
    except ValueError as error:
        raise ParseError(f"the text cannot be read: {error}") from None


HINTS = [  # (pattern in the text, what to write instead)
    (r"'", "write the transpose as `x.T`, text in quotes is not read"),
    (r"\.\s*\*", "write the elementwise product as `had(x, y)`"),
    (r"\.\s*/", "write the elementwise quotient as `had(x, hpow(y, -1))`"),
    (r"\.\s*\^", "write the elementwise power as `hpow(x, k)`"),
    (r"\blambda\b", "`lambda` is a word of Python: call it `lam`"),
    (r"\\", "LaTeX is not read: write `x.T*A*x`"),
]


def _syntax_error(source, error):
    column = (error.offset or 1) - 1
    hint = next((h for pattern, h in HINTS if re.search(pattern, source.text)), f"allowed: {ALLOWED}")
    return source.error(column, f"not an expression ({error.msg})", hint)


class Reader:
    """One method a kind of Python node; what has no method is refused."""

    def __init__(self, source):
        self.source = source
        self.names = set()
        self.bound = None  # the name to the left of `->`
        self.depth = 0
        text = source.text
        self.column = (lambda b: b) if text.isascii() else (lambda b: len(text.encode()[:b].decode()))

    def read(self, tree):
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(tree, f"nested deeper than {MAX_DEPTH}", SPLIT)
        method = getattr(self, "read_" + type(tree).__name__, None)
        if method is None:
            raise self.error(tree, f"{_describe(tree)} `{self.source.at(self.span(tree))}` is not read")
        node = method(tree)
        self.depth -= 1
        return node

    def span(self, tree):
        return self.column(tree.col_offset), self.column(tree.end_col_offset)

    def error(self, tree, saw, *allowed):
        return self.source.error(self.column(tree.col_offset), saw, *allowed)

    def node(self, op, args, tree, value=None):
        return Node(op, tuple(args), self.span(tree), value)

    # ---- leaves
    def read_Constant(self, tree):
        text = self.source.text[slice(*self.span(tree))]
        if type(tree.value) not in (int, float):
            raise self.error(tree, f"`{self.source.at(self.span(tree))}` is not a number", HINTS[0][1])
        if len(text) > MAX_DIGITS or type(tree.value) is float and not _is_moderate(text):
            raise self.error(tree, f"the number `{text[:20]}` is out of range", f"at most {MAX_DIGITS} digits")
        value = Integer(tree.value) if type(tree.value) is int else Rational(text.replace("_", ""))
        return self.node("number", (), tree, value)

    def read_Name(self, tree):
        name = tree.id
        if name == self.bound:
            return self.node("bound", (), tree)
        if name in RESERVED:
            return self.node("identity", (), tree)
        if name in CONSTANTS:
            return self.node("number", (), tree, CONSTANTS[name])
        if name in WORDS:
            raise self.error(tree, f"`{name}` is a function", f"write `{name}(...)`")
        self.check_name(tree, name)
        return self.node("name", (), tree, name)

    def check_name(self, tree, name):
        if not NAME.fullmatch(name) or "__" in name:
            raise self.error(tree, f"`{name[:60]}` is not a name", NAMES)
        self.names.add(name)
        if len(self.names) > MAX_NAMES:
            raise self.error(tree, f"more than {MAX_NAMES} names", "split the expression")

    # ---- operators
    def read_UnaryOp(self, tree):
        if not isinstance(tree.op, (ast.USub, ast.UAdd)):
            raise self.error(tree, f"the operator in `{self.source.at(self.span(tree))}` is not read")
        arg = self.read(tree.operand)
        return arg if isinstance(tree.op, ast.UAdd) else self.node("mul", (self.node("number", (), tree, Integer(-1)), arg), tree)

    def read_BinOp(self, tree):
        if isinstance(tree.op, (ast.Add, ast.Sub)):
            return self.chain(tree, "add", (ast.Add, ast.Sub))
        if isinstance(tree.op, (ast.Mult, ast.MatMult, ast.Div)):
            return self.chain(tree, "mul", (ast.Mult, ast.MatMult, ast.Div))
        if isinstance(tree.op, ast.Pow):
            return self.node("pow", (self.read(tree.left), self.read(tree.right)), tree)
        hint = "write powers as `**`" if isinstance(tree.op, ast.BitXor) else f"allowed: {ALLOWED}"
        column = self.span(tree.left)[1]
        column += len(self.source.text[column:]) - len(self.source.text[column:].lstrip(" )"))
        raise self.source.error(column, f"the operator in `{self.source.at(self.span(tree))}` is not read", hint)

    def chain(self, tree, op, operators):
        """The operands of a left-leaning chain of one precedence, in order, without recursion down the left side."""
        operands, whole = [], tree
        while isinstance(tree, ast.BinOp) and isinstance(tree.op, operators):
            operands.append((tree.op, tree.right))
            tree = tree.left
        args = [self.read(tree)] + [self.operand(*pair) for pair in reversed(operands)]
        return self.node(op, args, whole)

    def operand(self, operator, tree):
        arg = self.read(tree)
        if isinstance(operator, ast.Sub):
            return self.node("mul", (self.node("number", (), tree, Integer(-1)), arg), tree)
        return self.node("reciprocal", (arg,), tree) if isinstance(operator, ast.Div) else arg

    # ---- attributes, entries, calls
    def read_Attribute(self, tree):
        if tree.attr not in ATTRIBUTES:
            column = self.span(tree)[1] - len(tree.attr)
            raise self.source.error(column, f"the attribute `.{tree.attr[:40]}` is not read", SUFFIXES)
        return self.node(tree.attr, (self.read(tree.value),), tree)

    def read_Subscript(self, tree):
        index = tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice]
        if len(index) > 2:
            raise self.error(tree, f"an entry with {len(index)} indices", "write `X[i, j]`, or `x[i]` for a vector")
        return self.node("entry", [self.read(tree.value), *map(self.read, index)], tree)

    def read_Call(self, tree):
        if not isinstance(tree.func, ast.Name):
            raise self.error(tree, f"`{self.source.at(self.span(tree.func))}` is called, but is not a function", "write products with `*`")
        name = tree.func.id
        if tree.keywords or any(isinstance(a, ast.Starred) for a in tree.args):
            raise self.error(tree, f"`{name}` is called with a keyword or a star", "arguments are given by position")
        if name not in WORDS:
            raise self.error(tree, f"`{name[:60]}` is not a function of the grammar", f"allowed: {', '.join(sorted(WORDS))}")
        return getattr(self, "call_" + name, self.call)(tree, name)

    def call(self, tree, name):
        canonical = ALIASES.get(name, name)
        function = FUNCTIONS.get(canonical, FUNCTIONS["inv"])  # an elementwise function takes one argument too
        low, high = function.arity
        if not low <= len(tree.args) <= high:
            got = f"{len(tree.args)} argument{'s' * (len(tree.args) != 1)}"
            wants = f"{low}" if low == high else f"{low} or more" if high > 9 else f"{low} to {high}"
            usage = f": `{function.usage}`" if canonical in FUNCTIONS else ""
            raise self.error(tree, f"`{name}` got {got}", f"it takes {wants}{usage}")
        given = list(zip(_kinds(function, tree.args), tree.args))
        values = [(kind, self.argument(name, kind, arg)) for kind, arg in given if kind not in ("size", "function")]
        given_function = [arg for kind, arg in given if kind == "function"]
        values += [("map", self.map(arg)) for arg in given_function if isinstance(arg, ast.NamedExpr)]
        node = self.node("call", (arg for _, arg in values), tree, canonical)
        node.kinds = tuple(kind for kind, _ in values)
        node.sizes = tuple(self.read(arg) for kind, arg in given if kind == "size")
        node.function = next((self.function(name, arg) for arg in given_function if not isinstance(arg, ast.NamedExpr)), "")
        return node

    def function(self, name, tree):
        """The name of a function, the first argument of `name`."""
        allowed = ELEMENTWISE if name == "apply" else ANALYTIC
        if not isinstance(tree, ast.Name) or tree.id not in allowed:
            saw = f"`{self.source.at(self.span(tree))}` is not a function that `{name}` takes"
            raise self.error(tree, saw, f"write a map such as `u -> u/(1 + u)`, or one of {', '.join(sorted(allowed))}")
        return tree.id

    def map(self, tree):
        """The right side of ``u -> u**2``."""
        if self.bound is not None:
            raise self.error(tree, f"a map inside the map of `{self.bound}`", SPLIT)
        name = tree.target.id
        if name in WORDS or name in RESERVED or name in CONSTANTS:
            raise self.error(tree, f"`{name}` is taken", "call the argument of the map `u`")
        self.check_name(tree, name)
        self.bound = name
        body = self.read(tree.value)
        self.bound = None
        return body

    def argument(self, name, kind, tree):
        """An argument that is an expression; as the power of a norm also `inf`."""
        if kind == "power" and isinstance(tree, ast.Name) and tree.id in ("inf", "oo"):
            return self.node("number", (), tree, S.Infinity)
        if kind == "power" and isinstance(tree, (ast.Name, ast.Constant)) and not isinstance(getattr(tree, "value", None), (int, float)):
            hint = "it is a number >= 1 or `inf`; Frobenius: `norm(X)`, others: `spectral_norm(X)`, `nuclear_norm(X)`"
            raise self.error(tree, f"`{self.source.at(self.span(tree))}` is not the power of a norm", hint)
        return self.read(tree)

    def call_block(self, tree, name):
        """``block([[A, B], [C, D]])``: rows of equal length."""
        rows = tree.args[0].elts if len(tree.args) == 1 and isinstance(tree.args[0], ast.List) else []
        cells = [row.elts if isinstance(row, ast.List) else [] for row in rows]
        if not cells or not cells[0] or len({len(row) for row in cells}) != 1:
            raise self.error(tree, "`block` wants a list of rows of equal length", "write `block([[A, B], [C, D]])`")
        return self.node("block", [self.read(cell) for row in cells for cell in row], tree, (len(cells), len(cells[0])))


def _kinds(function, args):
    """The kind of each argument."""
    takes = list(function.takes)
    if "order" in takes and not (len(args) > 2 and isinstance(args[2], ast.Constant)):
        takes.remove("order")
    return (takes + takes[-1:] * len(args))[: len(args)]


CONSTRUCTS = {
    "Lambda": "a lambda",
    "NamedExpr": "a map",
    "ListComp": "a comprehension",
    "SetComp": "a comprehension",
    "DictComp": "a comprehension",
    "GeneratorExp": "a comprehension",
    "JoinedStr": "text in quotes",
    "List": "a list",
    "Dict": "a dict",
    "Tuple": "a tuple",
    "Compare": "a comparison",
    "BoolOp": "a logical operator",
    "IfExp": "a condition",
    "Slice": "a slice",
}


def _describe(tree):
    return CONSTRUCTS.get(type(tree).__name__, "the construct")


def _is_moderate(text: str) -> bool:
    """Whether a decimal number is 0 or of at most 50 digits; as a float, 1e-5000 is 0."""
    try:
        value = Decimal(text)
    except ArithmeticError:
        return False
    return value.is_zero() or abs(value.adjusted()) <= MAX_DIGITS


def digits(number: Rational) -> float:
    """About how many digits a rational number has, in its numerator or its denominator; 0 for 1, -1 and infinity."""
    if not number.is_Rational:
        return 0.0
    return 0.30103 * (max(abs(int(number.p)), int(number.q)).bit_length() - 1)
