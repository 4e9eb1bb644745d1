"""A program of a user's: run, and type checked as strictly as can be, against the installed package."""

from sympy import MatrixSymbol, Trace, symbols

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
A, B, X = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("X", m, n)
w, y = MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1)
loss = mc.Norm(X * w - y) ** 2 / 2


def derive() -> list[str]:
    """Derivatives, what they rest on and how they print."""
    gradient, jacobian, hessian = mc.gradient(loss, w), mc.jacobian(A * w, w), mc.hessian(loss, w)
    notes: tuple[str, ...] = mc.conditions(gradient)
    names, short = mc.abbreviate(hessian)
    return [mc.latex(gradient), str(jacobian), *notes, *map(str, names), str(short), str(mc.taylor(Trace(A * A), A, B, order=2))]


def explain() -> list[str]:
    """Steps, a verdict and a check."""
    steps = [f"{step.left} = {step.right}  {step.rule}" for step in mc.explain(loss, w).steps]
    return [*steps, mc.verdict(X.T * (X * w - y), loss, w).kind, str(mc.check(loss, w)), mc.dataflow(loss).mermaid()]


def compute() -> list[float]:
    """Numbers."""
    function = mc.lambdify([X, w, y], mc.gradient(loss, w))
    print(len(function.source))
    problem = mc.objective(loss, [w], data={X: [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], y: [1.0, 2.0, 3.0]})
    start = problem.flatten({w: [0.0, 0.0]})
    return [problem.fun(start), *problem.jac(start), *function([[1.0]], [1.0], [0.0])]


print(*derive(), *explain(), compute(), sep="\n")
