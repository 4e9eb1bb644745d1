"""Whether a class is derived from one of some classes, found out once a class: `isinstance` with many classes costs more than a node."""


class Derived(dict[type, bool]):
    """``Derived(Symbol, Pow)[type(node)]``: whether the node is one of a class that is derived from those."""

    def __init__(self, *classes: type):
        self.classes = classes

    def __missing__(self, cls: type) -> bool:
        self[cls] = found = issubclass(cls, self.classes)
        return found
