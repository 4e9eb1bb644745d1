"""From an expression as typed to the form the rules meet: one orientation a node, one bound symbol, no sums over entries, no 1x1."""

from . import book as book
from .canonical import prepare as prepare
from .canonical import prepare_whole as prepare_whole
