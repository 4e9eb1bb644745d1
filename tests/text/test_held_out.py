"""Formulas as users and papers write them, held out while the reader was written: each reads as said, with its shapes; mistakes have a place."""

import pytest

import sympy_matcalc as mc
from sympy_matcalc.text import parse, read, to_text
from sympy_matcalc.text.domains import domains

MATLAB = [  # (as typed, the same in the words of `to_text`, the shapes)
    ("x'*A*x", 'x.T*A*x', 'x: n, A: n x n'), ("x'*(A + A')*x/2", 'x.T*(A + A.T)*x/2', 'x: n, A: n x n'),
    ('norm2(A*x - b)^2', 'norm(A*x - b)**2', 'A: n x m, x: m, b: n'),
    ('norm2(X*w - y)^2 + c*norm2(w)^2', 'c*norm(w)**2 + norm(X*w - y)**2', 'X: n x m, w: m, y: n, c: scalar'),
    ('norm1(w)', 'norm(w, 1)', 'w: n'), ('normF(A*X - B)^2', 'norm(A*X - B)**2', 'A: n x m, X: m x k, B: n x k'),
    ('tr(A*X*B)', 'tr(A*X*B)', 'A: n x m, X: m x k, B: k x n'), ("tr(X'*A*X)", 'tr(X.T*A*X)', 'X: n x m, A: n x n'),
    ('tr(inv(X)*A)', 'tr(X.I*A)', 'X: n x n, A: n x n'), ("trace(A'*B)", 'tr(A.T*B)', 'A: n x m, B: n x m'),
    ('log(det(X))', 'log(det(X))', 'X: n x n'), ("logdet(X'*X + c*eye)", 'log(det(c*I(m) + X.T*X))', 'X: n x m, c: scalar'),
    ('det(A*X*B)', 'det(A*X*B)', 'A: n x m, X: m x k, B: k x n'), ('inv(A + X)', '(A + X).I', 'A: n x n, X: n x n'),
    ('A\\b', 'A.I*b', 'A: n x n, b: n'), ('a*x + b*y', 'a*x + b*y', 'a: scalar, x: n, b: scalar, y: n'),
    ('A.*B', 'had(A, B)', 'A: n x m, B: n x m'), ('x.*y', 'had(x, y)', 'x: n, y: n'), ('x./y', 'had(x, hpow(y, -1))', 'x: n, y: n'),
    ('x.^2', 'hpow(x, 2)', 'x: n'), ('X.^3', 'hpow(X, 3)', 'X: n x m'), ('sum(x.^2)', 'sum(hpow(x, 2))', 'x: n'),
    ('sum(log(1 + exp(-y.*(X*w))))', 'sum(log(exp(-had(y, X*w)) + ones(n)))', 'y: n, X: n x m, w: m'),
    ('sum(exp(x))', 'sum(exp(x))', 'x: n'), ('exp(-x.*x/2)', 'exp(-had(x, x)/2)', 'x: n'),
    ('1./(1 + exp(-X*w))', 'hpow(exp(-X*w) + ones(n), -1)', 'X: n x m, w: m'), ('relu(X*w)', 'relu(X*w)', 'X: n x m, w: m'),
    ("y'*log(p) + (vector(1) - y)'*log(vector(1) - p)", '(ones(n) - y).T*log(ones(n) - p) + y.T*log(p)', 'y: n, p: n'),
    ('sum((X*w - y).^2)/2', 'sum(hpow(X*w - y, 2))/2', 'X: n x m, w: m, y: n'), ('diag(x)*A', 'diag(x)*A', 'x: n, A: n x m'),
    ("diag(X*X')", 'diag(X*X.T)', 'X: n x m'), ("diag(A)'*x", 'diag(A).T*x', 'A: n x n, x: n'),
    ("vector(1)'*x", 'ones(1, n)*x', 'x: n'), ('matrix(0) + X', 'X', 'X: n x m'), ('ones(m,n).*X', 'had(ones(m, n), X)', 'X: m x n'),
    ("ones(n,1)'*x", 'ones(1, n)*x', 'x: n'), ('zeros(n,1) + x', 'x', 'x: n'), ('eye(n)*x', 'x', 'x: n'),
    ('(A + eye)\\x', '(I(n) + A).I*x', 'A: n x n, x: n'), ("abs(x)'*y", 'abs(x).T*y', 'x: n, y: n'),
    ("sign(x)'*y", 'sign(x).T*y', 'x: n, y: n'), ('sum(abs(X*w - y))', 'sum(abs(X*w - y))', 'X: n x m, w: m, y: n'),
    ('arcsin(x)', 'asin(x)', 'x: n'), ('arctan(A*x)', 'atan(A*x)', 'A: n x m, x: m'), ('arccos(c*x)', 'acos(c*x)', 'c: scalar, x: n'),
    ("sin(x)'*cos(x)", 'sin(x).T*cos(x)', 'x: n'), ('tan(A*x)', 'tan(A*x)', 'A: n x m, x: m'),
    ('tanh(W*x + b)', 'tanh(W*x + b)', 'W: n x m, x: m, b: n'), ('sum(sqrt(x))', 'sum(sqrt(x))', 'x: n'),
    ('atan(x)', 'atan(x)', 'x: n'), ('sinh(x) + cosh(x)', 'sinh(x) + cosh(x)', 'x: n'), ('X^2', 'X**2', 'X: n x n'),
    ('X^-1', 'X.I', 'X: n x n'), ('X^(-1)*y', 'X.I*y', 'X: n x n, y: n'), ('tr(X^3)', 'tr(X**3)', 'X: n x n'),
    ("(A*B)'*x", '(A*B).T*x', 'A: n x m, B: m x k, x: n'), ("A'", 'A.T', 'A: n x m'), ("(x'*y)^2", '(x.T*y)**2', 'x: n, y: n'),
    ("(x'*A*x)/(x'*x)", 'x.T*A*x/(x.T*x)', 'x: n, A: n x n'),
    ('exp(-norm2(x - y)^2/(2*s^2))', 'exp(-norm(x - y)**2/(2*s**2))', 'x: n, y: n, s: scalar'), ("x*x'", 'x*x.T', 'x: n'),
    ("x*y' - y*x'", 'x*y.T - y*x.T', 'x: n, y: n'), ("a*eye + x*x'", 'a*I(n) + x*x.T', 'a: scalar, x: n'),
    ("inv(eye + U*V')", '(I(n) + U*V.T).I', 'U: n x m, V: n x m'), ('adj(X)', 'adj(X)', 'X: n x n'),
    ('tr(adj(X)*A)', 'tr(adj(X)*A)', 'X: n x n, A: n x n'), ('kron(A, B)', 'kron(A, B)', 'A: n x m, B: k x p'),
    ('kron(A, B)*vec(X)', 'kron(A, B)*vec(X)', 'A: n x m, B: k x p, X: p x m'),
    ('vec(A*X*B)', 'vec(A*X*B)', 'A: n x m, X: m x k, B: k x p'), ("X(:)'*y", 'vec(X).T*y', 'X: n x m, y: m*n'),
    ('norm(x)', 'norm(x)', 'x: n'), ('norm(x, 1)', 'norm(x, 1)', 'x: n'), ('norm(x, inf)', 'norm(x, inf)', 'x: n'),
    ("norm(X, 'fro')", 'norm(X)', 'X: n x m'), ('norm(A*x - b, 2)^2', 'norm(A*x - b)**2', 'A: n x m, x: m, b: n'),
    ("max(0, 1 - y'*x)", 'max(0, 1 - y.T*x)', 'y: n, x: n'), ('sum(max(0, X*w))', 'sum(relu(X*w))', 'X: n x m, w: m'),
    ('min(a, b)*x', 'min(a, b)*x', 'a: scalar, b: scalar, x: n'),
    ('logdet(S) + tr(inv(S)*X)', 'log(det(S)) + tr(S.I*X)', 'S: n x n, X: n x n'),
    ("y'*X*w - sum(log(1 + exp(X*w)))", 'y.T*X*w - sum(log(exp(X*w) + ones(n)))', 'y: n, X: n x m, w: m'),
    ('sum(A*x)', 'sum(A*x)', 'A: n x m, x: m'), ('[A, B; C, D]', 'block([[A, B], [C, D]])', 'A: n x m, B: n x k, C: p x m, D: p x k'),
    ('[A; B]*x', 'block([[A], [B]])*x', 'A: n x m, B: k x m, x: m'), ('-x', '-x', 'x: n'), ('+x', 'x', 'x: n'),
    ("2e-3*x'*x", 'x.T*x/500', 'x: n'), ('pi*x', 'pi*x', 'x: n'), ("3*x'*y - 4", '3*(x.T*y) - 4', 'x: n, y: n'),
    ("x'*diag(d)*x", 'x.T*diag(d)*x', 'x: n, d: n'), ('expm(A)*x', 'expm(A)*x', 'A: n x n, x: n'), ('logm(A)', 'logm(A)', 'A: n x n'),
    ('sqrtm(S)', 'sqrtm(S)', 'S: n x n'), ('pinv(A)*b', 'pinv(A)*b', 'A: n x m, b: n'), ("A.'*x", 'A.T*x', 'A: n x m, x: n'),
    ('exp(A*x).*y', 'had(exp(A*x), y)', 'A: n x m, x: m, y: n'), ('(a + b)*x.^2', '(a + b)*hpow(x, 2)', 'a: scalar, b: scalar, x: n'),
    ("tr(A*X'*B*X*C)", 'tr(A*X.T*B*X*C)', 'A: n x m, X: k x m, B: k x k, C: m x n'),
    ('sum(sum(X.*Y))', 'sum(had(X, Y))', 'X: n x m, Y: n x m'), ('softmax(W*x)', 'softmax(W*x)', 'W: n x m, x: m'),
    ('x./norm2(x)', 'x/norm(x)', 'x: n'), ('logsumexp(A*x)', 'logsumexp(A*x)', 'A: n x m, x: m'),
    ('dot(x, y)^2', '(x.T*y)**2', 'x: n, y: n'), ("A .* (x*y')", 'had(A, x*y.T)', 'A: n x m, x: n, y: m'),
]  # fmt: skip
LATEX = [  # the same
    ('x^\\top A x', 'x.T*A*x', 'x: n, A: n x n'),
    ('\\frac{1}{2} x^{\\top} A x - b^{\\top} x', 'x.T*A*x/2 - b.T*x', 'x: n, A: n x n, b: n'),
    ('\\lVert Xw - y \\rVert_2^2', 'norm(X*w - y)**2', 'X: n x m, w: m, y: n'),
    ('\\frac{1}{2}\\|A x - b\\|_2^2 + \\frac{\\lambda}{2}\\|x\\|_2^2', 'lam*norm(x)**2/2 + norm(A*x - b)**2/2', 'A: n x m, x: m, b: n, lam: scalar'),
    ('\\|X\\|_F^2', 'norm(X)**2', 'X: n x m'), ('\\|X - UV^\\top\\|_F^2', 'norm(X - U*V.T)**2', 'X: n x m, U: n x k, V: m x k'),
    ('\\operatorname{tr}(A X^{-1})', 'tr(A*X.I)', 'A: n x n, X: n x n'),
    ('\\operatorname{tr}\\left(X^\\top A X\\right)', 'tr(X.T*A*X)', 'X: n x m, A: n x n'),
    ('\\mathrm{tr}(AXB)', 'tr(A*X*B)', 'A: n x m, X: m x k, B: k x n'), ('\\log\\det X', 'log(det(X))', 'X: n x n'),
    ('\\log \\det (X^\\top X)', 'log(det(X.T*X))', 'X: n x m'), ('\\log|X|', 'log(det(X))', 'X: n x n'),
    ('\\log \\lvert \\Sigma \\rvert', 'log(det(Sigma))', 'Sigma: n x n'),
    ('-\\frac{1}{2}\\log\\det\\Sigma - \\frac{1}{2}(x-\\mu)^\\top \\Sigma^{-1} (x-\\mu)', '-log(det(Sigma))/2 - (x - mu).T*Sigma.I*(x - mu)/2', 'Sigma: n x n, x: n, mu: n'),
    ('(y - X\\beta)^\\top (y - X\\beta)', '(y - X*beta).T*(y - X*beta)', 'y: n, X: n x m, beta: m'),
    ('A^{-1} b', 'A.I*b', 'A: n x n, b: n'), ('A^{-\\top} b', 'A.T.I*b', 'A: n x n, b: n'),
    ('X \\odot Y', 'had(X, Y)', 'X: n x m, Y: n x m'), ('X \\circ Y', 'had(X, Y)', 'X: n x m, Y: n x m'),
    ('A \\otimes B', 'kron(A, B)', 'A: n x m, B: k x p'),
    ('(A \\otimes B) \\operatorname{vec}(X)', 'kron(A, B)*vec(X)', 'A: n x m, B: k x p, X: p x m'),
    ('\\operatorname{vec}(A X B)', 'vec(A*X*B)', 'A: n x m, X: m x k, B: k x p'),
    ('\\operatorname{diag}(x) A', 'diag(x)*A', 'x: n, A: n x m'), ('\\operatorname{diag}(A)', 'diag(A)', 'A: n x n'),
    ('\\mathbf{1}^\\top x', 'ones(1, n)*x', 'x: n'), ('\\mathbf{1}_n^\\top x', 'ones(1, n)*x', 'x: n'),
    ('\\mathbf{x}^\\top \\mathbf{A} \\mathbf{x}', 'x.T*A*x', 'x: n, A: n x n'),
    ('\\boldsymbol{\\mu}^\\top \\boldsymbol{\\Sigma}^{-1} \\boldsymbol{\\mu}', 'mu.T*Sigma.I*mu', 'mu: n, Sigma: n x n'),
    ('\\frac{x^\\top A x}{x^\\top x}', 'x.T*A*x/(x.T*x)', 'x: n, A: n x n'), ('\\sqrt{x^\\top x}', 'sqrt(x.T*x)', 'x: n'),
    ('\\exp\\left(-\\frac{1}{2}\\|x - y\\|^2\\right)', 'exp(-norm(x - y)**2/2)', 'x: n, y: n'),
    ('\\sum_{i=1}^{m} (y_i - (Xw)_i)^2', 'Sum((y[i] - (X*w)[i])**2, (i, 0, m - 1))', 'y: m, X: m x n, w: n'),
    ('\\sum_{i} x_i^2', 'Sum(x[i]**2, (i, 0, n - 1))', 'x: n'), ('\\sum_{i=1}^n \\log x_i', 'Sum(log(x[i]), (i, 0, n - 1))', 'x: n'),
    ('\\sum_{i,j} A_{ij} x_i x_j', 'Sum(A[i, j]*x[i]*x[j], (j, 0, n - 1), (i, 0, n - 1))', 'A: n x n, x: n'),
    ('\\sum_{i=1}^{n} \\sum_{j=1}^{m} X_{ij}^2', 'Sum(X[i, j]**2, (j, 0, m - 1), (i, 0, n - 1))', 'X: n x m'),
    ('\\sigma(Xw)', 'sigmoid(X*w)', 'X: n x m, w: m'), ('\\tanh(Wx + b)', 'tanh(W*x + b)', 'W: n x m, x: m, b: n'),
    ('\\sin(x)', 'sin(x)', 'x: n'), ('\\langle x, y \\rangle', 'x.T*y', 'x: n, y: n'),
    ('\\left\\langle Ax, y\\right\\rangle', '(A*x).T*y', 'A: n x m, x: m, y: n'), ('x^{\\mathsf{T}} A x', 'x.T*A*x', 'x: n, A: n x n'),
    ('x^T A x', 'x.T*A*x', 'x: n, A: n x n'), ('A^{\\dagger} b', 'pinv(A)*b', 'A: n x m, b: n'), ('\\|w\\|_1', 'norm(w, 1)', 'w: n'),
    ('\\|x\\|_\\infty', 'norm(x, inf)', 'x: n'), ('\\|X\\|_*', 'nuclear_norm(X)', 'X: n x m'),
    ('e^{x^\\top y}', 'exp(x.T*y)', 'x: n, y: n'), ('(I + X)^{-1} y', '(I(n) + X).I*y', 'X: n x n, y: n'),
    ('\\left(I_n + UV^\\top\\right)^{-1}', '(I(n) + U*V.T).I', 'U: n x m, V: n x m'), ('X^2 y', 'X**2*y', 'X: n x n, y: n'),
    ('x x^\\top', 'x*x.T', 'x: n'),
    ('\\begin{bmatrix} A & B \\\\ C & D \\end{bmatrix}', 'block([[A, B], [C, D]])', 'A: n x m, B: n x k, C: p x m, D: p x k'),
    ('\\operatorname{softmax}(W x)', 'softmax(W*x)', 'W: n x m, x: m'),
    ('\\log\\sum_{i=1}^{n} \\exp(x_i)', 'log(Sum(exp(x[i]), (i, 0, n - 1)))', 'x: n'),
    ('\\det(A X B)', 'det(A*X*B)', 'A: n x m, X: m x k, B: k x n'),
    ('\\alpha x + \\beta y', 'alpha*x + beta*y', 'alpha: scalar, x: n, beta: scalar, y: n'),
    ('\\hat{y}^\\top x', 'y_hat.T*x', 'y_hat: n, x: n'), ('2\\,x^\\top y + c', 'c + 2*(x.T*y)', 'x: n, y: n, c: scalar'),
    ('\\ln\\det(\\Sigma)', 'log(det(Sigma))', 'Sigma: n x n'),
]  # fmt: skip
MISTAKES = [  # (text, column of the caret)
    ("x'*A*", 6), ("x'**A", 1), ('(x + y', 1), ('x + y)', 6), ('x + * y', 5), ('trase(X)', 1), ('norm3(x)', 1), ('x..*y', 2),
    ('A*B)', 4), ('[A, B; C]', 1), ('sum()', 1), ('sum(x', 4), ('inv()', 1), ('exp(x, y)', 1), ("A*x + x*A*y'", 9), ("x'*A*x + A", 10),
    ('kron(A)', 1), ('kron()', 1), ('vector(2)', 1), ('eye(0)', 5), ('1e99999*x', 1), ('x ^ ^ 2', 5), ("x**2**y'", 1), ("x y.T.Q", 7),
    ('2px', 2), ('x y', 3), ('A(1,2', 2), ('x.T.Q', 5), ("x'*A*x # loss", 8), ("x'*A*x % loss", 8), ('$x', 1), ('x & y', 3),
    ('a = b', 3), ('x == y', 1), ('"abc"', 1), ("'abc'", 1), ('lambda x: x', 1), ('for x in y', 1), ('x if y else z', 3),
    ('import os', 1), ("__import__('os')", 1), ('x.__class__', 3), ('f(x)', 1), ("tr(x*y')+x", 1), ('tr(A, B)', 1), ('det(x)', 1),
    ('softmax(X)', 9), ('diag(A, B)', 9), ('X^2^3', 4), ('||x|', 4), ('|x', 1), ("A*x - y*b'", 7), ("y.*(A*x').*x", 7), ('logdet()', 1),
    ('norm(x, 0)', 1), ("norm(x, 'abc')", 9), ('X[0,1,2]', 1), ('X[-1, 0', 2), ('Einsum(ijk: x)', 1),
]  # fmt: skip
MISTAKES_LATEX = [  # the same
    ('x^\\top A x)', 11), ('\\frac{1}{2', 9), ('\\frac{1}', 9), ('\\frac', 6), ('x^', 3), ('x_', 2), ('{x', 1), ('x}', 2),
    ('\\left( x', 6), ('\\lVert x', 1), ('\\|x', 1), ('\\operatorname{trase}(X)', 1), ('\\foo x', 1), ('\\log\\det', 9),
    ('\\sum_{i=1}^{n}', 15), ('\\sum x', 1), ('\\sum_{i=1}^{m} y', 1), ('\\sqrt', 6), ('\\sqrt[3]{x}', 1),
    ('\\begin{bmatrix} A & B \\\\ C \\end{bmatrix}', 1), ('\\begin{bmatrix} A & B', 1), ('\\end{bmatrix}', 1), ('\\frac{x}{}', 10),
    ('x^\\top A x + A', 14), ('\\mathbf{}', 1), ('\\mathbf', 1), ('\\operatorname{}', 1), ('x^{2^{3', 6), ('x^2^3', 4),
    ('\\lVert x \\rVert_q_r', 1), ('\\langle x, y', 1), ('x \\odot', 8), ('\\odot x', 1), ('A \\otimes', 10), ('\\otimes', 1),
    ('\\alph x', 1), ('x = y', 3), ('\\partial x', 1), ('\\int x', 1), ('\\nabla f', 1), ('\\sin^{-1} x', 1), ('\\hat', 1),
    ('A \\cdot \\cdot B', 9), ('\\frac{1}{2} \\frac', 18), ('(x, y)', 1), ('[x', 1), ('x | y', 3), ('|x', 1), ('\\lvert x', 1),
    ('\\exp', 5), ('\\text{hello world} x', 1), ('x^{\\top', 4), ('A^{-\\top', 5), ('\\begin{pmatrix}', 1), ('&', 2), ('\\\\', 1),
    ('x % comment', 3),
]  # fmt: skip

FORMULAS = [(*row, "auto") for row in MATLAB] + [(*row, "latex") for row in LATEX]
ALL_MISTAKES = [(*row, "auto") for row in MISTAKES] + [(*row, "latex") for row in MISTAKES_LATEX]
BESIDES = {
    "y'*log(p) + (vector(1) - y)'*log(vector(1) - p)": {"p": "unit"}
}  # what a formula needs besides what its functions of symbols do


@pytest.mark.parametrize(("typed", "text", "shapes", "syntax"), FORMULAS)
def test_each_is_read(typed, text, shapes, syntax):
    reading = read(typed, syntax=syntax)
    assert to_text(reading.expr) == text
    assert ", ".join(f"{name}: {shape}" for name, shape in reading.shapes.items()) == shapes


@pytest.mark.parametrize(("typed", "text", "shapes", "syntax"), FORMULAS)
def test_what_is_printed_reads_back(typed, text, shapes, syntax):
    """Typed, printed and typed again, with the shapes declared, it is the same expression."""
    reading = read(typed, syntax=syntax)
    declared = [f"{name}: {shape}" for name, shape in reading.shapes.items()]
    assert to_text(parse(text, declared)[0]) == text


@pytest.mark.slow
@pytest.mark.parametrize(("typed", "text", "shapes", "syntax"), FORMULAS)
def test_each_derives_right(typed, text, shapes, syntax):
    reading = read(typed, syntax=syntax)
    variable = next((s for s in reversed(reading.symbols.values()) if not s.is_integer), None)
    domain = {reading.symbols[name]: kind for name, kind in BESIDES.get(typed, {}).items()}
    assert variable is None or mc.check(reading.expr, variable, domain=domains(reading.expr)[0] | domain).ok


@pytest.mark.parametrize(("typed", "column", "syntax"), ALL_MISTAKES)
def test_a_mistake_has_its_place(typed, column, syntax):
    with pytest.raises(mc.MatcalcError) as error:
        read(typed, syntax=syntax)
    *_, line, caret = str(error.value).splitlines()
    assert error.value.column == column and caret.strip() == "^" and caret.index("^") <= len(line)
