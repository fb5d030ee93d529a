// The left column: one slider with a number field for each parameter, told by the server.

import {html, useState} from "./preact.js";
import {Entry} from "./entry.js";
import {format, plain} from "./plot.js";
import {act, letGo, move, store} from "./store.js";

const STEPS = 1000;

const position = (row, value) => {
  if (value == null) return 0;
  const share = row.log
    ? Math.log(Math.max(value, row.low) / row.low) / Math.log(row.high / row.low)
    : (value - row.low) / (row.high - row.low);
  return Math.round(STEPS * Math.min(1, Math.max(0, share)));
};

const valueAt = (row, place) => {
  const share = place / STEPS;
  const value = row.log ? row.low * (row.high / row.low) ** share : row.low + share * (row.high - row.low);
  return Number(value.toPrecision(6));
};

function nudge(row, value, event) {
  const sign = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1}[event.key];
  if (!sign) return;
  event.preventDefault();
  const share = event.shiftKey ? 0.001 : 0.01;
  const next = row.log ? value * (1 + sign * share) : value + sign * share * (row.high - row.low);
  move(row.path, Number(Math.min(row.log ? Infinity : row.high, Math.max(row.low, next)).toPrecision(8)));
  letGo(400);
}

const absent = (row) => (row.given ? "infinite" : "not given");

// A parameter that may be infinite, or need not be given, has a box for it.
function Absence({row}) {
  if (!row.infinite && !row.optional) return null;
  const back = () => act("set", {values: {[row.path]: row.finite}});
  const infinite = row.given && row.value == null, off = row.role !== "fixed";
  return html`<div class="absence">
    ${row.infinite && html`<label><input type="checkbox" checked=${infinite} disabled=${off} aria-label=${`${row.path} is infinite`}
      onChange=${(event) => (event.target.checked ? act("set", {values: {[row.path]: "inf"}}) : back())} /> ∞</label>`}
    ${row.optional && html`<label><input type="checkbox" checked=${!row.given} disabled=${off} aria-label=${`${row.path} is not given`}
      onChange=${(event) => (event.target.checked ? act("clear", {path: row.path}) : back())} /> not given</label>`}
  </div>`;
}

// The prior along the slider, and what the last fit left of it.
function Density({row}) {
  if (!row.density.length) return null;
  const last = row.density.length - 1;
  const points = row.density.map((height, i) => `${((100 * i) / last).toFixed(2)},${(10 - 9 * height).toFixed(2)}`);
  const share = (value) => position(row, value) / 10, fitted = row.error != null;
  const [from, to] = fitted ? [share(row.fitted - row.error), share(row.fitted + row.error)] : [0, 0];
  return html`<svg class="density" viewBox="0 0 100 10" preserveAspectRatio="none" role="img"
      aria-label=${`prior density of ${row.path}${fitted ? ", and one standard deviation of the fit" : ""}`}>
    <polygon points=${`0,10 ${points.join(" ")} 100,10`} />
    ${fitted && html`<rect x=${from} y="0" width=${Math.max(0.8, to - from)} height="10" />`}</svg>`;
}

function Slider({row, value}) {
  const spoken = value == null ? absent(row) : `${format(value, 5)} ${row.unit}`;
  return html`<input type="range" min="0" max=${STEPS} step="1" value=${position(row, value)}
    aria-label=${row.path} aria-valuetext=${spoken} title=${row.meaning} disabled=${row.role === "tied"}
    onInput=${(event) => move(row.path, valueAt(row, Number(event.target.value)))}
    onChange=${() => letGo(30)} onKeyDown=${(event) => nudge(row, value ?? row.low, event)} />`;
}

function Field({row, text, label, onValue}) {
  return html`<${Entry} class="number" inputmode="decimal" value=${text} placeholder="not given" aria-label=${label}
    disabled=${row.role === "tied"} onValue=${onValue} />`;
}

const PRIORS = {Uniform: "uniform", LogUniform: "log-uniform", Normal: "normal"};
const NUMBERS = {Uniform: ["lower", "upper"], LogUniform: ["lower", "upper"], Normal: ["mean", "sigma"]};

function Prior({row}) {
  const kind = row.prior.kind, names = NUMBERS[kind];
  const change = (extra) => act("role", {path: row.path, role: "vary", prior: PRIORS[kind],
    ...Object.fromEntries(names.map((name) => [name, row.prior[name]])), ...extra});
  const choose = (event) => {
    const next = event.target.value, low = Math.max(row.low, row.log ? row.low : -Infinity);
    const numbers = next === "normal" ? {mean: row.value, sigma: Math.abs(row.value) / 10 || 1} : {lower: low, upper: row.high};
    act("role", {path: row.path, role: "vary", prior: next, ...numbers});
  };
  return html`<div class="prior">
    <select aria-label=${`prior of ${row.path}`} value=${PRIORS[kind]} onChange=${choose}>
      ${Object.values(PRIORS).map((name) => html`<option value=${name}>${name}</option>`)}
    </select>
    ${names.map((name) => html`<label>${name} <${Entry} class="number" type="text" value=${plain(row.prior[name])}
      aria-label=${`${name} of the prior of ${row.path}`}
      onValue=${(text) => change({[name]: Number(text)})} /></label>`)}
  </div>`;
}

function Tie({row, choices}) {
  return html`<div class="prior"><label>= <${Entry} class="number" type="text" value=${row.tie.factor} aria-label=${`factor of ${row.path}`}
      onValue=${(text) => act("role", {path: row.path, role: "tied", to: row.tie.to, factor: Number(text)})} /> ×</label>
    <select aria-label=${`${row.path} is tied to`} value=${row.tie.to}
      onChange=${(event) => act("role", {path: row.path, role: "tied", to: event.target.value, factor: row.tie.factor})}>
      ${choices.map((path) => html`<option value=${path}>${path}</option>`)}
    </select></div>`;
}

function Row({row, varied}) {
  const value = store.moved[row.path] ?? row.value;
  const moved = row.path in store.moved;
  const text = moved ? plain(value) : row.text;
  const role = (event) => {
    const chosen = event.target.value;
    if (chosen !== "tied") return act("role", {path: row.path, role: chosen});
    const to = varied.find((path) => path !== row.path && path.split(".")[1] === row.name) || varied.find((path) => path !== row.path);
    if (!to) return act("role", {path: row.path, role: "tied", to: row.path});
    const other = store.session.rows.find((one) => one.path === to);
    const factor = row.value && other.value ? Number((row.value / other.value).toPrecision(6)) : 1;
    return act("role", {path: row.path, role: "tied", to, factor});
  };
  const remark = row.undetermined || (row.one_sided && "no symmetric error: take its interval") || (row.at_bound && `at its ${row.at_bound} bound`);
  return html`<div class=${`row ${row.role} ${row.undetermined ? "undetermined" : ""} ${row.changed || moved ? "changed" : ""}`}>
    <span class="name" title=${`${row.path}: ${row.meaning}`}>${row.name.replace(/_/g, " ")}</span>
    <${Slider} row=${row} value=${value} />
    <${Field} row=${row} text=${text} label=${`${row.path} in ${row.unit || "1"}`}
      onValue=${(entered) => act("set", {values: {[row.path]: entered}})} />
    <span class="unit">${row.unit}</span>
    <select class="role" aria-label=${`role of ${row.path}`} value=${row.role} onChange=${role}>
      <option value="fixed">fix</option><option value="vary">vary</option>
      <option value="tied" disabled=${!varied.length}>tie</option>
    </select>
    <${Absence} row=${row} />
    <${Density} row=${row} />
    ${row.role === "vary" && html`<${Prior} row=${row} />`}
    ${row.role === "tied" && html`<${Tie} row=${row} choices=${varied.filter((path) => path !== row.path)} />`}
    ${remark && html`<div class="remark">${remark}</div>`}
    ${row.error != null && html`<div class="remark">${value === row.fitted ? "" : `the fit: ${format(row.fitted)} `}± ${format(row.error, 2)} ${row.unit}</div>`}
  </div>`;
}

function Options({part}) {
  const set = (name, value) => act("option", {contribution: part.key, options: {[name]: value}});
  const known = part.options.filter((option) => option.choices.length);
  if (!known.length) return null;
  return html`<details class="options"><summary>options</summary>${known.map((option) => html`
    <label>${option.name.replace(/_/g, " ")}
      <select value=${JSON.stringify(option.value)} aria-label=${`${part.key}.${option.name}`}
        onChange=${(event) => set(option.name, JSON.parse(event.target.value))}>
        ${option.choices.some((choice) => choice === option.value) || html`<option value=${JSON.stringify(option.value)}>${option.value ?? "–"}</option>`}
        ${option.choices.map((choice) => html`<option value=${JSON.stringify(choice)}>${String(choice)}</option>`)}
      </select></label>`)}</details>`;
}

function Theories({part, view}) {
  if (!part.theories.length) return null;
  const toggle = (name, on) => act("view", {theories: on ? [...view.theories, name] : view.theories.filter((one) => one !== name)});
  return html`<div class="theories">
    <label>theory <select value=${part.theory} aria-label=${`theory of ${part.key}`}
      onChange=${(event) => act("variant", {contribution: part.key, name: event.target.value})}>
      ${part.theory || html`<option value="">mixed</option>`}
      ${part.theories.map((name) => html`<option value=${name.split(":")[1]}>${name.split(":")[1]}</option>`)}
    </select></label>
    <span>beside it:</span>
    ${part.theories.filter((name) => name.split(":")[1] !== part.theory).map((name) => html`<label>
      <input type="checkbox" checked=${view.theories.includes(name)} aria-label=${`draw ${name} too`}
        onChange=${(event) => toggle(name, event.target.checked)} /> ${name.split(":")[1]}</label>`)}
  </div>`;
}

function Group({group, rows, varied, session}) {
  const part = session.contributions.find((one) => one.key === group);
  return html`<section class="group">
    <h3><span title=${part ? part.summary : "belongs to the data"}>${group} <small>${part ? part.kind.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase() : "data"}</small></span>
      ${part && html`<button class="quiet" title=${`leave ${group} out`} aria-label=${`leave ${group} out`}
        onClick=${() => act("remove", {contribution: group})}>×</button>`}</h3>
    ${part && html`<${Theories} part=${part} view=${session.view} />`}
    ${rows.map((row) => html`<${Row} key=${row.path} row=${row} varied=${varied} />`)}
    ${part && html`<${Options} part=${part} />`}
  </section>`;
}

const FILTERS = {
  used: (row) => !row.idle || row.role !== "fixed" || row.changed,
  all: () => true, varied: (row) => row.role !== "fixed", changed: (row) => row.changed,
};

export function Rows() {
  const {session, catalog} = store;
  const [filter, setFilter] = useState("used"), [search, setSearch] = useState("");
  const wanted = (row) => FILTERS[filter](row) && row.path.toLowerCase().includes(search.toLowerCase());
  const varied = session.rows.filter((row) => row.role === "vary").map((row) => row.path);
  const groups = new Map(session.contributions.map((part) => [part.key, []]));
  for (const row of session.rows.filter(wanted)) {
    if (!groups.has(row.group)) groups.set(row.group, []);
    groups.get(row.group).push(row);
  }
  return html`<aside class="rows" aria-label="parameters">
    <div class="glass">
      <label>glass <input list="published" class="wide" aria-label="load a published glass" placeholder=${session.name || session.title}
        onChange=${(event) => { if (event.target.value) act("load", {published: event.target.value}); event.target.value = ""; }} /></label>
      <datalist id="published">${catalog.published.map((row) => html`<option value=${row.id}>${row.what}</option>`)}</datalist>
      <div class="tools">
        <select aria-label="which parameters are shown" value=${filter} onChange=${(event) => setFilter(event.target.value)}>
          ${Object.keys(FILTERS).map((name) => html`<option value=${name}>show ${name}</option>`)}
        </select>
        <input type="search" placeholder="search" aria-label="search a parameter" onInput=${(event) => setSearch(event.target.value)} />
      </div>
    </div>
    ${[...groups].filter(([, rows]) => rows.length || !search).map(([group, rows]) => html`
      <${Group} key=${group} group=${group} rows=${rows} varied=${varied} session=${session} />`)}
    <label class="add">add <select aria-label="add a contribution" value=""
      onChange=${(event) => { act("add", {kind: event.target.value}); event.target.value = ""; }}>
      <option value="">a contribution …</option>
      ${catalog.kinds.map((kind) => html`<option value=${kind.name} title=${kind.summary}>${kind.name}</option>`)}
    </select></label>
  </aside>`;
}
