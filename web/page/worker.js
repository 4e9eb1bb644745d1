// Python in a worker: Pyodide with its memory as it was when everything had been imported (`snapshot.mjs`), from the page's own files.
import createPyodideModule from "./pyodide/pyodide.asm.mjs";
import { loadPyodide } from "./pyodide/pyodide.mjs";

const files = new URL(".", import.meta.url).href;
const unpacked = async (name, type) => {
  const response = await plainFetch(files + name);
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return new Response(response.body.pipeThrough(new DecompressionStream("gzip")), { headers: { "content-type": type } });
};
const plainFetch = self.fetch;
self.fetch = (url, ...rest) => (String(url).endsWith("pyodide.asm.wasm") ? unpacked("pyodide/pyodide.asm.wasm.gz", "application/wasm") : plainFetch(url, ...rest));
const memory = unpacked("memory.gz").then((response) => response.arrayBuffer());

// What is not in the memory is in two zips, which Python reads when it first looks for a module that it has not imported.
self.loadTheRest = (Module) => {
  for (const [name, there] of [["pyodide/python_stdlib.zip", "/lib/python314.zip"], ["app.zip", "/app.zip"]]) {
    const request = new XMLHttpRequest();
    request.open("GET", files + name, false);
    request.responseType = "arraybuffer";
    request.send();
    Module.FS.writeFile(there, new Uint8Array(request.response));
  }
};

const ready = (async () => {
  const pyodide = await loadPyodide({
    indexURL: files + "pyodide/",
    stdLibURL: files + "empty.zip",
    _loadSnapshot: new Uint8Array(),  // so that nothing waits: the true one is put in below
    async createPyodideModule(settings) {
      const [Module, snapshot] = await Promise.all([createPyodideModule(settings), memory]);
      // Pyodide 314 copies the snapshot into a heap that may be smaller: it has to be grown before
      Module.growMemory(snapshot.byteLength);
      const restore = Module.API.restoreSnapshot;
      Module.API.restoreSnapshot = () => restore(new Uint8Array(snapshot));
      return Module;
    },
  });
  self.loadRest = () => self.loadTheRest(pyodide);
  return pyodide.pyimport("page");
})();

let asked = 0;
onmessage = async ({ data: { id, text, syntax, wrt } }) => {
  asked = id;
  try {
    const page = await ready;
    if (id !== asked) return;
    const answer = JSON.parse(page.ask(text, syntax, wrt));
    postMessage({ id, ...answer });
    if (answer.error) return;
    let rest = {};
    for (const part of page.PARTS) {
      await new Promise((next) => setTimeout(next)); // a question that has come meanwhile is heard first
      if (id !== asked) return;
      rest = { ...rest, ...JSON.parse(page.rest(part)) };
    }
    postMessage({ id, rest });
  } catch (error) {
    postMessage({ id, error: String(error).split("\n").slice(-3).join("\n") });
  }
};
ready.then(() => postMessage({ ready: true }), (error) => postMessage({ failed: String(error) }));
