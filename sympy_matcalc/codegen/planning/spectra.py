"""Matrices that are known to be symmetric have their functions by eigenvalues, where a library cannot ask whether they are.

>>> from sympy import MatrixSymbol, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> from sympy_matcalc.nodes import MatrixSqrt
>>> n = symbols("n", integer=True, positive=True)
>>> A = MatrixSymbol("A", n, n)
>>> before_and_after(spectra, MatrixSqrt(A.T + A), decomposes=True, looks_at_values=False)
before: like(matrix_function(A + A.T, spectrum(A + A.T); sqrtm), A + A.T)
after:  like(matrix_function(A + A.T, spectrum(A + A.T; True); sqrtm), A + A.T)
>>> before_and_after(spectra, MatrixSqrt(A), decomposes=True, looks_at_values=False)
before: like(matrix_function(A, spectrum(A); sqrtm), A)
after:  like(matrix_function(A, spectrum(A); sqrtm), A)
"""

from ..schedule import reachable


def spectra(graph, roots, context):
    """The roots with the decompositions marked of matrices that are symmetric by form or by fact; of others there will be none."""
    order = reachable(roots)
    if context.backend.looks_at_values or not any(node.op == "spectrum" for node in order):
        return roots
    new = {}
    for node in order:
        args = [new[a.number] for a in node.args]
        known = node.op == "spectrum" and graph.is_symmetric(node.args[0])
        new[node.number] = graph.make("spectrum", tuple(args), (True,)) if known else graph.remake(node, args)
    return [new[r.number] for r in roots]
