"""The first lines of a generated function: arguments made arrays, symbolic sizes read off them, shapes checked."""

from dataclasses import dataclass
from itertools import product

from sympy import Dummy, Pow, S, Symbol

from ..errors import MatcalcError
from .backends.spelling import listing
from .literals import string_literal

MOST_REMAINDERS = 256  # that are tried


def _always_divides(number, e):
    """Whether a polynomial of whole coefficients is a multiple of a number whatever whole values its symbols have: n (n + 1) of 2."""
    symbols = sorted(e.free_symbols, key=str)
    if not number.is_Integer or number ** len(symbols) > MOST_REMAINDERS or not e.is_polynomial(*symbols):
        return False
    return all(e.subs(dict(zip(symbols, values, strict=True))) % number == 0 for values in product(range(number), repeat=len(symbols)))


@dataclass
class Parameter:
    """An argument: its SymPy symbol, its name in the source, and its shape, () for a scalar. `example`: the shape of one example of a
    batch, whose axis comes first in `shape`, with axes of length 1 left out there; None for an argument that is no batch.
    """

    symbol: object
    name: str
    shape: tuple
    example: tuple | None = None
    is_sparse: bool = False

    @property
    def axes(self):
        return [k for k, s in enumerate(self.shape) if s != 1]

    @property
    def is_single(self):
        """Whether it is a matrix of one entry."""
        return len(self.shape) == 2 and not self.axes

    @property
    def is_vector(self):
        live = self.axes if self.example is None else [s for s in self.example if s != 1]
        return len(live) == 1

    @property
    def is_shortened(self):
        """Whether it is a batch whose examples have axes of length 1, which may come too."""
        return self.example is not None and 1 in self.example


def string_of(shape: tuple) -> str:
    """A shape for messages; the size of a batch, which is a symbol of ours, by its name."""
    names = {d: Symbol(d.name) for size in shape for d in size.atoms(Dummy)}
    return f"({', '.join(str(size.xreplace(names)) for size in shape)})"


class Intake:
    """Writes the intake for a back end; `sizes` are the size symbols that get a value, `known` where each came from."""

    def __init__(self, backend, parameters, names, integers, demands):
        self.backend, self.parameters, self.names, self.demands = backend, parameters, names, demands
        self.integers, self.known, self.lines = integers, {}, []
        self.counted = set()  # arguments whose number of axes is right, by what was looked at before
        self.tells_single = False  # whether it is asked for if all matrices of one entry came as numbers

    def write(self, need_dtype):
        """The lines."""
        arrays = [p for p in self.parameters if p.shape]
        scalars = [p for p in self.parameters if not p.shape]
        self.lines += self.backend.intake_start([p.name for p in arrays or scalars if p.symbol not in self.integers])
        for p in scalars:
            if p.symbol in self.integers:
                self._integer(p)
        if any(p.is_vector for p in arrays):
            self.lines.append("flat = True")
        if self.tells_single and any(p.is_single for p in arrays):
            self.lines.append("single = True")
        scalars = [p for p in scalars if p.symbol not in self.integers]
        self._arrays(arrays, bool(scalars) or need_dtype)
        self._nonempty()
        self._scalars(scalars, arrays, need_dtype)
        return self.lines

    def _arrays(self, arrays, needs_dtype):
        """The arrays; what sizes they show in rounds, since what one shows may be needed for another."""
        self.lines += self.backend.intake_arrays([(p.name, p.symbol) for p in arrays], self.demands, needs_dtype)
        waiting = [p for p in arrays if not self._array(p)]
        while waiting:
            left = [p for p in waiting if not self._sizes(p)]
            if len(left) == len(waiting):
                break
            waiting = left
        if waiting:
            p = waiting[0]
            unknown = sorted({s.name for x in p.shape for s in x.free_symbols if s not in self.known})
            raise MatcalcError(
                f"the size {', '.join(f'`{u}`' for u in unknown)} cannot be read off the shape {string_of(p.shape)} of `{p.symbol}`: "
                "pass it to `lambdify` as an argument of its own"
            )

    def _integer(self, p):
        helper = self.backend.need("_as_integer")
        self.lines += [f"if type({p.name}) is not int:", f"    {p.name} = {helper}({p.name}, {string_literal(p.symbol)})"]
        self.known[p.symbol] = p.symbol

    def _array(self, p):
        x = p.name
        if not p.axes:
            self.lines += [f"single = single and {x}.ndim < 2"] if self.tells_single and p.is_single else []
            self.lines.append(f"{x} = {self.backend.need('_as_single')}({x}, {string_literal(p.symbol)})")
            return True
        if p.is_shortened:
            helper, ones = self.backend.need("_as_stack"), tuple(k + 1 for k, s in enumerate(p.example) if s == 1)
            text = string_literal(string_of((p.shape[0], *p.example)))
            lines = [f"{x} = {helper}({x}, {string_literal(p.symbol)}, {text}, {ones})", *(["flat = False"] if p.is_vector else [])]
            self.lines += [f"if {x}.ndim != {len(p.shape)}:", *("    " + line for line in lines)]
            self.counted.add(p.symbol)
        elif p.is_vector and p.example is None:
            helper = self.backend.need("_as_vector")
            call = f"{helper}({x}, {string_literal(p.symbol)}, {string_literal(self._shape_text(p))}, {p.axes[0]})"
            self.lines += [f"if {x}.ndim != 1:", f"    {x}, flat = {call}, False"]
            self.counted.add(p.symbol)
        elif any(s not in self.known for size in p.shape for s in size.free_symbols):  # else the comparison of shapes tells
            call = self._refusal(p, self._shape_text(p), string_literal("two axes" if len(p.axes) == 2 else f"{len(p.axes)} axes"))
            self.lines += [f"if {x}.ndim != {len(p.axes)}:", "    " + call]
            self.counted.add(p.symbol)
        return self._sizes(p)

    def _refusal(self, p, symbols, expected):
        """The call that raises for a wrong shape; `expected`: source of the shape, or of what is to hold."""
        name, text = string_literal(p.symbol), string_literal(symbols)
        return f"{self.backend.need('_wrong_shape')}({name}, {text}, {expected}, {p.name}.shape)"

    def _shape_text(self, p):
        return string_of(p.shape)

    def _sizes(self, p):
        """Bind what the shape shows, check the rest; False where a size is still unknown."""
        wanted = [p.shape[k] for k in p.axes]
        unchecked = []
        for position, size in enumerate(wanted):
            unknown = [s for s in size.free_symbols if s not in self.known]
            if unknown and (len(unknown) > 1 or not self._bind(p, size, unknown[0], self.backend.length(p.name, p.symbol, position))):
                return False
            if not unknown or size != unknown[0]:
                unchecked.append(position)
        if unchecked:
            texts = [self.size_text(s) for s in wanted]
            expected = listing(texts)
            differs = self.backend.differs(p.name, p.symbol, texts, unchecked if p.symbol in self.counted else None)
            origin = sorted({f"{s.name} from `{self.known[s]}`" for x in wanted for s in x.free_symbols if self.known[s] != p.symbol})
            text = self._shape_text(p) + (f" with {', '.join(origin)}" if origin else "")
            self.lines += [f"if {differs}:", "    " + self._refusal(p, text, expected)]
        return True

    def _nonempty(self):
        """Refuse sizes that are 0 where there is no value then."""
        for size in sorted(self.demands.sizes, key=str):
            symbols = sorted(size.free_symbols, key=str)
            if symbols and all(s in self.known for s in symbols):
                p = next(p for p in self.parameters if p.symbol == self.known[symbols[0]])
                helper = self.backend.need("_no_entry" if self.demands.sizes[size] else "_no_entries")
                given = f"{p.name}.shape" if p.shape else "()"
                call = f"{helper}({string_literal(p.symbol)}, {given}, {string_literal(size)})"
                self.lines += [f"if {self.size_text(size)} == 0:", "    " + call]

    def _bind(self, p, size, symbol, got):
        text = got if size == symbol else self._solved(size, symbol, got)
        if not text:
            return False
        self.known[symbol] = p.symbol
        self.lines.append(f"{self.names[symbol]} = {text}")
        if size != symbol and size.coeff(symbol, 0) != 0:
            call = self._refusal(p, self._shape_text(p), string_literal(f"{symbol} not negative"))
            self.lines += [f"if {self.names[symbol]} < 0:", "    " + call]
        return True

    def _solved(self, size, symbol, got):
        """Python for the symbol where `size`, linear in it or a power of it, is `got`, which is checked after; "" where it is neither."""
        if isinstance(size, Pow) and size.base == symbol and size.exp.is_Integer:
            return f"round({got} ** (1 / {size.exp}))"
        size = size.expand()
        a, b = size.coeff(symbol, 1), size.coeff(symbol, 0)
        if a == 0 or (size - a * symbol - b).expand() != 0:
            return ""
        times = str(a) if a.is_Integer else f"max({self.size_text(a)}, 1)"
        return f"({got} - ({self.size_text(b)})) // {times}" if b != 0 else f"{got} // {times}"

    def size_text(self, size):
        """Python for an integer expression in known sizes."""
        size = S(size)
        if isinstance(size, Symbol):
            return self.names[size]
        if size.is_Integer:
            return str(size)
        above, below = size.as_numer_denom()
        if below is not S.One and _always_divides(below, above):
            return f"({self.size_text(above)}) // {below}"
        operator = {"Add": " + ", "Mul": "*", "Pow": "**"}.get(type(size).__name__)
        if operator is None or not all(a.is_integer or a.is_Integer or a.is_symbol for a in size.args):
            raise MatcalcError(
                f"`lambdify` cannot check the size `{size}` of an argument; write it with whole numbers, names, sums and products"
            )
        parts = [self.size_text(a) for a in size.args]
        return operator.join(t if a.is_symbol or a.is_Integer and a >= 0 else f"({t})" for t, a in zip(parts, size.args, strict=True))

    def _scalars(self, scalars, arrays, need_dtype):
        names = [p.name for p in arrays]
        self.lines += self.backend.intake_shared(names, [p.name for p in scalars], bool(scalars) or need_dtype)
        for p in scalars:
            self.lines += self.backend.intake_scalar(p.name, p.symbol, self.demands)
        if need_dtype and scalars:
            self.lines += self.backend.intake_with_scalars(bool(arrays), [p.name for p in scalars])
