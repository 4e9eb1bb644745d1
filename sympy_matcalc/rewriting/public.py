"""simplify, expand, collect, rewrite: what a user calls."""

from functools import wraps
from typing import Any

from sympy import Add, Expr, Lambda, MatrixSymbol, S, Symbol, expand_mul
from sympy.matrices.expressions import MatAdd

from ..canonical import prepare, prepare_whole
from ..canonical.scalars import has_matrix
from ..errors import ArgumentError, ExpressionError
from ..facts import NONE, read_facts
from ..kernel import chains, make
from ..kernel.interning import intern
from ..kernel.scalars import UndefinedError
from ..kernel.session import id_memo, session_with
from ..kernel.shapes import is_matrix, shape_of
from ..kernel.walks import from_inside
from ..notation.collect import sum_of_chains
from ..notation.present import present
from ..notation.transposes import factors
from ..typed_input import as_expression
from .engine import refuse_singular_inverses, simplify_expression, smallest
from .expanding import Budget, expanded, terms_of
from .parts import evaluated, like_typed, with_parts
from .registry import MERGES, REWRITES, rewrites_of

MAX_TERMS = 10_000  # of a sum that is multiplied out


def shallow(f):
    """RecursionError as an error of the package: nesting as deep as that SymPy itself cannot hash."""

    @wraps(f)
    def g(*args, **kwargs):
        try:
            return f(*args, **kwargs)
        except RecursionError:
            raise ExpressionError(f"`{f.__name__}`: the expression is nested too deep; give intermediate results a name") from None

    return g


@shallow
def simplify(expr: Any, assumptions: Any = None) -> Any:
    """The shortest form of a matrix or scalar expression that the identities of matrix algebra lead to; never larger than `expr`.

    assumptions: what is known of its symbols, ``Q.symmetric(A) & Q.orthogonal(U)`` or a list; facts of a surrounding
    ``with assuming(...)`` count too. Nothing else is used, but that what is inverted has an inverse and that symbols are real.
    Errors: ExpressionError, AssumptionError, ShapeError. The identities by name: `rewrites`.

    >>> from sympy import MatrixSymbol, Q, Trace, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> A, B, U = (MatrixSymbol(name, n, n) for name in "ABU")
    >>> x = MatrixSymbol("x", n, 1)
    >>> mc.simplify(Trace(A*B) - Trace(B.T*A.T))
    0
    >>> mc.simplify(A*x + A.T*x, Q.symmetric(A))
    2*A*x
    >>> mc.simplify(U.T*(A + B)*U*U.T - U.T*B, Q.orthogonal(U))
    U.T*A
    """
    return simplify_with(as_expression(expr), read_facts(assumptions))


def simplify_with(expr, facts, **options):
    """`simplify` with facts that are read already; options: of SymPy's `simplify`, for the scalars."""
    with facts_session(facts):
        try:
            found = simplify_expression(expr, options=options)
        except UndefinedError:  # a fact made a divisor zero: what was typed hid it
            found = expr
        return like_typed(found, expr) if options else smallest(found, expr)


def with_adjugates(expr, facts):
    """The expression with ``det(A) A^-1`` written as the adjugate, which a singular A has too."""
    with facts_session(facts):
        whole = prepare_whole(expr)
        new = _everywhere(whole, REWRITES["adjugate_for_inverse"])
        return expr if new is whole else present(new)


@shallow
def expand(expr: Any, assumptions: Any = None) -> Any:
    """Multiplied out: products of sums, traces, determinants, inverses and Kronecker products of products, logarithms of positive products.

    assumptions: as for `simplify`; a logarithm of a product is opened where its factors are known to be positive.
    Errors: as `simplify`; ArgumentError where a sum would get longer than 10,000 terms.

    >>> from sympy import Determinant, MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
    >>> mc.expand((A + B)*(A - B))
    B*A + A**2 - A*B - B**2
    >>> mc.expand(Determinant(2*A*B))
    2**n*Determinant(A)*Determinant(B)
    """
    e = as_expression(expr)
    with facts_session(read_facts(assumptions)):
        try:
            whole = prepare_whole(e)
            return like_typed(present(from_inside(lambda node: expanded(node, MAX_TERMS), whole, _parts)), e)
        except Budget:
            raise ArgumentError(f"`expand`: a sum of more than {MAX_TERMS} terms in `{e}`; give parts of it a name") from None


@shallow
def collect(expr: Any, *symbols: Any, assumptions: Any = None) -> Any:
    """Common factors taken out, on the left and on the right; given symbols, the coefficient of each product with one of them.

    Errors: as `simplify`; ExpressionError for anything that is no Symbol or MatrixSymbol.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> A, B, X = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("X", n, n)
    >>> mc.collect(A*X + B*X + B*A)
    (A + B)*X + B*A
    >>> mc.collect(A*X + B*(X + A), X)
    (A + B)*X + B*A
    """
    e = as_expression(expr)
    for s in symbols:
        if not isinstance(s, (Symbol, MatrixSymbol)):
            raise ExpressionError(f"`collect` takes symbols to collect by, got {type(s).__name__}: `{s}`")
    with facts_session(read_facts(assumptions)):
        by, whole = frozenset(symbols), prepare_whole(e)
        try:
            return like_typed(present(from_inside(lambda node: _collected(node, by), whole, _parts)), e)
        except Budget:
            raise ArgumentError(f"`collect`: a sum of more than {MAX_TERMS} terms in `{e}`; give parts of it a name") from None


@shallow
def rewrite(expr: Any, name: str, assumptions: Any = None) -> Any:
    """One identity by its name, carried out wherever it applies, outermost first; `rewrites()` lists them.

    Errors: ArgumentError for an unknown name, and where the identity applies nowhere.

    >>> from sympy import Identity, MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", m, n)
    >>> mc.rewrite(X*(Identity(n) + X.T*X).I, "push_through")
    (I + X*X.T)**(-1)*X
    """
    e = as_expression(expr)
    found = REWRITES.get(name) if isinstance(name, str) else None  # type: ignore[redundant-expr]
    if found is None:
        raise ArgumentError(f"`rewrite` knows no identity `{name}`; there are: {', '.join(REWRITES)}")
    with facts_session(read_facts(assumptions)):
        whole = prepare_whole(e)
        new = _everywhere(whole, found)
        refuse_singular_inverses(new)
        if new is whole:
            raise ArgumentError(f"`{name}` applies nowhere in `{e}`; it takes {found.formula}")
        return like_typed(present(new), e)


def rewrites() -> dict[str, str]:
    """The identities that `simplify`, `expand` and `rewrite` use: {name: formula}.

    >>> import sympy_matcalc as mc
    >>> mc.rewrites()["orthogonal_beside_transpose"]
    'Q.T*Q = Q*Q.T = I for orthogonal Q'
    """
    return {r.name: r.formula for r in REWRITES.values()}


def facts_session(facts):
    """A session in which the facts hold, about the expressions in canonical form."""
    with session_with(NONE):
        translated = facts.translated(prepare_whole)
    return session_with(translated)


def _everywhere(node, rewrite):
    if not isinstance(node, (MatrixSymbol, Lambda)) and (is_matrix(node) or isinstance(node, Expr)):
        if rewrite.kind == "merges" and is_matrix(node):
            new = _merged(node, rewrite)
            if new is not None:
                return new
        if rewrite.kind != "merges" and any(r is rewrite for r in rewrites_of(rewrite.kind, node)):
            new = rewrite.apply(node)
            if new is not None:
                return prepare(new)
        if node.args:
            return with_parts(node, lambda a: _everywhere(a, rewrite))
    return node


def _merged(node, rewrite):
    """The product with those neighbouring factors merged that the rewrite merges; None where there are none."""
    c, chain = chains.open_product(node)
    window = next(w for w, rewrites in MERGES.items() if rewrite in rewrites)
    for i in range(len(chain) - window + 1):
        atoms = rewrite.apply(*chain[i : i + window])
        if atoms is not None:
            new = (*chain[:i], *atoms, *chain[i + window :])
            merged = prepare(make.mul(c, chains.express_chain(new)) if new else make.mul(c, make.identity_like(node)))
            return (_merged(merged, rewrite) if is_matrix(merged) else None) or merged
    return None


def _parts(node):
    return () if isinstance(node, (MatrixSymbol, Lambda)) else node.args


def _collected(node, symbols):
    table = id_memo("collected")
    found = table.get(node)
    if found is None:
        found = table[node] = _collect(node, symbols)
    return found


def _collect(node, symbols):
    """Sums collected from the inside out."""
    if not node.args or isinstance(node, (MatrixSymbol, Lambda)) or not (is_matrix(node) or isinstance(node, Expr)):
        return node
    if isinstance(node, MatAdd) and symbols:
        return _matrices_by_powers(node, symbols)
    if symbols and not is_matrix(node) and isinstance(node, Add):
        return _scalars_by_powers(node, symbols)
    if not is_matrix(node) and not has_matrix(node):
        return intern(evaluated(node))
    node = with_parts(node, lambda a: _collected(a, symbols))
    if isinstance(node, MatAdd):
        terms = [chains.open_product(a) for a in node.args]
        return prepare(sum_of_chains(chains.added_up([(c, chains.normalise(chain)) for c, chain in terms]), shape_of(node)))
    return node


def _matrices_by_powers(node, symbols):
    """A sum of matrices by powers of the symbols: x^2 (A + B) + x C."""
    groups = {}
    for c, chain in terms_of(node, MAX_TERMS):
        power, rest = _power_in(c, symbols)
        groups.setdefault((power, _has(chain, symbols)), []).append((rest, chain))
    parts = [_times(power, sum_of_chains(chains.added_up(ts), shape_of(node))) for (power, _), ts in groups.items()]
    return make.add(*(x for p in parts for x in (p.args if isinstance(p, MatAdd) else (p,))))


def _scalars_by_powers(node, symbols):
    """A sum of scalars by powers of the symbols."""
    groups = {}
    for term in (t for a in node.args for t in Add.make_args(expand_mul(a, deep=False))):
        power, rest = _power_in(term, symbols)
        groups.setdefault(power, []).append(rest)
    return prepare(intern(Add(*(power * Add(*rest) for power, rest in groups.items()))))


def _power_in(c, symbols):
    """(the factor of a coefficient that the symbols make up, the rest)."""
    rest, power = c.as_independent(*symbols, as_Add=False) if symbols & c.free_symbols else (c, S.One)
    return power, rest


def _times(power, node):
    return node if power is S.One else make.mul(power, *factors(node))


def _has(chain, symbols):
    return any(a[0].free_symbols & symbols or a[0].atoms(MatrixSymbol) & symbols for a in chain)
