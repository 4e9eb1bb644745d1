// The page: sends what is typed to the worker, shows what comes back, keeps the question in the address.
const $ = (id) => document.getElementById(id);
const worker = new Worker("worker.js", { type: "module" });
let last = 0;

function ask() {
  const text = $("formula").value.trim();
  if (!text) return;
  last += 1;
  $("status").textContent = "working ...";
  const wrt = $("wrt").value;
  worker.postMessage({ id: last, text, syntax: $("syntax").value, wrt });
  history.replaceState(null, "", "#" + new URLSearchParams({ f: text, s: $("syntax").value, w: wrt }));
}

function tex(id, latex) {
  if (latex) katex.render(latex, $(id), { displayMode: true, throwOnError: false });
  else $(id).textContent = "";
}

function show(answer) {
  $("error").hidden = !answer.error;
  $("answer").hidden = Boolean(answer.error);
  $("error").textContent = answer.error || "";
  $("status").textContent = answer.error ? "not read" : "done";
  if (answer.error) return;
  $("wrt").replaceChildren(...answer.variables.map((name) => new Option(name, name, false, name === answer.wrt)));
  $("shapes").textContent = Object.entries(answer.shapes).map(([name, shape]) => `${name}: ${shape}`).join(",  ");
  tex("expression", answer.expression);
  $("kind").textContent = `${answer.kind} by ${answer.wrt}`;
  tex("first", answer.latex);
  $("text").textContent = answer.text;
  $("latex").textContent = answer.latex;
  $("conditions").textContent = answer.conditions.length ? `where ${answer.conditions.join("; ")}` : "";
  $("check").textContent = (answer.ok === null ? "" : answer.ok ? "right " : "WRONG ") + answer.check;
  $("second").hidden = answer.hessian === undefined;
  tex("hessian", answer.hessian_latex);
  if (!answer.hessian_latex) $("hessian").textContent = answer.hessian || "";
  $("source").textContent = answer.source;
}

worker.onmessage = ({ data }) => {
  if (data.failed) $("status").textContent = data.failed;
  else if (data.ready) {
    $("status").textContent = "ready";
    document.body.dataset.ready = "yes";
  } else if (data.id === last) {
    show(data);
    document.body.dataset.answered = data.id;
  }
};
$("question").addEventListener("submit", (event) => (event.preventDefault(), ask()));
$("wrt").addEventListener("change", ask);
$("syntax").addEventListener("change", ask);

const given = new URLSearchParams(location.hash.slice(1));
if (given.get("f")) {
  $("formula").value = given.get("f");
  $("syntax").value = given.get("s") || "auto";
  if (given.get("w")) $("wrt").replaceChildren(new Option(given.get("w"), given.get("w")));
}
ask();
