"""What the `_latex` methods of the nodes share: they are called by SymPy's printer, and by the one of `printing`, which has more to say."""


def letter(printer, name):
    """The letter of a matrix, bold where the printer is asked for that."""
    return printer.letter(name) if hasattr(printer, "letter") else name


def subscript(printer, *index):
    """Indices of entries, values or vectors; the printer may count them from 1."""
    if hasattr(printer, "subscript"):
        return printer.subscript(*index)
    return f"_{{{','.join(map(printer._print, index))}}}"


def open_ended(printer, tex):
    """What a factor behind it would be drawn into: in brackets, unless the printer knows that none is there."""
    return printer.open_ended(tex) if hasattr(printer, "open_ended") else rf"\left({tex}\right)"


def superscripted(printer, base, superscript):
    """A matrix with a superscript."""
    if hasattr(printer, "superscripted"):
        return printer.superscripted(base, superscript)
    tex = printer._print(base)
    return f"{tex}^{{{superscript}}}" if base.is_symbol and "^" not in tex else rf"\left({tex}\right)^{{{superscript}}}"


def transposed(printer, tex):
    """LaTeX without a superscript, with that of a transpose."""
    mark = getattr(printer, "transpose_mark", "T")
    return f"{tex}'" if mark == "'" else f"{tex}^{{{mark}}}"


def operand(printer, e):
    """An operand of index notation: in brackets unless it is a symbol without a subscript of its own."""
    tex = printer._print(e)
    return tex if e.is_symbol and "_" not in tex and "^" not in tex else rf"\left({tex}\right)"


def bars(tex, symbol):
    """Between the bars of a norm, which grow with what is not a symbol."""
    return rf"\lVert {tex} \rVert" if symbol else rf"\left\lVert {tex} \right\rVert"
