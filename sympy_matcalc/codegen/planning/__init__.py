"""From the graph as typed to the graph as an expert would compute it: orders of contraction, what to multiply out, what to factor."""
