"""Products of matrices as chains of atoms, and index-notation terms over them."""
