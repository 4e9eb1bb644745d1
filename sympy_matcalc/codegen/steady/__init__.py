"""The graph with what overflows, cancels or divides nothing by nothing as typed in forms that do not, before it is planned."""
