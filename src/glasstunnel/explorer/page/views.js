// Data, Fit and Compare.

import {html, useState} from "./preact.js";
import {Entry} from "./entry.js";
import {Panels} from "./panels.js";
import {format} from "./plot.js";
import {act, fit, leave, store, upload} from "./store.js";

// --- data ------------------------------------------------------------------------------------------------------------

const NOISES = {
  "from residuals": {residuals: true}, "from residuals, relative": {residuals: "relative"}, "from the file": {given: true},
  "from repeats": {repeats: true}, "relative": {relative: 0.01}, "absolute": {absolute: 1},
};

function noiseName(noise) {
  if (noise.residuals) return noise.residuals === "relative" ? "from residuals, relative" : "from residuals";
  if (noise.given) return "from the file";
  if (noise.repeats) return "from repeats";
  return "absolute" in noise ? "absolute" : "relative" in noise ? "relative" : "";
}

function Noise({row}) {
  const name = noiseName(row.noise), key = ["relative", "absolute"].find((one) => one in row.noise);
  return html`<label>noise <select value=${name} aria-label=${`noise of ${row.name}`}
      onChange=${(event) => act("data_set", {entry: row.entry, noise: NOISES[event.target.value]})}>
      ${name || html`<option value="">not chosen</option>`}
      ${Object.keys(NOISES).map((one) => html`<option value=${one}>${one}</option>`)}</select></label>
    ${key && html`<${Entry} class="number" value=${row.noise[key]} aria-label=${`size of the noise of ${row.name}`}
      onValue=${(text) => act("data_set", {entry: row.entry, noise: {[key]: Number(text)}})} />`}`;
}

function Range({row, column}) {
  const present = row.ranges[column] || {};
  const set = (end, text) => act("data_set", {entry: row.entry, range: {column,
    ...Object.fromEntries(Object.entries(present).filter(([, value]) => value != null)), [end]: text === "" ? null : Number(text)}});
  return html`<label>${column} from <${Entry} class="number" value=${present.low ?? ""} placeholder="all" aria-label=${`lowest ${column} of ${row.name}`}
      onValue=${(text) => set("low", text)} /> to <${Entry} class="number" value=${present.high ?? ""} placeholder="all"
      aria-label=${`highest ${column} of ${row.name}`} onValue=${(text) => set("high", text)} /> ${present.unit || row.columns[column]}</label>`;
}

function Dataset({row}) {
  const hidden = store.session.view.hidden, chi2 = store.chi2[row.name];
  const toggle = (event) => act("view", {hidden: event.target.checked ? hidden.filter((name) => name !== row.name) : [...hidden, row.name]});
  return html`<article class="dataset">
    <h3>${row.name} <small>${row.quantity.replace(/_/g, " ")}, ${row.points} points, ${row.file}</small>
      <button class="quiet" aria-label=${`remove ${row.name}`} title="remove" onClick=${() => act("data_remove", {entry: row.entry})}>×</button></h3>
    ${row.problem && html`<p class="sentence" role="alert">${row.problem}</p>`}
    <div class="line"><label><input type="checkbox" checked=${!row.hidden} onChange=${toggle} /> shown</label>
      <${Noise} row=${row} />
      ${Object.keys(row.columns).map((column) => html`<${Range} row=${row} column=${column} />`)}
      ${row.conditions.map((held) => html`<label>${held.label} <${Entry} class="number" value=${held.text} placeholder=${held.optional ? "none" : held.unit}
        aria-label=${`${held.label} of ${row.name}`} onValue=${(text) => act("data_set", {entry: row.entry, conditions: {[held.name]: text}})} /></label>`)}
      <label>sample <${Entry} class="number" value=${row.mass_mg ?? ""} placeholder="file" aria-label=${`mass of the sample of ${row.name}`}
        onValue=${(text) => text && act("data_set", {entry: row.entry, mass_mg: Number(text), steps: []})} /> mg</label>
      ${chi2 && html`<span class=${chi2.estimated ? "dim" : ""}>χ² ${format(chi2.chi2)} of ${chi2.points} points${chi2.estimated ? " (noise estimated)" : ""}</span>`}
    </div>
    <details><summary>notes and history</summary><ul>${[...row.notes, ...row.history].map((text) => html`<li>${text}</li>`)}</ul></details>
  </article>`;
}

function Unknown({file}) {
  const [rows, setRows] = useState([{column: 1, name: "temperature", unit: "K"}, {column: 2, name: "magnetization", unit: "emu/g"}]);
  const change = (index, extra) => setRows(rows.map((row, i) => (i === index ? {...row, ...extra} : row)));
  const read = async () => {
    const columns = Object.fromEntries(rows.map((row) => [row.name, [row.column, row.unit]]));
    await upload(file, {columns});
  };
  return html`<article class="dataset"><h3>Columns of ${file.name}</h3>
    ${rows.map((row, index) => html`<div class="line">
      <label>column <${Entry} class="number" type="number" min="1" value=${row.column} onValue=${(text) => change(index, {column: Number(text)})} /></label>
      <label>is <select value=${row.name} onChange=${(e) => change(index, {name: e.target.value})}>
        ${store.catalog.columns.map((name) => html`<option value=${name}>${name.replace(/_/g, " ")}</option>`)}</select></label>
      <label>in <${Entry} class="number" value=${row.unit} onValue=${(text) => change(index, {unit: text})} /></label></div>`)}
    <div class="line"><button onClick=${() => setRows([...rows, {column: rows.length + 1, name: "field", unit: "T"}])}>another column</button>
      <button class="main" onClick=${read}>read it so</button><button onClick=${leave}>leave it</button></div></article>`;
}

export function Data() {
  const take = async (files) => {
    for (const file of files) await upload(file);
  };
  return html`<div class="sheet"><h2>Data</h2>
    <label class="drop">Drop measured files anywhere on the page, or choose them:
      <input type="file" multiple aria-label="choose measured files" onChange=${(event) => { take([...event.target.files]); event.target.value = ""; }} /></label>
    ${store.unknown && html`<${Unknown} key=${store.unknown.name} file=${store.unknown} />`}
    ${store.session.datasets.map((row) => html`<${Dataset} key=${row.name} row=${row} />`)}
    ${!store.session.datasets.length && html`<p class="hint">No data yet. Files of the formats that 'glasstunnel read' knows are recognized; of any other table you name the columns.</p>`}
  </div>`;
}

// --- fit -------------------------------------------------------------------------------------------------------------

function Result({result}) {
  const rows = Object.keys(result.values);
  const remark = (path) => result.at_bound[path] ? `at its ${result.at_bound[path]} bound`
    : (result.conditional || []).includes(path) ? "no symmetric error: take its interval"
    : result.ties[path] ? `= ${result.ties[path][1]} × ${result.ties[path][0]}` : result.errors[path] == null ? "not determined by these data" : "";
  return html`<p class=${result.converged ? "" : "sentence"}>${result.converged ? "Converged" : "Not converged"}${result.message === "converged" ? "" : `: ${result.message}`}.
      χ² ${format(result.chi2, 5)} for ${result.dof} degrees of freedom (χ²/dof ${format(result.chi2 / result.dof, 3)}).</p>
    ${result.noise_estimated_from_residuals.length > 0 && html`<p class="hint">The noise of ${result.noise_estimated_from_residuals.join(", ")} was estimated
      from the residuals: χ² is no test of the model there.</p>`}
    <div class="scroll"><table><thead><tr><th>parameter</th><th>value</th><th>error</th><th>unit</th><th>68 % interval</th><th></th></tr></thead>
    <tbody>${rows.map((path) => {
      const interval = result.intervals[path];
      return html`<tr class=${result.errors[path] == null && !result.at_bound[path] && !(result.conditional || []).includes(path) ? "undetermined" : ""}><td>${path}</td><td>${format(result.values[path], 6)}</td>
        <td>${result.errors[path] == null ? "–" : format(result.errors[path], 2)}</td><td>${(store.session.rows.find((row) => row.path === path) || {}).unit}</td>
        <td>${interval ? `${format(interval.lower, 4)} … ${format(interval.upper, 4)}` : ""}</td><td>${remark(path)}</td></tr>`;
    })}</tbody></table></div>
    ${["identifiability", "notes"].map((key) => result[key].length > 0 && html`<h3>${key}</h3><ul>${result[key].map((text) => html`<li>${text}</li>`)}</ul>`)}
    ${result.posterior && html`<h3>posterior</h3><pre>${result.posterior}</pre>`}`;
}

export function Fit() {
  const {session} = store, job = session.fit, result = job.result || session.lost, options = session.options;
  const varied = session.rows.filter((row) => row.role === "vary");
  const number = (name, start) => html`<label>${name} <${Entry} class="number" type="number" value=${options[name] ?? start}
    onValue=${(text) => act("options", {[name]: Math.round(Number(text))})} /></label>`;
  return html`<div class="sheet"><h2>Fit</h2>
    <p>${varied.length ? `${varied.map((row) => row.path).join(", ")} vary.` : "Nothing varies yet: choose 'vary' beside a slider."}</p>
    <div class="line">${number("starts", 1)}${number("seed", 0)}
      <button disabled=${!result || job.status === "running"} onClick=${() => fit("adopt")}>take its values</button>
      <button disabled=${!job.result || job.status === "running"} onClick=${() => fit("profile")}>intervals</button>
      <button disabled=${!job.result || job.status === "running"} onClick=${() => fit("posterior")}>posterior</button>
      ${job.result && html`<a href="export/report.txt" download>report</a>`}
      ${job.sampled && html`<a href="export/posterior.csv" download>samples</a>`}</div>
    ${!job.result && session.lost && html`<p class="hint">From before the explorer was interrupted.</p>`}
    ${result && html`<${Result} result=${result} />`}
    <div class="figures">${job.figures.map((name) => html`<img key=${name + job.number} alt=${name}
      src=${`figures/${encodeURIComponent(name)}?n=${job.number}`} />`)}</div>
  </div>`;
}

// --- compare ---------------------------------------------------------------------------------------------------------

function chi2(glass, dataset) {
  const row = (store.byGlass[glass] || {})[dataset];
  return row ? `${format(row.chi2)} of ${row.points}` : "–";
}

function Differences({glasses}) {
  const paths = [...new Set(glasses.flatMap((one) => Object.keys(one.values)))];
  const differing = paths.filter((path) => new Set(glasses.map((one) => one.values[path] ?? "")).size > 1);
  return html`<div class="scroll"><table><thead><tr><th>parameter</th>${glasses.map((one) => html`<th>${one.name}</th>`)}</tr></thead>
    <tbody>${differing.map((path) => html`<tr><td>${path}</td>${glasses.map((one) => html`<td>${one.values[path] ?? "–"}</td>`)}</tr>`)}
      ${Object.keys(store.chi2).map((name) => html`<tr><td>χ² of ${name}</td>${glasses.map((one) => html`<td>${chi2(one.name, name)}</td>`)}</tr>`)}
      ${glasses.some((one) => one.verdict) && html`<tr><td>verdict on the printed set</td>${glasses.map((one) => html`<td class="verdict">${one.verdict}</td>`)}</tr>`}</tbody></table></div>
    ${!differing.length && html`<p class="hint">No number differs yet: move a slider.</p>`}`;
}

export function Compare() {
  const {session, catalog} = store, glasses = session.compare, [name, setName] = useState("");
  const keep = () => act("compare_add", {name}).then(() => setName(""));
  return html`<div class="sheet"><h2>Compare</h2>
    <div class="line"><label>keep this glass as <input class="wide" value=${name} onInput=${(event) => setName(event.target.value)} aria-label="name of the kept glass" /></label>
      <button class="main" onClick=${keep}>keep</button>
      <label>or add <input list="published" aria-label="add a published glass" placeholder="a published set" onChange=${(event) => {
        if (event.target.value) act("compare_add", {published: event.target.value}); event.target.value = ""; }} /></label></div>
    ${glasses.slice(1).map((one, number) => html`<p class="line"><b>${one.name}</b>
      <button onClick=${() => act("compare_take", {number})}>explore it</button>
      <button class="quiet" aria-label=${`forget ${one.name}`} onClick=${() => act("compare_remove", {number})}>×</button></p>`)}
    ${glasses.length ? html`<${Differences} glasses=${glasses} />` : html`<p class="hint">Up to six glasses are drawn side by side, each panel at its first field.</p>`}
    </div>${glasses.length > 0 && html`<${Panels} compare=${true} />`}`;
}
