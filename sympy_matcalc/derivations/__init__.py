"""Derivations: the steps of a derivative in matrix notation, a recorded trail of the rules that make it."""

from .derivation import Derivation as Derivation
from .derivation import Step as Step
from .explain import explain as explain
from .node import Differential as Differential
