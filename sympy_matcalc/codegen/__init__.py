"""The numeric bridge: SymPy expressions to a graph of shared work, and from there to the source of a back end."""
