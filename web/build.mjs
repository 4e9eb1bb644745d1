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
import compileall, pathlib, zipfile
root = pathlib.Path("/site")
compileall.compile_dir(root, legacy=True, quiet=2, optimize=1, invalidation_mode=__import__("py_compile").PycInvalidationMode.UNCHECKED_HASH)
READ = "sympy_matcalc/codegen/backends/runtime"  # its modules are read as text
with zipfile.ZipFile("/app.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and (path.suffix != ".py" or name.startswith(READ) or not path.with_suffix(".pyc").exists()):
            out.write(path, name)
`);
writeFileSync(target, pyodide.FS.readFile("/app.zip"));
process.exit(0);
