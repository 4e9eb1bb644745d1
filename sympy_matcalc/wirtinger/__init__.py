"""Derivatives by complex variables: a conjugate is a variable of its own, and the engine of the real derivatives does the rest."""
