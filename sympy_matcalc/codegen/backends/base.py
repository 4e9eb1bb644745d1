"""What the spelling of operations has in common in all Python array libraries: operators, indexing, loops, numbers.

A back end is a class that spells each operation of the graph, by a method ``(node, texts) -> (text, precedence)`` that is registered with
`spells`, or names it among what it `refuses`; and it names the modules of `runtime` with the helper functions that these texts call.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module

from ...errors import MatcalcError, MissingLibraryError
from ...nodes.linearity import called_by_name
from ..demands import DATA
from ..ir.ops import OPS
from ..literals import function_import, identifier, string_literal
from .helpers import Dialect, Helper, check_complete, helper_table
from .spelling import ATOM, COMPARE, POWER, PRODUCT, SUM, UNARY, Spelling, listing, paren, spellings, spells

STEADY = {name: f"_{name}" for name in ("log_cosh", "log_one_less_exp", "log_beside", "root_less_one", "sech_squared", "one_where_zero")}
INSTALLED_AS = {"dask": "'dask[array]'"}  # what pip calls a library, where that is not its name
OPERATORS = {"floordiv": "//", "intmod": "%", "quotient": "/"}


_TABLES: dict[type, dict[str, Helper]] = {}


def helpers_of(backend: "type[Backend]") -> dict[str, Helper]:
    """The helpers of a back end by name, in the words of its library."""
    if backend not in _TABLES:
        _TABLES[backend] = helper_table(backend.runtime, replace(backend.words, xp=backend.xp))
    return _TABLES[backend]


def check_contract(backend: "type[Backend]") -> "type[Backend]":
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


class Backend:
    """Spelling of nodes. `helpers`: which helpers the source needs; `imports`: its lines of import; `uses`: how often each node is an
    operand; `parts`: for a node with several results, by number, which of them the function uses; `needs_dtype`: the source uses the name
    `dtype`.

    A subclass must spell or refuse each operation, and say `title`, what it is called in errors; `package`, what to install; `xp`, what the
    library is called in the source, helpers included; `module_name`, what is imported; `runtime`, the modules with its helpers, those of a
    later one in the place of those of an earlier; `words`, how its words differ from the standard's. `check_contract` says what is missing.
    """

    trivial = {"sym", "arg", "const", "dtype", "iter"}
    title, package, xp, module_name = "", "", "", ""
    runtime: tuple[str, ...] = ("common",)
    words = Dialect()
    renamed, named = {}, {}  # functions: the library's own name for one of NumPy's; the helper for one
    spellings: Mapping[str, Spelling] = {}  # by operation
    refuses: frozenset[str] = frozenset()  # operations that the library cannot do
    instead = ""  # what to do then
    array_only: set[str] = set()  # functions that have no form for Python numbers
    factors = False  # whether a factorisation is kept for several uses
    looks_at_values = False  # whether the source may ask for the values of arrays: not where it is traced or lazy
    special_of_complex: frozenset[str] = frozenset()  # special functions that the library has of complex numbers too
    special_in_double = False  # whether special functions are in single and double precision only
    weight_roots = False  # whether X' diag(d) X is Z' Z with the root of d: not where it is differentiated

    def __init_subclass__(cls):
        cls.spellings = spellings(cls)

    def __init__(self, names):
        self.names = names  # SymPy symbol -> Python name
        self.helpers, self.imports, self.uses, self.parts = {}, {}, {}, {}
        self.given = {}  # functions that a user has declared for nodes, by the names that the source has for them
        self.needs_dtype, self._numbers = False, {}
        self.module = self._imported(self.module_name)
        self.imports[self.import_line()] = True

    def import_line(self):
        return f"import {self.module_name}" + ("" if self.module_name == self.xp else f" as {self.xp}")

    def _imported(self, name):
        try:
            return import_module(name)
        except ImportError as error:
            library = name.partition(".")[0]
            what = f"the {self.title} back end of `lambdify`"
            raise MissingLibraryError(what, f"`{library}`", INSTALLED_AS.get(library, library), error) from error

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

    def intake_array(self, name, symbol, demands):
        text = self.only_real(self.as_array(name, symbol), symbol, demands)
        return [f"{name} = {self.for_linalg(text, symbol, demands)}"]

    def intake_scalar(self, name, symbol, demands):
        text = self.as_scalar(self.only_real(name, symbol, demands), symbol)
        return [f"{name} = {self.for_linalg(text, symbol, demands)}"]

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
        return f"{self.fn(name)}({shape}, dtype={dtype})"

    def loop_step(self, kind, result, body):
        if kind == "columns":
            return f"{result}.append({body[0]})"
        return f"{result} = {result} {'+' if kind == 'sum' else '*'} {paren(body, SUM if kind == 'sum' else PRODUCT)}"

    # ---- norms
    def root_of_sum(self, node, texts):
        """The root of the sum of the squares of all entries."""
        x = paren(texts[0], PRODUCT)
        return f"{self.fn('sqrt')}({self.fn('sum')}({x} * {x}))", ATOM

    # ---- leaves
    @spells("sym", "arg")
    def _name(self, node, texts):
        return self.names[node.attrs[0]], ATOM

    @spells("dtype")
    def _dtype(self, node, texts):
        return "dtype", ATOM

    @spells("const")
    def _const(self, node, texts):
        v = node.attrs[0]
        if isinstance(v, float) and not math.isfinite(v):
            return (f"{self.xp}.nan", ATOM) if math.isnan(v) else (f"{self.xp}.inf", ATOM) if v > 0 else (f"-{self.xp}.inf", UNARY)
        if isinstance(v, complex):
            return repr(v), ATOM if repr(v)[0] != "-" else UNARY
        return repr(v), ATOM if v >= 0 else UNARY

    # ---- arithmetic
    @spells("add")
    def _add(self, node, texts):
        texts = sorted(texts, key=lambda t: t[0].startswith("-"))
        out = texts[0][0] if texts[0][1] >= SUM else f"({texts[0][0]})"
        for text, precedence in texts[1:]:
            if text.startswith("-") and precedence >= PRODUCT:
                out += " - " + text[1:]
            else:
                out += " + " + paren((text, precedence), SUM)
        return out, SUM

    @spells("mul")
    def _mul(self, node, texts):
        items = []
        for a, (text, precedence) in zip(node.args, texts, strict=True):
            divides = a.op == "pow" and text.startswith("1 / ")
            items.append((divides, text[4:] if divides else paren((text, precedence), PRODUCT), a))
        sign = ""
        if items[0][2].value == -1:
            sign, items = "-", items[1:]
        if items[0][0]:
            first = next((k for k, item in enumerate(items) if not item[0]), None)
            items = items[first : first + 1] + items[:first] + items[first + 1 :] if first is not None else [(False, "1", None), *items]
        out = items[0][1]
        for divides, text, _ in items[1:]:
            out += (" / " if divides else " * ") + text
        if sign and out.startswith("-"):
            out = f"({out})"
        return sign + out, PRODUCT if len(items) > 1 else UNARY

    @spells("pow")
    def _pow(self, node, texts):
        base, exponent = node.args
        e = exponent.value
        if isinstance(e, (int, float)) and e < 0:
            inner = texts[0] if e == -1 else self._power(base, texts[0], -e, (repr(-e), ATOM), exponent)
            return "1 / " + paren(inner, PRODUCT), PRODUCT
        return self._power(base, texts[0], e, texts[1], exponent)

    def _power(self, base, text, e, exponent, node):
        plain = isinstance(e, int) or base.integer and exponent[1] == ATOM and e is None and base.value is not None
        if self.number(base) and self.number(node) and not plain:
            return f"float({self.numpy('power')}(float({text[0]}), {exponent[0]}))", ATOM
        return f"{paren(text, POWER)}**{paren(exponent, POWER)}", POWER

    @spells("compare")
    def _compare(self, node, texts):
        a, b = (paren(t, COMPARE) for t in texts)
        return f"{a} {node.attrs[0]} {b}", COMPARE

    # ---- functions
    @spells("call")
    def _call(self, node, texts):
        (name,) = node.attrs
        if name in OPERATORS:
            return f"{paren(texts[0], PRODUCT - 1)} {OPERATORS[name]} {paren(texts[1], PRODUCT)}", PRODUCT
        if self.number(node):
            return self._of_numbers(node, texts, name)
        return self.function_of(node, texts, name)

    def function_of(self, node, texts, name):
        """A function of arrays, by NumPy's name or as ``special.name``."""
        if name.startswith("special."):
            return self.special_of(node, texts, name.removeprefix("special."))
        function = self.need(self.named[name]) if name in self.named else self.fn(self.renamed.get(name, name))
        return f"{function}({', '.join(self.operands(node, texts))})", ATOM

    def has_special(self, name):
        """Whether the library has a special function, by SciPy's name."""
        return False

    def special_of(self, node, texts, name):
        raise self.refused(f"numeric code for the function `{name}`")

    def called_special(self, texts, name, package, module):
        """A call of a special function of a module, which has to have it."""
        if not hasattr(self._imported(f"{package}.{module}"), name):
            raise self.refused(f"numeric code for the function `{name}`: `{package}.{module}` does not provide it")
        self.imports[f"from {package} import {module}"] = True
        return f"{module}.{name}({', '.join(t[0] for t in texts)})", ATOM

    def _of_numbers(self, node, texts, name):
        """A function of numbers: computed at once, by NumPy or SciPy."""
        if name == "conj" and not isinstance(node.args[0].value, complex):
            return texts[0]
        if name.startswith("special."):
            self.imports["import scipy.special"] = True
            function = f"scipy.{name}"
        else:
            function = self.numpy(name)
        text = f"{function}({', '.join(t[0] for t in texts)})"
        return (f"float({text})" if node.weak else text), ATOM

    @spells("where")
    def _where(self, node, texts):
        return f"{self.fn('where')}({', '.join(self.operands(node, texts))})", ATOM

    @spells("float")
    def _float(self, node, texts):
        if self.number(node):
            return f"float({texts[0][0]})", ATOM
        return self.cast(texts[0], texts[1][0] if node.ndim else self.dtype()), ATOM

    def cast(self, text, dtype):
        """An array of integers or truth values in another dtype."""
        return f"{paren(text, POWER)}.astype({dtype})"

    # ---- integers
    @spells("builtin")
    def _builtin(self, node, texts):
        return f"{node.attrs[0]}({', '.join(t[0] for t in texts)})", ATOM

    @spells("direction")
    def _direction(self, node, texts):
        return f"(1 if {texts[0][0]} <= {texts[1][0]} else -1)", ATOM

    @spells("size")
    def _size(self, node, texts):
        return f"{paren(texts[0], POWER)}.shape[{node.attrs[0]}]", ATOM

    @spells("within")
    def _within(self, node, texts):
        return f"{self.need('_within')}({texts[0][0]}, {texts[1][0]})", ATOM

    # ---- nodes with a declared function
    @spells("declared")
    def _declared(self, node, texts):
        operator, name, shape = node.attrs
        count = len(texts) - len(shape)
        call = f"{self.declared_function(operator, name)}({', '.join(t[0] for t in texts[:count])})"
        return f"{self.need('_of_shape')}({call}, {listing([t[0] for t in texts[count:]])}, {string_literal(name)})", ATOM

    def declared_function(self, operator, name):
        """The name of the function that was declared for the nodes of a class: imported, or given to the source."""
        function = operator.numeric.get(self.package.replace("-", "_"))
        if function is None:
            given = ", ".join(sorted(operator.numeric))
            raise self.refused(f"numeric code for the node `{name}`: `mc.linear({name}, ...)` was given that for {given} only")
        known = (alias for alias, other in self.given.items() if other is function)
        alias = next(known, None) or identifier("_given_" + name.lower(), {*self.names.values(), *self.given})
        self.given[alias] = function
        if isinstance(function, str):
            called_by_name(function)  # raises where there is none
            self.imports[function_import(function, alias)] = True
        return alias

    # ---- access
    @spells("index")
    def _index(self, node, texts):
        rest = iter(texts[1:])
        parts = [":" if p is None else next(rest)[0] for p in node.attrs]
        return f"{paren(texts[0], POWER)}[{', '.join(self.shortened(parts))}]", ATOM

    @spells("slice")
    def _slice(self, node, texts):
        rest = iter(texts[1:])
        parts = []
        for p in node.attrs:
            if p == "slice":
                start, stop, step = (next(rest) for _ in range(3))
                start = "" if start[0] == "0" else start[0]
                parts.append(f"{start}:{stop[0]}" + ("" if step[0] == "1" else f":{step[0]}"))
            else:
                parts.append(":" if p is None else next(rest)[0])
        return f"{paren(texts[0], POWER)}[{', '.join(self.shortened(parts))}]", ATOM

    def shortened(self, parts):
        """An index without the whole axes at its end."""
        while parts[-1] == ":":
            parts.pop()
        return parts

    @spells("gather", "scatter")
    def _by_numbers(self, node, texts):
        return self.helped(node, texts, str(list(node.attrs)))

    @spells("take")
    def _take(self, node, texts):
        return f"{self.need('_take')}({texts[0][0]}, {texts[1][0]}, {node.attrs[0]})", ATOM

    # ---- diagonals
    @spells("embed")
    def _embed(self, node, texts):
        core, dtype, *sizes = texts
        zeros = self.filled("zeros", listing([s[0] for s in sizes]), dtype[0])
        return self.on_diagonal(node, zeros, core[0])

    @spells("add_diagonal")
    def _add_diagonal(self, node, texts):
        return self.on_diagonal(node, texts[0][0], texts[1][0])

    def on_diagonal(self, node, x, core):
        """What is added to a diagonal, as a new array; the attributes of the node name its axes."""
        return f'{self.need("_add_diagonal")}("{"->".join(node.attrs)}", {x}, {core})', ATOM

    # ---- part of an axis
    @spells("selector")
    def _selector(self, node, texts):
        start, stop, step = (t[0] for t in texts[2:])
        rows = f"{'' if start == '0' else start}:{stop}" + ("" if step == "1" else f":{step}")
        return f"{self._eye(node, texts[:2])[0]}[{', '.join(self.shortened([rows, ':']))}]", ATOM

    @spells("pad")
    def _pad(self, node, texts):
        x, size, *at = (t[0] for t in texts)
        return f"{self.need('_pad')}({x}, {node.attrs[0]}, {size}, slice({', '.join(at)}))", ATOM

    @spells("zeros")
    def _zeros(self, node, texts):
        dtype, *sizes = (t[0] for t in texts)
        return self.filled("zeros", listing(sizes), dtype), ATOM

    @spells("add_band")
    def _add_band(self, node, texts):
        x, d, *at = (t[0] for t in texts)
        return self.on_band(node, x, d, f"slice({', '.join(at[:3])})", f"slice({', '.join(at[3:])})")

    def on_band(self, node, x, d, rows, columns):
        """A vector added to the diagonal of a block, as a new array."""
        return f"{self.need('_add_band')}({x}, {d}, {rows}, {columns})", ATOM

    # ---- products
    @spells("outer_sum")
    def _outer_sum(self, node, texts):
        half = len(texts) // 2
        left, right = (listing([t[0] for t in part]) for part in (texts[:half], texts[half:]))
        return f"{self.need('_outer_sum')}({left}, {right})", ATOM

    @spells("weighted_gram")
    def _weighted_gram(self, node, texts):
        x, d = texts[0][0], paren(texts[1], POWER)
        return (f"{x}.T @ ({d}[:, None] * {x})", PRODUCT) if x.isidentifier() else self.helped(node, texts)

    @spells("matmul")
    def _matmul(self, node, texts):
        left = texts[0][0] if node.args[0].op == "matmul" and texts[0][1] == PRODUCT else paren(texts[0], PRODUCT)
        return f"{left} @ {paren(texts[1], PRODUCT)}", PRODUCT

    # ---- calls
    def called(self, path, texts, *more):
        """A call of a function of the library."""
        return f"{self.fn(path)}({', '.join([*(t[0] for t in texts), *more])})", ATOM

    def helped(self, node, texts, *more):
        """A call of the helper of the same name as the operation."""
        return f"{self.need('_' + node.op)}({', '.join([*(t[0] for t in texts), *more])})", ATOM
