"""Modules that are not in the memory that the page begins with: the zips that hold them are loaded when one is first looked for."""

import sys

ZIPS = ("sympy", "mpmath", "lark", "opt_einsum", "sympy_matcalc")


class Late:
    """A finder that finds nothing itself: it loads the zips, which the finders behind it read."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in ZIPS or name.partition(".")[0] in sys.stdlib_module_names:
            sys.meta_path.remove(Late)
            from js import loadRest

            loadRest()
