"""What is said to be written in place of a function of another language can be read, and is that function."""

import math
import re

import numpy as np
import pytest
from sympy import Product, Sum, loggamma

import sympy_matcalc as mc
from sympy_matcalc import ParseError
from sympy_matcalc.text import parse

SQUARE = np.array([[4.0, 1, 2], [1, 3, 0], [2, 0, 5]])
SIGNAL, KERNEL = np.array([1.0, 2, 5, 11]), np.array([3.0, 7, -1])


def written(call):
    """The formulas that the error for a call offers."""
    with pytest.raises(ParseError) as caught:
        parse(call)
    return re.findall(r"`([^`]+)`", str(caught.value).splitlines()[0])[1:]


def value(text, **data):
    e, symbols = parse(text, shapes={name: x.shape for name, x in data.items()})
    return mc.lambdify([symbols[name] for name in data], e)(*data.values())


@pytest.mark.parametrize("name", ["qr", "lu", "svd", "eig", "eigh"])
def test_factors(name):
    found = [value(text.replace("A", "X"), X=SQUARE) for text in written(f"{name}(X)")]
    if name in ("eig", "eigh"):
        values, vectors = found
        assert np.allclose(SQUARE @ vectors, vectors * values.ravel())
    elif name == "svd":
        left, values, right = found
        assert np.allclose(left * values.ravel() @ right.T, SQUARE)
    else:
        product = np.linalg.multi_dot(found) if len(found) > 2 else found[0] @ found[1]
        assert np.allclose(product, SQUARE)


@pytest.mark.parametrize("name", ["conv", "convolve"])
def test_convolution(name):
    (text,) = written(f"{name}(x, w)")
    text = text.replace("m + n - 1", "6").replace("2*n - 2", "4").replace(", n)", ", 3)")
    assert np.allclose(np.ravel(value(text, x=SIGNAL, w=KERNEL)), np.convolve(SIGNAL, KERNEL))


def test_convolution_around_a_circle():
    (text,) = written("cconv(x, w)")
    kernel = np.array([3.0, 7, -1, 2])
    found = value(re.sub(r"\bn\b", "4", text), x=SIGNAL, w=kernel)
    assert np.allclose(np.ravel(found), np.fft.ifft(np.fft.fft(SIGNAL) * np.fft.fft(kernel)).real)


@pytest.mark.parametrize("call,data", [("np.cov(X)", SQUARE[:2]), ("cov(X)", SQUARE[:2].T)])
def test_covariance_is_centred(call, data):
    """NumPy's observations are columns, MATLAB's and R's are rows."""
    (text,) = written(call)
    found = value(re.sub(r"\bn\b", "3", text), X=data)
    assert np.allclose(found, np.cov(SQUARE[:2]))


@pytest.mark.parametrize(
    ("text", "typed", "log"),
    [
        ("log(y!)", "y!", "lgamma(y + 1)"),
        ("x + (a+b)!", "(a+b)!", "lgamma(a+b + 1)"),
        (r"\sum_i \log(y_i!)", "y_i!", r"\operatorname{lgamma}(y_i + 1)"),
        (r"\sum_i \log(\eta_{i}!)", r"\eta_{i}!", r"\operatorname{lgamma}(\eta_{i} + 1)"),
        (r"\left(a+b\right)!", r"\left(a+b\right)!", r"\operatorname{lgamma}(a+b + 1)"),
    ],
)
def test_a_factorial_is_written_by_the_gamma_function(text, typed, log):
    with pytest.raises(ParseError) as found:
        parse(text)
    assert f"`{typed}` is not read; write its logarithm as `{log}`" in str(found.value)
    assert parse(rf"\sum_i {log}" if "_i" in text or "_{i}" in text else log)[0].has(loggamma)


@pytest.mark.parametrize("name", ["gamma", "factorial"])
def test_the_gamma_function_and_factorials_by_name(name):
    logarithm, function = written(f"log({name}(x))")
    of_log, of_function = value(f"sum({logarithm})", x=KERNEL + 4), value(f"sum({function})", x=KERNEL + 4)
    expected = [getattr(math, name)(int(v) + 4) for v in KERNEL]
    assert np.isclose(of_log, np.sum(np.log(expected))) and np.isclose(of_function, np.sum(expected))


@pytest.mark.parametrize(
    "typed, meant", [("epx(x)", "exp"), ("sum(lgo(x))", "log"), (r"\operatorname{epx}(x)", "exp"), ("lodget(X)", "logdet")]
)
def test_letters_in_another_order_are_seen(typed, meant):
    with pytest.raises(ParseError) as found:
        parse(typed)
    assert f"did you mean `{meant}`" in str(found.value)


@pytest.mark.parametrize("typed, instead", [("sum_i log(x_i)", "sum_{i}"), ("sum_i x_i^2", "sum_{i}"), ("2*prod_k x_k", "prod_{k}")])
def test_a_sum_with_a_bare_index_says_how_sums_are_written(typed, instead):
    with pytest.raises(ParseError) as found:
        parse(typed)
    assert f"write `{instead}`" in str(found.value)
    assert parse(re.sub(r"_(\w) ", r"_{\1} ", typed))[0].has(Sum, Product)


@pytest.mark.parametrize("text", ["KL(p||q)", r"D_{KL}(p \| q)", "p(y|x)", "log(p(y|x))"])
def test_bars_of_divergences_and_conditions_are_named(text):
    with pytest.raises(ParseError, match="a divergence as .* the logarithm of a density as its formula"):
        parse(text)
