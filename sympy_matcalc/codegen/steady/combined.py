"""Functions of functions as one function each, which holds where the parts would be out of range or lose digits.

>>> from sympy import cosh, exp, log, sinh, sqrt, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> x, y = symbols("x y")
>>> before_and_after(combined, log(1 - exp(x)))
before: log1p(-1*exp(x))
after:  log_one_less_exp(x)
>>> before_and_after(combined, y*sinh(x)/cosh(x))
before: y*sinh(x)*cosh(x)**-1
after:  y*tanh(x)
>>> before_and_after(combined, sqrt(1 + x) - 1)
before: sqrt(x + 1) + -1
after:  root_less_one(x)
>>> before_and_after(combined, x*log(x)**2)
before: x*log(x)**2
after:  x*log_beside(x, x)**2
>>> before_and_after(combined, y*exp(2*x)/(y + exp(x))**2)
before: y*exp(2*x)*(y + exp(x))**-2
after:  y*(exp(x)*(y + exp(x))**-1)**2
>>> before_and_after(combined, y*exp(2*x)/(exp(x) - 1)**2)
before: y*exp(2*x)*expm1(x)**-2
after:  y*exp_over_less_one(x)**2

No x in front, and there is nothing to do:

>>> before_and_after(combined, y*log(x))
before: y*log(x)
after:  y*log(x)
>>> before_and_after(combined, exp(2*x)/(y + exp(x)))
before: exp(2*x)*(y + exp(x))**-1
after:  exp(2*x)*(y + exp(x))**-1
"""

from .determinants import quotient_of_determinants
from .exponential_sums import power_of_sum, sums_beside_powers, sums_beside_powers_in_contraction
from .functions import (
    exp_over_exp_less_one,
    exp_times_logistic,
    logistic_power,
    normal_ratio,
    power_of_product,
    power_of_quotient,
    root_less_one,
    sinh_over_cosh,
)
from .logistic import log_of_logistic
from .logs import log_of_function, log_of_normal, log_of_product, logs_beside_zeros
from .norms import root_of_squares
from .tails import tail_below, tail_inside
from .walk import passed

RULES = {
    "call": (tail_inside, log_of_normal, log_of_function, log_of_logistic, log_of_product, root_of_squares),
    "pow": (root_of_squares, logistic_power, power_of_sum, tail_below),
    "mul": (
        logs_beside_zeros,
        sinh_over_cosh,
        exp_times_logistic,
        sums_beside_powers,
        exp_over_exp_less_one,
        power_of_quotient,
        power_of_product,
        normal_ratio,
        quotient_of_determinants,
    ),
    "contract": (logs_beside_zeros, sums_beside_powers_in_contraction),
    "add": (root_less_one,),
}
SPECIAL = {log_of_normal: "log_ndtr", normal_ratio: "erfcx", tail_below: "erfc"}  # the special function that the library has to have


def combined(graph, roots, context):
    """The roots with the rules applied once to every node."""
    has = context.backend.has_special
    rules = {op: [r for r in rules if r not in SPECIAL or has(SPECIAL[r])] for op, rules in RULES.items()}
    return passed(graph, roots, rules)
