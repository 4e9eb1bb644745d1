// Python's memory with everything imported and a few questions asked, so that the page need not: node snapshot.mjs ZIP TARGET
import "./still.mjs";
import { readFileSync, writeFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const [zip, target] = process.argv.slice(2);
const pyodide = await loadPyodide({ _makeSnapshot: true, env: { PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1" } });
pyodide.FS.writeFile("/app.zip", readFileSync(zip));
pyodide.globals.set("top", () => pyodide._module.HEAPU32[pyodide._module._emscripten_get_sbrk_ptr() >>> 2]);
pyodide.runPython(`
import sys
sys.path.insert(0, "/app.zip")
import page

for question in (  # what fills caches and imports what functions import
    ("norm(X*w - y)^2/2 + lam/2*norm(w)^2", "auto", ""),
    ("A symmetric matrix, x vector; x'*A*x", "matlab", "x"),
    (r"\\log\\det X", "latex", "X"),
    ("sum(log(1 + exp(X*w))) - y.T*X*w", "python", "w"),
    ("logsumexp(x)", "python", "x"),
    ("A*x", "auto", "x"),
    ("x.T*A*", "auto", ""),
):
    page.ask(*question)
    for part in page.PARTS:
        page.rest(part)
page.Question.last = None

import gc, late
sys.meta_path.insert(0, late.Late)
gc.collect()

# what was freed still holds what was there, which would be packed and sent: it is overwritten with zeros
kept, end = [], top()
for size in (1 << 16, 1 << 12, 1 << 10, 512, 256, 128, 64, 32, 16):
    while top() == end:
        kept.append(bytes(size))
    end = top()
del kept, top, question, part, size, end
gc.collect()
`);
const memory = pyodide.makeMemorySnapshot();
writeFileSync(target, memory);
process.exit(0);
