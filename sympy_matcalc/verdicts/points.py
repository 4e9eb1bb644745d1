"""Random points at which a formula is compared: three sets of distinct sizes, two scales of data, each certified by finite differences.

The data are as general as the derivative allows: a domain such as "spd" says what numbers serve, and is no fact that a formula may use, so
that the matrix is not symmetric where the derivative is right without it.
"""

from dataclasses import dataclass, replace
from itertools import permutations, product
from typing import Any

import numpy as np
from sympy import Abs, Basic, Heaviside, MatrixSymbol, Max, Min, Number, Piecewise, Pow, Symbol, Tuple, ceiling, floor, sign
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import HadamardPower, Identity, MatrixExpr, OneMatrix, ZeroMatrix

from ..certificate import with_facts
from ..errors import CheckError, MatcalcError, ShapeError
from ..kernel.walks import every_node, free_symbols
from ..nodes import ElementMax, ElementMin, Norm
from ..nodes.elementwise import Elementwise
from ..strict import sympified
from ..structure import STRUCTURES
from ..testing.check import compare, stray_symbols
from ..testing.data import index_domains, milder_domains, random_env
from ..testing.differences import FIRST_STEP, SECOND_STEP, derivative_on_line, primal, second_along, variable_shape
from ..testing.evaluator import evaluate
from ..testing.structures import random_point
from ..text.domains import domains
from .between_kinks import places_between
from .comparing import same_values
from .steady import is_steady
from .views import Axes, as_matrix, full_array

SCALES = (1.0, 0.4)
SETTINGS = 3  # sets of sizes
MOST_INDICES = 4  # symbols that are made equal and different in all ways
DRAWS = 6  # random points tried for each
POOL = (3, 4, 2, 5, 6, 7, 8, 9)
LARGER = (11, 13, 12, 10)
WIDER = {  # what serves as well, and obeys no equation: tried first
    "spd": "logdomain",
    "symmetric": "invertible",
    "diagonal": "invertible",
    "orthogonal": "invertible",
    "simple_spectrum": "real_spectrum",
}
SCALED = {"any", "positive", "nonzero", "symmetric", "diagonal", "fullrank", "invertible", "posdet", "negdet", "small"}
SCALED = (SCALED | {"distinct_abs"} | set(WIDER) | set(WIDER.values())) - {"orthogonal"}
FIXED_FACTS = {"orthogonal", "idempotent", "unit_triangular"}  # that a multiple of a matrix has not
KINKED = (Abs, sign, Max, Min, Heaviside, Piecewise, floor, ceiling, ElementMax, ElementMin)
STEEP, STEEPEST = 30.0, 1e12  # a function of so many times its argument, tanh(1000 u), is a step but near 0
BEYOND = 3.0  # times a number that is written: data of this scale lie on both sides of it
ACROSS, MOST_NUMBERS, LARGEST = 6, 4, 1e6  # points for each scale; numbers that are looked at, and how large they may be
SMALL = 0.1
TOLERANCE = {1: 1e-6, 2: 1e-4}


@dataclass(frozen=True, eq=False)
class Point:
    """Values of all symbols, the full array of the derivative there, and its axes.

    data: of what kind the values are, in words, where such of either sign will not do.
    """

    env: dict
    full: Any
    axes: Axes
    sizes: dict
    data: str = ""


class NotComparableError(CheckError):
    """There is no random point at which a formula can be compared."""


def points_of(question, answer):
    """Points of three settings of sizes and two scales, fewer where all sizes are numbers; CheckError without any.

    Where a derivative is not regular for some sizes, as that of det(X'X) by a wide X, those are left out.
    """
    said: list[str] = []
    refuse_pieces_of_sizes(question)
    for data, domain in _domains(question):
        if data and "wrong" in said:
            break
        said.clear()
        found = list(_points(question, answer, domain, said))
        if found:
            more = [*_points_of_indices(question, answer, domain, found[0], said), *_points_of_sizes(question, answer, domain, said)]
            across = list(_points_across_kinks(question, answer, domain, found[0], said))
            between = _points_between_kinks(question, answer, domain, [*across, *found])
            return [replace(p, data=data) for p in (*found, *more, *across, *between)]
    if "wrong" in said and not question.structure:
        raise CheckError(f"the package's own `{answer}` is not the derivative of `{question.expr}` by `{question.X}`: please report this")
    raise NotComparableError(
        f"there is no random point where `{question.expr}` and its derivative by `{question.X}` are regular: give a `domain` for the data, "
        "as for `check`"
    )


def _domains(question):
    """(what the data are in words, the domains to draw from): wider ones first, where the derivative may be none, milder ones last."""
    named = {str(s) for s in question.domain}
    inferred = {s: d for s, d in domains(question.expr)[0].items() if str(s) not in named}
    given = {**inferred, **question.domain}
    wide = {s: WIDER.get(d, d) if isinstance(d, str) else d for s, d in given.items()}
    yield from [("", given)] if wide == given else [("", wide), ("", given)]
    names = {*map(str, given), *map(str, structures_of(question)), *map(str, question.facts.stated)}
    for words, milder in milder_domains(_all(question)):
        yield words, {s: d for s, d in milder.items() if str(s) not in names} | given


def _points(question, answer, domain, said):
    settings = 0
    for sizes in size_settings(question, domain):
        found = [_point(question, answer, domain, sizes, place, said) for place in enumerate(SCALES, start=len(SCALES) * settings)]
        if None not in found:
            yield from found
            settings += 1
        if settings == SETTINGS:
            return


def size_settings(question, domain):
    """Values of the size symbols, distinct within each setting; six settings, of one symbol or none three."""
    fixed = {s: int(d) for s, d in domain.items() if isinstance(d, int)} | matched_sizes(question, domain)
    drawn = random_env(_all(question), 0, fixed, {s: d for s, d in domain.items() if not isinstance(d, int)})
    known = {*fixed, *map(str, fixed), *_indices(question)}
    symbols = [s for s, v in drawn.items() if isinstance(s, Symbol) and isinstance(v, int) and s not in known and str(s) not in known]
    seen = []
    for order in permutations(POOL[:3]) if symbols else [POOL[:3]] * SETTINGS:
        pool = [k for k in (*order, *POOL[3:]) if k not in fixed.values()]
        sizes = fixed | dict(zip(symbols, pool, strict=False))
        if sizes not in seen or not symbols:
            seen.append(sizes)
            yield sizes


def _indices(question):
    """The symbols that are indices of entries."""
    return list(index_domains({node for e in _all(question) for node in every_node(e)}))


def _points_of_indices(question, answer, domain, point, said):
    """Points where indices are the same and where they differ, in every way that 0 and 1 give: a delta of them is seen as 0 and as 1."""
    indices = sorted((s for s in _indices(question) if s in point.env), key=str)[:MOST_INDICES]  # bound ones have no value there
    for values in product((0, 1), repeat=len(indices)) if indices else ():
        place = (0, SCALES[0])
        found = _point(question, answer, domain, point.sizes, place, said, dict(zip(indices, values, strict=True)))
        if found is not None:
            yield found


def _points_of_sizes(question, answer, domain, said):
    """A point of larger sizes where the formula has a size as a number: (n - 2)*(n - 3)*(n - 4) is 0 at all others."""
    sizes = next(size_settings(question, domain), {})
    free = [s for s in sizes if str(s) not in {*map(str, domain)}]
    numbers = numbers_in(question.mine) if free else set()
    if set(free) & numbers:
        larger = sizes | dict(zip([s for s in free if s in numbers], LARGER, strict=False))
        found = _point(question, answer, domain, larger, (2 * SETTINGS, SCALES[0]), said)
        yield from () if found is None else (found,)


def numbers_in(e):
    """The symbols that stand in an expression as numbers, not as the size of a matrix or the limit of a sum."""
    found, left, seen = set(), [e], set()
    while left:
        node = left.pop()
        if node in seen or isinstance(node, (MatrixSymbol, Identity, OneMatrix, ZeroMatrix)):
            continue
        seen.add(node)
        if isinstance(node, MatrixExpr) and not any(getattr(a, "is_Matrix", False) for a in node.args):  # a commutation matrix
            left += [a for a in node.args if isinstance(a, Basic) and not free_symbols(a) <= free_symbols(Tuple(*node.shape))]
            continue
        found |= {node} if isinstance(node, Symbol) else set()
        left += node.args[:1] if isinstance(node, ExprWithLimits) else [a for a in node.args if isinstance(a, Basic)]
    return found


def _points_across_kinks(question, answer, domain, point, said):
    """Points on both sides of where a function has a kink: of scales such that its arguments go beyond the numbers that are written."""
    if not has_kinks(question):
        return
    nodes = _nodes(question)
    numbers = sorted({abs(float(node)) for node in nodes if isinstance(node, Number) and node.is_finite and 1 < abs(node) < STEEPEST})
    large = [a for a in numbers if a < LARGEST][-MOST_NUMBERS:]
    steep = [a for a in numbers if a > STEEP][-MOST_NUMBERS:]
    scales = dict.fromkeys([BEYOND, *(BEYOND * a for a in large), *(BEYOND / a for a in steep)])
    for k, scale in enumerate(s for s in scales for _ in range(ACROSS)):
        found = _point(question, answer, domain, point.sizes, (len(SCALES) * SETTINGS + 1 + k, scale), said)
        if found is not None:
            yield found


def _points_between_kinks(question, answer, domain, points):
    """Points on either side of a kink that the one formula has and the other has close by."""
    if not has_kinks(question):
        return
    named = {s for s in points[0].env if domain.get(s, domain.get(str(s))) == "orthogonal"}
    curved = {X for X, given in structures_of(question).items() if getattr(given, "name", given) == "orthogonal"}
    fixed = {s for s, facts in question.facts.stated.items() if FIXED_FACTS & set(facts)} | named | curved
    sizes = points[0].sizes
    envs = [p.env for p in points if p.sizes == sizes]
    for env, gap in places_between([question.expr, question.mine], envs, fixed):
        try:
            point, verdict = judged(question, answer, env, sizes, gap)
        except (np.linalg.LinAlgError, ValueError, IndexError, ZeroDivisionError):
            continue
        if verdict == "right" and is_steady(answer, env):
            yield point


def has_kinks(question):
    """Whether a function in what is compared has a kink or a jump, so that points on one side of it say nothing of the other."""
    return any(map(has_kink, _nodes(question)))


def has_kink(node):
    if isinstance(node, Norm):
        return node.p != 2
    if isinstance(node, (Pow, HadamardPower)):
        return not node.args[1].is_integer  # the root of a square
    return isinstance(node, KINKED) or isinstance(node, Elementwise) and bool(node.kinks(*node.args[1:]))


def refuse_pieces_of_sizes(question):
    """An error for what is one thing for small sizes and another for large ones, since small ones are compared."""
    fixed = set(map(str, question.domain))
    for node in _nodes(question):
        free = free_symbols(node) if isinstance(node, KINKED) else set()
        if free and all(s.is_integer and s.is_positive and str(s) not in fixed for s in free) and _beyond_sizes(node):
            raise NotComparableError(f"`{node}` depends on a size by pieces; give the size by `domain`, as {{{min(free, key=str)}: 5}}")


def _beyond_sizes(node):
    """Whether a number is in it that no size which is tried exceeds; two sizes are tried in either order."""
    return any(isinstance(part, Number) and part >= max(POOL[:3]) for part in every_node(node))


def _nodes(question):
    return {node for e in (question.expr, question.mine) for node in every_node(sympified(e))}


def matched_sizes(question, domain):
    """The sizes at which an explicit formula can be compared with a derivative of symbolic sizes."""
    mine = question.mine
    if not isinstance(mine, MatrixBase):
        return {}
    X = question.X
    if question.kind != "gradient" or not isinstance(X, MatrixSymbol):
        return {}
    return {s: int(k) for s, k in zip(X.shape, mine.shape) if isinstance(s, Symbol) and s not in domain}


def _all(question):
    return [e for e in (question.expr, question.X, question.Y, question.mine) if e is not None]


def _point(question, answer, domain, sizes, place, said, indices=None):
    """A point where the derivative is what finite differences say; None where there is none, and what was said of those tried."""
    index, scale = place
    for draw in range(DRAWS):
        try:
            env = draw_env(question, domain, sizes, scale, draw + DRAWS * index)
            env |= indices or {}
            if draw < DRAWS // 2:
                signed(env, question, domain, index)
            point, verdict = judged(question, answer, env, sizes)
        except ShapeError:
            continue
        except MatcalcError:
            raise
        except (np.linalg.LinAlgError, ValueError, IndexError, ZeroDivisionError):
            continue
        if verdict == "right" and is_steady(answer, env):
            return point
        said.append(verdict)
    return None


def draw_env(question, domain, sizes, scale, seed):
    """Random values of all symbols: facts hold, a structure too, and the data are of this scale."""
    drawn = {s: d for s, d in domain.items() if not isinstance(d, int)}
    env = with_facts(random_env(_all(question), seed, sizes, drawn), question.facts, seed)
    names = {str(s): d for s, d in drawn.items()}
    for s, value in env.items():
        if isinstance(value, int) or s.is_integer or names.get(str(s), "any") not in SCALED:
            continue
        if not FIXED_FACTS & set(question.facts.stated.get(s, ())):
            env[s] = value * scale
    for X, structure in structures_of(question).items():
        name = getattr(structure, "name", structure)
        if name in STRUCTURES:
            env[X] = random_point(name, env[X].shape, np.random.default_rng(seed)) * (1 if name == "orthogonal" else scale)
    return env


def signed(env, question, domain, index):
    """Give each free scalar either sign: plus at the first point, minus at the next, then by chance; one of its own for each."""
    rng, named = np.random.default_rng(index), {str(s) for s in domain}
    for s in sorted((s for s in env if isinstance(s, Symbol) and isinstance(env[s], float)), key=str):
        sign = (1, -1)[index] if index < 2 else rng.choice([-1, 1])
        if str(s) not in named and s.is_nonnegative is None and s.is_integer is None and s not in question.facts.stated:
            env[s] = sign * abs(env[s])


def structures_of(question):
    given = question.structure
    return given if isinstance(given, dict) else {} if given is None else {question.X: given}


# ---- the derivative at a point
def judged(question, answer, env, sizes, room=1.0):
    """(`Point`, "right" | "wrong" | "unreliable"): the derivative against finite differences of the primal along random directions.

    room: how far off a kink may be, beside which differences say nothing.
    """
    value = np.asarray(evaluate(question.expr, env))
    x = variable_shape(question.X, env)
    f = tuple(np.shape(value)) if np.size(value) != 1 else ()
    if question.order == 2:
        axes = Axes(x, variable_shape(question.X if question.Y is None else question.Y, env))
        f = ()
    else:
        axes = Axes(f, x)
    if stray_symbols(answer, env) or np.iscomplexobj(value):
        return None, "unreliable"
    full = full_at(question, answer, env, axes)
    plain = full if not question.structure else _plain(question, env, axes)
    return Point(env, full, axes, sizes), _certified(question, plain, env, axes, value, room)


def full_at(question, answer, env, axes):
    """The full array, or what a form by free parameters has in its place."""
    value = np.asarray(evaluate(answer, env), dtype=float)
    if question.form == "vech":
        return as_matrix(value)
    return full_array(value, axes, question.form, question.layout, question.kind == "gradient")


def _plain(question, env, axes):
    given = {"structure": None, "convention": None, "form": None}
    value = np.asarray(evaluate(question.derivative(**given), env), dtype=float)
    return full_array(value, axes, None, question.layout, question.kind == "gradient")


def _certified(question, full, env, axes, value, room):
    if not np.all(np.isfinite(full)):
        return "unreliable"
    rng, verdicts, expr = np.random.default_rng(0), set(), primal_at(question, env, value)
    for _ in range(2):
        U, V = (rng.normal(size=shape) / max(1, np.prod(shape)) ** 0.5 for shape in (axes.f if question.order == 2 else (), axes.x))
        if question.order == 2:
            Y = question.X if question.Y is None else question.Y
            expected, error = second_along(expr, question.X, U, env, Y, V, SECOND_STEP * room)
            got = np.tensordot(np.tensordot(U, full, U.ndim), V, V.ndim)
        else:
            expected, error = derivative_on_line(primal(expr, question.X, env), V, FIRST_STEP * min(room, _small(question.X, env)))
            got = np.tensordot(full, V, V.ndim)
        got, expected, error = (np.squeeze(np.asarray(a, float)) for a in (got, expected, error))
        verdicts.add(compare(got, expected, error, TOLERANCE[question.order], value))
    return next(v for v in ("wrong", "unreliable", "right") if v in verdicts)


def _small(X, env):
    """The scale of data that is far below 1, else 1."""
    largest = float(np.abs(evaluate(X, env)).max(initial=0))
    return largest if 0 < largest < SMALL else 1.0


def primal_at(question, env, value):
    """`Question.plain` where it has the value of the expression that was typed, else that."""
    plain = question.plain
    return plain if plain is question.expr or same_values(np.reshape(evaluate(plain, env), -1), np.reshape(value, -1)) else question.expr


def value_at(e, env, zero_like=None):
    """The value of a formula as a matrix or an array; of the number 0 a zero of the shape that is asked for."""
    array = np.asarray(evaluate(e, env))
    if zero_like is not None and array.ndim == 0 and array == 0:
        return np.zeros(zero_like)
    return as_matrix(array) if array.ndim != 2 else array
