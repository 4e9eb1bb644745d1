"""What a formula is called is left out; an equation is an error."""

import pytest

import sympy_matcalc as mc
from sympy_matcalc.text import read

READ = [  # (typed, what is read)
    (r"f(x) = \frac12 x^\top A x", "x.T*A*x/2"), (r"J(\theta) = \theta^\top A \theta", "theta.T*A*theta"), ("loss = norm(X*w - y)^2", "norm(X*w - y)**2"),
    (r"\mathcal{L}(\mathbf{w}) = \mathbf{w}^\top \mathbf{x}", "w.T*x"), (r"K_k = P H^\top (H P H^\top + R)^{-1}", "P*H.T*(H*P*H.T + R).I"), ("L := x'*x", "x.T*x"),
    (r"\ell(w) = \log(1 + e^{-w^\top x})", "log(1 + exp(-w.T*x))"), ("f(x, y) = x'*A*y", "x.T*A*y"), ("loss = np.sum(X, axis=1)", "rowsum(X)"),
    (r"\begin{equation*} f(x) = x^\top A x \end{equation*}", "x.T*A*x"), (r"\begin{aligned} L &= \|A x\|^2 \end{aligned}", "norm(A*x)**2"),
    (r"$$f(x) = x^\top A x$$", "x.T*A*x"), (r"\[ J(w) = \|w\|^2 \]", "norm(w)**2"), (r"\hat{\beta} = (X^\top X)^{-1} X^\top y", "(X.T*X).I*X.T*y"),
    (r"L = \sum_{i=1}^n x_i^2", "Sum(x[i]**2, (i, 0, n - 1))"), ("A symmetric; f(x) = x'*A*x", "x.T*A*x"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "python"), READ)
def test_the_right_side_is_read(typed, python):
    reading = read(typed)
    assert reading.expr == read(python).expr and any("is left out: what stands behind it is read" in note for note in reading.notes)


@pytest.mark.parametrize(
    "text", ["A*x = b", "y = A*x", "a = b", "A = B", "x = A*x + b", "L = x'*x = 1", r"\beta = (X^\top X)^{-1} X^\top y"]
)
def test_an_equation_is_an_error(text):
    with pytest.raises(mc.ParseError, match="an equation"):
        read(text)
