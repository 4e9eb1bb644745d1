"""Facts that are stated as text: ``symmetric: A, S``."""

from difflib import get_close_matches

from ..errors import ParseError
from ..facts import PREDICATES
from .spelling import one_spelling


def read_assumptions(texts):
    """``(name of the fact, name of the matrix, text)`` of each fact that lines such as ``symmetric: A, S`` state."""
    stated = []
    for text in texts:
        name, colon, names = (part.strip() for part in text.partition(":"))
        fact = name.replace(" ", "_")
        if not colon:
            raise ParseError(f'`--assume "{text}"` has no colon; write `--assume "symmetric: A, S"`')
        if fact not in PREDICATES:
            near = get_close_matches(fact.lower(), list(PREDICATES), 1)
            known = f"did you mean `{near[0]}`?" if near else f"they are {', '.join(PREDICATES)}"
            raise ParseError(f'`--assume "{text}"`: `{name}` is no fact about matrices; {known}')
        stated += [(fact, one_spelling(part.strip()), text) for part in names.split(",")]
    return stated
