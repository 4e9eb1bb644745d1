"""Runs notebooks and writes their outputs into them, the path of the checkout left out: python notebooks/run.py [name ...] (needs nbclient)

The cookbook is left alone: `python -m sympy_matcalc.cookbook` makes it.
"""

import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).resolve().parent
KEPT = ("text/plain", "text/latex", "text/html", "image/svg+xml")  # forms of an output; pictures of pixels are not kept


def run(path):
    """Execute a notebook, and keep what its cells show."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": HERE.parent}}).execute()
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        cell.metadata = {}
        if cell.cell_type == "code":
            shown = [kept(output) for output in cell.outputs if output.output_type in ("stream", "execute_result", "display_data")]
            cell.outputs = []
            for output in shown:
                if output.output_type == "stream" and cell.outputs and cell.outputs[-1].output_type == "stream":
                    cell.outputs[-1].text += output.text  # as many pieces as the kernel happened to send
                else:
                    cell.outputs.append(output)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    nbformat.write(notebook, path)


def kept(output):
    """An output in its kept forms; warnings of libraries name files of this machine, and are refused."""
    if output.output_type == "stream" and (output.name == "stderr" or re.search(r"site-packages|/tmp/|/home/", output.text)):
        raise SystemExit(f"a warning or a path in the output: {output.text}")
    if "data" in output:
        output.data = {form: output.data[form] for form in KEPT if form in output.data}
    return output


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(path.stem for path in HERE.glob("*.ipynb") if path.stem != "cookbook"):
        start = time.perf_counter()
        run(HERE / f"{name}.ipynb")
        print(f"{name}: {time.perf_counter() - start:.1f} s")
