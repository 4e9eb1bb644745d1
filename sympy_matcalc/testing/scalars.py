"""NumPy and SciPy functions for SymPy's scalar functions and relations: plain tables, one entry a function, all broadcasting."""

from importlib import import_module

import numpy as np
import sympy as sp
from sympy.codegen import cfunctions

from ..errors import MissingLibraryError


class OnDemand:
    """A module of SciPy, loaded when one of its functions is first called: only expressions with such a function need SciPy."""

    def __init__(self, module):
        self.module = module

    def __getattr__(self, name):
        def call(*args):
            try:
                function = getattr(import_module(self.module), name)
            except ImportError:
                raise MissingLibraryError(f"the value of `{name}`", "scipy") from None
            return function(*args)

        return call


special = OnDemand("scipy.special")

SNAP = 1e-9


def snap(x):
    """x, moved to the nearest integer where it is one up to rounding, so that floor(3*(1/3)) is 1."""
    nearest = np.round(x)
    return np.where(np.abs(x - nearest) <= SNAP * np.maximum(1, np.abs(x)), nearest, x)[()]


def equal(a, b):
    """a == b up to rounding, as 1.0 or 0.0 would be compared by hand."""
    return np.abs(a - b) <= SNAP * np.maximum(1, np.abs(a))


def heaviside(x, at_zero=0.5):
    """0 below zero, `at_zero` at zero, 1 above."""
    return np.heaviside(np.real(x), np.real(at_zero))


def modulo(a, b):
    """a - b*floor(a/b)."""
    return a - b * np.floor(snap(a / b))


def integer_order(name, function):
    """`function(order, x)` with an order that has to be an integer."""

    def checked(order, x):
        if not np.all(equal(order, np.round(order))):
            raise NotImplementedError(f"{name} of the order {order}: only integer orders are evaluated")
        return function(np.round(order).astype(int), x)

    return checked


def log(x, base=None):
    """Natural logarithm, or the one to a base."""
    return np.log(x) if base is None else np.log(x) / np.log(base)


def sign(x):
    """x/|x|, and 0 at 0, for real and complex x."""
    size = np.abs(x)
    return np.where(size == 0, 0, x / np.where(size == 0, 1, size))[()]


def arc(function):
    """The inverse of a reciprocal function: acot(x) = atan(1/x)."""
    return lambda x: function(1 / x)


def loggamma(x):
    """log(gamma(x)), nan for a real x below 0."""
    return special.loggamma(x)


FUNCTIONS = {
    sp.exp: np.exp,
    sp.log: log,
    sp.Abs: np.abs,
    sp.sign: sign,
    sp.arg: np.angle,
    sp.sin: np.sin,
    sp.cos: np.cos,
    sp.tan: np.tan,
    sp.cot: lambda x: 1 / np.tan(x),
    sp.sec: lambda x: 1 / np.cos(x),
    sp.csc: lambda x: 1 / np.sin(x),
    sp.asin: np.arcsin,
    sp.acos: np.arccos,
    sp.atan: np.arctan,
    sp.atan2: np.arctan2,
    sp.acot: arc(np.arctan),
    sp.asec: arc(np.arccos),
    sp.acsc: arc(np.arcsin),
    sp.sinh: np.sinh,
    sp.cosh: np.cosh,
    sp.tanh: np.tanh,
    sp.coth: lambda x: 1 / np.tanh(x),
    sp.sech: lambda x: 1 / np.cosh(x),
    sp.csch: lambda x: 1 / np.sinh(x),
    sp.asinh: np.arcsinh,
    sp.acosh: np.arccosh,
    sp.atanh: np.arctanh,
    sp.acoth: arc(np.arctanh),
    sp.asech: arc(np.arccosh),
    sp.acsch: arc(np.arcsinh),
    sp.sinc: lambda x: np.sinc(x / np.pi),
    sp.floor: lambda x: np.floor(snap(x)),
    sp.ceiling: lambda x: np.ceil(snap(x)),
    sp.frac: lambda x: snap(x) - np.floor(snap(x)),
    sp.Mod: modulo,
    sp.Heaviside: heaviside,
    sp.KroneckerDelta: lambda i, j: np.where(equal(i, j), 1.0, 0.0)[()],
    sp.erf: special.erf,
    sp.erfc: special.erfc,
    sp.erfi: special.erfi,
    sp.erfinv: special.erfinv,
    sp.erfcinv: special.erfcinv,
    sp.erf2: lambda a, b: special.erf(b) - special.erf(a),
    sp.gamma: special.gamma,
    sp.loggamma: loggamma,
    sp.beta: special.beta,
    sp.polygamma: integer_order("polygamma", special.polygamma),
    sp.digamma: special.digamma,
    sp.trigamma: lambda x: special.polygamma(1, x),
    sp.factorial: lambda x: special.gamma(x + 1),
    sp.binomial: special.binom,
    sp.LambertW: lambda x: special.lambertw(x) if np.iscomplexobj(x) else np.real(special.lambertw(x)),
    sp.besselj: special.jv,
    sp.bessely: special.yv,
    sp.besseli: special.iv,
    sp.besselk: special.kv,
    sp.re: np.real,
    sp.im: np.imag,
    cfunctions.log1p: np.log1p,
    cfunctions.expm1: np.expm1,
    cfunctions.exp2: np.exp2,
    cfunctions.log2: np.log2,
    cfunctions.log10: np.log10,
    cfunctions.hypot: np.hypot,
    cfunctions.Sqrt: np.sqrt,
    cfunctions.Cbrt: np.cbrt,
    cfunctions.fma: lambda a, b, c: a * b + c,
}

RELATIONS = {
    sp.Eq: equal,
    sp.Ne: lambda a, b: ~equal(a, b),
    sp.StrictLessThan: lambda a, b: np.real(a) < np.real(b),
    sp.LessThan: lambda a, b: np.real(a) <= np.real(b),
    sp.StrictGreaterThan: lambda a, b: np.real(a) > np.real(b),
    sp.GreaterThan: lambda a, b: np.real(a) >= np.real(b),
}
