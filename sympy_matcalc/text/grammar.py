"""Typed text to a tree of `Node`: a whitelist over Python's own syntax tree, one method a kind of node; nothing is ever evaluated."""

import ast
import re
import unicodedata
import warnings
from decimal import Decimal
from difflib import get_close_matches

from sympy import Ge, Gt, Integer, Le, Lt, Rational, S

from ..errors import ParseError
from .functions import ALIASES, ANALYTIC, CONSTANTS, ELEMENTWISE, FUNCTIONS, SEVERAL, WORDS
from .source import ALLOWED, Source
from .spelling import one_spelling
from .tree import Bound, Node

MAX_DEPTH = 200
MAX_INTEGER = 10**6  # of an exponent, a size or an index
MAX_NAMES = 200
MAX_DIGITS = 50  # of a number, in front of the point or behind it
RESERVED = {"I": "the identity matrix"}
NAME = re.compile(r"[^\W\d_]\w{0,39}")
ATTRIBUTES = ("T", "I", "H")
SPLIT = "give intermediate results a name"
NAMES = "a name is a letter, then letters, digits and single underscores, 40 at most"
SUFFIXES = "allowed: `.T` transpose, `.I` inverse, `.H` conjugate transpose"


def read_tree(text):
    """(source, root node) of `text`; ParseError if it is not in the grammar or over a bound."""
    source = Source(text)
    _check_brackets(source)
    if "#" in source.text:
        raise source.error(source.text.index("#"), "`#` begins no comment here", "leave out what follows it")
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
        raise ParseError(f"the text cannot be read: {error}; leave out what is no letter, digit or sign") from None


HINTS = [  # (pattern in the text, what to write instead)
    (r"'", "write the transpose as `x.T`, text in quotes is not read"),
    (r"\.\s*\*", "write the elementwise product as `had(x, y)`"),
    (r"\.\s*/", "write the elementwise quotient as `had(x, hpow(y, -1))`"),
    (r"\.\s*\^", "write the elementwise power as `hpow(x, k)`"),
    (r"\blambda\b", "`lambda` is a word of Python: call it `lam`"),
    (r"\\", "LaTeX is not read: write `x.T*A*x`"),
]


UNFINISHED = re.compile(r"(->|\*\*|[-+*/@.,(\[=<>])$")  # what something has to follow


def _syntax_error(source, error):
    end = UNFINISHED.search(source.text)
    if end:
        return source.error(len(source.text), f"the expression ends with `{end[0]}`", "write what follows it")
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
            what, *allowed = CONSTRUCTS.get(type(tree).__name__, ("the construct",))
            raise self.error(tree, f"{what} `{self.source.at(self.span(tree))}` is not read", *allowed)
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
        name = one_spelling(name)
        if name in RESERVED:
            return self.node("identity", (), tree)
        if name in CONSTANTS:
            return self.node("number", (), tree, CONSTANTS[name])
        if name in WORDS:
            raise self.error(tree, f"`{name}` is a function", f"write `{name}(...)`")
        self.check_name(tree, tree.id)
        return self.node("name", (), tree, name)

    def check_name(self, tree, name):
        if not unicodedata.is_normalized("NFKC", self.source.text[slice(*self.span(tree))]):
            hint = "it has a letter that Python reads as another one; write `x.T` for a transpose, `x1` for an index"
            raise self.error(tree, f"`{self.source.at(self.span(tree))}` is not a name", hint)
        if not NAME.fullmatch(name) or "__" in name:
            raise self.error(tree, f"`{name[:60]}` is not a name", NAMES)
        self.names.add(one_spelling(name))
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
        first = self.read(tree)
        signed = op == first.op == "mul" and isinstance(tree, ast.UnaryOp)  # the sign is one of the product, not of its first factor
        args = [*(first.args if signed else (first,)), *(self.operand(*pair) for pair in reversed(operands))]
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
        if any(isinstance(i, ast.Slice) for i in index):
            return self.slice(tree, index)
        return self.node("entry", [self.read(tree.value), *map(self.read, index)], tree)

    def slice(self, tree, index):
        """``x[1:]``, ``A[:, j]``: the indices are arguments, the bounds are sizes."""
        axes = [self.slice_range(i) if isinstance(i, ast.Slice) else None for i in index]
        single = [self.read(i) for i in index if not isinstance(i, ast.Slice)]
        node = self.node("slice", [self.read(tree.value), *single], tree, axes)
        node.sizes = tuple(bound.size for axis in axes if axis for bound in axis if bound and bound.size)
        return node

    def slice_range(self, tree):
        """(`Bound` or None, `Bound` or None) of ``1:n - 1``."""
        if tree.step is not None:
            raise self.error(tree, f"the step of the slice `{self.source.at(self.span(tree))}`", "write `start:stop`")
        return tuple(bound and self.slice_bound(bound) for bound in (tree.lower, tree.upper))

    def slice_bound(self, tree):
        from_end = isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub)
        node = self.read(tree.operand if from_end else tree)
        return Bound(None if node.op == "number" and node.value == 0 else node, from_end)

    def read_Call(self, tree):
        if not isinstance(tree.func, ast.Name):
            raise self.error(tree, f"`{self.source.at(self.span(tree.func))}` is called, but is not a function", "write products with `*`")
        name = tree.func.id
        if [k.arg for k in tree.keywords] == ["axis"] and name in OF_ROWS and len(tree.args) == 1:
            return self.along(ast.copy_location(ast.Call(tree.func, [*tree.args, tree.keywords[0].value], []), tree), name)
        if tree.keywords or any(isinstance(a, ast.Starred) for a in tree.args):
            raise self.error(tree, f"`{name}` is called with a keyword or a star", "arguments are given by position")
        if name not in WORDS:
            raise self.error(tree, f"`{name[:60]}` is not a function of the grammar", _functions_like(name))
        return getattr(self, "call_" + ALIASES.get(name, name), self.call)(tree, name)

    def call(self, tree, name):
        canonical = ALIASES.get(name, name)
        canonical = SEVERAL.get(canonical, canonical) if len(tree.args) > 1 else canonical
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
        function = ALIASES.get(tree.id, tree.id) if isinstance(tree, ast.Name) else None
        if function not in allowed:
            saw = f"`{self.source.at(self.span(tree))}` is not a function that `{name}` takes"
            raise self.error(tree, saw, f"write a map such as `u -> u/(1 + u)`, or one of {', '.join(sorted(allowed))}")
        return function

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
        if kind == "power" and (getattr(tree, "id", "") in NORMS or isinstance(getattr(tree, "value", None), str)):
            hint = "it is a number >= 1, a name or `inf`; Frobenius: `norm(X)`, others: `spectral_norm(X)`, `nuclear_norm(X)`"
            raise self.error(tree, f"`{self.source.at(self.span(tree))}` is not the power of a norm", hint)
        return self.read(tree)

    def along(self, tree, name):
        """``softmax(X, 1)`` of each row, ``softmax(X, 0)`` of each column, the axis as NumPy's."""
        if len(tree.args) != 2:
            return self.call(tree, name)
        axis = tree.args[1]
        if not isinstance(axis, ast.Constant) or type(axis.value) is not int or axis.value not in (0, 1):
            raise self.error(tree, f"the axis `{self.source.at(self.span(axis))}` of `{name}`", "it is 1 for each row, 0 for each column")
        turned = lambda a: ast.copy_location(ast.Attribute(a, "T", ast.Load()), a)  # noqa: E731
        inner = tree.args[0] if axis.value else turned(tree.args[0])
        found = ast.copy_location(
            ast.Call(ast.copy_location(ast.Name(OF_ROWS[ALIASES.get(name, name)], ast.Load()), tree), [inner], []), tree
        )
        return self.read(found if axis.value else turned(found))

    call_softmax = call_logsumexp = call_sum = call_prod = along  # `max(X, 1)` is that of each entry and 1

    def call_where(self, tree, name):
        """``where(a > 0, a, b)``: a condition and a value, any number of times, then the value elsewhere."""
        if len(tree.args) < 3 or len(tree.args) % 2 == 0:
            allowed = "it takes a condition and a value, any number of times, then the value elsewhere: `where(a > 0, a, b)`"
            raise self.error(tree, f"`{name}` got {len(tree.args)} argument{'s' * (len(tree.args) != 1)}", allowed)
        pairs = [(self.condition(c), self.read(value)) for c, value in zip(tree.args[:-1:2], tree.args[1::2])]
        return self.node("where", [*(part for pair in pairs for part in pair), self.read(tree.args[-1])], tree)

    def condition(self, tree):
        """A comparison of scalars, or several joined by `and` and `or`."""
        if isinstance(tree, ast.BoolOp):
            return self.node("or" if isinstance(tree.op, ast.Or) else "and", map(self.condition, tree.values), tree)
        if isinstance(tree, ast.Compare) and all(type(op) in COMPARISONS for op in tree.ops):
            operators = [COMPARISONS[type(op)] for op in tree.ops]
            return self.node("compare", map(self.read, (tree.left, *tree.comparators)), tree, operators)
        allowed = "write `a > 0` or `0 <= a <= b`; `and` and `or` join them"
        raise self.error(tree, f"`{self.source.at(self.span(tree))}` is not a condition", allowed)

    def call_block(self, tree, name):
        """``block([[A, B], [C, D]])``: rows of equal length."""
        rows = tree.args[0].elts if len(tree.args) == 1 and isinstance(tree.args[0], ast.List) else []
        cells = [row.elts if isinstance(row, ast.List) else [] for row in rows]
        if not cells or not cells[0] or len({len(row) for row in cells}) != 1:
            raise self.error(tree, "`block` wants a list of rows of equal length", "write `block([[A, B], [C, D]])`")
        return self.node("block", [self.read(cell) for row in cells for cell in row], tree, (len(cells), len(cells[0])))


def _functions_like(name):
    """The functions whose names are near, else all of them."""
    near = [word for word in get_close_matches(name.lower(), sorted(WORDS), 3, 0.7)]
    return f"did you mean {' or '.join(f'`{word}`' for word in near)}?" if near else f"allowed: {', '.join(sorted(WORDS))}"


def _kinds(function, args):
    """The kind of each argument."""
    takes = list(function.takes)
    if "order" in takes and not (len(args) > 2 and isinstance(args[2], ast.Constant)):
        takes.remove("order")
    return (takes + takes[-1:] * len(args))[: len(args)]


OF_ROWS = {  # what a function along an axis is of each row
    "softmax": "rowsoftmax", "logsumexp": "rowlogsumexp", "sum": "rowsum", "prod": "rowprod", "max": "rowmax", "min": "rowmin",
}  # fmt: skip
COMPARISONS = {ast.Lt: Lt, ast.LtE: Le, ast.Gt: Gt, ast.GtE: Ge}
NORMS = ("fro", "F", "nuc")  # as NumPy calls them
CONDITIONS = "conditions stand in `where(a > 0, a, b)`: a where the condition holds, else b"
CONSTRUCTS = {  # what it is, and what to write instead
    "Lambda": ("a lambda", "write a map as `u -> u**2`, in `apply(u -> u**2, X)`"),
    "NamedExpr": ("a map", "maps stand in `apply(u -> u**2, X)`, `funm` and `frechet`"),
    "ListComp": ("a comprehension",),
    "SetComp": ("a comprehension",),
    "DictComp": ("a comprehension",),
    "GeneratorExp": ("a comprehension",),
    "JoinedStr": ("text in quotes",),
    "List": ("a list",),
    "Dict": ("a dict",),
    "Tuple": ("a tuple",),
    "Compare": ("a comparison", CONDITIONS),
    "BoolOp": ("a logical operator", CONDITIONS),
    "IfExp": ("a condition", CONDITIONS),
    "Slice": ("a slice",),
}


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
