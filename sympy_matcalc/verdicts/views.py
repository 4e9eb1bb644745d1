"""The documented forms of one derivative as arrays: the layouts, vec and its transpose, rows stacked in the place of columns.

A derivative is kept as its full array, the axes of the expression (two of a matrix, none of a scalar) before those of the variable.
Sizes that are symbols are at least 2 where a verdict looks, so that an axis of length 1 there is one of length 1 everywhere.
"""

from itertools import permutations
from math import prod
from typing import NamedTuple

import numpy as np

from .comparing import same_values

RIGHT, TRANSPOSED, OTHER = "right", "transposed", "other convention"
STACKED = "in the form d vec F / d vec(X)' with stacked columns"
MOST_AXES = 4  # of an array whose axes are tried in every order


class Axes(NamedTuple):
    """The axes of the expression and of the variable at one point."""

    f: tuple
    x: tuple


class View(NamedTuple):
    """One form of the derivative: what an answer of it is called, what it is in words, and its value at each point."""

    kind: str
    note: str
    arrays: list


def squeezed(shape):
    return tuple(k for k in shape if k != 1)


def as_matrix(array, is_row=False):
    """The value as a matrix where it has at most two axes longer than 1; as it is, without axes of length 1, where it has more."""
    kept = squeezed(np.shape(array))
    if len(kept) > 1:
        return np.reshape(array, kept)
    return np.reshape(array, (1, -1) if is_row else (-1, 1))


def full_array(value, axes, form, layout, is_gradient):
    """The full array of a derivative, from the value that it has in this form and layout."""
    if form == "vec":
        return np.reshape(value, axes.f[::-1] + axes.x[::-1]).transpose(_unreversed(axes))
    if layout == "denominator" and axes.x and not is_gradient:
        return np.moveaxis(np.reshape(value, axes.x + axes.f), range(len(axes.x)), range(-len(axes.x), 0))
    return np.reshape(value, axes.f + axes.x)


def _unreversed(axes):
    """Each group of axes turned around."""
    k, j = len(axes.f), len(axes.x)
    return (*reversed(range(k)), *reversed(range(k, k + j)))


def stacked(full, axes, order):
    """d vec F / d vec(X)', columns stacked ("F") or rows ("C")."""
    array = full if order == "C" else np.transpose(full, _unreversed(axes))
    return np.reshape(array, (prod(axes.f), prod(axes.x)))


def numerator(full, axes):
    return as_matrix(full, is_row=not squeezed(axes.f))


def denominator(full, axes):
    turned = np.moveaxis(full, range(len(axes.f)), range(-len(axes.f), 0)) if axes.f else full
    return as_matrix(turned, is_row=not squeezed(axes.x))


def gradient(full, axes):
    """Of the shape of the variable."""
    return np.reshape(full, axes.x or (1, 1))


# ---- all forms, as an answer of them is judged
def _of_scalar(form):
    """(kind, note, function) of each form that the derivative of a scalar has."""
    yield RIGHT, "", gradient
    yield TRANSPOSED, "the transpose of the gradient, as numerator layout has it", lambda a, x: gradient(a, x).T
    for words, order in (("columns", "F"), ("rows", "C")):
        yield OTHER, f"as one column, its {words} stacked", lambda a, x, order=order: stacked(a, x, order).T
        yield OTHER, f"as one row, its {words} stacked", lambda a, x, order=order: stacked(a, x, order)


def _of_array(form, layout):
    plain = [(RIGHT, "", numerator), (TRANSPOSED, "in denominator layout", denominator)]
    if layout == "denominator":
        plain = [(RIGHT, "", denominator), (TRANSPOSED, "in numerator layout", numerator)]
    if form == "vec":
        yield from _stacked(form)
        yield RIGHT, "as the array of the same derivative, which is no matrix", numerator
        yield TRANSPOSED, "as the array of the same derivative, in denominator layout", denominator
    else:
        yield from plain
        yield TRANSPOSED, "the transpose of it", lambda a, x: _turned(numerator(a, x))
        yield from _stacked(form)


def _turned(array):
    return array.T if array.ndim == 2 else array


def _stacked(form):
    asked = form == "vec"
    yield RIGHT, "" if asked else STACKED, lambda a, x: stacked(a, x, "F")
    yield TRANSPOSED if asked else RIGHT, "the transpose of d vec F / d vec(X)'", lambda a, x: stacked(a, x, "F").T
    yield OTHER, "d vec F / d vec(X)' with rows stacked in the place of columns", lambda a, x: stacked(a, x, "C")
    yield OTHER, "the transpose of d vec F / d vec(X)' with rows stacked in the place of columns", lambda a, x: stacked(a, x, "C").T


def _permuted(points):
    """Every other order of the axes of an array that is no matrix."""
    ranks = {len(squeezed(full.shape)) for full, _ in points}
    rank = max(ranks)
    if len(ranks) > 1 or not 2 < rank <= MOST_AXES:
        return
    for order in permutations(range(rank)):
        words = ", ".join(str(k + 1) for k in order)
        yield TRANSPOSED, f"its axes in the order {words}", lambda a, x, order=order: as_matrix(a).transpose(order)


def views(points, form=None, layout="numerator", is_gradient=False):
    """{(kind, note): its value at each point} of a derivative given as [(full array, `Axes`)]; the form that was asked for comes first."""
    ways = _of_scalar(form) if is_gradient and form != "vec" else _of_array(form, layout)
    return {(kind, note): [function(*p) for p in points] for kind, note, function in [*ways, *_permuted(points)]}


def distinct(triples):
    """The `View`s of (kind, note, arrays), without those whose value an earlier one has."""
    found: list[View] = []
    for kind, note, arrays in triples:
        if not any(all(map(same_values, arrays, known.arrays)) for known in found):
            found.append(View(kind, note, arrays))
    return found
