"""The graph of numeric work: its nodes, the table of their operations, products of arrays with labelled axes."""
