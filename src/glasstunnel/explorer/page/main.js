// The page: head, left column, the four views, the bar of the fit.

import {html, render, useEffect, useState} from "./preact.js";
import {Entry} from "./entry.js";
import {fromFragment, toFragment} from "./api.js";
import {Panels} from "./panels.js";
import {format} from "./plot.js";
import {Rows} from "./rows.js";
import {act, begin, changed, fail, fit, show, store, upload} from "./store.js";
import {Compare, Data, Fit} from "./views.js";

const VIEWS = {explore: "Explore", data: "Data", fit: "Fit", compare: "Compare"};

async function share() {
  try {
    const text = await (await fetch("export/share.toml", {credentials: "same-origin"})).text();
    location.hash = `s=${await toFragment(text)}`;
    await navigator.clipboard?.writeText(location.href).catch(() => {});
    store.error = "The link with this state (without data) is in the address bar, and copied where the browser allows it.";
    changed();
  } catch (error) {
    fail(error);
  }
}

async function opened() {
  const code = new URLSearchParams(location.hash.slice(1)).get("s");
  if (!code) return;
  history.replaceState(null, "", location.pathname + location.search);
  try {
    await act("replace", {text: await fromFragment(code)});
  } catch (error) {
    fail(new Error("the link is damaged"));
  }
}

function RunFile({onClose}) {
  const [text, setText] = useState(null);
  useEffect(() => {
    fetch("export/run.toml", {credentials: "same-origin"}).then((answer) => answer.text()).then(setText).catch(fail);
  }, []);
  const take = async () => (await act("replace", {text})) && onClose();
  return html`<div class="dialog" role="dialog" aria-label="run file"><div>
    <h2>Run file</h2><p class="hint">The state as a run file: change anything, ties and steps too, and take it.</p>
    ${store.error && html`<p class="sentence" role="alert">${store.error}</p>`}
    <textarea aria-label="text of the run file" spellcheck=${false} value=${text ?? ""} onInput=${(event) => setText(event.target.value)}></textarea>
    <div class="line"><button class="main" onClick=${take}>take it</button><button onClick=${onClose}>close</button></div>
  </div></div>`;
}

function Save() {
  const [editing, setEditing] = useState(false);
  return html`<details class="menu"><summary>Save</summary><div>
      <a href="export/run.toml" download>run file</a>
      <a href="export/run.zip" download>run file with its data (zip)</a>
      <a href="export/script.py" download>Python script</a>
      <button onClick=${share}>link with this state</button>
      <button onClick=${() => setEditing(true)}>edit the run file …</button>
    </div></details>${editing && html`<${RunFile} onClose=${() => setEditing(false)} />`}`;
}

function Head() {
  const {session, catalog, view} = store;
  const saved = new Date(session.saved_at * 1000).toLocaleTimeString([], {hour: "2-digit", minute: "2-digit"});
  return html`<header class="head">
    <img src="static/icon.svg" alt="" width="24" height="24" />
    <${Entry} class="title" value=${session.title} aria-label="title" onValue=${(text) => act("title", {title: text})} />
    <button disabled=${!session.can_undo} onClick=${() => act("undo")} title="Ctrl Z">undo</button>
    <button disabled=${!session.can_redo} onClick=${() => act("redo")} title="Ctrl Y">redo</button>
    <span class="saved" title="every change is on disk">saved ${saved}</span>
    <nav role="tablist">${Object.entries(VIEWS).map(([name, label]) => html`<button role="tab" aria-selected=${view === name}
      onClick=${() => show(name)}>${label}</button>`)}</nav>
    <label><input type="checkbox" checked=${session.view.parts} onChange=${(event) => act("view", {parts: event.target.checked})} /> shares</label>
    <select aria-label="units" value=${session.view.units} onChange=${(event) => act("view", {units: event.target.value})}>
      ${catalog.units.map((name) => html`<option value=${name}>${name}</option>`)}</select>
    <${Save} />
  </header>`;
}

function told(job) {
  if (job.status === "idle") return "";
  const {number, of, cost, left} = job.numbers;
  if (job.status !== "running" || !of) return `${job.doing}: ${job.sentence}, ${job.seconds} s`;
  const rest = left == null ? "" : `, about ${format(left, 2)} s left`;
  return `${job.doing}: start ${number} of ${of}${cost == null ? "" : `: χ² ${format(cost, 6)}`}, ${job.seconds} s${rest}`;
}

function Bar() {
  const {session, chi2} = store, job = session.fit;
  const varied = session.rows.filter((row) => row.role === "vary").length;
  const running = job.status === "running";
  const rows = Object.values(chi2), total = rows.reduce((sum, row) => sum + (row.chi2 ?? NaN), 0);
  const points = rows.reduce((sum, row) => sum + row.points, 0), guessed = rows.some((row) => row.estimated);
  return html`<footer class="bar">
    <button class="main" disabled=${running || !varied || !session.datasets.length} onClick=${() => fit("start")}>Fit ${varied} of ${session.rows.length}</button>
    <button disabled=${!running} onClick=${() => fit("cancel")}>Cancel</button>
    ${running && job.numbers.of > 1 && html`<progress aria-label="starts done" max=${job.numbers.of} value=${job.numbers.number - 1}></progress>`}
    <span role="status" class=${job.status.replace(" ", "-")}>${told(job)}</span>
    ${points > 0 && html`<span class=${guessed ? "dim" : ""}>χ² ${format(total)} of ${points} points${guessed ? " (noise estimated)" : ""}</span>`}
  </footer>`;
}

function App() {
  const [, redraw] = useState(0);
  useEffect(() => {
    const listener = () => redraw((n) => n + 1);
    store.listeners.add(listener);
    begin().then(opened);
    return () => store.listeners.delete(listener);
  }, []);
  if (!store.session) return html`<p class="loading" role="status">${store.error || "glasstunnel explore is loading …"}</p>`;
  const {session, view} = store;
  return html`<${Head} />
    ${store.error && html`<p class="sentence top" role="alert">${store.error} <button class="quiet" aria-label="dismiss" onClick=${() => { store.error = ""; changed(); }}>×</button></p>`}
    <main><${Rows} />
      <div class="content">
        ${view === "explore" && html`${session.version < 8 && html`<ul class="guidance">${session.guidance.map((text) => html`<li>${text}</li>`)}</ul>`}<${Panels} />`}
        ${view === "data" && html`<${Data} />`}
        ${view === "fit" && html`<${Fit} />`}
        ${view === "compare" && html`<${Compare} />`}
        ${session.notes.length > 0 && view === "explore" && html`<details class="notes"><summary>${session.source || session.name}: ${session.notes.length} notes</summary>
          <ul>${session.notes.map((note) => html`<li>${note}</li>`)}</ul></details>`}
      </div></main><${Bar} />`;
}

addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || /textarea|text|search/.test(event.target.type || "")) return;
  const name = event.key === "z" ? (event.shiftKey ? "redo" : "undo") : event.key === "y" ? "redo" : "";
  if (!name) return;
  event.preventDefault();
  act(name);
});
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", async (event) => {
  event.preventDefault();
  let failed = false;
  for (const file of event.dataTransfer.files) failed = !(await upload(file)) || failed;
  if (failed) {
    const sentence = store.error;
    show("data");
    store.error = sentence;
    changed();
  }
});

const root = document.getElementById("app");
root.textContent = "";
render(html`<${App} />`, root);
