"""How each operation of the graph is spelled in JAX.

The functions can be traced: under `jax.jit`, `jax.vmap` and `jax.grad`, with arrays sharded over devices. Sizes and integers are static,
loops are unrolled.
"""

from .base import NAMED, STEADY
from .core import TRACED
from .factor_spelling import FactorSpelling
from .function_spelling import TracedFunctions
from .helpers import Dialect
from .linalg_spelling import TracedChecks
from .numpy_style import NumpyStyle
from .spelling import ATOM, spells

NN = dict(expit="sigmoid", softplus="softplus")


class JaxBackend(FactorSpelling, TracedFunctions, TracedChecks, NumpyStyle):
    """jax.numpy, with jax.nn and jax.scipy."""

    title, package, xp, module_name = "JAX", "jax", "jnp", "jax.numpy"
    runtime = (*TRACED, "jax_helpers", "jax_factors")
    words = Dialect(renamed={"_is_complex": "jnp.iscomplexobj", "_kron": "jnp.kron"}, dropped=frozenset({"device"}))
    named = dict(expit_slope="_expit_slope", **STEADY)
    array_only = {*NAMED}

    def jax(self, path):
        """The text of a function of JAX outside of jax.numpy."""
        self.imports["import jax"] = True
        return f"jax.{path}"

    def vmap(self):
        return self.jax("vmap")

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
    @spells("logsumexp")
    def _logsumexp(self, node, texts):
        return self.reduced_by(node, texts, self.jax("nn.logsumexp"))

    @spells("softmax", "log_softmax")
    def _softmax(self, node, texts):
        function = self.jax(f"nn.{node.op}")
        if len(node.attrs) == node.args[0].ndim:
            return f"{function}({texts[0][0]}, axis=None)", ATOM
        return self.reduced_by(node, texts, function)

    def cumulated_exponentials(self, text, forward):
        return f"{self.jax('lax.cumlogsumexp')}({text}, axis=0{'' if forward else ', reverse=True'})"

    @spells("duplication")
    def _duplication(self, node, texts):
        return f"jnp.asarray({self.need('_duplication')}({texts[0][0]}), {texts[1][0]})", ATOM
