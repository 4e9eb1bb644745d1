"""The formulas of docstrings, which are ASCII, as formulas between dollar signs, with their prose between them.

>>> to_markdown("d(A^-1) = -A^-1 dA A^-1")
'$\\\\mathrm{d}(A^{-1}) = -A^{-1} \\\\, \\\\mathrm{d}A A^{-1}$'
>>> to_markdown("d(A o B) = dA o B + A o dB")
'$\\\\mathrm{d}(A \\\\odot B) = \\\\mathrm{d}A \\\\odot B + A \\\\odot \\\\mathrm{d}B$'
>>> to_markdown("d sigma = u' dX v, where it is simple (Giles 2008, sec. 3)")
'$\\\\mathrm{d} \\\\sigma = u^{\\\\top} \\\\, \\\\mathrm{d}X v$, where it is simple (Giles 2008, sec. 3)'
"""

import re

GREEK = {"lambda", "sigma", "theta", "alpha", "beta"}
OPERATORS = set("tr det log exp diag sign softmax tril triu adj logsumexp max min vec prod rowprod rowmax".split())
SIGNS = {
    "!=": r"\neq ",
    ">=": r"\ge ",
    "<=": r"\le ",
    "..": r"\ldots ",
    "(x)": r"\otimes ",
    "×": r"\times ",
    "o": r"\odot ",
    "oo": r"\infty ",
    "||": r"\Vert ",
    "<": r"\langle ",
    ">": r"\rangle ",
}
TOKEN = re.compile(
    r"""(?P<sign>!=|>=|<=|\.\.|(?<=\s)\(x\)|×|\|\||(?<=[\s(])[o](?=\s)|\boo\b|<(?=\S)|(?<=\S)>)
      | (?P<script>[_^](?:\{[^{}]*\}|-?\([^()]*\)|[+-]?[A-Za-z0-9]+|[+*]))
      | (?P<prime>')
      | (?P<word>[A-Za-z]+(?:-[a-z]+)*)
      | (?P<space>\s+)
      | (?P<other>.)""",
    re.VERBOSE,
)
CITATION = re.compile(r"\s*(\((?:[A-Z][a-z]+|de)\b[^()]*\d[^()]*\))")  # (Giles 2008, sec. 3.1)


def to_markdown(text: str) -> str:
    """A line with its formulas between dollar signs: what is a name, an operator or a sign of mathematics; the rest is its prose."""
    parts = CITATION.split(text.replace("`", ""))
    return (
        "".join(part if k % 2 == 0 else " " + part for k, part in enumerate(map(_sentence, parts)) if part)
        if len(parts) > 1
        else _sentence(text)
    )


def _sentence(text):
    if CITATION.fullmatch(text) or not text:
        return text
    text = re.sub(r"\b(d?E)(\d)", r"\1_\2", re.sub(r"x x (?=d?y)", "x × ", text.replace("`", "")))
    tokens = [(m.lastgroup, m.group()) for m in TOKEN.finditer(text)]
    prose = [
        kind == "word" and is_prose(word, tokens[k + 1][1][:1] if k + 1 < len(tokens) else "") for k, (kind, word) in enumerate(tokens)
    ]
    joined(tokens, prose)
    out, at = [], 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and (prose[end] == prose[at] or tokens[end][0] == "space"):
            end += 1
        part = tokens[at:end]
        said = "".join(word for _, word in part) if prose[at] else formula("".join(sign(tokens, k) for k in range(at, end)))
        out.append(said)
        at = end
    return re.sub(r" +([,.;:])", r"\1", " ".join(" ".join(out).split()))


def formula(latex):
    """LaTeX between dollar signs, a formula for each part of a list, the punctuation of the sentence behind them."""
    latex = re.sub(r"\^\{([^{}]*)\}\^\{\\top\}", r"^{\1 \\top}", re.sub(r"\s+", " ", latex).strip())
    latex = re.sub(r"(\\[A-Za-z]+|[A-Za-z0-9})']) (?=\\mathrm\{d\})", lambda m: m[0] if m[1][0] == "\\" else m[1] + r" \, ", latex)
    parts, depth = [""], 0
    for token in re.findall(r"\\langle|\\rangle|\\,|[,;:] |.", latex):
        depth += (token in ("(", "[", r"\langle")) - (token in (")", "]", r"\rangle"))
        if depth == 0 and token in (", ", "; ", ": "):
            parts += [token, ""]
        else:
            parts[-1] += token
    return "".join(part if k % 2 else _one(part) for k, part in enumerate(parts))


def _one(latex):
    before, latex, after = re.fullmatch(r"([,.;: ]*)(.*?)([,.;: ]*)", latex).groups()
    return (before.strip() + " " if before.strip() else "") + (f"${latex.strip()}$" if latex else "") + after.strip()


def is_prose(word, after):
    """Whether a word is English: neither a letter, nor a differential dA, nor the name of an operator."""
    if word in ("sum", "softmax", "max", "min", "prod"):
        return after not in ("(", "_")
    known = word in OPERATORS or word in GREEK or word in SIGNS or after == "(" or word[0] == "d" and word[1:] in GREEK
    return not (known or len(word) == 1 or re.fullmatch(r"d[A-Za-z]", word) and word not in ("do", "de") or re.search("[a-z][A-Z]", word))


def joined(tokens: list[tuple[str, str]], prose: list[bool]) -> None:
    """The articles between words, and commas within a sentence, belong to the prose."""
    words = [k for k, (kind, _) in enumerate(tokens) if kind != "space"]
    for before, k, after in zip([None, *words], words, [*words[1:], None]):
        kind, word = tokens[k]
        beside = (before is not None and prose[before], after is not None and prose[after])
        if word in ("a", "A") and kind == "word" and beside[1] and (beside[0] or before is None or tokens[before][1] in ",;.:"):
            prose[k] = True
        if word in ",.:;" and all(beside):
            prose[k] = True


def sign(tokens: list[tuple[str, str]], at: int) -> str:
    """A token of mathematics."""
    kind, word = tokens[at]
    before = tokens[at - 1] if at else ("", "")
    after = tokens[at + 1][1] if at + 1 < len(tokens) else ""
    if kind == "sign":
        return SIGNS[word]
    if kind == "script":
        inner = word[1:].strip("{}")
        inner = inner[1:-1] if inner[:1] == "(" and inner.count("(") == 1 else inner
        inner = re.sub(r"\bo\b", r"\\odot", inner).replace("'", r"\top").replace("!=", r"\neq ").replace("-T", r"-\top")
        return r"_{\max}" if word == "_max" else f"{word[0]}{{{inner}}}"
    if kind == "prime":
        return "'" if after == "(" and before[1] in ("f", "g") else r"^{\top}"
    if word in GREEK:
        return f"\\{word} "
    if word[:1] == "d" and word[1:] in GREEK:
        return rf"\mathrm{{d}}\{word[1:]} "
    if word in ("sum", "prod") and after[:1] == "_":
        return f"\\{word}"
    if word in OPERATORS or word == "sum" or len(word) > 2:
        return rf"\operatorname{{{word}}}" if kind == "word" else word
    if word == "d" or kind == "word" and re.fullmatch("d[A-Za-z]", word):
        return r"\mathrm{d}" + word[1:]
    return {"{": r"\{", "}": r"\}", "#": r"\#", "%": r"\%", "&": r"\&", "~": r"\sim ", "|": r"\vert "}.get(word, word)
