"""The documentation site: `.ci/docs` builds it."""

import inspect
import os
import re
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent)]

import catalogue  # noqa: E402
from docutils import nodes  # noqa: E402

import sympy_matcalc  # noqa: E402

catalogue.write(HERE / "reference" / "generated")
NOTEBOOKS = HERE / "notebooks"  # Sphinx reads what lies in this folder only
NOTEBOOKS.mkdir(exist_ok=True)
for path in (HERE.parent / "notebooks").glob("*.ipynb"):
    shutil.copy2(path, NOTEBOOKS / path.name)

project = "sympy_matcalc"
author = "the sympy_matcalc developers"
release = version = sympy_matcalc.__version__
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.mathjax", "sphinx_copybutton", "sphinx_design"]
exclude_patterns = ["_build", "notebooks/cookbook.ipynb"]  # the cookbook is a page of its own
default_role = "code"
smartquotes = False  # f' is a derivative

nb_execution_mode = "off"  # outputs are kept in the notebooks, and the tests execute them
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 3
suppress_warnings = ["mystnb.unknown_mime_type"]
myst_update_mathjax = False  # as below, with the outputs of notebooks, in which steps have formulas between dollar signs
mathjax3_config = {
    "tex": {"inlineMath": [["\\(", "\\)"], ["$", "$"]]},
    "options": {"ignoreHtmlClass": "document", "processHtmlClass": "tex2jax_process|mathjax_process|math|text_html"},
}

autodoc_typehints = "none"
autodoc_member_order = "bysource"
add_module_names = False

html_theme = "pydata_sphinx_theme"
html_title = "sympy_matcalc"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_search_scorer = str(HERE / "_ext" / "scorer.js")
html_theme_options = {
    "show_prev_next": True,
    "navigation_with_keys": False,
    "navbar_align": "left",
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_toc_level": 1,
}
html_sidebars = {"index": []}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
project_copyright = "the sympy_matcalc developers; BSD-3-Clause"


def bars(app, what, name, obj, options, lines):
    """Docstrings are plain text: |det| is no substitution of reST's there. Doctests and code stay as they are."""
    doctest = False
    for k, line in enumerate(lines):
        doctest = line.startswith(">>>") or (doctest and bool(line.strip()))
        if not doctest:
            lines[k] = "``".join(re.sub(r"\|", r"\\|", part) if at % 2 == 0 else part for at, part in enumerate(line.split("``")))


def no_empty_last_line(app, doctree):
    """Python's blocks end in an empty line, which ends a doctest; it is not shown."""
    for block in doctree.findall(nodes.literal_block):
        text = block.astext().rstrip()
        block.rawsource, block.children = text, [nodes.Text(text)]


def constructor(app, what, name, obj, options, signature, returns):
    """The arguments of an operator's own `__init__`: its base in SciPy has a `__new__` that takes anything."""
    if what == "class" and signature == "(*args, **kwargs)":
        taken = list(inspect.signature(obj.__init__).parameters.values())[1:]
        signature = str(inspect.Signature([p.replace(annotation=p.empty) for p in taken]))
    return signature, returns


def setup(app):
    app.connect("autodoc-process-signature", constructor)
    app.connect("doctree-read", no_empty_last_line)
    app.connect("autodoc-process-docstring", bars)


if os.environ.get("MATHJAX"):  # a folder with MathJax, so that the site needs nothing from elsewhere; else it is loaded from a CDN
    html_static_path.append(os.environ["MATHJAX"])
    mathjax_path = "mathjax/tex-svg.js"
