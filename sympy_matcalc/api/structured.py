"""What a structure of the variable does to derivatives: which direction dX stands for, and what is made of the result."""

from sympy import S
from sympy.matrices.expressions import MatrixSymbol, ZeroMatrix

from ..adjoint.walk import EXPAND
from ..canonical import prepare, prepare_whole
from ..canonical.declared import number_in_front
from ..errors import ArgumentError, AssumptionError
from ..facts import NONE, Facts, read_facts
from ..kernel import make
from ..kernel.scalars import scalar_product
from ..kernel.session import session, session_state, session_with
from ..kernel.shapes import is_matrix, shape_of
from ..notation.factored import factored
from ..notation.present import present
from ..rewriting.engine import simplified
from ..rewriting.parts import like_typed
from ..rewriting.public import simplify_with, with_adjugates
from ..structure import noted, notes_of, read_request
from ..structure.algebra import times, turned
from ..structure.declaration import TURNED
from ..structure.notes import notes_of_facts
from ..structure.on_axes import hessian_on_axes
from ..structure.shortest import shortest, sum_of_parts
from ..structure.vech import gradient_by_parameters, hessian_by_parameters, hessian_in_vec, jacobian_by_parameters, jacobian_in_vec


class Direction:
    """The differential of X in a structure, for derivatives of one order.

    paths: the number of paths to dX that are written out, where EXPAND of them would be without a structure. In the vec form, where the
    terms are brought in order, those of a structure of parts are had from those without one, with their axes turned.
    """

    def __init__(self, request, form=None):
        self.request, self.turns = request, request.turns if request and form == "vec" else None
        self.paths = (1 if self.turns else 3) * EXPAND

    def direction(self, dX):
        """What stands in the place of dX; itself where the terms are completed."""
        return _nonzero(self.request.direction(_as_scalar(dX))) if self.request and not self.turns else dX

    def completed(self, terms):
        """All terms, of those of the derivative by an X whose direction is dX: their axes turned, where the structure is had so."""
        return _with_turns(terms, self.turns, "hole")

    def result(self, linear, dX):
        """What becomes of the differential; None for none."""
        return linear


class Second(Direction):
    """For the derivative by Y of the gradient G by all entries of X; requests: those for X and Y, which may be None."""

    def __init__(self, requests, G, form=None):
        super().__init__(requests[1], form)
        self.of_X, self.G, self.same = requests[0], G, requests[0] is requests[1]
        self.turns_of_X = requests[0].turns if requests[0] and form == "vec" else None
        self.paths *= 1 if self.turns_of_X else 3

    def direction(self, dX):
        """What stands in the place of dX; itself where the terms are completed."""
        return _nonzero(self.request.tangent(_as_scalar(dX))) if self.request and not self.turns else dX

    def completed(self, terms):
        """All terms: their axes turned, where a structure is had so."""
        return super().completed(_with_turns(terms, self.turns_of_X, "out"))

    def result(self, linear, dX):
        """The differential of the gradient by the structure of X."""
        if self.of_X is None or self.turns_of_X:
            return linear
        G = prepare_whole(self.G)
        dG = prepare(linear) if linear is not None else make.zero(*shape_of(G)) if is_matrix(G) else S.Zero
        return _nonzero(self.of_X.second(G, dG, _as_scalar(dX)) if self.same else self.of_X.applied(dG))


def _with_turns(terms, turns, axes):
    """The terms by c times themselves with the two axes of their result, or of dX, turned or not, for each part (c, what)."""
    if not turns:
        return terms
    return [t._replace(**{axes: getattr(t, axes)[:: -1 if what is TURNED else 1]}).times(c) for t in terms for c, what in turns]


def _nonzero(e):
    """None for zero, as rules take it."""
    return None if e == 0 or isinstance(e, ZeroMatrix) else e


def _as_scalar(dX):
    """dX as rules see it: literally 1 x 1 it is an entry."""
    return prepare(dX) if is_matrix(dX) else dX


def read_requests(structure, convention, X, Y, form):
    """The requests for both variables of a Hessian, one object where they are one; ArgumentError for one structure of two variables."""
    if X == Y:
        request = read_request(structure, convention, X, form)
        return request, request
    if structure is not None and not isinstance(structure, dict):
        raise ArgumentError(
            f"`hessian` by `{X}` and `{Y}`: say which of them is {structure!r}, `structure={{{X}: ...}}`, or give both in a dict"
        )
    if not structure:
        return (read_request(None, convention, X, form),) * 2
    unknown = [v for v in structure if v not in (X, Y)]
    if unknown:
        raise ArgumentError(f"`structure` of `{unknown[0]}`: it must be of a variable, which are `{X}` and `{Y}`")
    return tuple(read_request(structure, convention, v, form) if v in structure else None for v in (X, Y))


# ---------------------------------------------------------------- what is made of derivatives by all entries; in a session


def structure_session(*requests):
    """A session for a derivative; on a manifold one in which holds what that says of X. A request may be None.

    A derivative along a manifold is that of any function which is the given one on it, so that X'X = I may be used before deriving. Of a
    subspace, facts are used afterwards: ``(A + A')X`` for the derivative of ``tr(X'A X)`` would be ``A X + X A`` if X' were X at once.
    """
    found = {r.X: r.known.stated[r.X] for r in requests if r and r.is_manifold and r.known}
    return session_with(Facts(found), derives=True) if found and session_state.facts is None else session()


def early_session(*requests):
    """The session for the gradient by all entries: where products merge, as of an orthogonal X, with what the structure says of X."""
    return structure_session(*(r for r in requests if _merges(r)))


def on_structure(f, *requests):
    """A function that is f on the manifold, its products merged."""
    return simplified(prepare_whole(f), search=False) if any(map(_merges, requests)) else f


def _merges(request):
    return bool(request and request.is_manifold and request.known and not _only_symmetric(request))


def structured_gradient(request, G, form, facts):
    """The gradient by a structure, or by its free parameters, from that by all entries.

    Where nothing else is stated it is taken with what a subspace says of X, and is as short as that makes it.
    """
    at_once = not (facts or request.is_manifold) and request.known
    with session_with(request.known) if at_once else structure_session(request):
        g, scale = prepare_whole(G), S.One
        if at_once and is_matrix(g):  # of c (A + B) the sum, so that its terms meet those of its transpose
            scale, g = number_in_front(g)
        if at_once and form is None and request.parts and is_matrix(g) and scale.is_number:
            return present(sum_of_parts([(scalar_product(scale, c), what) for c, what in request.parts], g))
        found = gradient_by_parameters(request, g) if form == "vech" else request.applied(g)
        found = found if scale is S.One else times(scale, found)
        found = simplified(found, search=False) if at_once and not _only_symmetric(request) else found
        return _finished(request, found, form)


def through_parameters(request, form):
    """Whether the derivative is made from the vec form of that by all entries."""
    return form == "vech" or form == "vec" and request is not None and request.by_basis


def hessian_through_all(request, form):
    """Whether the Hessian is made from that by all entries."""
    if through_parameters(request, form) or hessian_is_on_axes(request, form):
        return True
    return bool(form == "vec" and request and request.is_manifold and request.X.shape != (1, 1))


def hessian_is_on_axes(request, form):
    """Whether it is made from the plain one; the vec form where what is known of X makes terms equal."""
    return bool(request and (request.is_on_axes if form is None else form == "vec" and request.turns and request.known))


def jacobian_through_parameters(request, J, form):
    """The Jacobian by the free parameters, or in the vec form from these, from the vec form of that by all entries."""
    with _knowing(request):
        by = jacobian_by_parameters if form == "vech" else jacobian_in_vec
        return _finished(request, by(request, _short_whole(J, request)), form)


def hessian_from_all(requests, G, H, form):
    """The Hessian from that by all entries, in one session with what the structure says of X, which makes it short."""
    of_X, of_Y = requests
    if form != "vech" and of_X.is_manifold:
        with structure_session(of_X):
            G, H = prepare_whole(G), prepare_whole(H)
            return of_X.second_on_axes(G, H) if form is None else _finished(of_X, of_X.second_in_vec(G, H), form)
    if form != "vech" and hessian_is_on_axes(of_X, form):
        with _knowing(of_X):
            return hessian_on_axes(of_X, prepare_whole(H), form)
    with _knowing(of_X or of_Y):
        h = _short_whole(H, of_X or of_Y)
        if form == "vec":
            return _finished(of_X, _merged(hessian_in_vec(of_X, h), of_X), form)
        if of_X is of_Y:
            return _finished(of_X, _merged(hessian_by_parameters(of_X, h), of_X), "vech")
        found = jacobian_by_parameters(of_Y, h) if of_Y else h
        if of_X:
            found = turned(jacobian_by_parameters(of_X, turned(found)))
        return _finished(of_X or of_Y, prepare(found), "vech")


SYMMETRIC = {"symmetric", "positive_definite"}


def _only_symmetric(request):
    """Whether all that a structure says of X is that X' = X, which needs no search."""
    return set(request.structure.facts) <= SYMMETRIC


def _knowing(request):
    """A session in which holds what the structure says of X."""
    return session_with(request.known or NONE)


def _short_whole(e, request):
    """The expression in canonical form, shortened by what holds in the session."""
    whole = prepare_whole(e)
    if request.facts is None:
        return whole
    whole = factored(whole) if is_matrix(whole) else whole
    return whole if _only_symmetric(request) else simplified(whole, search=False)


def _merged(whole, request):
    """The same of what has been made of it, where the structure says more of X than that it is symmetric."""
    return whole if request.facts is None or _only_symmetric(request) else simplified(whole, search=False)


def _short(e, request):
    """The expression shortened by what the structure says of X."""
    if request.facts is None:
        return e
    with _knowing(request):
        return like_typed(present(_short_whole(e, request)), e)


def along_structure(request, e):
    """A derivative along a manifold with its products merged and its common factors taken out; any other as it is."""
    if request is None or not request.is_manifold or not is_matrix(e) and not _merges(request):
        return e
    whole = prepare_whole(e)
    return present(shortest(whole) if is_matrix(whole) else simplified(whole, search=False))


def _finished(request, e, form):
    if not is_matrix(e):
        return make.mul(e, make.identity(S.One)) if form is None and isinstance(request.X, MatrixSymbol) else e
    return present(e if request.is_manifold else factored(e))


# ---------------------------------------------------------------- the answer


def is_presented_later(request, facts):
    """Whether what is made of a derivative begins with its canonical form, and ends with the form to be read."""
    if request is None or facts:
        return False
    return _merges(request) if request.is_manifold else request.facts is not None


def answered(found, facts, assumptions, request, *variables, short=False):
    """The derivative shortened by the facts, those of the structure among them, with a note on which derivative it is.

    short: whether it has been shortened by what the structure says.
    """
    if request is None:
        return noted(shortened(found, facts), notes_of_facts(facts, dict.fromkeys(variables))) if facts else found
    if (request.is_manifold or short) and not facts:
        return noted(found, notes_of(request))
    if request.facts is None or not facts:
        found = shortened(found, facts) if facts else _short(found, request)
    else:
        found = shortened(found, read_facts(joined(assumptions, request.facts)))
    return noted(found, notes_of(request))


def joined(assumptions, *more):
    """What is stated, and more."""
    given = list(assumptions) if isinstance(assumptions, (list, tuple, set, frozenset)) else [assumptions]
    return [a for a in (*given, *more) if a is not None and a is not True]


def shortened(derivative, facts, always=False):
    """A derivative with the facts used on it; the expression that was differentiated never is, since a variable may obey them too.

    always: whether it is looked into without facts too.
    """
    try:
        return simplify_with(derivative, facts) if facts or always else derivative
    except AssumptionError:
        derivative = with_adjugates(derivative, facts)
    try:
        return simplify_with(derivative, facts)
    except AssumptionError:  # a derivative that holds where a matrix has an inverse: that it has none cannot be used on it
        return simplify_with(derivative, facts.without("singular"))
