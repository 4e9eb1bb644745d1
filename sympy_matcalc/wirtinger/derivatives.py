"""complex_derivative and its kin: a conjugate is a variable of its own, and the engine of the real derivatives does the rest."""

from typing import Any

from sympy import Basic, I, MatrixSymbol, S, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from ..answers import echoed
from ..api.derivatives import gradient, hessian, jacobian, linear_in, shortened
from ..api.variables import is_scalar, shape_of, variable_of
from ..canonical import loses_a_branch, prepare, prepare_whole
from ..canonical.array_sums import added, scaled
from ..errors import ArgumentError, ExpressionError, MissingRuleError, ShapeError, UnsupportedVariableError
from ..kernel import make
from ..kernel.interning import intern
from ..kernel.of_complex import marked_complex
from ..kernel.scalars import scalar_sum
from ..kernel.session import complex_session
from ..kernel.shapes import is_matrix
from ..kernel.walks import free_symbols, holds, replaced
from ..nodes import Einsum, NuclearNorm
from ..nodes.base import RealScalarOfMatrix
from ..notation.present import present
from ..structure import noted
from ..typed_input import as_expression, check_finite
from .conjugation import Conjugation, real_only
from .notation import Notation
from .polar import with_polar_factors
from .stand_ins import StandIns
from .stated import read_stated
from .structures import CONVENTIONS, PREDICATES, ComplexStructure, read_structure

BY = ("Z", "conjugate", "real", "imag", "gradient")


def complex_derivative(
    f: Any,
    Z: Basic,
    by: str = "Z",
    form: str | None = None,
    assumptions: Any = None,
    structure: str | None = None,
    convention: str | None = None,
) -> Any:
    r"""Derivative by a complex variable: Wirtinger's, by the conjugate, by the real or the imaginary part, or the gradient.

    f: a scalar, vector or matrix of complex matrices and scalars, with SymPy's ``Adjoint``, ``.conjugate()``, ``conjugate``, ``re``,
    ``im``, ``Abs`` and norms. A Symbol that is declared real is real, everything else is complex unless it is stated otherwise.
    Z: MatrixSymbol, Symbol, or entry ``Z[i, j]``. by:

    - ``"Z"``: df/dZ with conj(Z) constant; ``"conjugate"``: df/d conj(Z) with Z constant.
    - ``"real"``: df/d Re Z = df/dZ + df/d conj(Z); ``"imag"``: df/d Im Z = i (df/dZ - df/d conj(Z)).
    - ``"gradient"``: 2 df/d conj(Z) of a real f = df/d Re Z + i df/d Im Z, the direction of steepest ascent.

    The shape is that of `gradient` for a scalar f, entry (i, j) being the derivative by Z[i, j], and that of `jacobian` for all else; form:
    "vec", as there. assumptions: ``Q.real_elements(A)``, ``Q.hermitian(A)``, ``Q.positive_definite(A)`` (Hermitian), ``Q.unitary(A)``,
    ``Q.real(t)`` say what conjugates are; others are used on the derivative, as for `gradient`.
    structure: "hermitian", "skew_hermitian", "symmetric" or "skew" for a square Z and a scalar f. Of a Hermitian Z, ``"Z"`` is the
    derivative with conj(Z) = Z.T, by Z[i, j] and its conjugate Z[j, i] as independent; real and imaginary parts and the gradient are those
    of convention "subspace" (the default), df = Re tr(G^H dZ) with a Hermitian G, or "entries", by the free parameters.
    Errors: as `gradient`; MissingRuleError for a node that is not known of complex numbers; ExpressionError for the gradient of an f
    that is not known to be real.
    Source: Hjorungnes & Gesbert, IEEE Trans. Signal Process. 55 (2007); Brandwood, IEE Proc. 130 (1983).

    >>> from sympy import Adjoint, Determinant, MatrixSymbol, Q, log, symbols
    >>> import sympy_matcalc as mc
    >>> n, m = symbols("n m", integer=True, positive=True)
    >>> A, z, b = MatrixSymbol("A", m, n), MatrixSymbol("z", n, 1), MatrixSymbol("b", m, 1)
    >>> mc.complex_derivative(Adjoint(A*z - b)*(A*z - b), z, by="gradient")
    2*Adjoint(A)*(A*z - b)
    >>> R = MatrixSymbol("R", n, n)
    >>> mc.complex_derivative(Adjoint(z)*R*z, z)
    R.T*Adjoint(z.T)
    >>> mc.complex_derivative(Adjoint(z)*R*z, z, by="gradient", assumptions=Q.hermitian(R))
    2*R*z
    >>> mc.complex_derivative(log(Determinant(R)) + (Adjoint(z)*R.I*z)[0, 0], R, by="gradient", structure="hermitian")
    R**(-1) - R**(-1)*z*Adjoint(z)*R**(-1)
    """
    if by not in BY:
        raise ArgumentError(f"`by` must be one of {', '.join(map(repr, BY))}, got {by!r}")
    found = read_structure(structure, convention, Z)
    if found is not None:
        answer = _with_structure(f, Z, by, form, assumptions, found, convention or CONVENTIONS[0])
        return noted(answer, (found.note(Z, by, convention),))
    with complex_session():
        question = Question(f, [Z], assumptions)
        if by == "gradient":
            question.require_real()
        first, second = PARTS[by]
        parts = [(c, question.derivative(v, form)) for c, v in zip((first, second), question.variables(Z)) if c != 0]
        return question.answer(combined(parts))


PARTS = {"Z": (1, 0), "conjugate": (0, 1), "real": (1, 1), "imag": (I, -I), "gradient": (0, 2)}  # of df/dZ, of df/d conj(Z)


def _with_structure(f: Any, Z: Basic, by: str, form: Any, assumptions: Any, structure: ComplexStructure, convention: str) -> Any:
    """The derivative of a scalar by a variable with structure."""
    with complex_session():
        question = Question(f, [Z], assumptions, {Z: structure.name})
        if not is_scalar(question.f) or form is not None:
            raise ShapeError(f'a derivative with structure="{structure.name}" is of a scalar, in the shape of the variable; got `{f}`')
        if by == "gradient":
            question.require_real()
        if structure.is_hermitian:
            g = question.derivative(question.variables(Z)[0], None)
            return question.answer(present(structure.of_derivative(by, convention, g)))
        parts = [(c, question.derivative(v, None)) for c, v in zip(PARTS[by], question.variables(Z)) if c != 0]
        return question.answer(present(structure.of_entries(convention, combined(parts))))


def complex_jacobians(F: Any, Z: Basic, form: str | None = None, assumptions: Any = None) -> tuple[Any, Any]:
    """The pair (dF/dZ, dF/d conj(Z)) of `complex_derivative`, with dF = dF/dZ dZ + dF/d conj(Z) d conj(Z).

    The chain rule: for F(G(Z)), in the vec form, D F = D_G F D G + D_conj(G) F D conj(G), by Z and by conj(Z) each, where
    D conj(G) by Z is the conjugate of D G by conj(Z) (Hjorungnes & Gesbert 2007, theorem 1). Arguments and errors: as there.

    >>> from sympy import Adjoint, MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n, m = symbols("n m", integer=True, positive=True)
    >>> Z, A = MatrixSymbol("Z", m, n), MatrixSymbol("A", n, n)
    >>> mc.complex_jacobians(Z*A*Adjoint(Z), Z, form="vec")[0]
    KroneckerProduct(Adjoint(Z.T)*A.T, I(m))
    """
    return tuple(complex_derivative(F, Z, by, form, assumptions) for by in ("Z", "conjugate"))


def complex_hessian(
    f: Any, Z: Basic, W: Basic | None = None, by: Any = ("Z", "conjugate"), form: str | None = None, assumptions: Any = None
) -> Any:
    """A block of the complex Hessian of a scalar: the derivative by the first of `by` of Z, then by the second of W (Z if left out).

    by: a pair of "Z" and "conjugate". Index order Z.shape + W.shape, form="vec" with rows vec(Z) and columns vec(W), as for `hessian`.
    Of a real f the block by ("conjugate", "Z") is Hermitian in the vec form, and the blocks by ("Z", "Z") and ("conjugate", "conjugate")
    are symmetric, each the conjugate of the other. Errors: as `complex_derivative`; ShapeError if f is no scalar.
    Source: Hjorungnes, Complex-Valued Matrix Derivatives, ch. 5.

    >>> from sympy import Adjoint, MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> z, A = MatrixSymbol("z", n, 1), MatrixSymbol("A", n, n)
    >>> mc.complex_hessian(Adjoint(z)*A*z, z, by=("conjugate", "Z"))
    A
    >>> mc.complex_hessian(Adjoint(z)*A*z, z, by=("Z", "Z"))
    zeros(n, n)
    """
    if len(by) != 2 or not set(by) <= {"Z", "conjugate"}:
        raise ArgumentError(f'`by` must be a pair of "Z" and "conjugate", got {by!r}')
    W = Z if W is None else W
    with complex_session():
        question = Question(f, [Z, W], assumptions)
        if not is_scalar(question.f):
            raise ShapeError(f"`complex_hessian` needs a scalar, got `{echoed(f)}` of shape {shape_of(question.f)}")
        first, second = (question.variables(v)[b == "conjugate"] for v, b in zip((Z, W), by))
        found = hessian(question.f, first, second, form=form)
        return question.answer(found, order=2)


def complex_differential(expr: Any, variables: tuple[Any, ...], assumptions: Any = None) -> Any:
    """The differential by complex variables, linear in dZ and its conjugate: what ``differential(..., complex=True)`` returns."""
    with complex_session():
        question = Question(expr, variables, assumptions)
        pairs = [pair for Z in variables for pair in question.with_differentials(Z)]
        return question.answer(linear_in(question.f, pairs))


class Question:
    """An expression in stand-ins, with what it takes to write the answer. Inside of a `complex_session`."""

    def __init__(self, f: Any, variables: Any, assumptions: Any, structures: dict[Any, str] | None = None):
        self.typed = check_finite(as_expression(f))
        checked = [variable_of(Z) for Z in variables]
        given = {Z: PREDICATES.get(name, name) for Z, name in (structures or {}).items()}
        self.stated = read_stated(assumptions).with_more(given)
        free = self.stated
        for Z in checked:
            if given.get(Z) not in ("hermitian", "antihermitian"):  # whose conjugate is no variable of its own
                free = free.without(symbol_of(Z))
        self.stand_ins = StandIns([self.typed], checked, free)
        for Z in checked:
            self._check_variable(Z)
        self.conjugation = Conjugation(self.stand_ins)
        self.f = self.conjugation(self.typed, False)
        self.differentials: dict[Any, tuple[Any, Any]] = {}

    def _check_variable(self, Z: Any) -> None:
        symbol = symbol_of(Z)
        if symbol not in self.stand_ins.of:
            raise UnsupportedVariableError(f"`{symbol}` is declared real: the derivative by it is that of `gradient` or `diff`")
        if isinstance(symbol, Symbol) and symbol.is_imaginary:
            raise UnsupportedVariableError(f"`{symbol}` is declared imaginary: write `I*t` with a real t, and differentiate by t")

    def variables(self, Z: Any) -> tuple[Any, Any]:
        """The stand-ins of a variable and of its conjugate."""
        symbol = symbol_of(Z)
        both = self.stand_ins.of[symbol], self.stand_ins.conjugate_of[symbol]
        return tuple(intern(MatrixElement(s, *Z.args[1:])) for s in both) if isinstance(Z, MatrixElement) else both

    def with_differentials(self, Z: Any) -> list[tuple[Any, Any]]:
        """(stand-in, its differential) for a variable and its conjugate."""
        symbol = symbol_of(Z)
        d = self.stand_ins.fresh(f"d{symbol.name}", symbol)
        barred = self.stand_ins.fresh(f"{d.name}_conj", symbol)
        self.differentials[d] = d, barred
        return list(zip(self.variables(Z), (d, barred)))

    def derivative(self, v: Any, form: str | None) -> Any:
        """The derivative by one stand-in."""
        return gradient(self.f, v) if is_scalar(self.f) and form is None else jacobian(self.f, v, form=form)

    def require_real(self) -> None:
        """ExpressionError where f is not known to be real: where it and its conjugate are not the same in canonical form."""
        if not is_scalar(self.typed):
            raise ShapeError(f'by="gradient" is of a real scalar, got `{self.typed}` of shape {shape_of(self.typed)}; take by="conjugate"')
        statements = self.stated
        same = Conjugation(StandIns([self.typed], [], statements)) if statements.names else self.conjugation
        f, conj = (prepare_whole(e) for e in same.pair(self.typed))
        if f != conj and (f - conj).expand() != 0:
            raise ExpressionError(
                f'by="gradient" is 2 df/d conj(Z) of a real f, and `{self.typed}` is not known to be real: it and its conjugate differ. '
                "Say what is real or Hermitian (`Q.hermitian(A)`, `Q.real_elements(A)`, `Symbol(..., real=True)`), take `re(f)`, or take "
                'by="conjugate", which needs no real f'
            )

    def answer(self, found: Any, order: int = 1) -> Any:
        """A derivative of an order, in stand-ins, as one in conjugates, with what is stated used on it."""
        ins = self.stand_ins
        table = {s: (ins.of[s], ins.conjugate_of[s]) for s in ins.of} | self.differentials
        facts = self.stated.of_analytic({s: pair for s, pair in table.items()})
        found = self._with_stated_conjugates(shortened(found, facts), table)
        leaves = (Symbol, MatrixSymbol)
        plain = {pair[0]: s for s, pair in table.items()}
        conjugates = {pair[1]: s for s, pair in table.items() if isinstance(pair[1], leaves) and pair[1] is not pair[0]}
        bad = real_only(found, {*plain, *conjugates})
        if bad is not None:
            raise MissingRuleError(f"the derivative of `{self.typed}` needs `{bad}` in a way that is known of real numbers alone")
        said = Notation(plain, conjugates, self.conjugation.norms, self.conjugation.nuclear).say(intern(found))
        if order == 1 and holds(self.typed, (NuclearNorm,)):
            said = with_polar_factors(said)
        if holds(said, (RealScalarOfMatrix,)) or loses_a_branch(said):  # its nodes alone do not say that they are of complex numbers
            said = marked_complex(said)
        left = {*conjugates, *(s for s, symbol in plain.items() if s != symbol)} & free_symbols(said)
        if left:
            raise MissingRuleError(
                f"the derivative of `{self.typed}` has no notation with conjugates, got `{said}`; write it with other nodes"
            )
        return said

    def _with_stated_conjugates(self, found: Any, table: dict[Any, Any]) -> Any:
        """What is stated of the variables themselves, whose conjugates were variables of their own."""
        known = {}
        for s, (plain, barred) in table.items():
            conj = self.stated.conjugate(s)
            if conj is not None and isinstance(barred, (Symbol, MatrixSymbol)) and barred is not plain:
                known[barred] = replaced(conj, {s: plain})
        return present(prepare_whole(replaced(found, known))) if known else found


def symbol_of(Z: Any) -> Any:
    """The symbol of a variable: of an entry the matrix."""
    return Z.parent if isinstance(Z, MatrixElement) else Z


def combined(parts: list[tuple[Any, Any]]) -> Any:
    """The sum of multiples of derivatives."""
    if len(parts) == 1 and parts[0][0] == 1:
        return parts[0][1]
    terms = [times(S(c), part) for c, part in parts]
    first = terms[0]
    if isinstance(first, Einsum) and not is_matrix(first) and first.axes_shape:
        return present(added(terms, first, prepare))
    return present(prepare(make.add(*terms) if len(terms) > 1 else first)) if is_matrix(first) else scalar_sum(*terms)


def times(c: Any, e: Any) -> Any:
    if c == 1:
        return e
    if is_matrix(e):
        return prepare(make.mul(c, *(e.args if e.is_MatMul else (e,))))
    return scaled(c, e, prepare) if isinstance(e, Einsum) and e.axes_shape else c * e
