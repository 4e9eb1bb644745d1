"""The calls of functions: their arguments by kind, maps, conditions, blocks."""

import re
from collections.abc import Callable
from typing import Any

from sympy import Ge, Gt, Integer, Le, Lt, S, Tuple

from ..errors import ParseError
from .axes import OF_COLUMNS, OF_ROWS, along, is_along
from .each_row import KEPT
from .extents import extent, is_extent
from .functions import ALIASES, ANALYTIC, CONSTANTS, ELEMENTWISE, FILLED, FUNCTIONS, NORMS, PRINTED, SEVERAL, WORDS
from .index_notation import read_einsum
from .instead import INSTEAD, near_words
from .limits import RESERVED, SPLIT
from .matlab_calls import matlab_call
from .matlab_entries import is_end, is_whole, matlab_entry, may_have_entries
from .methods import Done
from .names import kind_of_name
from .operators import MATLAB, PYTHON
from .ranged import SUMS, read_sum
from .subscripts import read_subscripts
from .tree import Node, below
from .written_out import WRITTEN_OUT, written_out

COMPARISONS = {"<": Lt, "<=": Le, ">": Gt, ">=": Ge, "≤": Le, "≥": Ge}
OF_COLUMNS_ALONE = ("inner", "vdot")  # which of NumPy's are no products of matrices, as its `dot` is
NUMPY_SPELLING = re.compile(  # ``np.``, and a method that arrays have and SymPy's matrices do not
    r"(?:np|numpy|jnp|jax|torch|scipy)\s*\.|[\w)\]]\s*\.\s*(?:sum|mean|max|min|prod|std|var)\s*\("
)
QUOTED_NORMS = {"fro": "norm", "nuc": "nuclear_norm"}  # as MATLAB and NumPy call them


class Calls:
    """Mixin of the reader of trees, `TreeReader`, which has the rest."""

    source: Any
    names: set[str]
    declared: frozenset[str]
    notes: list[str]
    syntax: str | None
    dialect: str | None
    is_numpy: bool
    marked: set[int] | None
    bound: str | None
    running: tuple[str, ...]
    read: Callable[..., Node]
    node: Callable[..., Node]
    span: Callable[..., tuple[int, int]]
    text: Callable[..., str]
    error: Callable[..., ParseError]
    negative: Callable[..., Node]
    check_name: Callable[..., None]

    def read_call(self, name_tree, called):
        name = str(name_tree.children[0])
        place = self.span(name_tree)[0], self.span(called)[1]
        args = called.children
        is_product = name == "dot" and not self.text(name_tree).endswith(OF_COLUMNS_ALONE)
        if is_product and NUMPY_SPELLING.match(self.source.text, place[0]) and len(args) == 2:
            return self.node("mul", map(self.read, args), place, {1: "@"})
        if name == "dot" and len(args) == 3:  # Julia's `dot(x, A, y)`
            x, A, y = map(self.read, args)
            return self.node("mul", (self.node("T", (x,), x.span), A, y), place)
        if name == "t" and len(args) == 1 and "%*%" in self.source.text and name not in self.declared:  # R's
            return self.node("T", (self.read(args[0]),), place)
        if is_extent(name, args, self.declared):
            return extent(self, name, args, place)
        if name == "Einsum":
            return read_einsum(self, args, place)
        if name == "einsum" and name not in self.declared:
            return read_subscripts(self, args, place)
        if name in SUMS:
            return read_sum(self, name, args, place)
        if name == "Heaviside" and len(args) == 1:  # SymPy's is 1/2 at 0, where `step` is 0
            half = self.node("number", (), place, S.Half)
            return self.node("call", (self.read(args[0]), half), place, "step", kinds=("value", "number"))
        name = PRINTED.get(name, name)
        if name not in WORDS and name not in FILLED:
            if len(args) == 1 and is_whole(args[0]):
                return self.node("call", (self.read(name_tree),), place, "vec", kinds=("matrix",))
            ranged = self.syntax is None and any(arg.data == "slice" or is_end(arg) for arg in args)  # which nothing else has
            if (self.syntax == MATLAB or ranged) and len(args) in (1, 2) and may_have_entries(name, self.declared):
                return matlab_entry(self, name_tree, args, place)
        if name in FILLED and [a.data for a in args] == ["number"]:
            return self.filled(name, args[0], place)
        return self.call(name, args, place)

    def read_applied(self, tree):
        """``\\log\\det X``: of one factor, of a trace of all of them."""
        word, arg = tree.children
        if arg.data == "beside" and self.of_circle(*arg.children[:2]):
            self.notes.append(f"`{self.text(tree)}` is read as `{word}({self.text(arg)})`")
        elif arg.data == "beside" and ALIASES.get(word, word) != "tr":
            text, first = self.text(arg), self.text(arg.children[0])
            rest = self.source.at((self.span(arg.children[0])[1], self.span(arg)[1])).strip()
            raise self.error(tree, f"`{self.text(tree)}` can be read in two ways", f"write `{word}({text})` or `{word}({first})*{rest}`")
        elif arg.data == "beside":
            self.notes.append(f"`{self.text(tree)}` is read as the trace of the whole product `{self.text(arg)}`")
        return self.call(str(word), [arg], self.span(tree))

    def of_circle(self, first, second):
        """Whether a product begins with a multiple of pi, as `2\\pi`, from which nobody takes the number away."""
        return first.data == "number" and self.text(second) in ("\\pi", "π", "pi") and "pi" not in self.declared

    def read_powered(self, tree):
        """``\\sin^2 x``, ``\\log^2(x) y``: the power of the function's value; `-1` may mean the inverse function as well."""
        word, _, exponent, arg = tree.children
        power = self.read(exponent)
        text = f"{self.text(word)}^{self.text(exponent)}"
        if power.op == "mul":
            both = f"write `({self.text(word)} x)^{{-1}}` for the reciprocal, `arcsin` and its kind for the inverse function"
            raise self.error(tree, f"`{text}` can be read in two ways", both)
        first, *others = arg.children if arg.data == "beside" else [arg]
        start = self.span(arg)[0]
        if others and self.source.text[start] != "(" and self.source.text[start - 1] == "(":  # all of it is in brackets
            first, others = arg, []
        if others and self.source.text[self.span(first)[0] - 1] != "(":
            whole, rest = self.text(arg), self.source.at((self.span(others[0])[0], self.span(arg)[1]))
            raise self.error(
                tree, f"`{self.text(tree)}` can be read in two ways", f"write `{text}({whole})` or `{text}({self.text(first)}) {rest}`"
            )
        node = self.node("pow", (self.call(str(word), [first], self.span(tree)), power), tree)
        return self.node("mul", (node, *map(self.read, others)), tree) if others else node

    def refuse_call(self, place, saw, allowed):
        raise self.source.error(place[0], saw, allowed)

    def call(self, name, args, place):
        """The call of a function, its arguments as lark's trees."""
        if (own := matlab_call(self, name, args, place)) is not None:
            return own
        if name not in WORDS:
            raise self.unknown(name, place)
        if len(args) == 2 and name in OF_ROWS and args[0].data == "name" and self.is_of_entries(str(args[0].children[0])):
            word, arg = args  # Julia's `sum(abs2, x)`
            return self.call(name, [Done(self.call(str(word.children[0]), [arg], place))], place)
        kept = [a for a in args if a.data == "keyword" and str(a.children[0]) in KEPT and name in OF_ROWS and name != "softmax"]
        args = [a for a in args if a not in kept]
        kinds = [a.data for a in args]
        function = ALIASES.get(name, name)
        if name in WRITTEN_OUT:
            return written_out(self, name, args, place)
        if len(args) == 2 and kinds[1] == "keyword":
            keyword, _, value = args[1].children
            if keyword in ("ord", "p") and function == "norm":
                return self.call(name, [args[0], value], place)
            if keyword in ("axis", "dim") and name in OF_ROWS:
                return along(self, name, args[0], value, place, True, any(self.text(a.children[2]) in ("True", "1") for a in kept))
        if "keyword" in kinds or "starred" in kinds:
            self.refuse_call(place, f"`{name}` is called with a keyword or a star", "arguments are given by position")
        if is_along(function, args, self.source.at(place)):
            return along(self, name, args[0], args[-1], place)
        if name in NORMS and len(args) == 1:
            powers = [self.node("number", (), place, Integer(p)) for p in NORMS[name]]
            return self.node("call", (self.read(args[0]), *powers), place, "norm", kinds=("matrix", *["power" for _ in powers], "named"))
        if function == "Matrix":
            node = self.block(args, place)
            node.op = "written"
            return node
        if function == "where":
            return self.where(name, args, place)
        if function == "block":
            return self.block(args, place)
        if function == "norm" and kinds[1:] == ["text"]:
            return self.quoted_norm(args, place)
        node = self.plain_call(name, function, args, place)
        if function == "lyap" and name != "lyapunov":
            self.sign_of_lyap(node)
        if function == "chol" and self.dialect == MATLAB:
            text, of = self.source.at(node.span), self.source.at(node.args[0].span)
            self.notes.append(f"`{text}` is the lower factor L with L*L' = {of}; MATLAB's is L'")
        if node.value == "kron" and self.is_numpy:
            node.kinds = (*node.kinds, "numpy")  # whose vectors have one axis
        if node.value == "norm" and (self.dialect == MATLAB or NUMPY_SPELLING.match(self.source.text, place[0])):
            node.kinds = (*node.kinds, "elsewhere")  # whose norms of a matrix are induced
        return node

    def is_of_entries(self, word):
        """Whether a word is a function of entries, and no name."""
        return word not in self.declared and (ALIASES.get(word, word) in ELEMENTWISE or WRITTEN_OUT.get(word, (0,))[0] == 1)

    def pseudoinverse(self, node, token, place):
        """``A^+``, ``A^\\dagger``; the dagger is elsewhere the sign of the conjugate transpose."""
        if "+" not in (sign := self.text(token)) and "⁺" not in sign:
            self.notes.append(f"`{self.source.at(place)}` is the pseudoinverse; the conjugate transpose is `^H`")
        return self.node("call", (node,), place, "pinv", kinds=("matrix",))

    def unknown(self, name, place):
        typed = f"`{name[:60]}` is not a function of the grammar"
        before = self.source.text[: place[0]].rstrip()
        if name in ("T", "H") and before.endswith(("^", "**")):
            return self.source.error(place[0], f"`^{name}` is a power", f"write the transpose as `'`, or `.{name}` in Python's spelling")
        if name == "t":
            return self.source.error(place[0], typed, "the transpose is `X'`, `X.T` in Python's spelling; a product is `t*(...)`")
        if len(name) == 1 or name in self.names:
            matlab = '; MATLAB\'s entries are read with `syntax="matlab"`' if self.dialect != PYTHON and self.syntax is None else ""
            return self.source.error(place[0], typed, f"a product is `{name}*(...)`; an entry is `{name}[0, 1]`, counted from 0{matlab}")
        entry = f"; for an entry declare `{name}: n`" if self.syntax == MATLAB and name.lower() not in INSTEAD else ""
        return self.source.error(place[0], typed, functions_like(name) + entry)

    def plain_call(self, name, function, args, place):
        canonical = SEVERAL.get(function, function) if len(args) > 1 else function
        row = FUNCTIONS.get(canonical, FUNCTIONS["inv"])  # an elementwise function takes one argument too
        self.check_arity(name, canonical, len(args), place)
        given = list(zip(_kinds(row, args), args))
        values = [(kind, self.argument(name, kind, arg)) for kind, arg in given if kind not in ("size", "function")]
        functions = [arg for kind, arg in given if kind == "function"]
        values += [("map", self.map(arg)) for arg in functions if arg.data == "map"]
        node = self.node("call", (arg for _, arg in values), place, canonical, kinds=tuple(kind for kind, _ in values))
        if canonical in ("sum", "mean") and node.args[0].op == "pow":
            node.args[0].kinds = node.args[0].kinds or ("summed",)
        if self.marked is not None and place[0] not in self.marked:
            node.kinds += ("unmarked",)
        if self.syntax == MATLAB and function in OF_COLUMNS and len(args) == 1:
            node.kinds += ("all",)
        node.sizes = tuple(self.read(arg) for kind, arg in given if kind == "size")
        if function in ("ones", "zeros") and len(args) == 1 and self.dialect == MATLAB:
            self.filled_square(node)
        node.function = next((self.function(name, arg) for arg in functions if arg.data != "map"), "")
        return node

    def sign_of_lyap(self, node):
        """``lyap(A, Q)``, which in MATLAB is of -Q: where its spelling is named it is read so."""
        text, (a, q) = self.source.at(node.span), (self.source.at(arg.span) for arg in node.args)
        if self.syntax == MATLAB:
            first, last = node.args
            node.args = (first, self.negative(last, last.span))
            self.notes.append(f"`{text}` is the Y with {_factor(a)}*Y + Y*{_factor(a)}' + {q} = 0, as in MATLAB")
        elif self.dialect == MATLAB:
            equation = f"{_factor(a)}*Y + Y*{_factor(a)}' = {q}"
            self.notes.append(f"`{text}` is the Y with {equation}; MATLAB's has the other sign, `lyap({a}, -{_factor(q)})`")

    def filled_square(self, node):
        """``ones(n)``, which is square in MATLAB: where its spelling is named it is read so."""
        text, size = self.source.at(node.span), self.source.at(node.sizes[0].span)
        if self.syntax == MATLAB:
            node.sizes *= 2
            self.notes.append(f"`{text}` is {size} x {size}, as in MATLAB; a column: `{node.value}({size}, 1)`")
        else:
            self.notes.append(f"`{text}` is a column; MATLAB's is {size} x {size}: `{node.value}({size}, {size})`")

    def check_arity(self, name, canonical, count, place):
        row = FUNCTIONS.get(canonical, FUNCTIONS["inv"])
        low, high = (1, 1) if name in NORMS else row.arity
        if not low <= count <= high:
            got = f"{count} argument{'s' * (count != 1)}"
            wants = f"{low}" if low == high else f"{low} or more" if high > 9 else f"{low} to {high}"
            usage = f": `{row.usage}`" if canonical in FUNCTIONS else ""
            self.refuse_call(place, f"`{name}` got {got}", f"it takes {wants}{usage}")

    def function(self, name, tree):
        """The name of a function, the first argument of `name`."""
        allowed = ELEMENTWISE if name == "apply" else ANALYTIC
        typed = str(tree.children[0]) if tree.data == "name" else ""
        function = ALIASES.get(typed, typed)
        if function not in allowed:
            saw = f"`{self.text(tree)}` is not a function that `{name}` takes"
            raise self.error(tree, saw, f"write a map such as `u -> u/(1 + u)`, or one of {', '.join(sorted(allowed))}")
        return function

    def map(self, tree):
        """The right side of ``u -> u**2``."""
        if self.bound is not None:
            raise self.error(tree, f"a map inside the map of `{self.bound}`", SPLIT)
        name = str(tree.children[0])
        if name in WORDS or name in RESERVED or name in CONSTANTS:
            raise self.error(tree, f"`{name}` is taken", "call the argument of the map `u`")
        self.check_name(tree, name)
        self.bound = name
        body = self.read(tree.children[2])
        self.bound = None
        return body

    def read_lambda(self, args, applied, place):
        """``Lambda(u, u**2).(X)``, as SymPy prints a function of every entry."""
        if len(args) != 2 or args[0].data != "name":
            self.refuse_call(place, "a `Lambda` of other than one argument", "write `apply(u -> u**2, X)`")
        around, self.bound = self.bound, str(args[0].children[0])
        body = self.read(args[1])
        self.bound = around
        return self.node("call", (self.read(applied.children[1]), body), place, "apply", kinds=("value", "map"))

    def argument(self, name, kind, tree):
        """An argument that is an expression; as the power of a norm also `inf`."""
        word = str(tree.children[0]) if tree.data in ("name", "text") else ""
        if kind in ("offset", "numbers"):
            return self.offset(tree) if kind == "offset" else self.numbers(tree)
        if kind == "power" and word.lower() in ("inf", "oo"):
            return self.node("number", (), tree, S.Infinity)
        if kind == "power" and (word in ("fro", "F", "nuc") or tree.data == "text"):
            hint = "it is a number >= 1, a name or `inf`; Frobenius: `norm(X)`, others: `spectral_norm(X)`, `nuclear_norm(X)`"
            raise self.error(tree, f"`{self.text(tree)}` is not the power of a norm", hint)
        return self.read(tree)

    def offset(self, tree):
        """The whole number of a diagonal: ``diag(x, -1)``."""
        negative = tree.data == "signed" and tree.children[0].type == "MINUS"
        number = tree.children[1] if tree.data == "signed" else tree
        value = str(number.children[0]) if number.data == "number" else ""
        if not value.isdecimal() or len(value) > 6:
            raise self.error(
                tree, f"the diagonal `{self.text(tree)}`", "it is a whole number: `diag(x, 1)` above the main one, `diag(x, -1)` below"
            )
        return self.node("number", (), tree, Integer(-int(value) if negative else value))

    def numbers(self, tree):
        """The numbers of rows: ``[2, 0, 0]``."""
        row = tree.children[0].children if tree.data == "rows" and len(tree.children) == 1 else []
        texts = [str(cell.children[0]) if cell.data == "number" else "" for cell in row]
        if not texts or not all(text.isdecimal() and len(text) <= 6 for text in texts):
            raise self.error(tree, f"`{self.text(tree)}` is no list of numbers of rows", "write `gather(X, [2, 0, 0])`, counted from 0")
        return self.node("number", (), tree, Tuple(*map(int, texts)))

    def quoted_norm(self, args, place):
        """``norm(X, 'fro')``."""
        word = str(args[1].children[0])
        if word not in QUOTED_NORMS:
            power = self.argument("norm", "power", args[1])
            return self.node("call", (self.read(args[0]), power), place, "norm", kinds=("matrix", "power"))
        return self.node("call", (self.read(args[0]),), place, QUOTED_NORMS[word], kinds=("matrix", "named"))

    def filled(self, name, tree, place):
        """``vector(1)``, ``matrix(0)``: of ones or zeros, of the size that it needs."""
        number = self.read(tree).value
        if number not in (0, 1):
            self.refuse_call(place, f"`{name}({number})`", f"it is `{name}(1)` or `{name}(0)`; write `{number}*{name}(1)`")
        return self.node("filled", (), place, (int(number), FILLED[name]))

    def where(self, name, args, place):
        """``where(a > 0, a, b)``: a condition and a value, any number of times, then the value elsewhere."""
        if len(args) < 3 or len(args) % 2 == 0:
            allowed = "it takes a condition and a value, any number of times, then the value elsewhere: `where(a > 0, a, b)`"
            self.refuse_call(place, f"`{name}` got {len(args)} argument{'s' * (len(args) != 1)}", allowed)
        pairs = [(self.condition(c), self.read(value)) for c, value in zip(args[:-1:2], args[1::2])]
        return self.node("where", [*(part for pair in pairs for part in pair), self.read(args[-1])], place)

    def condition(self, tree):
        """A comparison of scalars, or several joined by `and` and `or`."""
        if tree.data in ("either", "both"):
            return self.node("or" if tree.data == "either" else "and", map(self.condition, tree.children[::2]), tree)
        if tree.data == "comparison" and all(op in COMPARISONS for op in tree.children[1::2]):
            operators = [COMPARISONS[op] for op in tree.children[1::2]]
            return self.node("compare", map(self.read, tree.children[::2]), tree, operators)
        allowed = "write `a > 0` or `0 <= a <= b`; `and` and `or` join them"
        raise self.error(tree, f"`{self.text(tree)}` is not a condition", allowed)

    def block(self, args, place):
        """``block([[A, B], [C, D]])``: rows of equal length."""
        outer = args[0].children if len(args) == 1 and args[0].data == "rows" and len(args[0].children) == 1 else []
        rows = outer[0].children if outer else []
        cells = [row.children[0].children if row.data == "rows" and len(row.children) == 1 else [] for row in rows]
        if not cells or not cells[0] or len({len(row) for row in cells}) != 1:
            self.refuse_call(place, "a list of rows of equal length is wanted", "write `block([[A, B], [C, D]])`")
        return self.block_of(cells, place)

    def block_of(self, cells, place):
        """A block matrix; beside matrices a 0 in it is a block of zeros, of the size that it needs."""
        read = [self.read(cell) for row in cells for cell in row]
        if any(map(self.is_of_blocks, read)):
            read = [self.node("zeros", (), node.span) if _is_zero(node) else node for node in read]
        letters = [x.value for x in read if x.op == "name" and kind_of_name(x.value) == "column" and x.value not in self.declared]
        return self.node("block", read, place, (len(cells), len(cells[0])), kinds=tuple(dict.fromkeys(letters)))

    def is_of_blocks(self, node):
        """Whether a cell holds what is a matrix by convention, or may be one by its declaration."""
        return any(part.op == "identity" or part.op == "name" and self.may_be_block(part.value) for part in below(node))

    def may_be_block(self, name):
        return name in self.declared or kind_of_name(name) == "matrix"


def _is_zero(node):
    """A typed 0, or a bold one."""
    return node.op == "number" and node.value == 0 or node.op == "filled" and node.value[0] == 0


def functions_like(name):
    """The functions whose names are near, else all of them."""
    near = near_words(name, sorted(WORDS - {*WRITTEN_OUT}))
    if name.lower() in INSTEAD:
        return INSTEAD[name.lower()]
    known = "the functions are listed by `python -m sympy_matcalc --help`"
    return f"did you mean {' or '.join(f'`{word}`' for word in near)}?" if near else known


def _kinds(function, args):
    """The kind of each argument."""
    takes = list(function.takes)
    if "order" in takes and not (len(args) > 2 and args[2].data == "number"):
        takes.remove("order")
    return (takes + takes[-1:] * len(args))[: len(args)]


def _factor(text):
    """What was typed as a factor of a product: in brackets, but for a name."""
    return text if text.isidentifier() else f"({text})"
