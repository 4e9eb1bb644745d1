"""What people type by habit and mean otherwise than its signs say: ``e^t``, ``1'*x``, ``Ax`` for a product.

What has one sensible meaning is read so, with a note; what has two is an error that shows both.
"""

import re
from collections.abc import Collection
from typing import Any

from sympy import S

from .tree import Node, below

OF_FACTORS = ("mul", "T", "H", "I", "pow", "entry", "slice", "entrywise")  # where a name stands as a letter does
LETTERS = re.compile(r"[^\W\d_]\d*")


def as_meant(source: Any, root: Node, declared: Collection[str], is_latex: bool, is_named: bool = False) -> tuple[Node, list[str]]:
    """(the tree with what is meant in the place of what is typed, notes); ParseError where two things can be meant.

    is_named: whether the syntax was named, as a language in which a word is one name.
    """
    habits = Habits(source, root, declared, is_latex, is_named)
    habits.check_products()
    return habits.meant(root), habits.notes


class Habits:
    def __init__(self, source, root, declared, is_latex, is_named):
        self.source, self.root, self.declared, self.is_latex, self.is_named = source, root, frozenset(declared), is_latex, is_named
        self.notes: list[str] = []
        self.names = {node.value for node in below(root) if node.op == "name"}
        self.euler = self.is_euler()

    def meant(self, node):
        """A node and all below it, as they are meant."""
        node.args = tuple(map(self.meant, node.args))
        if node.op == "pow" and self.euler and is_name(node.args[0], "e"):
            return self.exponential(node)
        if node.op in ("T", "H") and node.args[0].op == "number":
            return self.transposed_number(node)
        if node.op == "mul":
            self.note_number_behind(node)
            node.args = tuple(map(self.column_of_ones, node.args, (*node.args[1:], None)))
        return node

    # ---- e^t
    def is_euler(self):
        """Whether `e` is the base of the exponential: it is declared nowhere, and stands nowhere but as the base of a power."""
        if "e" in self.declared or "e" not in self.names:
            return False
        powers = [node for node in below(self.root) if node.op == "pow" and is_name(node.args[0], "e")]
        unknown = [node for node in powers if node.args[1].op != "number"]
        elsewhere = sum(is_name(node, "e") for node in below(self.root)) > len(powers)
        if not unknown and (elsewhere or not powers):
            return False
        place = (unknown or powers)[0]
        if elsewhere or not unknown:
            text, inner = self.source.at(place.span), self.source.at(place.args[1].span)
            command = "\\exp" if self.is_latex else "exp"
            both = f"write `{command}({inner})` for the exponential, or declare `e: scalar`"
            raise self.source.error(place.span[0], f"`{text}` can be read in two ways: `e` may be Euler's number or a name", both)
        return True

    def exponential(self, node):
        """The exponential: of a square matrix that of the matrix."""
        text, inner = self.source.at(node.span), self.source.at(node.args[1].span)
        if not self.is_latex:
            self.notes.append(f"`{text}` is read as the exponential of `{inner}`; for a power of a name declare `e: scalar`")
        return Node("call", (node.args[1],), node.span, "expm", kinds=("square",))

    # ---- 1'*x
    def transposed_number(self, node):
        """``1'``: a row of ones, since nobody transposes a number."""
        number, text = node.args[0], self.source.at(node.span)
        if number.value not in (S.Zero, S.One):
            ones = "\\mathbf{1}" if self.is_latex else "vector(1)"
            raise self.source.error(node.span[0], f"`{text}` transposes a number", f"leave the transpose out; a vector of ones is `{ones}`")
        what = "ones" if number.value == 1 else "zeros"
        self.notes.append(f"`{text}` is read as a row of {what}; a number is not transposed")
        return Node("T", (filled(number),), node.span)

    def column_of_ones(self, factor, following):
        """``1*1'``: in front of a row of ones a number is a column of them."""
        row = following is not None and following.op == "T" and following.args[0].op == "filled"
        if not (row and factor.op == "number" and factor.value in (S.Zero, S.One)):
            return factor
        text = self.source.at((factor.span[0], following.span[1]))
        self.notes.append(f"`{text}` is read as a matrix of {'ones' if factor.value == 1 else 'zeros'}")
        return filled(factor)

    def note_number_behind(self, node):
        """``x'*1`` is `x'`: a note, since a sum may be meant."""
        for before, factor in zip(node.args, node.args[1:]):
            if before.op == "T" and factor.op == "number" and factor.value == 1:
                text, ones = self.source.at((before.span[0], factor.span[1])), "\\mathbf{1}" if self.is_latex else "vector(1)"
                self.notes.append(f"`{text}` is a product with the number 1; a vector of ones is `{ones}`")

    # ---- Ax
    def check_products(self):
        """ParseError for a name that can as well be a product of its letters, ``Ax``, ``AB``; a note where it stands as one does."""
        known = self.names | self.declared
        factors = {id(arg) for node in below(self.root) if node.op in OF_FACTORS and node.kinds != ("beside",) for arg in node.args}
        for node in below(self.root) if not self.is_latex else ():
            if node.op != "name" or node.value in self.declared:
                continue
            letters = LETTERS.findall(node.value)
            if not 1 < len(letters) < 5 or "".join(letters) != node.value:
                continue
            product = "*".join(letters)
            capitals, in_front = all(a[0].isupper() for a in letters), letters[0][0].isupper() and letters[0][0] != "Δ"
            pair = len(letters) == 2 and (in_front or is_greek(letters[0]) != is_greek(letters[1]))
            doubtful = capitals or pair and (id(node) not in factors or any(letter in known for letter in letters))
            if all(letter in known for letter in letters) or doubtful and not self.is_named:
                both = f"write `{product}` for the product, or declare `{node.value}: ...` for one name"
                raise self.source.error(node.span[0], f"`{node.value}` can be one name, or a product", both)
            if pair:
                self.notes.append(f"`{node.value}` is read as one name; did you mean `{product}`?")


def is_greek(letter: str) -> bool:
    """Whether it is a Greek letter that names a number or vector; of `δx` it is part of a name."""
    return "α" <= letter[0] <= "ω" and letter[0] != "δ"


def is_name(node: Node, name: str) -> bool:
    return node.op == "name" and node.value == name


def filled(number: Node) -> Node:
    """A column of zeros or ones of a length that use tells."""
    return Node("filled", (), number.span, (int(number.value), 1))
