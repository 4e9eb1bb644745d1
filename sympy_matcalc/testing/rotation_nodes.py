"""Values of what derivatives of rotations are made of, and of the rotations of quaternions."""

from math import factorial

import numpy as np

from ..nodes import QuaternionRotation, RightJacobian, Stumpff
from .evaluator import evaluator
from .matrix_nodes import vector


def series(x, k):
    """The sum of (-x)^j/(k + 2j)!."""
    return sum((-x) ** j / factorial(k + 2 * j) for j in range(40))


@evaluator(Stumpff)
def of_stumpff(ev, node):
    w = vector(ev, node.arg)
    return series(np.sum(w * w), int(node.args[1]))


@evaluator(RightJacobian)
def of_right_jacobian(ev, node):
    """The mean of exp(-t [w]) for t from 0 to 1, by its power series."""
    w = vector(ev, node.arg)
    s = np.stack([np.cross(w, unit) for unit in np.eye(3)], axis=1)
    term, total = np.eye(3) + 0 * s, 0
    for k in range(1, 60):
        total, term = total + term, -term @ s / (k + 1)
    return total


@evaluator(QuaternionRotation)
def of_quaternion_rotation(ev, node):
    """The columns are the vector parts of q e q*, by the product of quaternions."""
    q = vector(ev, node.arg)
    return np.stack([product(product(q, np.array([0, *e])), q * [1, -1, -1, -1])[1:] for e in np.eye(3)], axis=1)


def product(p, q):
    return np.array([p[0] * q[0] - p[1:] @ q[1:], *(p[0] * q[1:] + q[0] * p[1:] + np.cross(p[1:], q[1:]))])
