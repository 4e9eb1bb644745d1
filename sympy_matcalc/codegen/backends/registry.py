"""The back ends of `lambdify`, by name and by module: found when asked for, so that no optional library loads before."""

from functools import partial
from types import ModuleType

from ...errors import MatcalcError
from .array_backend import ArrayBackend
from .base import Backend, check_contract, helpers_of
from .dask_backend import DaskBackend
from .jax_backend import JaxBackend
from .numpy_backend import NumpyBackend
from .sparse_backend import SparseNumpyBackend
from .torch_backend import TorchBackend

BACKENDS: dict[str, type[Backend]] = {}


def register(name: str, backend: type[Backend]) -> None:
    """Make a back end known to `lambdify` under a name; TypeError where it lacks something that its contract asks for."""
    BACKENDS[name] = check_contract(backend)


register("numpy", NumpyBackend)
register("jax", JaxBackend)
register("torch", TorchBackend)
register("dask", DaskBackend)
check_contract(SparseNumpyBackend)  # which `lambdify` makes for sparse arguments
check_contract(ArrayBackend)  # which is found by the module of a library
MODULES = {backend.module_name: backend for backend in BACKENDS.values()} | BACKENDS
STANDARD = ("__array_namespace_info__", "asarray", "matmul", "permute_dims", "isdtype")
NAMES = {  # what the source of some back end calls its own
    "np",
    "jax",
    "jnp",
    "torch",
    "da",
    "xp",
    "scipy",
    "special",
    "linalg",
    "lapack",
    "math",
    "reduce",
    "sparse",
    "sparse_linalg",
    *helpers_of(SparseNumpyBackend),
    *helpers_of(ArrayBackend),
    *(helper for backend in BACKENDS.values() for helper in helpers_of(backend)),
}


def find(modules):
    """What makes the back end for `modules`: a name, the module of a library, or a list that begins with one.

    Errors: MatcalcError where there is none; making a back end raises one where its library is not installed.
    """
    name = next(iter(modules), None) if isinstance(modules, (list, tuple)) else modules
    module = name if isinstance(name, ModuleType) else None
    backend = MODULES.get(module.__name__ if module else str(name)) if module or isinstance(name, str) else None
    if backend is not None:
        return backend
    if module is not None and all(hasattr(module, part) for part in STANDARD[1:]):
        return partial(ArrayBackend, namespace=module)
    raise MatcalcError(
        f"`lambdify` has the back ends {', '.join(map(repr, BACKENDS))}, and takes the module of a library that follows "
        f"the array API standard; got modules={modules!r}"
    )
