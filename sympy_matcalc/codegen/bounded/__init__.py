"""Code whose arrays stay under a bound: `lambdify(..., memory=)`. What is long along one axis is computed by tiles of it.

ways      which nodes are computed part by part along an axis, and which totals come of parts, as the table of operations says
rebuild   the graph with loops over tiles in their place
estimate  how many numbers the graph holds at a time, beside its arguments and results
bounded   the axis that leaves least; the lengths of tiles from the bound
bytes     the bound as it is typed
"""
