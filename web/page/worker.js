// Python in a worker: loads Pyodide and the package from the page's own files, then answers questions.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const files = new URL(".", import.meta.url).href;
const ready = (async () => {
  const [pyodide, zip] = await Promise.all([
    loadPyodide({ indexURL: files + "pyodide/" }),
    fetch(files + "app.zip").then((r) => r.arrayBuffer()),
  ]);
  pyodide.unpackArchive(zip, "zip", { extractDir: "/site" });
  pyodide.runPython('import sys; sys.path.insert(0, "/site"); import page');
  return pyodide.pyimport("page");
})();

onmessage = async ({ data: { id, text, syntax, wrt } }) => {
  try {
    const page = await ready;
    postMessage({ id, ...JSON.parse(page.ask(text, syntax, wrt)) });
  } catch (error) {
    postMessage({ id, error: String(error).split("\n").slice(-3).join("\n") });
  }
};
ready.then(() => postMessage({ ready: true }), (error) => postMessage({ failed: String(error) }));
