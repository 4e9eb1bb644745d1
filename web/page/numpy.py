"""What opt_einsum and the code generator look up in NumPy while they are loaded: the page writes NumPy's source and runs none of it."""


class Unused:
    """A stand-in for any function or class of NumPy, which is an error when it is called."""

    def __init__(self, name):
        self.name = name

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Unused(f"{self.name}.{name}")

    def __call__(self, *args, **options):
        raise NotImplementedError(f"there is no NumPy in the page, and {self.name} was called")


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return Unused(f"numpy.{name}")
