"""What a back end consists of beside its spellings: its contract, names and helpers, the intake of arguments, loops, calls."""

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import TypeVar

from ...errors import MatcalcError, MissingLibraryError
from ..demands import DATA
from ..ir.node import Node
from ..ir.ops import OPS
from ..literals import string_literal
from .helpers import Dialect, HelperTable, check_complete, helper_table
from .spelling import ATOM, PRODUCT, SUM, Spelling, listing, paren, spellings, spells

B = TypeVar("B", bound="Core")
SHARED = ("common", "structures", "rotations")  # modules of `runtime` that every library can run
TRACED = (*SHARED, "standard", "standard_equations", "standard_factors", "divided_differences", "standard_functions")  # JAX and PyTorch
_TABLES: dict[type, HelperTable] = {}


def helpers_of(backend: "type[Core]") -> HelperTable:
    """The helpers of a back end by name, in the words of its library."""
    if backend not in _TABLES:
        _TABLES[backend] = helper_table(backend.runtime, replace(backend.words, xp=backend.xp))
    return _TABLES[backend]


def check_contract(backend: type[B]) -> type[B]:
    """The class, where it says all that a back end has to say; TypeError with what is missing."""
    unsaid = [name for name in ("title", "package", "xp") if not getattr(backend, name)]
    if unsaid:
        raise TypeError(f"the back end `{backend.__name__}` does not say {', '.join(f'`{name}`' for name in unsaid)}")
    check_complete(helpers_of(backend), backend.__name__)
    written = {op.name for op in OPS.values() if op.written}
    missing = sorted(written - backend.spellings.keys() - backend.refuses)
    unknown = sorted({*backend.spellings, *backend.refuses} - written)
    if missing or unknown:
        raise TypeError(
            f"the back end `{backend.__name__}` neither spells nor refuses the operations {missing}, and has unknown ones {unknown}"
        )
    return backend


class Absent:
    """In the place of a library, or a part of it, that is not installed: whatever is asked for is taken to be in it."""

    def __getattr__(self, name: str) -> "Absent":
        if name.startswith("__"):
            raise AttributeError(name)
        return self


class Core:
    """Spelling of nodes. `helpers`: which helpers the source needs; `imports`: its lines of import; `uses`: how often each node is an
    operand, and `consumers`: of which nodes; `parts`: for a node with several results, by number, which of them the function uses;
    `needs_dtype`: the source uses the name `dtype`.

    A subclass must spell or refuse each operation, and say `title`, what it is called in errors; `package`, what to install; `xp`, what the
    library is called in the source, helpers included; `module_name`, what is imported; `runtime`, the modules with its helpers, those of a
    later one in the place of those of an earlier; `words`, how its words differ from the standard's. `check_contract` says what is missing.
    """

    trivial = {"sym", "arg", "const", "dtype", "iter"}
    title, package, xp, module_name = "", "", "", ""
    runtime: tuple[str, ...] = SHARED
    words = Dialect()
    renamed, named = {}, {}  # functions: the library's own name for one of NumPy's; the helper for one
    spellings: Mapping[str, Spelling] = {}  # by operation
    refuses: frozenset[str] = frozenset()  # operations that the library cannot do
    instead = ""  # what to do then
    array_only: set[str] = set()  # functions that have no form for Python numbers
    factors = False  # whether a factorisation is kept for several uses
    looks_at_values = False  # whether the source may ask for the values of arrays: not where it is traced or lazy
    special_of_complex: frozenset[str] = frozenset()  # special functions that the library has of complex numbers too
    axis = "axis"  # what the library calls the argument that names axes
    special_in_double = False  # whether special functions are in single and double precision only
    computes_stacks = False  # whether a batch is computed at once by its code for stacks; else the function of one example is mapped
    computes_tiles = False  # whether it has code for tiles under a bound of memory
    is_bounded = False  # whether the function has such a bound: then it holds no copies of arguments
    weight_roots = False  # whether X' diag(d) X is Z' Z with the root of d: not where it is differentiated

    def __init_subclass__(cls):
        cls.spellings = spellings(cls)

    def __init__(self, names):
        self.names = names  # SymPy symbol -> Python name
        self.helpers, self.imports, self.uses, self.parts = {}, {}, {}, {}
        self.consumers: dict[int, list[Node]] = {}
        self.given = {}  # functions that a user has declared for nodes, by the names that the source has for them
        self.needs_dtype, self._numbers = False, {}
        self.module = self._imported(self.module_name)
        self.imports[self.import_line()] = True

    def import_line(self):
        return f"import {self.module_name}" + ("" if self.module_name == self.xp else f" as {self.xp}")

    def _imported(self, name):
        """A module; in the place of the back end's own library, if that is not installed, what has every name: source needs no more."""
        try:
            return import_module(name)
        except ImportError as error:
            library = name.partition(".")[0]
            if isinstance(error, ModuleNotFoundError) and library == self.module_name.partition(".")[0]:
                return Absent()
            what = f"the {self.title} back end of `lambdify`"
            raise MissingLibraryError(what, library, error) from error

    # ---- what the source consists of
    def header(self):
        """The lines of import, those of Python's own library first."""
        own = sorted(line for line in self.imports if line.split()[1] in ("math", "functools"))
        others = sorted(line for line in self.imports if line not in own)
        return "\n".join([*own, *([""] if own else []), *others]) + "\n"

    def helper_source(self):
        table = helpers_of(type(self))
        return "".join(f"\n\n{table[h].text}\n" for h in self.helpers)

    def need(self, helper):
        """The name of a helper that the source is to have, with those it calls before it."""
        found = helpers_of(type(self))[helper]
        for other in found.calls:
            if other not in self.helpers:
                self.need(other)
        self.helpers[helper] = True
        self.imports |= dict.fromkeys(found.imports, True)
        return helper

    def refused(self, what):
        """The error for what the library has not."""
        return MatcalcError(f"the {self.title} back end of `lambdify` has no {what}")

    def fn(self, path):
        """The text of a function of the library, which has to have it."""
        target = self.module
        for part in path.split("."):
            target = getattr(target, part, None)
        if target is None:
            raise self.refused(f"`{path}`: `{self.module_name}` does not provide it")
        return f"{self.xp}.{path}"

    def numpy(self, name):
        """The text of a function of NumPy, for numbers that are known when the function runs: sizes, and indices."""
        self.imports["import numpy as np"] = True
        return f"np.{name}"

    def vmap(self):
        """The text of the function that maps a function of one example over batches."""
        raise self.refused("map over batches: `batch` needs NumPy, JAX or PyTorch")

    def dtype(self):
        """The text of the dtype of the data."""
        self.needs_dtype = True
        return "dtype"

    def number(self, node):
        """Whether a node is a Python number when the function runs, made of sizes and constants only."""
        known = self._numbers.get(node.number)
        if known is None:
            known = node.ndim == 0 and (node.kind.of_numbers and all(map(self.number, node.args)) if node.args else node.weak)
            known = known and not (node.op == "call" and node.attrs[0] in self.array_only) or node.op == "size"
            self._numbers[node.number] = known
        return known

    def spell(self, node, texts):
        """(text, precedence) of a node, given those of its operands."""
        if node.op in self.refuses:
            raise self.refused(f"numeric code for the operation `{self.operation(node)}`{self.instead}")
        self.number(node)
        return self.spellings[node.op](self, node, texts)

    def operation(self, node):
        """The operation of a node in words, for an error."""
        return f"{node.attrs[0]}` of a matrix, `{node.op}" if node.op == "matrix_function" else node.op

    def operands(self, node, texts):
        """The texts of the operands of a function of arrays."""
        return [t[0] for t in texts]

    # ---- the intake of arguments, and what is returned
    def intake_start(self, parameters):
        return []

    def intake_arrays(self, arrays, demands, needs_dtype=False):
        """Of all arrays, pairs of a name and a symbol. needs_dtype: whether it is to be known then, unless `intake_shared` says it."""
        return [line for name, symbol in arrays for line in self.intake_array(name, symbol, demands)]

    def intake_array(self, name, symbol, demands):
        text = self.only_real(self.as_array(name, symbol), symbol, demands)
        return [f"{name} = {self.for_linalg(text, symbol, demands)}"]

    def intake_scalar(self, name, symbol, demands):
        text = self.as_scalar(self.only_real(name, symbol, demands), symbol)
        return [f"{name} = {self.for_linalg(text, symbol, demands)}"]

    def length(self, name, symbol, axis):
        """The text of the length of an axis of an argument."""
        return f"{name}.shape[{axis}]"

    def differs(self, name, symbol, expected, open_axes):
        """The text of whether the shape of an argument is not the expected one. open_axes: those that remain to be looked at, where the
        number of axes is known; else None.
        """
        return f"{name}.shape != {listing(expected)}"

    def as_array(self, text, symbol):
        return f"{self.need('_as_array')}({text}, {string_literal(symbol)})"

    def as_scalar(self, text, symbol):
        return f"{self.need('_as_scalar')}({text}, {string_literal(symbol)}, dtype)"

    def only_real(self, text, symbol, demands):
        """An argument, refused where it is complex and the formula is of real numbers."""
        return f"{self.need('_only_real')}({text}, {string_literal(symbol)})" if symbol in demands.real else text

    def for_linalg(self, text, symbol, demands):
        """An argument in a precision that linear algebra has, where it is for that."""
        wanted = not demands.linalg.isdisjoint({symbol, DATA})
        return f"{self.need('_for_linalg')}({text}, {string_literal(symbol)})" if wanted else text

    def intake_shared(self, arrays, scalars, needed):
        """What the arguments have in common, after the arrays have come in."""
        return ["dtype = " + (self.result_type(arrays) if arrays else self.default_dtype(scalars))] if needed else []

    @spells("eye")
    def _eye(self, node, texts):
        """The identity, of the size and dtype in `texts`; each library says how."""
        raise self.refused("numeric code for the identity")

    def default_dtype(self, scalars):
        """The text of the dtype where no array shows one."""
        raise NotImplementedError

    def intake_with_scalars(self, is_known, scalars):
        """The dtype of the data where there are scalars; is_known: whether `dtype` is that of the arrays."""
        return ["dtype = " + self.result_type([*(["dtype"] if is_known else []), *scalars])]

    def result_type(self, texts):
        return f"{self.fn('result_type')}({', '.join(texts)})"

    def own(self, text):
        """An array that nobody else has, of one that is an argument, part of one, or another result."""
        return text

    # ---- loops
    def loop_range(self, node, low, high):
        """The range of a loop, and what follows it: a sum whose bounds are in reverse is the negative of what lies between (Karr)."""
        if node.attrs[2]:
            return f"range({low}, {high})", None
        undone = "-{0}" if node.attrs[0] == "sum" else "1 / {0}"
        return f"range(min({low}, {high}), max({low}, {high}))", f"if {high} < {low}:\n    {{0}} = {undone}"

    def loop_start(self, node, texts):
        dtype, *sizes = texts
        kind = node.attrs[0]
        if kind == "columns":
            return "[]"
        if not sizes:
            return "0.0" if kind == "sum" else "1.0"
        return self.filled("zeros" if kind == "sum" else "ones", listing([s[0] for s in sizes]), dtype[0])

    def filled(self, name, shape, dtype):
        """Zeros or ones."""
        return f"{self.fn(name)}({shape}, {self.placed(dtype)})"

    def placed(self, dtype):
        """The last arguments of a constructor."""
        return f"dtype={dtype}"

    def loop_step(self, kind, result, body):
        if kind == "columns":
            return f"{result}.append({body[0]})"
        return f"{result} = {result} {'+' if kind == 'sum' else '*'} {paren(body, SUM if kind == 'sum' else PRODUCT)}"

    # ---- norms
    def root_of_sum(self, node, texts):
        """The root of the sum of squares."""
        x, axes = paren(texts[0], PRODUCT), node.attrs
        over = "" if len(axes) == node.args[0].ndim else f", {self.axis}={axes[0] if len(axes) == 1 else tuple(axes)}"
        return f"{self.fn('sqrt')}({self.fn('sum')}({x} * {x}{over}))", ATOM

    # ---- calls
    def called(self, path, texts, *more):
        """A call of a function of the library."""
        return f"{self.fn(path)}({', '.join([*(t[0] for t in texts), *more])})", ATOM

    def helped(self, node, texts, *more):
        """A call of the helper of the same name as the operation."""
        return f"{self.need('_' + node.op)}({', '.join([*(t[0] for t in texts), *more])})", ATOM
