"""Matrices that are known to be symmetric have their functions by eigenvalues, where a library cannot ask whether they are.

Of a function of A'A, in a library whose functions are traced:

    before: matrix_function(sum(A[ij] A[ik] -> jk), spectrum(sum(A[ij] A[ik] -> jk)); sqrtm)
    after:  matrix_function(sum(A[ij] A[ik] -> jk), spectrum(sum(A[ij] A[ik] -> jk); True); sqrtm)
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
