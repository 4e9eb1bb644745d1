"""Chains: a product of matrices as a tuple of atoms, where cancelling and reversing are cheap."""

from .atoms import atom_node as atom_node
from .atoms import atom_shape as atom_shape
from .atoms import chain_key as chain_key
from .atoms import chain_shape as chain_shape
from .atoms import count_flips as count_flips
from .atoms import express_chain as express_chain
from .atoms import hadamard_power_of as hadamard_power_of
from .atoms import hadamard_vectors as hadamard_vectors
from .atoms import make_atom as make_atom
from .atoms import open_product as open_product
from .atoms import powers_multiply as powers_multiply
from .atoms import product as product
from .atoms import reverse as reverse
from .atoms import splits as splits
from .entries import entry as entry
from .entries import has_zero as has_zero
from .entries import is_ones as is_ones
from .entries import scalar as scalar
from .entries import trace as trace
from .merging import atom_inverse as atom_inverse
from .merging import block_slice as block_slice
from .merging import is_selector as is_selector
from .merging import normalise as normalise
from .merging import push as push
from .merging import selector as selector
