"""The one grammar of all spellings, over the tokens of the scanners; LALR, so that no text is read in two ways and none takes long.

Rules are written from the table of operators; what differs between the spellings has been settled by the scanners: which bar opens,
where factors stand beside one another, how far an exponent goes.
"""

from .operators import PRECEDENCE

TOKENS = (
    "NUMBER NAME TEXT FUNC ATTR PRIME HERMITIAN PSEUDO INVT SUP PLUS MINUS STAR SLASH BACKSLASH DOTSTAR DOTSLASH OTIMES _JUXT POWER "
    "HAT DOTHAT _LPAR _RPAR _LSQB _RSQB _LBRACE _RBRACE _COMMA COLON _SEMI ARROW EQUALS COMPARE AND OR NORMOPEN NORMCLOSE BAROPEN "
    "BARCLOSE FRAC ROOT SUM DOT"
).split()

RULES = """
beside: power _JUXT applied | power (_JUXT power)+ | power (_JUXT power)+ _JUXT applied
?factors: power | applied | beside
applied: FUNC factors
    | FUNC HAT tight _JUXT factors -> powered
    | SUM factors -> summation
?power: base
    | base (_exponent)+ -> powers
_exponent: (POWER | HAT | DOTHAT) exponent suffix_behind*
exponent: (PLUS | MINUS)* tight
?tight: atom
    | atom (ATTR | called | entry | each)+ -> suffixed
?base: atom
    | atom (ATTR | called | entry | each | suffix_behind)+ -> suffixed
suffix_behind: PRIME | HERMITIAN | PSEUDO | INVT | SUP
called: _LPAR _RPAR | _LPAR argument (_COMMA argument)* _COMMA? _RPAR
each: DOT _LPAR either _RPAR
entry: _LSQB index (_COMMA index)* _RSQB
?index: either
    | slice
slice: bound COLON bound (COLON bound)?
bound: either?
?argument: either
    | NAME ARROW either -> map
    | NAME EQUALS either -> keyword
    | STAR either -> starred
    | slice
    | _LSQB _RSQB -> empty
?atom: NUMBER -> number
    | NAME -> name
    | TEXT -> text
    | _LPAR either _RPAR
    | _LBRACE either _RBRACE
    | _LPAR either (_COMMA either)+ _COMMA? _RPAR -> many
    | _LSQB row (_SEMI row)* _RSQB -> rows
    | NORMOPEN either NORMCLOSE -> norm
    | BAROPEN either BARCLOSE -> bars
    | FRAC _LBRACE either _RBRACE _LBRACE either _RBRACE -> fraction
    | ROOT _LBRACE either _RBRACE -> root
row: either (_COMMA either)* _COMMA?
"""


def rules() -> str:
    """The text of the grammar, as lark reads it."""
    lines, levels = [], [name for name, _ in PRECEDENCE]
    for name, operators in PRECEDENCE[: levels.index("signed")]:
        below = levels[levels.index(name) + 1]
        lines.append(f"?{name}: {below} (({' | '.join(operators)}) {below})*")
    lines.append("?signed: factors | (PLUS | MINUS) signed")
    return "\n".join(["?start: either", *lines, RULES, *(f"%declare {token}" for token in TOKENS)])
