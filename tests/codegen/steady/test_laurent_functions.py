"""Each function of a graph as a function of series, against its values."""

import mpmath as mp
import pytest

from sympy_matcalc.codegen.steady.laurent import NoSeries, Series
from sympy_matcalc.codegen.steady.laurent_functions import FUNCTIONS

VALUES = {
    "expit": lambda x: 1 / (1 + mp.exp(-x)),
    "expit_slope": lambda x: mp.exp(x) / (1 + mp.exp(x)) ** 2,
    "softplus": lambda x: mp.log1p(mp.exp(x)),
    "log_cosh": lambda x: mp.log(mp.cosh(x)),
    "sech_squared": lambda x: mp.sech(x) ** 2,
    "exp_over_less_one": lambda x: mp.exp(x) / mp.expm1(x),
    "log_one_less_exp": lambda x: mp.log(-mp.expm1(x)),
    "sinh_scaled": lambda x: mp.sinh(x) * mp.exp(-abs(x)),
    "cosh_scaled": lambda x: mp.cosh(x) * mp.exp(-abs(x)),
    "arctan": mp.atan,
    "special.erf": mp.erf,
    "abs": abs,
    "real": lambda x: x,
}


@pytest.mark.parametrize("name", [k for k in FUNCTIONS if k not in ("maximum", "minimum")])
def test_series(name):
    with mp.workdps(30):
        at = mp.mpf(-0.7 if name == "log_one_less_exp" else 0.7)
        f = VALUES.get(name) or getattr(mp, name)
        z = Series.of_number(at, 6) + Series.of_variable(6, mp.mpf(1))
        found = FUNCTIONS[name](z, False)
        assert [float(found.at(k)) for k in range(6)] == pytest.approx([float(c) for c in mp.taylor(f, at, 5)], rel=1e-9, abs=1e-12)


def test_the_larger_of_two():
    x, zero = Series.of_variable(4, mp.mpf(1)), Series.of_number(mp.mpf(0), 4)
    assert FUNCTIONS["maximum"](x, zero, False).start == 1 and FUNCTIONS["minimum"](x, zero, False).numbers == zero.numbers
    assert FUNCTIONS["maximum"](x, Series.of_number(mp.mpf(-1), 4) + x * Series.of_number(mp.mpf(5), 4), False).within < 0.25
    with pytest.raises(NoSeries):
        FUNCTIONS["maximum"](x, zero, True)
