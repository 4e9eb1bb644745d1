"""What a user calls: derivatives, and products with derivatives."""

from . import given as given
