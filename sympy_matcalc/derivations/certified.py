"""What a derivation's certificate says, apart from how it is found, which needs NumPy."""

from typing import NamedTuple


class Certified(NamedTuple):
    """How many steps were found true at how many points, the largest relative error there, and the sizes of the last point.

    conditions: what held at these points and did not at others, which were passed over, as sentences.
    """

    steps: int
    points: int
    error: float
    sizes: dict
    reason: str = ""
    conditions: tuple = ()

    @property
    def ok(self) -> bool:
        """Whether at least one point could be judged (a wrong step raises)."""
        return self.points > 0

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        if not self.ok:
            return f"not checked: {self.reason or 'finite differences are not reliable at any of the random points; give a `domain`'}"
        sizes = ", ".join(f"{k} = {v}" for k, v in self.sizes.items())
        where = f", where {', and '.join(self.conditions)}" if self.conditions else ""
        return (
            f"{self.steps} step{'s' * (self.steps != 1)} checked at {self.points} random points"
            f"{f' (last {sizes})' if sizes else ''}: largest relative error {self.error:.1e}{where}"
        )
