"""The reader of typed expressions: grammar, then shapes, then SymPy."""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from sympy import Basic, S
from sympy.matrices.expressions.matexpr import MatrixElement

from ..answers import answers
from ..errors import MatcalcError, ParseError, ShapeError, UnsupportedVariableError
from ..facts import OF_SQUARE
from .agreed import Said, agreed, in_words
from .assumed import Names, facts_of, read_assumptions
from .build import build
from .counted import count_terms, note_on_counts
from .declared import FACTS, KINDS, LENGTH, PLURALS, length_or_value, read_declarations, split_text
from .definitions import check_put_in, definitions_of, put_in
from .functions import CONSTANTS, WORDS
from .index_ranges import settle
from .left_sides import without_left_side
from .limits import NAME, NAMES, RESERVED
from .names import COUNTS, kind_of_name, reasons
from .operators import SYNTAXES
from .samples import infer
from .sizes import SCALAR, shape_text
from .source import MAX_TEXT
from .spelling import check_alike, check_declared, one_spelling
from .tree import below
from .trees import read_tree
from .typed_sizes import size_of

IN_THE_TEXT, BY_OPTION, ASSUMED = "in the text", "by the option", "by what is assumed"
FIRST_NAME = re.compile(r"[^\W\d]\w*")
NUMBERED = re.compile(r"\s*\\?([^\W\d_]+)\s*_\s*\{?\s*(\d+)\s*\}?\s*")
BY = re.compile(r"\s+[xX]\s+|\s*[×,]\s*|(?<=\d)x(?=\d)")


@dataclass(frozen=True)
class Reading:
    """What was read: the expression, its symbols by name, the variables asked for, the shapes as text in order of
    appearance, notes on what could have been meant otherwise, the facts that the text states, as ``symmetric: A``, and the names whose
    shape a convention chose, with its words."""

    text: str
    expr: Basic
    symbols: dict
    variables: tuple
    shapes: dict
    notes: tuple = ()
    facts: tuple = ()
    conventions: dict = field(default_factory=dict)


@answers
def parse(text: str, shapes: Any = None, variable: str | None = None, *, syntax: str = "auto", assume: Any = ()) -> tuple[Any, Names]:
    """``(expr, symbols)`` of a typed expression; symbols maps each name to its Symbol or MatrixSymbol.

    shapes: ``["X: m x n", "t: scalar", "v: n"]`` or ``{"X": "m x n", "v": ("n",)}``; what is not given is inferred from use, then from the
    convention of `text.names`. variable: a name (or entry) that has to be there. Free sizes are named n, m, k, p, q, ...
    syntax: "python" (`x.T*A*x`, `had(x, y)`), "matlab" (`x'*A*x`, `x.*y`), "latex", or "auto" for all and for handwritten signs (`xᵀAx`).
    assume: ``["symmetric: A, S"]``; what is stated of square matrices makes square.
    ParseError: not in the grammar, with a caret under the place. ShapeError: shapes that contradict each other, naming both places.
    UnsupportedVariableError: a variable that is a whole number.

    >>> from sympy_matcalc.text import parse
    >>> expr, symbols = parse("(X*w - y).T*(X*w - y)")
    >>> expr
    (X*w - y).T*(X*w - y)
    >>> symbols["X"].shape, symbols["w"].shape, symbols["y"].shape
    ((n, m), (m, 1), (n, 1))

    What the text states is used where it is given on:

    >>> import sympy_matcalc as mc
    >>> expr, symbols = parse("A symmetric matrix; x'*A*x")
    >>> symbols.assumptions
    Q.symmetric(A)
    >>> mc.gradient(expr, symbols["x"], assumptions=symbols.assumptions)
    2*A*x

    What a convention decided, and what could have been meant otherwise, is said:

    >>> parse("tr(X^2)")[1].notes
    ('X by convention: a capital is a matrix', '`X^2` is the matrix power; elementwise: `hpow(X, 2)`')
    """
    stated = read_assumptions(assume)
    square = [name for fact, name, _ in stated if fact in OF_SQUARE]
    reading = read(text, shapes, () if variable is None else (variable,), square, syntax)
    facts = facts_of([*stated, *read_assumptions(reading.facts)], reading.symbols)
    return reading.expr, Names(reading.symbols, facts, (*reasons(reading.conventions), *reading.notes))


def read(text, shapes=None, variables=(), square=(), syntax="auto"):
    """The `Reading` of `text`, with every text of `variables` (a name or an entry ``X[i, j]``) read against the same symbols.

    square: names of matrices that are square because of what is stated about them. syntax: a word of `SYNTAXES`, or "auto".
    """
    stated, formula = split_text(text) if isinstance(text, str) and len(text) <= MAX_TEXT else ([], text)
    defined, stated = definitions_of(stated)
    formula, left_out = without_left_side(formula) if isinstance(formula, str) else (formula, [])
    formula, definitions = put_in(formula, defined) if defined else (formula, [])
    said = read_declarations(stated, text)
    facts = read_assumptions(said.facts)
    declared, kinds = agreed(
        [*in_the_text(said, facts), *by_options(shapes), *(Said(n, "square", ASSUMED, None, "square") for n in square)]
    )
    square = [*square, *(name for fact, name, _ in facts if fact in OF_SQUARE)]
    known = {*declared, *kinds, *square, *said.positive, *(name for v in variables for name in asked_for(v))}
    source, root, spelled = read_tree(formula, spelling_of(syntax), known)
    spelled = [*left_out, *spelled, *settle(source, root)]
    targets = [_read_variable(v) for v in variables]
    check_declared(
        [*declared, *kinds, *square, *said.positive],
        [node.value for node in below(root) if node.op == "name"] + [name for name, _ in targets],
    )
    count = count_terms(source, root, known)
    try:
        try:
            root, (names, size_names, notes, chosen), rows = infer(source, root, declared, square, kinds)
        except MatcalcError:
            if count is None:
                raise
            count[0].sizes, count = (), None
            root, (names, size_names, notes, chosen), rows = infer(source, root, declared, square, kinds)
        check_alike(names)
        check_put_in(names, defined, {*declared, *kinds, *square})
        check_positive(said.positive, names)
        expr, symbols, more = build(source, root, names, size_names, said.positive)
    except RecursionError:
        raise ParseError("the expression is nested too deep; give intermediate results a name") from None
    known = {*declared, *kinds, *square, *rows}  # not what is only asked for
    more += [by_use(name, shape) for name, shape in names.items() if name not in known and is_unexpected(name, shape)]
    more += notes_on_own_names(names, known)
    more += [count[1]] if count else note_on_counts(root, names, size_names, {*declared, *kinds})
    found = tuple(_variable(name, index, symbols) for name, index in targets)
    return Reading(
        source.text,
        expr,
        symbols,
        found,
        {name: shape_text(shape) for name, shape in names.items()},
        tuple(dict.fromkeys([*definitions, *spelled, *notes, *more])),
        tuple(said.facts),
        chosen,
    )


def notes_on_own_names(names, known):
    """Notes for names such as `x_1` beside an `x` that is declared as a vector or a matrix, of which they could be an entry."""
    for name in names:
        letter = re.fullmatch(r"(\w*[^\W\d_])_\d+", name)
        if letter and name not in known and letter[1] in known and names.get(letter[1], ()) != SCALAR:
            yield f"`{name}` is read as a name of its own, not as an entry of `{letter[1]}`"


def check_positive(positive, shapes):
    """ShapeError for what is said to be positive, and is a vector or a matrix here."""
    for name in positive:
        rows, columns = shapes.get(name, SCALAR)
        if (rows, columns) != SCALAR:
            other = f"of a matrix write `{name} positive definite`, " if columns != 1 else ""
            saw = f"`{name}` is said to be positive, which is read of a number alone, and is {rows} x {columns} here"
            raise ShapeError(f"{saw}; {other}declare `{name}: scalar`, or leave `positive` out")


def in_the_text(said, facts):
    """What the declarations of a text say, each as it is compared with others."""
    for name, shape in read_shapes(said.shapes).items():
        yield Said(name, shape_text(shape), IN_THE_TEXT, shape)
    for name, kind in said.kinds.items():
        yield Said(name, in_words(kind), IN_THE_TEXT, None, kind)
    for fact, name, _ in facts:
        if fact in OF_SQUARE:
            yield Said(name, fact.replace("_", " "), IN_THE_TEXT, None, "square")


def by_options(shapes):
    """What the options declare, as ``X: m x n``, ``x: vector``."""
    for name, said in pairs_of(shapes):
        word = said.strip() if isinstance(said, str) else ""
        kind = KINDS.get(word, "") if word not in PLURALS else ""
        if kind in ("", "scalar"):
            check_word(name, word)
            for spelled, shape in read_shapes({name: kind or said}).items():
                yield Said(spelled, kind or shape_text(shape), BY_OPTION, shape, kind)
        else:
            check_name(name)
            yield Said(one_spelling(name), in_words(kind), BY_OPTION, None, kind)


def is_unexpected(name, shape):
    """Whether use makes another kind of a name than convention does: of `lam` in `K + lam`, `y` in `x' + y`, `X` in `x'*X/2 + a`."""
    if kind_of_name(name) == "matrix":
        return (shape[0] == 1) != (shape[1] == 1)
    return shape[1] != 1


def by_use(name, shape):
    kind = "row" if shape[0] == 1 else "column" if shape[1] == 1 else "matrix"
    other = f"`{name}: m x n`" if kind_of_name(name) == "matrix" else f"`{name}: scalar` or `{name}: n`"
    return f"`{name}` is read as a {kind}, {shape_text(shape)}, by its use; otherwise declare {other}"


def spelling_of(syntax):
    """The named spelling, None for any."""
    if syntax == "auto":
        return None
    if syntax not in SYNTAXES:
        near = get_close_matches(str(syntax), SYNTAXES, 1)
        known = f"did you mean `{near[0]}`?" if near else f"one of `auto`, {', '.join(f'`{s}`' for s in SYNTAXES)}"
        raise ParseError(f"`syntax={syntax}` is not read; write {known}" if not near else f"`syntax={syntax}` is not read; {known}")
    return syntax


# ---- declared shapes
NO_SIZES = set(
    "positive negative nonnegative nonzero zero real complex imaginary integer rational finite constant fixed given known unknown random "
    "normal sparse dense full array tensor float double data variable parameter small large".split()
)
DECLARATION = re.compile(r"\s*(?P<name>[^\s:]*)(?P<sign>\s*:\s*|\s+is\s+(?:an?\s+)?|\s+)(?P<said>[^:]*?)\s*")


def pairs_of(shapes):
    """(name, sizes or kind) of each declaration among the options."""
    if isinstance(shapes, dict):
        return list(shapes.items())
    return [_split_declaration(s) for s in shapes or ()]


def read_shapes(shapes):
    """{name: (rows, columns)} of pairs of a name and its sizes."""
    declared = {}
    for name, sizes in shapes.items() if isinstance(shapes, dict) else shapes:
        name = one_spelling(name) if isinstance(name, str) else name
        shape = _declared_shape(name, sizes)
        if declared.setdefault(name, shape) != shape:
            raise ShapeError(f"`{name}` is declared twice, as {shape_text(declared[name])} and as {shape_text(shape)}: leave one out")
    return declared


def _split_declaration(text):
    """(name, sizes or kind) of ``X: m x n``, and of ``X is m x n`` and ``x vector``, as they may stand in a text."""
    found = DECLARATION.fullmatch(text) if isinstance(text, str) else None
    if not found or found["sign"].isspace() and found["said"] not in KINDS:
        raise ParseError(f"`{text}` does not declare a shape; write `X: m x n`, `v: n` or `t: scalar`")
    if ":" not in found["sign"] and found["name"] in COUNTS and LENGTH.fullmatch(found["said"]):
        raise ParseError(f"{length_or_value(text, found['said'])}; write `{found['name']}: {found['said']}` for a column of that length")
    return found["name"], found["said"]


def check_word(name, word):
    """ParseError for a word in the place of sizes that is nearly that of a kind, or a fact: a size of that name is hardly meant."""
    near = get_close_matches(word, KINDS, 1, 0.8) if word not in KINDS and len(word) > 3 else []
    if near:
        raise ParseError(f"`{name}: {word}`: `{word}` is no kind; did you mean `{name}: {near[0]}`?")
    if word in NO_SIZES:
        raise ParseError(f"`{name}: {word}`: `{word}` says no shape; write `{name}: m x n`, `{name}: n` or `{name}: scalar`")
    if word in FACTS:
        raise ParseError(
            f'`{name}: {word}` is a fact, no shape; write `assume=["{FACTS[word]}: {name}"]`, or `--assume` on the command line'
        )


def check_name(name):
    """ParseError for what cannot be declared."""
    taken = name in RESERVED or name in CONSTANTS or name in WORDS
    if not isinstance(name, str) or not NAME.fullmatch(name) or "__" in name or taken:
        why = "it has a meaning of its own" if taken else NAMES
        raise ParseError(f"`{name}` cannot be declared: {why}; write `X: m x n`, `v: n` or `t: scalar`")


def _declared_shape(name, sizes):
    check_name(name)
    parts = BY.split(sizes.strip()) if isinstance(sizes, str) else list(sizes) if isinstance(sizes, (tuple, list)) else [sizes]
    if parts in (["scalar"], []):
        return S.One, S.One
    if len(parts) > 2:
        raise ParseError(f"`{name}` has {len(parts)} sizes; write `{name}: m x n`, `{name}: n` or `{name}: scalar`")
    rows, cols = (_declared_size(name, p) for p in (*parts, 1)[:2])
    return rows, cols


def _declared_size(name, part):
    if isinstance(part, int):
        part = str(part)
    if isinstance(part, Basic):
        return part
    try:
        source, node, _ = read_tree(part)
        return size_of(source, node)
    except ParseError as error:
        saw = str(error).split("\n")[0].partition(": ")[2]
        saw = saw if "size" in saw else f"`{str(part)[:60]}` is not a size"
        raise ParseError(f"`{name}` is declared, but {saw}; write `{name}: m x n`, `{name}: n` or `{name}: scalar`") from None


# ---- variables
def asked_for(variable):
    """The name that stands for itself because the derivative is taken by it: `e`, `Ax`, `I_3`; `x_1` is spelled as the formula has it."""
    names = FIRST_NAME.findall(str(variable))[:1]
    return names if not NUMBERED.fullmatch(str(variable)) or names[0].startswith("I_") else []


def _read_variable(text):
    """(name, index nodes) of ``x`` or ``X[i, j]``; of ``\\Sigma_{12}``, as a formula in LaTeX has it, the name."""
    numbered = NUMBERED.fullmatch(text) if isinstance(text, str) else None
    if numbered:
        return one_spelling(numbered[1]) + numbered[2], ()
    source, node, _ = read_tree(text, declared=FIRST_NAME.findall(text))
    index = ()
    if node.op == "entry":
        node, *index = node.args
    if node.op != "name":
        raise source.error(node.span[0], f"`{source.text}` is not a variable", "a variable is a name (`x`) or an entry (`X[0, 1]`)")
    return node.value, [_index(source, i) for i in index]


def _index(source, node):
    if node.op == "number" and node.value.is_Integer or node.op == "name":
        return node.value
    raise source.error(node.span[0], f"`{source.at(node.span)}` is not an index", "an index is an integer or a name")


def _variable(typed, index, symbols):
    name = Names(symbols, None).found(typed)
    if name is None:
        raise ParseError(f"the variable `{typed}` does not occur in the expression; its names are {', '.join(symbols) or 'none'}")
    symbol = symbols[name]
    if symbol.is_integer:
        raise UnsupportedVariableError(f"`{name}` is a whole number (a size, an index or the exponent of a matrix): no derivative by it")
    if not index:
        return symbol
    if not getattr(symbol, "is_Matrix", False):
        raise ShapeError(f"`{name}` is a scalar and has no entries")
    return MatrixElement(symbol, *(_known(i, symbols) for i in (*index, S.Zero)[:2]))


def _known(index, symbols):
    if not isinstance(index, str):
        return index
    if index not in symbols:
        raise ParseError(f"the index `{index}` of the variable does not occur in the expression; write an integer")
    return symbols[index]
