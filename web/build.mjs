// Compiles the Python files of a folder with Pyodide's Python and packs them: node build.mjs FOLDER ZIP
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { loadPyodide } from "pyodide";

const [folder, target] = process.argv.slice(2);
const pyodide = await loadPyodide();
const walk = (path) => readdirSync(path, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? walk(join(path, e.name)) : [join(path, e.name)]));
for (const path of walk(folder)) {
  const there = "/site/" + relative(folder, path);
  pyodide.FS.mkdirTree(there.slice(0, there.lastIndexOf("/")));
  pyodide.FS.writeFile(there, readFileSync(path));
}
pyodide.runPython(`
import importlib.util, marshal, pathlib, types, zipfile
root = pathlib.Path("/site")
READS_ITS_DOCSTRINGS = "sympy_matcalc/rewriting/"
READ = "sympy_matcalc/codegen/backends/runtime"  # its modules are read as text
DATE = (1980, 1, 1, 0, 0, 0)  # the same files give the same zip

def small(code):
    """Code that says of all its lines that they are its first: tables of places are a tenth of what the page would load."""
    units = len(code.co_code) // 2
    lines = b"".join(bytes([0xE8 | min(8, units - k) - 1, 0]) for k in range(0, units, 8))
    inner = tuple(small(c) if isinstance(c, types.CodeType) else c for c in code.co_consts)
    return code.replace(co_linetable=lines, co_consts=inner)

with zipfile.ZipFile("/app.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        name, text = path.relative_to(root).as_posix(), path.read_bytes()
        if name.endswith(".py"):
            if name.startswith(READ):
                out.writestr(zipfile.ZipInfo(name, DATE), text, zipfile.ZIP_DEFLATED)
            code = small(compile(text, name, "exec", dont_inherit=True, optimize=1 if name.startswith(READS_ITS_DOCSTRINGS) else 2))
            name, text = name + "c", importlib.util.MAGIC_NUMBER + bytes([1, 0, 0, 0]) + importlib.util.source_hash(text) + marshal.dumps(code)
        out.writestr(zipfile.ZipInfo(name, DATE), text, zipfile.ZIP_DEFLATED)
`);
writeFileSync(target, pyodide.FS.readFile("/app.zip"));
process.exit(0);
