// The page: sends what is typed to the worker, shows what comes back, keeps the question in the address.
const $ = (id) => document.getElementById(id);
const LIBRARIES = ["numpy", "jax", "torch"];
let last = 0;

function ask() {
  const text = $("formula").value.trim();
  if (!text) return;
  last += 1;
  $("status").textContent = document.body.dataset.ready ? "working ..." : "loading Python ...";
  const wrt = $("wrt").value;
  worker.postMessage({ id: last, text, syntax: $("syntax").value, wrt });
  history.replaceState(null, "", "#" + new URLSearchParams({ f: text, s: $("syntax").value, w: wrt }));
}

function tex(element, latex) {
  if (latex) katex.render(latex, element, { displayMode: true, throwOnError: false });
  else element.textContent = "";
}

const judged = ({ ok, check }) => (ok === null ? "" : ok ? "right " : "WRONG ") + check;

function item(text, latex) {
  const line = document.createElement("li");
  line.textContent = text;
  if (latex) {
    const formula = Object.assign(document.createElement("div"), { className: "tex", tabIndex: 0 });
    formula.setAttribute("role", "group");
    formula.setAttribute("aria-label", text);
    tex(formula, latex);
    line.append(formula);
  }
  return line;
}

// What is wrong, in lines as wide as the window, and below it the text with a caret, which scrolls to the caret.
function mistake(text) {
  $("error").hidden = !text;
  const caret = text.search(/\n[^\n]*\n *\^[ ^]*$/);
  $("said").textContent = caret < 0 ? text : text.slice(0, caret + 1);
  const place = $("place"), shown = caret < 0 ? "" : text.slice(caret + 1);
  place.textContent = shown;
  place.hidden = !shown;
  if (!shown) return;
  const mark = document.createRange();
  mark.setStart(place.firstChild, shown.lastIndexOf("^"));
  mark.setEnd(place.firstChild, shown.lastIndexOf("^") + 1);
  place.scrollLeft = 0;
  place.scrollLeft = mark.getBoundingClientRect().left - place.getBoundingClientRect().left - place.clientWidth / 2;
}

function show(answer) {
  mistake(answer.error || "");
  $("answer").hidden = Boolean(answer.error);
  $("rest").hidden = true;
  $("status").textContent = answer.error ? "not read" : "done";
  if (answer.error) return;
  $("wrt").replaceChildren(...answer.variables.map((name) => new Option(name, name, false, name === answer.wrt)));
  $("shapes").textContent = `shapes: ${answer.shapes}`;
  tex($("expression"), answer.expression);
  $("kind").textContent = `${answer.kind[0].toUpperCase()}${answer.kind.slice(1)} by ${answer.wrt}`;
  tex($("first"), answer.latex);
  $("text").textContent = answer.text;
  $("latex").textContent = answer.latex;
  $("check").textContent = judged(answer);
  $("notes").replaceChildren(...answer.notes.map((note) => item(note)));
}

function showRest({ hessian, steps, ...answer }) {
  $("rest").hidden = false;
  $("second").hidden = !hessian;
  if (hessian) {
    tex($("hessian"), hessian.latex);
    $("hessian_text").textContent = hessian.text || `none: ${hessian.none}`;
    $("hessian_check").textContent = hessian.text ? judged(hessian) : "";
  }
  // a numbered rule, then its formula between dollar signs; a formula without a rule says what a name stands for
  const lines = [...(steps.markdown || "").matchAll(/(?:^\d+\. (.*)\n\n)?^ *\$\$(.*)\$\$$/gm)];
  $("steps").replaceChildren(...(lines.length ? lines.map(([, rule, formula]) => item(rule || "where", formula)) : [item(`none: ${steps.none}`)]));
  for (const name of LIBRARIES) $(name).textContent = answer[name];
}

function heard({ data }) {
  if (data.failed) $("status").textContent = data.failed;
  else if (data.ready) document.body.dataset.ready = "yes";
  else if (data.id !== last) return;
  else if (data.rest) {
    showRest(data.rest);
    document.body.dataset.complete = data.id;
  } else {
    show(data);
    document.body.dataset.answered = data.id;
  }
}

const given = new URLSearchParams(location.hash.slice(1));
if (given.get("f")) {
  $("formula").value = given.get("f");
  $("syntax").value = given.get("s") || "auto";
  if (given.get("w")) $("wrt").replaceChildren(new Option(given.get("w"), given.get("w")));
}
let worker;
if (location.protocol === "file:") {
  $("file").hidden = false;
  $("status").textContent = "not loaded";
} else {
  worker = new Worker("worker.js", { type: "module" });
  worker.onmessage = heard;
  worker.onerror = (error) => ($("status").textContent = `Python could not be loaded: ${error.message || "see the browser's console"}`);
  ask();
}
$("question").addEventListener("submit", (event) => (event.preventDefault(), worker && ask()));
for (const id of ["wrt", "syntax"]) $(id).addEventListener("change", () => worker && ask());
