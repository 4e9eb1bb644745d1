"""Sizes that are not known yet: union-find over dummies, bound to integers, named sizes or expressions of these."""

from collections.abc import Callable

from sympy import Add, Dummy, Integer, Mul, S, Symbol, cancel, expand, fraction

SCALAR = (S.One, S.One)  # the shape of a scalar


class Clash(Exception):
    """Two sizes that have to be equal cannot be. `message`: what to say of it, where it is known only later than they met."""

    message: Callable[[], str] | None = None


def named_size(name):
    """The symbol of a size: a positive integer."""
    return Symbol(name, integer=True, positive=True)


def shape_text(shape):
    """'scalar', 'n' for a column, else 'm x n': what `--shape` takes."""
    rows, cols = shape
    if cols == 1:
        return "scalar" if rows == 1 else str(rows)
    return f"{rows} x {cols}"


class Sizes:
    """The unknown sizes of one expression. `large` are the dummies that convention or use says are not the literal 1."""

    def __init__(self):
        self.bound = {}
        self.large = set()
        self.changes = 0
        self.delayed = []  # pairs with an expression of unknowns on both sides, compared at the end, and what to say where they differ

    def fresh(self):
        return Dummy("size", integer=True, positive=True)

    def value(self, size):
        """`size` with everything known put in."""
        while size in self.bound:
            size = self.bound[size]
        if not isinstance(size, (Symbol, Integer)):
            known = {d: self.value(d) for d in size.free_symbols if d in self.bound}
            size = expand(size.xreplace(known)) if known else size
        return size

    def is_one(self, size):
        return self.value(size) is S.One

    def is_large(self, size):
        """Known not to be the literal 1: an integer above 1, a named size, or declared so by `grow`."""
        size = self.value(size)
        if isinstance(size, Mul):
            return any(map(self.is_large, size.args))
        if isinstance(size, Dummy):
            return size in self.large
        return size is not S.One

    def grow(self, size):
        """Say that `size` is not the literal 1; Clash if it is."""
        size = self.value(size)
        if size is S.One:
            raise Clash
        if isinstance(size, Dummy) and size not in self.large:
            self.large.add(size)
            self.changes += 1

    def equate(self, a, b, message=None):
        """Make `a` and `b` one size; Clash if they are known to differ, of `message` if that turns out later."""
        a, b = self.value(a), self.value(b)
        if a == b:
            return
        if not isinstance(a, Dummy) or (isinstance(b, Dummy) and a.dummy_index < b.dummy_index):
            a, b = b, a  # the younger unknown is bound to the older one
        if not isinstance(a, Dummy):
            self._delay(a, b, message)
        elif a in b.free_symbols and a != b or (a in self.large and b is S.One):
            raise Clash
        else:
            self._bind(a, b)

    def _bind(self, a, b):
        self.bound[a] = b
        self.changes += 1
        if a in self.large:
            self.grow(b)

    def _delay(self, a, b, message):
        difference = expand(a - b)
        if difference == 0:
            return
        if not difference.atoms(Dummy) or (isinstance(a, Add) and b is S.One):
            raise Clash
        self.delayed.append((a, b, message))

    def retry(self):
        """Solve the delayed pairs that have one unknown left; Clash if its value is no size."""
        pairs, self.delayed = self.delayed, []
        for a, b, message in pairs:
            try:
                self._solve(a, b, message)
            except Clash as clash:
                clash.message = message
                raise

    def _solve(self, a, b, message):
        difference = expand(self.value(a) - self.value(b))
        unknown = difference.atoms(Dummy)
        found = _solution(difference, *unknown) if len(unknown) == 1 else None
        if found is not None:
            self._bind(unknown.pop(), self._positive(found))
        elif difference != 0 and not self._bind_one_of_two(difference):
            self.delayed.append((a, b, message))
            if not unknown:
                raise Clash

    def _bind_one_of_two(self, difference):
        """Whether an equation says that one unknown is the other plus an integer from 0 on, as where `x[1:]` meets `y[2:]`."""
        slopes = {size: difference.coeff(size) for size in sorted(difference.atoms(Dummy), key=lambda d: -d.dummy_index)}
        if len(slopes) != 2 or set(slopes.values()) != {S.One, S.NegativeOne}:
            return False
        surplus = expand(difference - sum(slope * size for size, slope in slopes.items()))
        larger = next((size for size, slope in slopes.items() if (slope * surplus).is_nonpositive), None)
        if larger is None or not surplus.is_Integer:
            return False
        self._bind(larger, next(size for size in slopes if size != larger) - slopes[larger] * surplus)
        return True

    def _positive(self, value):
        """The value; Clash for one that is none of a size, as `2 - n`, which is one for a single n at most."""
        if value.is_Number and not (value.is_Integer and value > 0):
            raise Clash
        if isinstance(value, Add) and all(coefficient.is_negative for e, coefficient in value.as_coefficients_dict().items() if e != 1):
            raise Clash
        return value


def _solution(difference, size):
    """The size at which a difference is 0, as ``k m - 2 m`` at 2; None for a quotient that may be no whole number."""
    slope = difference.diff(size)
    if slope.is_Integer:
        return expand((slope * size - difference) / slope)
    if slope.has(size) or not abs(slope.as_coeff_Mul()[1]).is_positive:
        return None
    numerator, denominator = fraction(cancel((slope * size - difference) / slope))
    return expand(numerator) if denominator == 1 else None
