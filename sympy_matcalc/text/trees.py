"""From lark's tree to `Node`, the one tree of all spellings: one method a rule of the grammar."""

from importlib import import_module
from typing import Any

from sympy import Integer, Rational

from .axes import dialect_of
from .bars import Bars
from .calls import NUMPY_SPELLING, Calls
from .expectations import check_entry
from .extents import ATTRIBUTES, extent_of_array
from .functions import ALIASES, CONSTANTS, ELEMENTWISE, WORDS
from .habits import as_meant, filled
from .handwritten_tex import is_handwritten
from .limits import MAX_DEPTH, MAX_DIGITS, MAX_NAMES, MAX_PARTS, NAME, NAMES, RESERVED, SPLIT, is_moderate
from .matlab_entries import check_spaces
from .methods import METHODS_READ, Done, method
from .operators import DOTS, LATEX, OF_R, PYTHON
from .parser import parse_tokens
from .plain import CONDITIONS, PlainScanner
from .powers import check_sign, is_of_arrays, kind_of_division, note_solve
from .sigma import check_sigma
from .source import ALLOWED, Source
from .spelling import one_spelling
from .summed import check_divided, taken_up
from .sums import read_summation, shifted_index
from .tree import Bound, Node, below
from .written_out import part_of_slogdet

METHODS = {"transpose": "write `.T`", "inverse": "write `.I`"}
OF_LATEX = "\\{"  # without one of them a text is no LaTeX, and what reads it is not loaded: its words take a while
SUFFIXES = "allowed: `.T` transpose, `.I` inverse, `.H` conjugate transpose"


def read_tree(text, syntax=None, declared=()):
    """(source, root node, notes) of `text`; ParseError if it is not in the grammar or over a bound. syntax: None for any that is known."""
    source, notes = Source(text), list[str]()
    by_hand = syntax is None and is_handwritten(source.text)
    may_be_latex = syntax == LATEX or by_hand or syntax is None and any(sign in source.text for sign in OF_LATEX)
    tex = import_module(".tex", __package__) if may_be_latex else None
    is_latex = tex is not None and (syntax == LATEX or by_hand or tex.is_tex(source.text))
    if tex is not None and is_latex:
        latex, notes = tex.in_other_words(source.text)
        source = source if latex == source.text else Source(latex)
    check_sigma(source, declared)
    scanner = tex.TexScanner(source, declared) if tex is not None and is_latex else PlainScanner(source, syntax, declared)
    tokens = scanner.scan()
    dialect = None if is_latex else syntax or dialect_of(source.text, tokens)
    reader = TreeReader(source, getattr(scanner, "marked", None), getattr(scanner, "indices", ()), syntax, dialect, declared)
    root, more = as_meant(source, reader.read(parse_tokens(source, tokens)), declared, is_latex, syntax is not None)
    return source, root, [*dict.fromkeys([*notes, *scanner.notes, *reader.notes, *more])]


class TreeReader(Calls, Bars):
    """One method a rule of the grammar; those of calls are in `calls`, of bars and fractions in `bars`."""

    def __init__(self, source, marked=None, indices=(), syntax=None, dialect=None, declared=()):
        self.source, self.syntax, self.dialect = source, syntax, dialect  # syntax: where it was named; dialect: or what its signs are of
        self.declared = frozenset(declared)
        self.powers = (
            ("numpy",) if NUMPY_SPELLING.search(source.text) else ("at",) if "@" in source.text or "%*%" in source.text else ()
        )  # marks of `**`
        self.is_numpy = bool(self.powers)  # then so is `*`
        self.indices = indices  # letters that are indices of sums
        self.sums: dict[str, Any] = {}  # the ranges of those around what is read
        self.marked = marked  # of LaTeX: where functions stand that are meant entry by entry
        self.names: set[str] = set()
        self.bound: str | None = None  # the name to the left of `->`
        self.running: tuple[str, ...] = ()  # the indices of the sums around
        self.depth = 0
        self.notes: list[str] = []

    def read(self, tree):
        if isinstance(tree, Done):
            return tree.node
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(tree, f"nested deeper than {MAX_DEPTH}, or too many signs in a row", SPLIT)
        method = getattr(self, "read_" + tree.data, None)
        if method is None:
            what, *allowed = REFUSED[tree.data]
            raise self.error(tree, f"{what} `{self.source.at(self.span(tree))}` is not read", *allowed)
        node = method(tree)
        self.depth -= 1
        return node

    def span(self, tree):
        """The place of a tree or a token."""
        place = getattr(tree, "meta", tree)
        return place.start_pos, place.end_pos

    def text(self, tree):
        return self.source.at(self.span(tree))

    def error(self, tree, saw, *allowed):
        return self.source.error(self.span(tree)[0], saw, *allowed)

    def node(self, op, args, tree, value=None, kinds=()):
        return Node(op, tuple(args), tree if isinstance(tree, tuple) else self.span(tree), value, kinds=kinds)

    def call_node(self, function, args, tree):
        """The node of a function of expressions that have been read."""
        return self.node("call", args, tree, function, kinds=("value",) * len(args))

    def negative(self, arg, tree):
        return self.node("mul", (self.node("number", (), tree, Integer(-1)), arg), tree)

    # ---- leaves
    def read_number(self, tree):
        text = str(tree.children[0])
        plain = "." not in text and "e" not in text.lower()
        if len(text) > MAX_DIGITS or not plain and not is_moderate(text):
            raise self.error(tree, f"the number `{text[:20]}` is out of range", f"at most {MAX_DIGITS} digits")
        return self.node("number", (), tree, Integer(text.replace("_", "")) if plain else Rational(text.replace("_", "")))

    def read_name(self, tree):
        typed = str(tree.children[0])
        if typed == self.bound:
            return self.node("bound", (), tree)
        if typed in self.running:
            return self.node("running", (), tree, typed)
        if typed in self.indices:
            if typed not in self.sums:
                raise self.error(tree, f"`{typed}` is the index of a sum and stands outside of it", "put what is summed in brackets")
            return self.node("index", (), tree, (typed, self.sums[typed].first))
        name = one_spelling(typed)
        if name in RESERVED or name == "eye":
            return self.node("identity", (), tree)
        if name in CONSTANTS:
            return self.node("number", (), tree, CONSTANTS[name])
        if name.lower() in ("inf", "oo") and name not in self.declared:
            raise self.error(tree, f"`{self.text(tree)}` is no number of a formula", "it is read as the power of a norm: `norm(x, inf)`")
        if name in WORDS:
            raise self.error(tree, f"`{name}` is a function", f"write `{name}(...)`")
        self.check_name(tree, typed)
        return self.node("name", (), tree, name)

    def check_name(self, tree, name):
        if name in ("True", "False", "None"):
            raise self.error(tree, f"`{name}` is not a number", "allowed: whole and decimal numbers")
        if not NAME.fullmatch(name) or "__" in name:
            raise self.error(tree, f"`{name[:60]}` is not a name", NAMES)
        self.names.add(one_spelling(name))
        if len(self.names) > MAX_NAMES:
            raise self.error(tree, f"more than {MAX_NAMES} names", "split the expression")

    # ---- operators
    def read_total(self, tree):
        first, *rest = self.few(tree)
        args = [self.read(first)]
        for sign, term in zip(rest[::2], rest[1::2]):
            arg = self.read(term)
            args.append(self.negative(arg, term) if sign.type == "MINUS" else arg)
        return self.node("add", args, tree)

    def read_signed(self, tree):
        sign, term = tree.children
        arg = self.read(term)
        return self.negative(arg, tree) if sign.type == "MINUS" else arg

    def read_product(self, tree):
        """Factors from the left: those with `*` and `/` are of one product, what is entrywise closes it."""
        first, *rest = taken_up(self.few(tree))
        left, minus = self.read(first), []
        if first.data == "signed" and left.op == "mul":  # the sign is one of the product, not of its first factor
            minus, left = list(left.args[:1]), left.args[1] if len(left.args) == 2 else self.node("mul", left.args[1:], left.span)
        args = list(left.args) if minus and left.op == "mul" else [left]
        start, signs = self.span(tree)[0], {}
        for before, sign, factor in zip([first, *rest[1::2]], rest[::2], rest[1::2]):
            right = self.read(factor)
            if sign.type == "SLASH":
                self.check_divisor(factor)
                check_divided(self, before, factor)
                if self.is_numpy and is_of_arrays(right):
                    signs[len(args)] = "*"
                args.append(self.node("reciprocal", (right,), factor, kinds=kind_of_division(self, args[-1], right)))
            elif sign.type == "STAR":
                typed = OF_R.get(self.text(sign), self.text(sign))
                if self.is_numpy and typed == "*" or typed in DOTS:
                    signs[len(args)] = typed
                args.append(right)
            else:
                whole = (start, self.span(factor)[1])
                left = args[0] if len(args) == 1 else self.node("mul", args, (start, self.span(sign)[0]))
                beside = tuple(self.is_beside(part) for part in (first if factor is rest[1] else None, factor))
                args, signs = self.combined(sign, left, right, whole, beside), {}
        args = [*minus, *args]
        return args[0] if len(args) == 1 else self.node("mul", args, tree, {i + len(minus): sign for i, sign in signs.items()})

    def combined(self, sign, left, right, whole, beside):
        """The factors, of the product that goes on, of what is not `*` or `/` between two of them; beside: the rules of their trees."""
        if sign.type == "BACKSLASH":
            note_solve(self, left, right)
            return [self.node("I", (left,), left.span, "solve"), right]
        if sign.type == "OTIMES":
            if beside[1]:
                text, first = self.source.at(right.span), self.source.at(right.args[0].span)
                rest = self.source.at((right.args[1].span[0], right.span[1]))
                both = f"write `({self.source.at(left.span)} {self.text(sign)} {first}) {rest}`, or `{self.text(sign)} ({text})`"
                raise self.source.error(right.span[0], f"`{text}` behind `{self.text(sign)}` can be read in two ways", both)
            chained = left.op == "call" and left.value == "kron" and "from a sign" in left.kinds
            node = self.node("call", (*(left.args if chained else (left,)), right), whole, "kron")
            node.kinds = ("value",) * (len(node.args) - 1) + ("from a sign",)
            return [node]
        if sign.type == "DOTSLASH":
            right = self.call_node("hpow", (right, self.node("number", (), right.span, Integer(-1))), right.span)
        return [self.node("entrywise", (left, right), whole, kinds=beside)]

    def is_beside(self, tree):
        """ "beside" for factors without signs between them, and without brackets around them."""
        if tree is None or tree.data != "beside":
            return ""
        start, end = self.span(tree)
        inside = getattr(tree.meta, "container_start_pos", start) < start or getattr(tree.meta, "container_end_pos", end) > end
        return "" if inside else "beside"

    def check_divisor(self, tree):
        if self.is_beside(tree):
            text, first = self.text(tree), self.text(tree.children[0])
            other = self.text(tree.children[1])
            raise self.error(tree, f"`/{text}` can be read in two ways", f"write `/({text})`, or `/{first}*{other}`")

    def read_beside(self, tree):
        """Factors without signs; a number behind one is no number: of `x^\\top 1` it is a vector."""
        first, *rest = (self.read(part) for part in self.few(tree))
        return self.node("mul", (first, *map(self.number_behind, rest)), tree, kinds=("beside",))

    def number_behind(self, node):
        if node.op != "number" or node.value not in (0, 1):
            return node
        self.notes.append(f"the `{self.source.at(node.span)}` of column {node.span[0] + 1} is read as a vector: a number stands in front")
        return filled(node)

    def read_powers(self, tree):
        """Powers from the left, `**` from the right, as their languages have it; two `^` in a row are an error."""
        base, *rest = self.some(tree)
        node, start, links = self.read(base), self.span(tree)[0], []
        for part in rest:
            if getattr(part, "data", "") == "suffix_behind":
                node, links = self.with_suffix(self.folded(node, links, start), part, start), []
            else:
                links.append(part)
        return self.folded(node, links, start)

    def folded(self, base, links, start):
        """A base with its operators and exponents."""
        if not links:
            return base
        sign, exponent, *more = links
        if more and sign.type != "POWER" or len(more) > 0 and more[0].type != "POWER":
            a, b, c = (self.source.at(base.span), self.text(exponent), self.text(more[1]))
            both = f"write `({a}{sign}{b}){more[0]}{c}` or `{a}{sign}({b}{more[0]}{c})`"
            raise self.source.error(self.span(more[0])[0], "two powers in a row can be read in two ways", both)
        *signs, tight = exponent.children
        check_sign(self, base, signs, tight)
        inner = self.read(tight)
        inner = self.folded(inner, more, self.span(tight)[0])
        end = self.span(links[-1])[1]
        for s in reversed(signs):
            inner = self.negative(inner, (self.span(s)[0], end)) if s.type == "MINUS" else inner
        if sign.type == "DOTHAT":
            return self.call_node("hpow", (base, inner), (start, end))
        return self.node("pow", (base, inner), (start, end), kinds=self.powers if sign.type == "POWER" else ())

    # ---- what follows an operand
    def read_suffixed(self, tree):
        atom, *suffixes = self.some(tree)
        kinds = [getattr(suffix, "data", "") for suffix in suffixes[:2]]
        if kinds == ["called", "each"] and self.text(atom) == "Lambda":
            node = self.read_lambda(suffixes.pop(0).children, suffixes.pop(0), self.span(tree))
        elif kinds[0] == "each" and atom.data == "name" and ALIASES.get(word := str(atom.children[0]), word) in ELEMENTWISE:
            each = suffixes.pop(0)  # ``exp.(x)``, as Julia has it
            node = self.call(word, each.children[1:2], (self.span(tree)[0], self.span(each)[1]))
        elif kinds[0] == "called" and self.text(atom).endswith("slogdet"):
            made, part = suffixes.pop(0), suffixes.pop(0) if suffixes else None
            node = part_of_slogdet(self, made, part, self.span(tree)[0])
        elif kinds[0] == "called" and atom.data == "name":
            node = self.read_call(atom, suffixes.pop(0))
        else:
            if kinds[0] == "entry":
                check_entry(self, atom, suffixes[0].children)
            node = self.read(atom)
        start = self.span(tree)[0]
        while suffixes:
            suffix = suffixes.pop(0)
            if suffix in ATTRIBUTES and (size := extent_of_array(self, node, suffix, suffixes, self.span(suffix)[1])) is not None:
                node = size
            elif suffix in METHODS_READ and getattr(suffixes[0] if suffixes else None, "data", "") == "called":
                node = method(self, node, suffix, suffixes.pop(0), start)
            else:
                node = self.with_suffix(node, suffix, start)
        return node

    def some(self, tree):
        """The parts of a chain that nests as brackets do."""
        return self.few(tree, MAX_DEPTH)

    def few(self, tree, most=MAX_PARTS):
        if len(tree.children) > most:
            raise self.error(tree, f"more than {most} operators in a row", SPLIT)
        return tree.children

    def with_suffix(self, node, suffix, start):
        place = (start, self.span(suffix)[1])
        if getattr(suffix, "data", "") == "entry":
            return self.entry(node, suffix, place)
        if getattr(suffix, "data", "") == "called":
            what = self.source.at((start, self.span(suffix)[0]))
            raise self.source.error(start, f"`{what}` is called, but is not a function", "write products with `*`")
        if getattr(suffix, "data", "") == "each":
            what = self.source.at((start, self.span(suffix)[0]))
            raise self.source.error(start, f"`{what}.(...)` is not read", "write a function of every entry as `apply(u -> u**2, X)`")
        if getattr(suffix, "data", "") == "suffix_behind":
            return self.behind(node, suffix.children[0], place)
        if suffix not in ("T", "I", "H"):
            instead = METHODS.get(str(suffix)) or (f"write `{suffix}(...)`" if suffix in WORDS else SUFFIXES)
            raise self.source.error(place[1] - len(suffix), f"the attribute `.{suffix[:40]}` is not read", instead)
        return self.node(str(suffix), (node,), place)

    def behind(self, node, token, place):
        """A transpose, a pseudo-inverse, a small raised power."""
        if token.type in ("PRIME", "HERMITIAN"):
            return self.node("T" if token.type == "PRIME" else "H", (node,), place)
        if token.type == "PSEUDO":
            return self.pseudoinverse(node, token, place)
        if token.type == "INVT":
            return self.node("I", (self.node("T", (node,), place),), place)
        return self.node("pow", (node, self.raised(token)), place)

    def raised(self, token):
        text, negative = token.lstrip("-"), token.startswith("-")
        if not text.isdecimal() and not (len(text) == 1 and text.isalpha()):
            raise self.error(token, f"the small raised `{self.text(token)}` is not a number or a letter", "write the power as `^(...)`")
        inner = self.node("number", (), token, Integer(text)) if text.isdecimal() else self.node("name", (), token, text)
        self.names.add(text)
        return self.negative(inner, token) if negative else inner

    # ---- entries and slices
    def entry(self, base, tree, place):
        index = tree.children
        if len(index) > 2:
            raise self.source.error(place[0], f"an entry with {len(index)} indices", "write `X[i, j]`, or `x[i]` for a vector")
        ranges = [i.data == "slice" for i in index]
        if not any(ranges):
            return self.node("entry", [base, *map(self.read_index, index)], place)
        axes = [self.slice_range(i) if is_range else None for i, is_range in zip(index, ranges)]
        single = [self.read(i) for i, is_range in zip(index, ranges) if not is_range]
        node = self.node("slice", [base, *single], place, axes)
        node.sizes = tuple(bound.size for axis in axes if axis for bound in axis if bound and bound.size)
        return node

    def read_index(self, tree):
        """An index; that of a sum stands alone, or with a number."""
        node = self.read(tree)
        shifted = shifted_index(node)
        if shifted:
            return self.node("index", (), tree, shifted)
        if any(part.op == "index" for part in below(node)):
            raise self.error(
                tree, f"`{self.text(tree)}` as an index", "the index of a sum has to stand alone, or with a number, as in `x_{i+1}`"
            )
        if node.op == "number" and any(one.first == 1 for one in self.sums.values()):
            raise self.error(tree, f"`{self.text(tree)}` as an index inside of a sum that counts from 1", "begin the sum with 0")
        return node

    def read_summation(self, tree):
        return read_summation(self, tree)

    def slice_range(self, tree):
        """(`Bound` or None, `Bound` or None) of ``1:n - 1``."""
        bounds = [part for part in tree.children if getattr(part, "data", "") == "bound"]
        if len(bounds) > 2:
            raise self.error(tree, f"the step of the slice `{self.text(tree)}`", "write `start:stop`")
        return tuple(self.slice_bound(bound.children[0]) if bound.children else None for bound in bounds)

    def slice_bound(self, tree):
        from_end = tree.data == "signed" and tree.children[0].type == "MINUS"
        node = self.read(tree.children[1] if from_end else tree)
        return Bound(None if node.op == "number" and node.value == 0 else node, from_end)

    def read_rows(self, tree):
        """``[A, B; C, D]``, as MATLAB writes blocks."""
        nested = any(cell.data == "rows" for row in tree.children for cell in row.children)
        row = len(tree.children) == 1 and (self.dialect == PYTHON or len(tree.children[0].children) == 1)
        if row or nested:
            raise self.error(tree, f"a list `{self.text(tree)}` is not read", "write blocks as `block([[A, B], [C, D]])` or `[A, B; C, D]`")
        cells = [row.children for row in tree.children]
        if len({len(row) for row in cells}) != 1:
            raise self.error(tree, "rows of different length", "write `[A, B; C, D]`")
        return self.block_of(check_spaces(self, cells), self.span(tree))

    def read_text(self, tree):
        raise self.error(tree, f"text in quotes, `{self.text(tree)}`, is not read", f"allowed: {ALLOWED}")


REFUSED = {  # what it is, and what to write instead
    "map": ("a map", "maps stand in `apply(u -> u**2, X)`, `funm` and `frechet`"),
    "many": ("a tuple",),
    "keyword": ("a keyword",),
    "starred": ("a star",),
    "empty": ("an empty list",),
    "slice": ("a slice",),
    "comparison": ("a comparison", CONDITIONS),
    "both": ("a logical operator", CONDITIONS),
    "either": ("a logical operator", CONDITIONS),
}
