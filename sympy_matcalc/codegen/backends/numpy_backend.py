"""How each operation of the graph is spelled in NumPy and SciPy."""

from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any

from ..ir.cuts import PLAIN_FUNCTIONS
from ..ir.op import Memory
from ..schedule import reachable
from .base import NAMED
from .core import SHARED
from .factor_spelling import FactorSpelling
from .function_spelling import FunctionSpelling
from .helpers import Dialect
from .numpy_style import NumpyStyle
from .spelling import ATOM, POWER, bare, listing, number_type, paren, spells
from .turned import operands_of_sum, with_turned

FITTING = {  # (only real, for linear algebra): the test for an array that is not to be used as it is
    (False, False): 'kind not in "fc"',
    (True, False): 'kind != "f"',
    (False, True): 'char not in "dfDF"',
    (True, True): 'char not in "df"',
}


def has_scipy() -> bool:
    """Whether SciPy is installed, without loading it."""
    try:
        return find_spec("scipy") is not None
    except (ImportError, ValueError):  # barred, or a stand-in without a specification
        return False


WITH_NUMBERS = frozenset({"add", "mul", "maximum", "minimum", "compare", "add_diagonal"})
READING = frozenset({"sum", "max", "dot", "matmul", "einsum", "weighted_gram"})  # arrays of their own, written out where they are computed
PLURAL = {"norm": "_norms", "root_of_squares": "_roots_of_squares"}  # the helpers for several rows
OF_COMPLEX = frozenset("digamma erf erfc erfcx erfi eval_chebyt eval_chebyu eval_legendre expi gamma iv jv kv lambertw log_ndtr yv".split())


def _is_small_integer(node: Any) -> bool:
    """Whether a node is a whole number that a float is too, in any precision."""
    return node.op == "const" and type(node.value) is int and abs(node.value) <= 2**11


def _divides(node: Any) -> bool:
    """Whether a factor is written as a division: a negative power."""
    exponent = node.args[1].value if node.op == "pow" else 0
    return isinstance(exponent, (int, float)) and exponent < 0


def _one_diagonal(axes: str, target: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(the two axes whose diagonal it is, the order of the axes when that is the last); ((), ()) of several diagonals."""
    pair = tuple(k for k, letter in enumerate(axes) if axes.count(letter) == 2)
    if len(pair) != 2 or len(target) != len(axes) - 1:
        return (), ()
    have = "".join(letter for k, letter in enumerate(axes) if k not in pair) + axes[pair[0]]
    return pair, tuple(have.index(letter) for letter in target)


def _behind_views(node: Any) -> Any:
    while node.op == "view":
        node = node.args[0]
    return node


def _may_have_few_columns(node: Any) -> bool:
    """Whether a product is of a transpose, and its columns, whose number is neither of the sizes of that, may be few."""
    (rows, columns), (_, inner) = node.shape if node.ndim == 2 else (1, 1), node.args[0].shape if node.args[0].ndim == 2 else (1, 1)
    return node.args[0].op == "view" and len({rows, columns, inner}) == 3 and 1 not in (rows, columns, inner)


def _is_whole(node: Any) -> bool:
    """Whether a vector, or a matrix that is surely no part of a larger array once the arguments have been seen to."""
    return node.op != "declared" and (node.ndim == 1 or node.op == "arg" or node.kind.memory is Memory.OWN)


# functions that look at values to see what is in range, of passes for back ends that do (`looks_at_values`)
OF_VALUES = {name: f"_{name}" for name in ("exp_of_sum", "expit_of_sum", "expit_slope_of_sum", "odds_against", "expit_beside")}


class NumpyBackend(FactorSpelling, FunctionSpelling, NumpyStyle):
    """NumPy, and SciPy for functions of a matrix and special functions; the one back end that writes into arrays of its own."""

    title, package, xp, module_name = "NumPy", "numpy", "np", "numpy"
    runtime: tuple[str, ...] = (
        *SHARED, "divided_differences", "numpy_helpers", "numpy_turned", "numpy_tiles", "numpy_linalg", "numpy_spectral", "numpy_equations",
        "numpy_factors", "numpy_low_rank", "numpy_removable",
    )  # fmt: skip
    words = Dialect(
        functions={"concat": "concatenate", "permute_dims": "transpose"},
        renamed={"_is_complex": "np.iscomplexobj", "_real": "np.real"},
        dropped=frozenset({"device"}),
    )
    looks_at_values = weight_roots = special_in_double = computes_stacks = computes_tiles = True
    special_of_complex = OF_COMPLEX
    named = NAMED | OF_VALUES

    def __init__(self, names):
        super().__init__(names)
        self.factors = has_scipy()
        self.multiplied: set[Any] = set()  # arguments that are not to be parts of larger arrays, see `_matmul`

    def number(self, node):
        return node.weak

    def scipy(self, module):
        """The text of a module of SciPy."""
        self.imports[f"from scipy import {module}"] = True
        return module

    def vmap(self):
        return self.need("_vmap")

    # ---- intake and results
    def intake_arrays(self, arrays, demands, needs_dtype=False):
        """In one look where all are plain arrays in double precision, as they mostly are."""
        lines, names = super().intake_arrays(arrays, demands), [name for name, _ in arrays]
        if not lines:
            return lines
        if needs_dtype:
            lines.append(f"dtype = {self.result_type(names)}")
        types, dtypes = " is ".join(f"type({x})" for x in names), " is ".join(f"{x}.dtype" for x in names)
        looks = [f"{types} is np.ndarray", f"{dtypes} is {self.need('_DOUBLE')}"]
        for name, symbol in arrays:
            if symbol in self.multiplied:
                looks.append(f"{name}.flags.forc")
                lines += [f"if not {name}.flags.forc:", f"    {name} = {name}.copy()"]
        known = [f"dtype = {self.need('_DOUBLE')}"] if needs_dtype else []
        return [*known, f"if not ({' and '.join(looks)}):", *("    " + line for line in lines)]

    def differs(self, name, symbol, expected, open_axes):
        """By the lengths of single axes, where the number of axes is known: they cost less than a tuple."""
        if not open_axes:
            return super().differs(name, symbol, expected, open_axes)
        return " or ".join(f"{self.length(name, symbol, k)} != {expected[k]}" for k in open_axes)

    def length(self, name, symbol, axis):
        return f"len({name})" if axis == 0 else super().length(name, symbol, axis)

    def intake_array(self, name, symbol, demands):
        (line,) = super().intake_array(name, symbol, demands)
        fits = FITTING["_only_real(" in line, "_for_linalg(" in line]
        return [f"if type({name}) is not np.ndarray or {name}.dtype.{fits}:", "    " + line]

    def intake_scalar(self, name, symbol, demands):
        (line,) = super().intake_scalar(name, symbol, demands)
        plain = f"np.float64({name}) if type({name}) is float and dtype is {self.need('_DOUBLE')}"
        return [f"if type({name}) is not np.float64:", f"    {name} = {plain} else {line.removeprefix(f'{name} = ')}"]

    def default_dtype(self, scalars):
        return self.need("_DOUBLE")

    def intake_shared(self, arrays, scalars, needed):
        """That of arrays is known from the look at them."""
        return super().intake_shared(arrays, scalars, needed and not arrays)

    def intake_with_scalars(self, is_known, scalars):
        same = "".join(f" is {x}.dtype" for x in scalars)
        return (
            [f"dtype = dtype if dtype{same} else {self.result_type(['dtype', *scalars])}"]
            if is_known
            else super().intake_with_scalars(is_known, scalars)
        )

    def own(self, text):
        return f"{text}.copy()"

    def returned_number(self, text):
        return f"np.float64({text})"

    # ---- functions
    def spell(self, node, texts):
        """Whole numbers that meet arrays of others as floats: NumPy looks at one of Python's integers whether it is in range."""
        op = node.attrs[0] if node.op == "call" else node.op
        if node.ndim and op in WITH_NUMBERS and all(a.op != "compare" and not (a.ndim and a.integer) for a in node.args):
            texts = [(f"{t[0]}.0", t[1]) if _is_small_integer(a) else t for a, t in zip(node.args, texts, strict=True)]
        return super().spell(node, texts)

    def _of_numbers(self, node, texts, name):
        if name == "conj" and not node.args[0].imaginary:
            return texts[0]
        if name == "conj":
            return self.called("conj", texts)
        text, precedence = self.function_of(node, texts, name)
        return f"{number_type(node)}({text})", precedence

    def has_special(self, name):
        return self.factors

    def function_of(self, node, texts, name):
        """What costs less than a call: of a number, 1 in place of 0 written out, as much as the division behind it; the real part."""
        if name == "one_where_zero" and not node.ndim:
            return f"({texts[0][0]} or 1)", ATOM
        if name == "real":
            return f"{paren(texts[0], POWER)}.real", ATOM
        return super().function_of(node, texts, name)

    def special_of(self, node, texts, name):
        if name == "polygamma" and node.args[0].value == 1:  # what SciPy computes, without that it asks for the order
            name, texts = "zeta", [("2.0", ATOM), texts[1]]
        return f"{self.scipy('special')}.{name}({', '.join(t[0] for t in texts)})", ATOM

    @spells("float")
    def _float(self, node, texts):
        return self.cast(texts[0], texts[1][0]) if node.ndim else f"float({texts[0][0]})", ATOM

    def filled(self, name, shape, dtype):
        return f"np.{name}({shape}, {dtype})"

    # ---- norms
    @spells("norm")
    def _norm(self, node, texts):
        return self.helped(node, texts) if len(node.attrs) == node.args[0].ndim else self._norms(node, texts)

    def _norms(self, node, texts):
        return f"{self.need(PLURAL[node.op])}({texts[0][0]}{self.over(node)})", ATOM

    @spells("root_of_squares")
    def _root_of_squares(self, node, texts):
        return self.helped(node, texts) if len(node.attrs) == node.args[0].ndim else self._norms(node, texts)

    # ---- sums
    @spells("sum")
    def _sum(self, node, texts):
        """Of a matrix along an axis by a helper; another array, whose entries may be whole numbers, by its method."""
        array = node.args[0]
        if array.ndim == 2 and len(node.attrs) == 1 and not array.integer:
            return f"{self.need('_sums')}({texts[0][0]}, {node.attrs[0]})", ATOM
        return self._reduction(node, texts)

    @spells("add")
    def _add(self, node, texts):
        """A number less an array that has no other use in the memory of that: NumPy takes new memory for it; so it does for an array and
        one that broadcasts against it. Of a matrix and the transpose of one by a helper.
        """
        summands = with_turned(node, texts, lambda a: self.is_fresh(a, node.loops))
        if summands is not None:
            self.need("_with_turned")
            return summands[0] if len(summands) == 1 else super()._add(node, summands)
        order = sorted(range(len(texts)), key=lambda k: texts[k][0].startswith("-"))
        args, others = [node.args[k] for k in order], [texts[k] for k in order]
        if all(a.shape != node.shape or not t[0].startswith("-") for a, t in zip(args, others, strict=True)):
            written = self._written_into(node, args, others)
            if written is not None:
                return f"{self.need('_plus')}({', '.join(written)})", ATOM
        (number, what), (minus, text) = sorted(zip(node.args[:2], texts[:2], strict=True), key=lambda pair: pair[0].op != "const")
        if (
            not isinstance(number.value, (int, float))
            or len(node.args) != 2
            or minus.op != "mul"
            or len(minus.args) != 2
            or not text[0].startswith("-")
        ):
            return super()._add(node, texts)
        sign, array = minus.args
        if (
            sign.value != -1
            or array.ndim != node.ndim
            or not array.ndim  # a size has no memory to be used
            or array.integer
            or self.uses[minus.number] > 1
            or not self.is_fresh(array, node.loops)
        ):
            return super()._add(node, texts)
        return f"{self.need('_less')}({what[0]}, {bare(text[0][1:])})", ATOM

    # ---- products
    @spells("mul")
    def _mul(self, node, texts):
        """With a scalar behind a computed matrix: NumPy multiplies that in place, but not from the left by a scalar of its own."""
        pairs = list(zip(node.args, texts, strict=True))
        scalars = [p for p in pairs if p[0].ndim == 0]
        arrays = [p for p in pairs if p[0].ndim]
        if node.ndim > 1 and not all(a.weak for a, _ in scalars) and any(not t[0].isidentifier() for a, t in arrays):
            pairs = arrays + self._as_one(scalars)
        args, texts = zip(*pairs, strict=True)
        if not any(_divides(a) or a.value == -1 for a in args):
            written = self._written_into(node, args, texts)
            if written is not None:
                return f"{self.need('_times')}({', '.join(written)})", ATOM
        return super()._mul(SimpleNamespace(args=args), texts)

    def _written_into(self, node, args, texts):
        """The texts of operands, the first an array that has no other use and can hold the result, where one broadcasts against it; None
        where there is none, or another order would round otherwise.
        """
        if node.ndim < 2 or all(a.shape == node.shape for a in args if a.ndim):
            return None
        for k in (0, 1) if len(args) == 2 else (0,):
            if getattr(args[k], "shape", ()) == node.shape and self.is_fresh(args[k], node.loops) and not args[k].integer:
                return [bare(texts[k][0]), *(t[0] for j, t in enumerate(texts) if j != k)]
        return None

    def _as_one(self, scalars):
        """Scalars multiplied before they meet an array; those that only divide one by one, since their quotient may be out of range."""
        if len(scalars) < 2 or all(_divides(a) for a, _ in scalars):
            return scalars
        args, texts = zip(*scalars, strict=True)
        return [(SimpleNamespace(op="mul", value=None, ndim=0, shape=(), integer=False), super()._mul(SimpleNamespace(args=args), texts))]

    @spells("int")
    def _int(self, node, texts):
        return f"{self.need('_whole')}({texts[0][0]})", ATOM

    @spells("pow")
    def _pow(self, node, texts):
        text, precedence = super()._pow(node, texts)
        whole = node.ndim and text.startswith("1 / ")
        return f"1.0{text[1:]}" if whole else text, precedence

    @spells("dot")
    def _dot(self, node, texts):
        a, b = node.args
        if "view" in (a.op, b.op):
            return super()._dot(node, texts)
        flat = [f"{paren(t, POWER)}.ravel()" if a.ndim > 1 else paren(t, POWER) for t in texts]
        return f"{flat[0]}.dot({flat[1]})", ATOM

    @spells("matmul")
    def _matmul(self, node, texts):
        """By the method of arrays, which costs half a microsecond less than the operator; but each time it copies a matrix that is part of
        a larger array: arguments that are have been copied once.
        """
        factors = [_behind_views(x) for x in node.args]
        if self.is_bounded or any(x.ndim > 2 for x in node.args) or not all(map(_is_whole, factors)):
            return super()._matmul(node, texts)
        self.multiplied |= {x.attrs[0] for x in factors if x.op == "arg" and x.ndim > 1}
        left, right = paren(texts[0], POWER), texts[1][0]
        both = operands_of_sum(texts[0][0])
        if both and node.args[1].ndim == 2 and self.uses[node.args[0].number] == 1:
            self.multiplied |= {x.attrs[0] for x in map(_behind_views, node.args[0].args) if x.op == "arg"}
            return f"{self.need('_dot_with_turned')}({both}, {right})", ATOM
        if _may_have_few_columns(node) and left.removesuffix(".T").isidentifier():
            return f"{self.need('_dot')}({left}, {right})", ATOM
        return f"{left}.dot({right})", ATOM

    @spells("weighted_gram")
    def _weighted_gram(self, node, texts):
        """Of weights that are a comparison: of the rows where it holds."""
        if node.args[1].op == "compare":
            return f"{self.need('_gram_of_rows')}({texts[0][0]}, {texts[1][0]})", ATOM
        return self.helped(node, texts)

    # ---- diagonals, written in place
    @spells("embed")
    def _embed(self, node, texts):
        core, dtype, *sizes = texts
        axes, target = node.attrs
        given = f"{core[0]}, {listing([s[0] for s in sizes])}, {dtype[0]}"
        pair, order = _one_diagonal(axes, target)
        if not pair:
            return f'{self.need("_embedded_pairs")}("{axes}->{target}", {given})', ATOM
        return f"{self.need('_embedded')}({given}, {pair}, {order})", ATOM

    @spells("add_diagonal")
    def _add_diagonal(self, node, texts):
        x, core = texts
        axes, target = node.attrs
        is_own = self.is_fresh(node.args[0], node.loops) or self.is_last_use(node)
        base = x[0] if is_own else f"{paren(x, POWER)}.copy()"
        pair, order = _one_diagonal(axes, target)
        if not pair:
            return f'{self.need("_add_diagonals")}("{axes}->{target}", {base}, {core[0]})', ATOM
        more = f", {pair}, {order}" if len(axes) > 2 else ""
        return f"{self.need('_add_diagonal')}({base}, {core[0]}{more})", ATOM

    def on_band(self, node, x, d, rows, columns):
        base = x if self.is_fresh(node.args[0], node.loops) else f"({x}).copy()"
        d = f"{d}.0" if _is_small_integer(node.args[1]) else d
        return f"{self.need('_add_band')}({base}, {d}, {rows}, {columns})", ATOM

    def is_fresh(self, node, loops):
        """Whether the array of a node is new and has no other use, so that it can be written to."""
        while node.op in ("view", "reshape") and None not in node.attrs and self.uses[node.number] == 1:
            node = node.args[0]
        return node.kind.memory is Memory.OWN and self.uses[node.number] == 1 and node.loops == loops

    def is_last_use(self, node):
        """Whether the array to whose diagonal something is added is new, and has no other use but in that, which is computed first."""
        array, core = node.args
        others = [c for c in self.consumers.get(array.number, ()) if c is not node]
        is_new = array.kind.memory is Memory.OWN or array.op == "call" and array.attrs[0] in PLAIN_FUNCTIONS
        if not is_new or array.loops != node.loops or self.uses[array.number] != len(others) + 1:
            return False
        before = {n.number for n in reachable([core])} if others else ()
        return all(c.op in READING and c.number in before and c.loops == node.loops for c in others)

    # ---- checks by value, which raise
    @spells("simple")
    def _simple(self, node, texts):
        return self.helped(node, texts, f'"{node.attrs[0]}"')

    @spells("like")
    def _like(self, node, texts):
        return self.helped(node, texts)

    # ---- functions of a matrix
    @spells("matrix_function")
    def _matrix_function(self, node, texts):
        (name,) = node.attrs
        linalg = self.scipy("linalg")
        function = self.need("_" + name) if name in ("tanhm", "logm", "sqrtm") else f"{linalg}.{name}"
        operands = [t[0] for t in texts]
        if name == "fractional_matrix_power":  # SciPy's never come back from infinite entries
            operands[0] = f"{self.need('_finite')}({operands[0]})"
        return f"{function}({', '.join(operands)})", ATOM
