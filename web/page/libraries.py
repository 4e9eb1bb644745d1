"""In the place of NumPy, JAX and PyTorch, whose names opt_einsum and the code generator look up: the page writes sources and runs none."""

import sys
from types import ModuleType


class Unused:
    """A stand-in for any function or class of a library, which is an error when it is called."""

    def __init__(self, name):
        self.name = name

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Unused(f"{self.name}.{name}")

    def __call__(self, *args, **options):
        raise NotImplementedError(f"there is no {self.name.partition('.')[0]} in the page, and {self.name} was called")


class Library(ModuleType):
    """A module that has whatever name it is asked for."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Unused(f"{self.__name__}.{name}")


for name in ("numpy", "jax", "jax.numpy", "jax.scipy", "jax.scipy.special", "torch", "torch.special"):
    sys.modules[name] = Library(name)
