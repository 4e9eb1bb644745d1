"""Functions along an axis, and those of matrices of several sizes: equations and stacks."""

import pytest

import sympy_matcalc as mc
from sympy_matcalc.text import parse, to_text

READ = {
    "tr(W.T*softmax(X, 1))": "tr(W.T*rowsoftmax(X))",
    "tr(W.T*softmax(X, axis=0))": "tr(W.T*softmax(X, 0))",
    "sum(logsumexp(A*B, 1))": "sum(rowlogsumexp(A*B))",
    "sum(X, 0)*y": "rowsum(X.T).T*y",
    "softmax(x)": "softmax(x)",
    "max(X, axis=0)*y": "rowmax(X.T).T*y",
    "min(A*B, axis=1)": "rowmin(A*B)",
    "prod(X, axis=1)": "rowprod(X)",
    "tr(W.T*sylv(A, B, C))": "tr(W.T*sylv(A, B, C))",
    "x.T*care(A, B, Q, R)*x": "x.T*care(A, B, Q, R)*x",
    "x.T*dare(A, b, Q, r)*x": "x.T*dare(A, b, Q, r*I(1))*x",
    "hstack(A, x)*y": "block([[A, x]])*y",
    "vstack(A, B)*x": "block([[A], [B]])*x",
    "lyap(A, Q)*x": "lyap(A, Q)*x",
    "dlyap(A, Q)*x": "dlyap(A, Q)*x",
    "geigval(A, 0)": "geigval(A, 0)",
    "geneigval(A, B, 1)": "geneigval(A, B, 1)",
}


@pytest.mark.parametrize("text", READ)
def test_is_read_and_written(text):
    expr = parse(text)[0]
    assert to_text(expr) == READ[text] == to_text(parse(READ[text])[0])


WRONG = {
    "softmax(X, 2)": "each row",
    "softmax(X, n)": "each row",
    "softmax(X, keepdims=1)": "keyword",
    "sylv(A, B)": "takes 3",
    "care(A, B, Q)": "takes 4",
    "hstack(A)": "2 or more",
}


@pytest.mark.parametrize("text", WRONG)
def test_is_refused(text):
    with pytest.raises(mc.ParseError, match=WRONG[text]):
        parse(text)


FIT = {
    "sylv(A, B, C)": {"A": (3, 3), "B": (2, 2), "C": (2, 3)},
    "care(A, B, Q, R)": {"A": (3, 3), "B": (3, 2), "Q": (3, 3), "R": (3, 3)},
    "hstack(A, B)": {"A": (3, 2), "B": (2, 2)},
    "vstack(A, B)": {"A": (3, 2), "B": (3, 3)},
}


@pytest.mark.parametrize("text", FIT)
def test_shapes_that_do_not_fit(text):
    with pytest.raises(mc.MatcalcError):
        parse(text, FIT[text])


def test_values():
    shapes = {"A": (3, 3), "B": (2, 2), "C": (3, 2)}
    expr = parse("sylv(A, B, C)", shapes)[0]
    assert isinstance(expr, mc.Sylvester) and expr.shape == (3, 2)
    assert parse("hstack(A, C)", shapes)[0].shape == (3, 5)
    assert parse("sylv(a, b, c)", {"a": (), "b": (), "c": ()})[0] == parse("c/(a + b)", {"a": (), "b": (), "c": ()})[0]
