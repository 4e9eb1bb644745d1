"""What LaTeX has that is no formula of matrices, and what is nearly that and is read."""

import pytest

import sympy_matcalc as mc
from sympy_matcalc.text import read

from .spelled import check_derivative, check_place

REFUSED = [
    (r"W^{[2]} \sigma(W^{[1]} x)", 2, "can be an upper index, and a power"), (r"a^{<t>}", 2, "can be an upper index"), (r"\operatorname*{argmin}_x \|x\|", 1, "write the function alone"),
    (r"\sum_{k=1}^{K} \pi_k \mathcal{N}(x | \mu_k, \Sigma_k)", 22, "is a density of which nothing is known"), (r"\ln p(\mathbf{X} | \theta)", 5, "write its logarithm out"),
    (r"\mathcal{N}(x; \mu, \Sigma)", 1, "is a density"), (r"p(y \mid x)", 1, "is a density"), (r"\max_i x_i", 1, r"write `\max(x)` for the maximum of the entries of x"),
    (r"\Delta x^T H \Delta x", 1, "can be one symbol, a step, and a product"), (r"2 \delta x", 3, "or declare `delta`"), (r"\|W\|_{2,1}", 4, "the norms of the rows"),
    (r"\vec{a} \times \vec{b}", 9, r"write `\operatorname{cross}(\vec{a}, \vec{b})`"),
    (r"\sum_i \rho_\tau(y_i - x_i^\top \beta)", 8, r"`\rho_\tau(...)` can be a function of what is in the brackets"),
    (r"\sum_i (y_i - f_\theta(x_i))^2", 15, r"`f_\theta(...)` is a function of which nothing is known"), (r"D_\theta(x)", 1, r"`D_\theta(x)` can be a function and its argument"),
    (r"\sum_i H_\delta(y_i - x_i^\top w)", 8, r"`H_\delta(...)` can be a function of what is in the brackets"),
    (r"\sum_{i=1}^n \ell_i(w)", 14, r"`\ell_i(w)` can be a function and its argument"), (r"\rho_1(x + y)", 1, r"the product as `\rho_1 \cdot (...)`"),
    (r"\operatorname{KL}(p \| q)", 1, "write `sum(had(p, log(p) - log(q)))`"), (r"\min_{\mathbf{w}} \|w\|", 1, r"`_{\mathbf{w}}` below `min`"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "column", "says"), REFUSED)
def test_what_is_refused_has_its_place(text, column, says):
    check_place(text, column, says)


READ = [  # (typed, the same in Python's spelling)
    (r"\left\langle A, X \right\rangle_F", "dot(A, X)"), (r"\langle A, X \rangle_{\mathrm{F}}", "dot(A, X)"), (r"\left[ 1 - y w^\top x \right]_+", "relu(1 - y*w.T*x)"),
    (r"\rho_\tau(x + y) + \rho_\tau y", "rho_tau*(x + y) + rho_tau*y"), (r"\alpha_k (x - b)", "alpha_k*(x - b)"), (r"K_\theta (x - b) + K_\theta x", "K_theta*(x - b) + K_theta*x"), (r"f_\theta \cdot (x - b)", "f_theta*(x - b)"),
    (r"\log\Gamma(\alpha + 1) - \ln \Gamma\left(\sum_k b_k\right)", "lgamma(alpha + 1) - lgamma(Sum(b[k], (k, 0, n - 1)))"), (r"\log\Gamma \cdot 2", "log(Gamma)*2"),
    (r"\frac{n}{2} \log 2\pi\sigma^2 + b", "n/2*log(2*pi*sigma**2) + b"), (r"\sum_{i,j=1}^n A_{ij} x_i x_j", "Sum(A[i, j]*x[i]*x[j], (j, 0, n - 1), (i, 0, n - 1))"),
    (r"(A + \Delta) x + \Delta y", "(A + Delta)*x + Delta*y"), (r"\Delta \cdot x", "Delta*x"),
    (r"\begin{align} x^\top A x \label{eq:form} \end{align}", "x.T*A*x"), (r"x^\top A x \tag{1}", "x.T*A*x"), (r"2 \times \mathbf{x}", "2*x"),
    (r"2 (A x)_{+} + b", "2*relu(A*x) + b"), (r"p(|\alpha| + |\beta|) \cdot q^\top", "p*(abs(alpha) + abs(beta))*q.T"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "python"), READ)
def test_is_read_as(typed, python):
    assert read(typed, syntax="latex").expr == read(python).expr


def test_a_letter_with_the_end_of_a_sum_below_is_a_name_of_its_own():
    notes = read(r"\sum_{t=0}^{N-1} x_t^T Q x_t + x_N^T R x_N").notes
    assert "`x_N` is read as a name of its own, not as one of `x_t`" in notes


def test_the_hinge_loss_of_papers():
    text = r"\sum_i \left[ 1 - y_i w^\top x_i \right]_+ + \lambda \|w\|^2"
    check_derivative(text, "w")
    assert "relu" in mc.latex(read(text).expr)
