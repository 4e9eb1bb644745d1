"""From index-notation terms back to matrix notation."""

from .expression import raise_terms as raise_terms
