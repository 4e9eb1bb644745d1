"""The numeric check of a derivative on the command line: a verdict in words, also where no point could be judged."""

import numpy as np
from sympy import Trace

import sympy_matcalc as mc

from ..certificate import with_facts
from ..errors import MissingLibraryError
from ..facts import read_facts
from ..structure import DEFAULT
from ..testing.data import random_env
from ..testing.structures import judge_structured, random_point
from ..text.domains import domains
from .asked import is_scalar

DRAWS = 4  # random points at which a derivative with structure is judged


def verdict(expr, variable, result, args):
    """(ok, text) of the numeric check of `result` against finite differences; ok is None where no point could be judged."""
    given = {"domain": domains(expr)[0], "assumptions": args.facts}
    if args.structure:
        return structured_verdict(expr, variable, result, args, given["domain"])
    try:
        if args.form or args.layout == "denominator":  # `check` judges numerator layout, from which these are read off
            certificate = mc.check(expr if args.order == 1 else mc.gradient(expr, variable), variable, **given)
        elif args.order == 2:
            certificate = mc.check(mc.gradient(expr, variable), variable, derivative=result, **given)
        else:
            certificate = mc.check(expr, variable, derivative=result, **given)
    except mc.CheckError as error:
        return False, str(error)
    except IndexError as error:
        return None, f"not checked: {error}; declare larger sizes with --shape"
    except (ValueError, NotImplementedError, MissingLibraryError) as error:  # LinAlgError among them
        return None, f"not checked: {error}"
    if not certificate.ok:
        return None, "not checked: finite differences are not reliable at any of the random points"
    return True, str(certificate._replace(conditions=()))


def structured_verdict(expr, variable, result, args, domain):
    """(ok, text) of a derivative with structure against finite differences along the structure, both forms of it from the plain one."""
    if not is_scalar(expr):
        return None, "not checked: only derivatives of scalars by a variable with structure are"
    derive = mc.gradient if args.order == 1 else mc.hessian
    answer = derive(expr, variable, structure=args.structure, convention=args.convention) if args.form else result
    verdicts, facts = [], read_facts(args.facts)
    scalar = Trace(expr) if getattr(expr, "is_Matrix", False) else expr  # of one entry
    for seed in range(DRAWS):
        rng = np.random.default_rng(seed)
        env = with_facts(random_env([expr, variable], seed, None, {s: d for s, d in domain.items() if s != variable}), facts, seed)
        try:
            env[variable] = random_point(args.structure, env[variable].shape, rng)
            verdicts.append(judge_structured(args.order, scalar, variable, env, answer, args.structure, args.convention or DEFAULT, rng))
        except (ValueError, NotImplementedError, IndexError) as error:  # LinAlgError among them
            verdicts.append(f"not checked: {error}")
    if "wrong" in verdicts:
        return False, f"the derivative of `{expr}` with structure {args.structure} is wrong"
    judged = verdicts.count("right")
    if not judged:
        return None, next(
            (v for v in verdicts if v != "unreliable"), "not checked: finite differences are not reliable at the points tried"
        )
    of = "" if args.form is None else f", of which the {args.form} form is made"
    return True, f"checked at {judged} random points with this structure against finite differences along it{of}"
