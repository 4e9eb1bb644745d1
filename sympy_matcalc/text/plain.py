"""The scanner of Python's, MATLAB's and handwritten (Unicode) spelling."""

import re
import unicodedata

from .beside import in_a_row, is_function, stands_beside, takes_a_factor, transposed
from .functions import CONSTANTS, PRINTED, WORDS
from .instead import OF_PACKAGES, of_factorial
from .limits import RESERVED
from .operators import BY_HAND, MATLAB, PLAIN, PYTHON, Spelling
from .scanner import ENDS, Scanner
from .spelling import NAMED, one_spelling
from .written_out import NORMAL

NUMBER = re.compile(r"(?:\d+(?:_\d+)*(?:\.\d+(?:_\d+)*|\.(?![*/^'\w]))?|\.\d+)(?:[eE][+-]?\d+)?")
ATTRIBUTE = re.compile(r"\.\s*([^\W\d]\w*)")
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿᵏᵖⁱʲᵐ", "0123456789-nkpijm", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
RAISED = re.compile(f"[{''.join(SUPERSCRIPTS)}]+")
BELOW_POWER = re.compile(rf"([{''.join(SUPERSCRIPTS)}]+|\^\s*\d+)(?:\s*_\s*([A-Za-z]+|[0-9]+|[∞*])|([₀₁₂₃₄₅₆₇₈₉]+))")
LAMBDA = re.compile(r"lambda\s*(\w+\s*)?:|lambda\s+\w")
INVERSE_TRANSPOSE = re.compile("⁻[ᵀ⊤]")
SIGNS = {text: Spelling(text, token) for token, texts in BY_HAND.items() for text in texts.split()}
BY_LENGTH = sorted(PLAIN, key=lambda s: -len(s.text))
BY_HAND_ONLY = re.escape("".join([*SIGNS, *SUPERSCRIPTS, *SUBSCRIPTS])) + "‖∥√½¼¾"
GREEK_BESIDE = r"σ\s*\(|[α-γε-ω](?=[A-Za-z])|[A-Za-z](?=[α-γε-ω])"
HANDWRITTEN = re.compile(
    rf"[{BY_HAND_ONLY}]|(?<=[\w)\]])'(?=\w|\()|\|\||\b(?:log|ln)\s*\||\b(?:log|ln)\s+det\b|{GREEK_BESIDE}|\^T(?=[A-Z(]|[a-z](?![a-z]))"
)
OF_SYMPY = {*PRINTED, "Sum", "Product", "Lambda", "Einsum"}  # which are written with a capital
HALVES = {"½": "0.5", "¼": "0.25", "¾": "0.75"}
PACKAGES = re.compile(
    r"(?:np|numpy|jnp|anp|onp|cp|jax|torch|tf|nn|scipy|math|sp|sympy|special|linalg|la|LA|sla|F(?=\s*\.\s*(?:soft|log|relu|gelu|silu|sigm|tanh\w)))"
    r"(?:\s*\.\s*(?:numpy|scipy|linalg|special|nn|functional|math))*\s*\.\s*([^\W\d]\w*)(?=\s*\()"
)
OF_NORMAL = re.compile(rf"(?:(?:scipy\s*\.\s*)?stats\s*\.\s*)?norm\s*\.\s*({'|'.join(NORMAL)})(?=\s*\()")  # ``norm.cdf(x)`` of SciPy
CONSTANTS_OF_PACKAGES = re.compile(r"(?:np|numpy|jnp|torch|math|sp|sympy)\s*\.\s*(pi|e|E|inf|oo)\b(?!\s*\()")
IDENTITY = re.compile(r"I_(\d+|[^\W\d_])")
WORDLIKE = {"and": "AND", "or": "OR"}
PYTHON_ONLY = {
    "for": "a comprehension", "if": "a condition", "else": "a condition", "not": "a logical operator", "in": "a comprehension",
    "is": "a comparison", "import": "an import", "await": "a call", "yield": "a call",
}  # fmt: skip
CONDITIONS = "conditions stand in `where(a > 0, a, b)`: a where the condition holds, else b"
RENAMED = {
    "maximum": "max",
    "minimum": "min",
    "multiply": "had",
    "power": "hpow",
    "fabs": "abs",
    "absolute": "abs",
    "inner": "dot",
    "vdot": "dot",
}


class PlainScanner(Scanner):
    """Tokens of a text in one of the plain spellings; syntax None for any of them."""

    def __init__(self, source, syntax=None, declared=()):
        super().__init__(source, declared)
        self.syntax = syntax
        self.beside = syntax is None
        self.handwritten = syntax is None and bool(HANDWRITTEN.search(source.text))
        self.place = 0
        self.below_powers: dict[int, int] = {}  # where the kind of a norm stands that has been read

    def scan(self):
        steps = (self.half, self.root, self.number, self.attribute, self.quoted, self.bars, self.raised, self.name, self.sign)
        while self.place < len(self.text):
            if self.place in self.below_powers:
                self.place = self.below_powers[self.place]
            elif self.text[self.place].isspace():
                self.place += 1
            elif not any(step() for step in steps):
                self.refuse()
        return self.finish()

    def is_factor_before(self, token):
        if not super().is_factor_before(token) or in_a_row(self, self.tokens[-1], token):
            return False
        return self.handwritten or stands_beside(self, self.tokens[-1], token)

    @property
    def after_operand(self):
        return bool(self.tokens) and self.tokens[-1].type in ENDS

    def take(self, type, end, value=None):
        self.add(type, self.place, end, value)
        self.place = end
        return True

    def refuse(self):
        char = self.text[self.place]
        operator = re.compile(r"%[*%/a-z]*%").match(self.text, self.place)
        if operator:
            what = (
                "write the product as `*`, or `@`"
                if operator[0] == "%*%"
                else "write products of matrices as `*`, Kronecker's as `kron(A, B)`"
            )
            raise self.source.error(self.place, f"`{operator[0]}` is an operator of R's, and is not read", what)
        if char in "#%":
            raise self.source.error(self.place, f"`{char}` begins no comment here", "leave out what follows it")
        if char == "!" and self.after_operand:
            raise self.source.error(self.place, *of_factorial(self.text, self.place, "{}"))
        if not char.isprintable():
            raise self.source.error(self.place, "a character that cannot be read", "leave it out")
        raise self.source.error(self.place, f"`{char}` is not read")

    # ---- a kind of token each: whether one begins here
    def number(self):
        found = NUMBER.match(self.text, self.place)
        if not found:
            return False
        end = min((place for place in self.below_powers if self.place < place < found.end()), default=found.end())
        if re.search(r"_(?!\d{3}(?!\d))", self.text[self.place : end]):
            saw = f"`{found[0]}` can be a number with a mark between its digits, and one with an index"
            raise self.source.error(self.place, saw, "leave the mark out; digits are marked by thousands, `1_000`")
        return self.take("NUMBER", end)

    def attribute(self):
        if self.after_operand and self.text.startswith(".(", self.place):  # of every entry, as SymPy prints it
            return self.take("DOT", self.place + 1)
        found = ATTRIBUTE.match(self.text, self.place) if self.after_operand else None
        if found and self.syntax == MATLAB:
            instead = "write the transpose as `x'`, the inverse as `inv(X)`"
            raise self.source.error(self.place, f"`{found[0]}` is not read in MATLAB's spelling", instead)
        return self.take("ATTR", found.end(), found[1]) if found else False

    def quoted(self):
        quote = self.text[self.place]
        if quote not in "'\"" or quote == "'" and self.after_operand:
            return False
        end = self.text.find(quote, self.place + 1)
        if end < 0:
            raise self.source.error(self.place, f"`{quote}` follows nothing that it could transpose", "write `x'` or `x.T`")
        return self.take("TEXT", end + 1, self.text[self.place + 1 : end])

    def bars(self):
        char = self.text[self.place]
        if char not in "|‖∥":
            return False
        double = char != "|" or self.text.startswith("||", self.place) and not self.closes_a_bar()
        end = self.place + (2 if char == "|" and double else 1)
        self.bar(self.place, end, "NORM" if double else "BAR")
        self.place = end
        if self.tokens[-1].type == "NORMCLOSE":
            self.kind_of_norm()
        return True

    def kind_of_norm(self):
        """`‖x‖₂`, `||X||_F`: which norm, written behind the bars."""
        behind = BELOW_POWER.match(self.text, self.place)
        if behind:  # `‖X‖²_F`: the kind stands behind the power
            self.below_powers[behind.end(1)] = behind.end()
            self.tokens[-1] = self.tokens[-1]._replace(value=behind[2] or "".join(SUBSCRIPTS[c] for c in behind[3]))
            return
        found = re.compile(r"_\s*([A-Za-z]+|[0-9]+|[∞*])|([₀₁₂₃₄₅₆₇₈₉]+)").match(self.text, self.place)
        if found:
            last = self.tokens.pop()
            kind = found[1] or "".join(SUBSCRIPTS[c] for c in found[2])
            self.tokens.append(last._replace(value=kind, end=found.end()))
            self.place = found.end()
        else:
            self.tokens[-1] = self.tokens[-1]._replace(value="")

    def half(self):
        """`½x'x`, and `2½`, which is 5/2 as it is printed; `2 ½` and `2.5½` are not read."""
        value = HALVES.get(self.text[self.place])
        if not value:
            return False
        last = self.tokens[-1] if self.tokens else None
        if last is None or last.type != "NUMBER":
            return self.take("NUMBER", self.place + 1, value)
        whole = self.text[last.start : last.end]
        if last.end != self.place or not whole.isdecimal():
            both = f"write `{whole}*{value}`, or `{whole} + {value}`"
            raise self.source.error(self.place, f"`{self.text[self.place]}` behind `{whole}` can be read in two ways", both)
        self.tokens.pop()
        self.place = last.start
        return self.take("NUMBER", last.end + 1, whole + value[1:])

    def root(self):
        """`√(x'x)`, `√2`."""
        if self.text[self.place] != "√":
            return False
        called = self.text[self.place + 1 :].lstrip().startswith("(")
        return self.take("NAME" if called else "FUNC", self.place + 1, "sqrt")

    def raised(self):
        token = transposed(self) if self.syntax is None and self.after_operand else ""
        if token:
            self.add(token, self.place - 1, self.place, "")
            return True
        found = INVERSE_TRANSPOSE.match(self.text, self.place)
        if found:
            return self.take("INVT", found.end())
        found = RAISED.match(self.text, self.place)
        return self.take("SUP", found.end(), "".join(SUPERSCRIPTS[c] for c in found[0])) if found else False

    def name(self):
        constant = CONSTANTS_OF_PACKAGES.match(self.text, self.place)
        if constant:
            return self.constant(constant[1], constant.end())
        normal = OF_NORMAL.match(self.text, self.place)
        if normal:
            return self.take("NAME", normal.end(), NORMAL[normal[1]])
        package = PACKAGES.match(self.text, self.place)
        if package:
            return self.of_package(package[0], package[1], package.end())
        end = self.place
        while end < len(self.text) and self.is_letter(self.text[end]):
            end += 1
        if end == self.place:
            return False
        text = self.text[self.place : end]
        if text in PYTHON_ONLY:
            raise self.source.error(self.place, f"{PYTHON_ONLY[text]}, with `{text}`, is not read", CONDITIONS)
        value = "".join(SUBSCRIPTS.get(c, c) for c in text)
        if not unicodedata.is_normalized("NFKC", value):
            hint = "it has a letter that stands for another one; write `x.T` for a transpose, `x1` for an index"
            raise self.source.error(self.place, f"`{text[:60]}` is not a name", hint)
        return self.one_name(value, end)

    def of_package(self, text, word, end):
        """``np.linalg.inv(A)``: the function by its name alone."""
        if word in OF_PACKAGES:
            raise self.source.error(self.place, f"`{text}` is not read", OF_PACKAGES[word])
        return self.take("NAME", end, RENAMED.get(word, word))

    def constant(self, word, end):
        """``np.pi``, ``math.e``, which is `exp(1)`, and ``np.inf``."""
        if word not in ("e", "E"):
            return self.take("NAME", end, "inf" if word == "oo" else word)
        for type, value in (("NAME", "exp"), ("_LPAR", "("), ("NUMBER", "1"), ("_RPAR", ")")):
            self.add(type, self.place, end, value)
        self.place = end
        return True

    def is_letter(self, char):
        return (char.isalnum() or char == "_" or char in SUBSCRIPTS) and char not in SIGNS and char not in SUPERSCRIPTS

    def one_name(self, value, end):
        if value == "lambda" and LAMBDA.match(self.text, self.place):
            raise self.source.error(self.place, "a lambda is not read", "write a map as `u -> u**2`, in `apply(u -> u**2, X)`")
        if value == "σ" and self.is_sigmoid(end):
            self.notes.append("`σ(...)` is read as the sigmoid function; a product: `σ*(...)`")
            return self.take("NAME", end, "sigmoid")
        if value in WORDLIKE:
            return self.take(WORDLIKE[value], end)
        if self.beside and takes_a_factor(value, self.text[end:]):
            return self.take("FUNC", end)
        if value.lower() in WORDS and not (value in WORDS or value in OF_SYMPY) and len(value) > 1 and self.text[end:].startswith("("):
            value = value.lower()  # ``Tr(A)``
        identity = IDENTITY.fullmatch(value) if value not in self.declared else None
        if identity:
            return self.identity(identity[1], end)
        letters = self.letters(value) if self.handwritten else [value]
        if len(letters) == 1:
            return self.take("NAME", end, value)
        self.notes.append(f"`{value}` is read as `{'*'.join(letters)}`; declare `{value}: ...` for one name")
        for letter in letters:
            self.take("NAME", self.place + len(letter), letter)
        return True

    def identity(self, size, end):
        """``I_n``: the identity of a size."""
        start, text = self.place, self.text[self.place : end]
        self.notes.append(f"`{text}` is read as `I({size})`, the identity; declare `{text}: ...` for a name")
        self.take("NAME", end, "I")
        for type, value in (("_LPAR", "("), ("NUMBER" if size.isdecimal() else "NAME", size), ("_RPAR", ")")):
            self.add(type, start, end, value)
        return True

    def is_sigmoid(self, end):
        """Whether `σ` stands in front of brackets, and nowhere else."""
        elsewhere = re.search(r"σ(?!\s*\()", self.text) or {"σ", "sigma"} & self.declared
        return not elsewhere and self.text[end:].lstrip().startswith("(")

    def letters(self, name):
        """The factors that a handwritten name of several letters stands for: `Xw` for X and w."""
        whole = name in self.declared or name in CONSTANTS or name in RESERVED or is_function(name) or "_" in name
        parts = re.findall(r"[^\W\d_]\d*", name)
        word = len(parts) > 4 or len(parts) > 2 and name.islower()  # as `loss` is
        if whole or one_spelling(name) in NAMED.values() or len(parts) < 2 or word:
            return [name]
        return parts

    def sign(self):
        spelling = next((s for s in BY_LENGTH if self.text.startswith(s.text, self.place)), None) or SIGNS.get(self.text[self.place])
        if spelling is None:
            return False
        if self.syntax and (self.syntax not in spelling.syntaxes or spelling.text in SIGNS):
            what = "Python" if self.syntax == PYTHON else "MATLAB"
            instead = spelling.instead or "write it in ASCII"
            raise self.source.error(self.place, f"`{spelling.text}` is not read in {what}'s spelling", instead)
        return self.take(spelling.token, self.place + len(spelling.text))
