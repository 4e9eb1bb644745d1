"""Values for unknown functions: one smooth function for each name, with derivatives of any order.

``F(p) = sum_r c_r sin(z_r)``, ``z_r = b_r + sum_i <w_ri, p_i>``, has as k-th derivative the tensor
``sum_r sin(z_r + k pi/2) c_r kron w_r kron ... kron w_r``, of which any group of axes is contracted by itself.
"""

from math import prod
from zlib import crc32

import numpy as np

from ..nodes import UnknownMatrix, UnknownMatrixDerivative, UnknownScalar, UnknownScalarDerivative
from .evaluator import evaluator

RIDGES = 12


@evaluator(UnknownScalar, UnknownMatrix, UnknownScalarDerivative, UnknownMatrixDerivative)
def of_unknown(ev, node):
    """The value of a callable that is given under the function or its name, for values; else those of the function of its name."""
    form = node.form
    given = ev.env.get(form.function, ev.env.get(form.function.name))
    if callable(given) and not form.slots:
        return given(*map(ev.value, form.point))
    point = [ev.value(p) for p in form.point]
    shape = tuple(ev.integer(s) for s in form.function.shape) or (1, 1)
    ridges = _Ridges(form.function.name, shape, [np.shape(p) if np.ndim(p) == 2 else (1, 1) for p in point])
    directions = {g: np.reshape(ev.value(e), ridges.shape_of(form, g)) for g, e in zip(form.filled, form.given)}
    return ridges.tensor(form, point, directions)


class _Ridges:
    """The coefficients, the same for all functions of one name, one shape and one kind of arguments."""

    def __init__(self, name, shape, arguments):
        rng = np.random.default_rng([crc32(name.encode("utf-8", "surrogatepass")), *shape])
        self.values = rng.standard_normal((RIDGES, *shape)) / RIDGES**0.5
        self.phases = rng.uniform(0, 6, RIDGES)
        self.slopes = [rng.standard_normal((RIDGES, *s)) / prod(s) ** 0.5 for s in arguments]

    def groups(self, form):
        return [self.values, *(self.slopes[s] for s in form.slots)]

    def shape_of(self, form, g):
        return self.groups(form)[g].shape[1:]

    def tensor(self, form, point, directions):
        groups = self.groups(form)
        z = [
            self.phases[r] + sum(np.sum(w[r] * p) if np.ndim(p) == 2 else w[r, 0, 0] * p for w, p in zip(self.slopes, point))
            for r in range(RIDGES)
        ]
        total = 0.0
        for r in range(RIDGES):
            factor = np.sin(z[r] + len(form.slots) * np.pi / 2)
            for g, w in enumerate(groups):
                if g in form.open:
                    continue
                factor = factor * (np.sum(w[r] * directions[g]) if g in directions else w[r, 0, 0])
            total = total + factor * self._opened(form, groups, r)
        return total

    @staticmethod
    def _opened(form, groups, r):
        """The tensor product of the open groups: as it is of one, else stacked, the columns first as vec does."""
        if not form.open:
            return 1.0
        if not form.cols:
            return groups[form.rows[0]][r]
        stacked = []
        for side in (form.rows, form.cols):
            vector = np.ones(1)
            for g in side:
                vector = np.kron(vector, groups[g][r].ravel(order="F"))
            stacked.append(vector)
        return np.outer(*stacked)
