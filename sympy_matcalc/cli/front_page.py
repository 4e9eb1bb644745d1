"""What ``sympy-matcalc --help`` prints: one screen. Options, the grammar and its functions are in the help of the commands."""

from .parser import PROG

EXAMPLES = (  # (what is typed behind the name of the program, a line of what it prints)
    ('"x\'*A*x" --wrt x', "gradient:   (A + A.T)*x"),
    ('"norm(X*w - y)^2" --wrt w --hessian', "hessian:    2*X.T*X"),
    (r"'\log\det X' --wrt X", "gradient:   X.T.I"),
    ('"A symmetric matrix; x\'*A*x" --wrt x', "gradient:   2*A*x"),
)
PAGE = """\
usage: {prog} [COMMAND] EXPRESSION --wrt NAME [options]

Derivatives of matrix expressions as a textbook prints them, checked by numbers.
Type Python's spelling, MATLAB's, LaTeX or xᵀAx; shapes are inferred from use.

{examples}

commands, in front of the expression:
  explain     the steps, each by a rule with its name
  check       what a formula of your own is to the derivative, --of EXPRESSION
  code        value, gradient and Hessian as a function: --code jax
  cookbook    the identities of the textbooks that fit
  convert     another spelling: --to latex, python, matlab, unicode, numpy
  serve       the same for editors and agents; completion: for bash, zsh, fish

options of most: --wrt X --wrt Y, --hessian, --shape "X: m x n", --json, --plain

all options:                             {prog} COMMAND --help
without a command, and the functions:    {prog} derive --help
exit status: 0 done, 1 a check failed, 2 a mistake in what was asked, 3 a fault"""


def front_page() -> str:
    examples = "\n".join(f"  {f'{PROG} {typed}':<52} {printed.split(':')[1].strip()}" for typed, printed in EXAMPLES)
    return PAGE.format(prog=PROG, examples=examples)
