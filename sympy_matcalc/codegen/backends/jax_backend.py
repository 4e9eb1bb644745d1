"""How each operation of the graph is spelled in JAX.

The functions can be traced: under `jax.jit`, `jax.vmap` and `jax.grad`, with arrays sharded over devices. Sizes and integers are static,
loops are unrolled.
"""

from .base import COMMON_HELPERS, STEADY
from .factor_spelling import FactorSpelling
from .jax_factor import OWN as OWN_FACTORS
from .linalg_spelling import TracedChecks
from .numpy_style import NumpyStyle
from .shared_helpers import DEPENDS, FACTORS, in_dialect
from .spelling import ATOM

OWN = dict(
    _as_array="""
def _as_array(x, name):
    x = jnp.asarray(x)
    return x if jnp.issubdtype(x.dtype, jnp.inexact) else x.astype(float)
""",
    _as_scalar="""
def _as_scalar(t, name, dtype):
    x = jnp.asarray(t)
    if x.ndim:
        raise ShapeError(f"argument `{name}`: expected a scalar, got an array of shape {x.shape}")
    if isinstance(t, complex):
        return x.astype(jnp.result_type(dtype, jnp.complex64))
    return x.astype(dtype) if isinstance(t, float) or not jnp.issubdtype(x.dtype, jnp.inexact) else x
""",
    _as_integer="""
def _as_integer(k, name):
    if isinstance(k, jax.core.Tracer):
        raise TypeError(f"argument `{name}`: an integer is needed when the function is traced: name it in `static_argnames` of `jax.jit`")
    if getattr(k, "ndim", 0) or k != int(k):
        raise ShapeError(f"argument `{name}`: expected an integer, got {k!r}")
    return int(k)
""",
    # of any order of derivative, which a form with abs(x) does not have at zero
    _expit_slope="""
def _expit_slope(x):
    return jax.nn.sigmoid(x) * jax.nn.sigmoid(-x)
""",
    _log_cosh="""
def _log_cosh(x):
    return jnp.log(jnp.cosh(x)) if jnp.iscomplexobj(x) else x + jax.nn.softplus(-2 * x) - math.log(2)
""",
    # JAX does not raise for an index out of range
    _take="""
def _take(x, at, axis):
    if isinstance(at, np.ndarray) and at.size and not 0 <= at.min() <= at.max() < x.shape[axis]:
        raise IndexError(f"indices from {at.min()} to {at.max()} are out of range for an axis of size {x.shape[axis]}")
    return jnp.take(x, at, axis=axis)
""",
)
DEVICES = ("=x.device", "=e.device", "=values.device", "=lu.device", "=device", "")
WORDS = [*((", device" + which, "") for which in DEVICES), ("_is_complex(", "jnp.iscomplexobj("), ("_kron(", "jnp.kron("), ("xp.", "jnp.")]
IN_PLACE_OF = (
    "_is_complex",
    "_real",
    "_imag",
    "_conj",
    "_angle",
    "_sinc",
    "_heaviside",
    "_expit",
    "_softplus",
    "_logsumexp",
    "_softmax",
    "_log_softmax",
    "_diag",
    "_array",
    "_kron",
    "_einsum",
)
NN = dict(expit="sigmoid", softplus="softplus")


class JaxBackend(FactorSpelling, TracedChecks, NumpyStyle):
    """jax.numpy, with jax.nn and jax.scipy."""

    title, package, xp, module_name = "JAX", "jax", "jnp", "jax.numpy"
    HELPERS = COMMON_HELPERS | in_dialect(WORDS, OWN, leave=IN_PLACE_OF) | in_dialect(WORDS, OWN_FACTORS, texts=FACTORS)
    DEPENDS = {name: tuple(o for o in others if o not in IN_PLACE_OF) for name, others in DEPENDS.items()}
    named = dict(expit_slope="_expit_slope", **STEADY)
    array_only = {"expit", "softplus", "expit_slope", *STEADY}

    def jax(self, path):
        """The text of a function of JAX outside of jax.numpy."""
        self.imports["import jax"] = True
        return f"jax.{path}"

    def default_dtype(self, scalars):
        return "jnp.result_type(float)"

    def returned_number(self, text):
        return f"jnp.asarray({text}, {self.dtype()})"

    # ---- elementwise
    def function_of(self, node, texts, name):
        if name in NN:
            return f"{self.jax('nn.' + NN[name])}({texts[0][0]})", ATOM
        return super().function_of(node, texts, name)

    def has_special(self, name):
        return hasattr(self._imported("jax.scipy.special"), name)

    def special_of(self, node, texts, name):
        return self.called_special(texts, name, "jax.scipy", "special")

    def cast(self, text, dtype):
        return f"jnp.asarray({text[0]}, {dtype})"

    # ---- reductions
    def _logsumexp(self, node, texts):
        return self.reduced_by(node, texts, self.jax("nn.logsumexp"))

    def _softmax(self, node, texts):
        function = self.jax(f"nn.{node.op}")
        if len(node.attrs) == node.args[0].ndim:
            return f"{function}({texts[0][0]}, axis=None)", ATOM
        return self.reduced_by(node, texts, function)

    _log_softmax = _softmax

    # ---- linear algebra
    def _factor(self, node, texts):
        self.imports["from jax.scipy import linalg"] = True
        return super()._factor(node, texts)

    # ---- functions of a matrix
    def _matrix_function(self, node, texts):
        if node.attrs != ("expm",):
            raise self.refused(f"numeric code for the function `{node.attrs[0]}` of a matrix")
        self.imports["from jax.scipy import linalg"] = True
        return f"linalg.expm({texts[0][0]})", ATOM

    def _frechet_exp(self, node, texts):
        self.imports["from jax.scipy import linalg"] = True
        return f"linalg.expm_frechet({texts[0][0]}, {texts[1][0]}, compute_expm=False)", ATOM

    def _duplication(self, node, texts):
        return f"jnp.asarray({self.need('_duplication')}({texts[0][0]}), {texts[1][0]})", ATOM
