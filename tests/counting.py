"""What a computation takes, in a number that no load of the machine changes."""

import cProfile
import pstats


def counted(f):
    """(``f()``, the number of calls of functions it took)."""
    profile = cProfile.Profile()
    found = profile.runcall(f)
    return found, pstats.Stats(profile).total_calls


def products(source):
    """How many products of matrices and vectors the function of a generated source computes."""
    body = source[source.index("def compute(") :]
    return sum(body.count(sign) for sign in (" @ ", ".dot(", "_dot_with_turned("))
