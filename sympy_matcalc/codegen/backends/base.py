"""What the spelling of operations has in common in all Python array libraries: operators, indexing, loops, numbers.

A back end is a class that spells each operation of the graph, by a method ``(node, texts) -> (text, precedence)`` that is registered with
`spells`, or names it among what it `refuses`; and it names the modules of `runtime` with the helper functions that these texts call.
"""

import math

from ...nodes.declared_code import called_by_name
from ..literals import function_import, identifier, string_literal
from .access_spelling import AccessSpelling
from .core import check_contract as check_contract
from .core import helpers_of as helpers_of
from .spelling import ATOM, COMPARE, POWER, PRODUCT, SUM, UNARY, listing, number_type, paren, spells

STEADY_FUNCTIONS = (
    "log_cosh log_one_less_exp log_one_less_tanh log_beside root_less_one exp_over_less_one sech_squared one_where_zero known_norm "
    "expit_power cosh_scaled sinh_scaled log_size unless_zero principal real_or_nan"
)
STEADY = {name: f"_{name}" for name in STEADY_FUNCTIONS.split()}
NAMED = dict(expit="_expit", softplus="_softplus", expit_slope="_expit_slope", **STEADY)  # functions that are helpers
OPERATORS = {"floordiv": "//", "intmod": "%", "quotient": "/"}


class Backend(AccessSpelling):
    """A back end: the spelling of numbers, arithmetic, functions, and declared functions, and what `Core` has."""

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

    # ---- structured matrices
    @spells("structure_basis")
    def _structure_basis(self, node, texts):
        sizes, dtype = [t[0] for t in texts[:2]], texts[2][0]
        return self.from_numpy(f'{self.need("_structure_basis")}("{node.attrs[0]}", {", ".join(sizes)})', dtype)

    def from_numpy(self, text, dtype):
        """An array that NumPy makes."""
        return f"{self.fn('asarray')}({text}, dtype={dtype})", ATOM

    @spells("tied")
    def _tied(self, node, texts):
        return self.helped(node, texts, f'"{node.attrs[0]}"', str(node.attrs[1]))

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
            one, _, rest = text.partition(" / ")
            divides = a.op == "pow" and one in ("1", "1.0")
            items.append((divides, rest if divides else paren((text, precedence), PRODUCT), a))
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
            of_power = number_type(node if node.imaginary else base)
            return f"{of_power}({self.numpy('power')}({number_type(base)}({text[0]}), {exponent[0]}))", ATOM
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
        if name == "conj" and not node.args[0].imaginary:
            return texts[0]
        if name.startswith("special."):
            self.imports["import scipy.special"] = True
            function = f"scipy.{name}"
        else:
            function = self.numpy(name)
        text = f"{function}({', '.join(t[0] for t in texts)})"
        return (f"{number_type(node)}({text})" if node.weak else text), ATOM

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
        code, name, shape, *of_entries = node.attrs
        function, values = self.declared_function(code, name), [t[0] for t in texts[: len(texts) - len(shape)]]
        call = f"{function}({', '.join(values)})"
        if of_entries and shape:
            call = f"{self.need('_of_entries')}({', '.join([function, string_literal(name), *values])})"
        return f"{self.need('_of_shape')}({call}, {listing([t[0] for t in texts[len(values) :]])}, {string_literal(name)})", ATOM

    def declared_function(self, code, name):
        """The name of the function that was declared for the nodes of a class: imported, or given to the source."""
        function = code.functions.get(self.package.replace("-", "_"))
        if function is None:
            given = ", ".join(sorted(code.functions))
            raise self.refused(f"numeric code for the node `{name}`, which was declared with that for {given} only")
        known = (alias for alias, other in self.given.items() if other is function)
        alias = next(known, None) or identifier("_given_" + name.lower(), {*self.names.values(), *self.given})
        self.given[alias] = function
        if isinstance(function, str):
            called_by_name(function)  # raises where there is none
            self.imports[function_import(function, alias)] = True
        return alias
