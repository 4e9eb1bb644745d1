// Uses the page in headless Chromium as a person would: node test.mjs [FOLDER for screenshots [FOLDER for source texts]]. CHROMIUM names the browser.
import { createReadStream, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { strict as assert } from "node:assert";
import { gzipSync } from "node:zlib";
import puppeteer from "puppeteer-core";

const here = import.meta.dirname;
const root = join(here, "dist");
const pictures = process.argv[2];
const sources = process.argv[3]; // a folder for the source texts
const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };
const MOST_BYTES = 20e6; // over the wire, from a server that packs texts
const asked = new Set();
const shown = ["text", "check", "shapes", "error", "hessian_text", "hessian_check", "steps", "numpy", "jax", "torch"];
const server = createServer((request, response) => {
  const name = join(root, request.url === "/" ? "index.html" : new URL(request.url, "http://x").pathname);
  if (!existsSync(name)) return response.writeHead(404).end();
  asked.add(name);
  response.writeHead(200, { "content-type": types[extname(name)] || "application/octet-stream" });
  createReadStream(name).pipe(response);
}).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const address = `http://127.0.0.1:${server.address().port}/`;

const FORMULAS = [
  ["norm(X*w - y)**2", "python", "w", "2*X.T*(X*w - y)"],
  ["x.T*A*x", "python", "x", "(A + A.T)*x"],
  ["log(det(X))", "python", "X", "X.T**(-1)"],
  ["tr(A*X)", "python", "X", "A.T"],
  ["sum(log(1 + exp(X*w))) - y.T*X*w", "python", "w", "X.T*(sigmoid(X*w) - y)"],
  ["logsumexp(x)", "python", "x", "softmax(x)"],
  ["tr(expm(A))", "python", "A", "expm(A).T"],
  ["tr(inv(X)*A)", "python", "X", "-X.T**(-1)*A.T*X.T**(-1)"],
  ["x'*A*x", "matlab", "x", "(A + A.T)*x"],
  ["norm(A*x - b)^2/2", "matlab", "x", "A.T*(A*x"],
  ["trace(X'*A*X)", "matlab", "X", "(A + A.T)*X"],
  ["sum((X*w).^2)", "matlab", "w", "2*X.T*X*w"],
  ["y'*log(x)", "matlab", "x", "HadamardP"],
  ["sum(exp(X*w)) - y'*X*w", "matlab", "w", "X.T*("],
  ["log(det(X'*X))", "matlab", "X", "2*X*(X.T*X)**(-1)"],
  ["\\lVert X w - y \\rVert_2^2", "latex", "w", "2*X.T*(X*w - y)"],
  ["x^\\top A x", "latex", "x", "(A + A.T)*x"],
  ["\\log\\det X", "latex", "X", "X.T**(-1)"],
  ["\\operatorname{tr}(A X B)", "latex", "X", "A.T*B.T"],
  ["\\exp(x^\\top x)", "latex", "x", "exp("],
  ["\\frac{x^\\top A x}{x^\\top x}", "latex", "x", "(A + A.T)*x"],
];

const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage();
const elsewhere = [];
page.on("request", (r) => r.url().startsWith(address) || r.url().startsWith("data:") || elsewhere.push(r.url()));
page.on("pageerror", (error) => elsewhere.push(String(error)));
await page.setViewport({ width: 1200, height: 1000 });

const count = () => page.evaluate(() => document.body.dataset.answered || "0");
const read = () => page.evaluate((ids) => Object.fromEntries(ids.map((id) => [id, document.getElementById(id).textContent])), shown);
async function answered(before) {
  await page.waitForFunction((n) => (document.body.dataset.answered || "0") !== n, { timeout: 90_000 }, before);
  return read();
}
async function completed() {
  await page.waitForFunction(() => document.body.dataset.complete === document.body.dataset.answered, { timeout: 90_000 });
  return read();
}
async function derive(formula, syntax, wrt) {
  let before = await count();
  await page.select("#syntax", syntax);
  await answered(before);
  before = await count();
  await page.$eval("#formula", (box) => (box.value = ""));
  await page.type("#formula", formula);
  const typed = performance.now();
  await page.keyboard.press("Enter");
  let found = await answered(before);
  const seconds = (performance.now() - typed) / 1000;
  if (!found.error && (await page.$eval("#wrt", (box) => box.value)) !== wrt) {
    before = await count();
    await page.select("#wrt", wrt);
    found = await answered(before);
  }
  if (!found.error) found = await completed();
  return { ...found, seconds };
}

try {
  const opened = performance.now();
  await page.goto(address);
  const first = await answered("0");
  const firstSeconds = (performance.now() - opened) / 1000;
  assert.match(first.check, /^right/, first.error);

  assert.match(first.shapes, /^shapes: X: n x m, /);
  assert.match((await completed()).hessian_check, /^right/);
  const atFirst = [...asked];

  const times = [], second = [];
  for (const [formula, syntax, wrt, expected] of FORMULAS) {
    const found = await derive(formula, syntax, wrt);
    assert.ok(found.text.includes(expected), `${formula}: ${found.error || found.text}`);
    assert.match(found.check, /^right/, `${formula}: ${found.check}`);
    assert.doesNotMatch(found.hessian_check, /WRONG/, `${formula}: ${found.hessian_check}`);
    assert.ok(found.steps.length > 20, `${formula}: ${found.steps}`);
    for (const [library, line] of [["numpy", "import numpy as np"], ["jax", "import jax"], ["torch", "import torch"]]) {
      assert.match(found[library], /^# returns value, gradient, Hessian\n(from|import) /);
      assert.ok(found[library].includes(line) && found[library].includes("\ndef compute("), `${formula}: ${found[library]}`);
      if (sources) writeFileSync(join(sources, `${times.length}_${library}.py`), found[library]);
    }
    second.push(found.hessian_check);
    times.push(found.seconds);
  }

  const wrong = await derive("x.T*A*", "python", "x");
  assert.match(wrong.error, /\^/, "a caret under the mistake");
  await page.setViewport({ width: 360, height: 900 });
  await derive("norm(X*w - y)**2/2 + lam/2*norm(w)**2 + norm(X*w - z)**2/2 + mu/2*norm(w - v)**2 + x.T*A*", "python", "x");
  const shownAt = await page.evaluate(() => {
    const place = document.getElementById("place"), at = place.textContent.lastIndexOf("^"), mark = document.createRange();
    mark.setStart(place.firstChild, at);
    mark.setEnd(place.firstChild, at + 1);
    return mark.getBoundingClientRect().toJSON();
  });
  assert.ok(await page.$eval("#place", (place) => place.scrollLeft > 0), "what is wrong is far to the right");
  assert.ok(shownAt.left > 0 && shownAt.right < 360, `the caret is seen in a narrow window: ${JSON.stringify(shownAt)}`);
  if (pictures) (mkdirSync(pictures, { recursive: true }), await page.screenshot({ path: join(pictures, "360-mistake.png") }));
  await page.setViewport({ width: 1200, height: 1000 });

  await page.goto(address + "#" + new URLSearchParams({ f: "tr(X*A)", s: "python", w: "A" }));
  await page.reload();
  assert.equal((await answered("0")).text, "X.T", "a link holds the input");
  await completed();

  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  for (const [width, theme] of [[1200, "light"], [1200, "dark"], [360, "light"], [360, "dark"]]) {
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${width} px: the page is ${wide} px wide`);
    if (pictures) (mkdirSync(pictures, { recursive: true }), await page.screenshot({ path: join(pictures, `${width}-${theme}.png`), fullPage: true }));
    await page.evaluate(axe + "; 0");  // evaluated by the browser's tools, which the page's own policy does not stop
    const faults = (await page.evaluate(() => axe.run())).violations.filter((v) => ["serious", "critical"].includes(v.impact));
    assert.deepEqual(faults.map((v) => `${v.id}: ${v.nodes[0].html}`), [], `${width} px, ${theme}`);
  }
  await page.focus("#formula");
  for (const next of ["syntax", "wrt", "BUTTON"]) {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id || document.activeElement.tagName), next, "by keyboard alone");
  }
  await page.goto(pathToFileURL(join(root, "index.html")).href);
  assert.match(await page.$eval("#file", (said) => said.innerText), /http\.server/, "opened as a file, the page says what to do");

  elsewhere.splice(0, Infinity, ...elsewhere.filter((url) => !url.startsWith(pathToFileURL(root).href)));
  assert.deepEqual(elsewhere, [], "no request leaves the page's own files");

  const files = [...asked];
  assert.deepEqual(files.filter((name) => name.endsWith(".zip") && !atFirst.includes(name)), [], "all of Python that is needed is there at first");
  console.log(`Hessians: ${second.filter((said) => said.startsWith("right")).length} of ${second.length} checked; ${second.filter((said) => said.startsWith("not"))}`);
  const bytes = files.reduce((sum, name) => sum + statSync(name).size, 0);
  const packed = files.reduce((sum, name) => sum + Math.min(statSync(name).size, gzipSync(readFileSync(name)).length), 0);
  if (process.env.TIMES) FORMULAS.forEach(([formula], k) => console.log(times[k].toFixed(2), formula));
  times.sort((a, b) => a - b);
  console.log(`first checked answer ${firstSeconds.toFixed(1)} s after opening`);
  console.log(`${times.length} later answers: median ${times[times.length >> 1].toFixed(2)} s, longest ${times.slice(-3).map((t) => t.toFixed(2)).join(", ")} s`);
  console.log(`${files.length} files, ${(bytes / 1e6).toFixed(1)} MB, gzipped ${(packed / 1e6).toFixed(1)} MB`);
  assert.ok(packed < MOST_BYTES, `the page is ${(packed / 1e6).toFixed(2)} MB over the wire, more than ${MOST_BYTES / 1e6}`);
} finally {
  await browser.close();
  server.close();
}
