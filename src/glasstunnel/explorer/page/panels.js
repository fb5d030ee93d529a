// The right side of Explore and Compare: panels told by the server.

import {html, useLayoutEffect, useRef, useState} from "./preact.js";
import {Entry} from "./entry.js";
import {format, plain, Plot} from "./plot.js";
import {act, store} from "./store.js";

const plots = new Set();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plots.forEach((plot) => plot.redraw()));

function Canvas({id, onZoom}) {
  const place = useRef(null), plot = useRef(null);
  useLayoutEffect(() => {
    plot.current = new Plot(place.current, onZoom);
    plots.add(plot.current);
    return () => {
      plots.delete(plot.current);
      plot.current.end();
    };
  }, []);
  const picture = store.pictures[id], bands = store.bands[id];
  useLayoutEffect(() => {
    if (!plot.current) return;
    if (picture && picture.lines) plot.current.show(picture, bands || []);
    else if (!picture) plot.current.clear();
  }, [picture, bands]);
  return html`<div class="canvas" role="img" ref=${place}></div>`;
}

const list = (text) => text.split(/[ ,;]+/).filter(Boolean).map(Number);

function Settings({panel}) {
  const set = (shown) => act("panel_set", {id: panel.id, shown});
  const fix = (name, value) => {
    const fixed = Object.fromEntries([...panel.fixed.filter((row) => row.value != null), ...panel.choices].map((row) => [row.name, row.value]));
    if (value === "" || Number.isNaN(value)) delete fixed[name];
    else fixed[name] = value;
    set({conditions: fixed});
  };
  const along = (name) => {
    const fixed = Object.fromEntries(panel.fixed.filter((row) => row.value != null && row.name !== name).map((row) => [row.name, row.value]));
    const old = panel.fixed.find((row) => row.name === name);
    set({along: name, values: [old && old.value != null ? old.value : 1], conditions: {...fixed, [panel.along]: panel.values[0]}});
  };
  return html`<details class="settings"><summary>axes and conditions</summary><div class="grid">
    <label>from <${Entry} class="number" value=${plain(panel.low)} aria-label=${`first ${panel.x} of ${panel.show}`} onValue=${(text) => set({low: Number(text)})} /></label>
    <label>to <${Entry} class="number" value=${plain(panel.high)} aria-label=${`last ${panel.x} of ${panel.show}`} onValue=${(text) => set({high: Number(text)})} /> ${panel.x_unit}</label>
    <label><input type="checkbox" checked=${panel.ratio} onChange=${(e) => set({ratio: e.target.checked, y_scale: "linear"})} /> ratio to the chosen theory</label>
    <label><input type="checkbox" checked=${panel.x_log} onChange=${(e) => set({x_log: e.target.checked})} /> log axis</label>
    <label>upright <select value=${panel.y_scale} aria-label=${`vertical scale of ${panel.show}`} onChange=${(e) => set({y_scale: e.target.value})}>
      ${store.catalog.scales.map((name) => html`<option value=${name}>${name}</option>`)}</select></label>
    <label>curves differ in <select value=${panel.along} aria-label=${`what the curves of ${panel.show} differ in`} onChange=${(e) => along(e.target.value)}>
      ${panel.variables.map((row) => html`<option value=${row.name}>${row.label}</option>`)}</select></label>
    ${panel.fixed.map((row) => html`<label>${row.label} <${Entry} class="number" value=${row.value == null ? "" : plain(row.value)} placeholder=${row.optional ? "none" : ""}
      aria-label=${`${row.label} of ${panel.show}`} onValue=${(text) => fix(row.name, text === "" ? "" : Number(text))} /> ${row.unit}</label>`)}
    ${panel.levels.length > 1 && panel.levels.map((name) => html`<label><input type="checkbox" checked=${!panel.without.includes(name)}
      aria-label=${`levels of ${name}`} onChange=${(e) => set({without: e.target.checked ? panel.without.filter((one) => one !== name) : [...panel.without, name]})} /> ${name}</label>`)}
    ${panel.choices.map((row) => html`<label>${row.name} <select value=${row.value} onChange=${(e) => fix(row.name, e.target.value)}>
      ${row.choices.map((name) => html`<option value=${name}>${name}</option>`)}</select></label>`)}
  </div></details>`;
}

const ROWS = 9; // of the table that says a picture in numbers

// The curves in numbers, for who cannot see them.
function Numbers({picture}) {
  const [open, setOpen] = useState(false);
  if (!picture || !picture.lines || !picture.lines.length) return null;
  const size = picture.lines[0].x.length, lines = picture.lines.filter((line) => line.x.length === size);
  const places = [...Array(ROWS).keys()].map((i) => Math.round((i * (size - 1)) / (ROWS - 1)));
  return html`<details class="settings" onToggle=${(event) => setOpen(event.target.open)}><summary>numbers</summary>
    ${open && html`<div class="scroll"><table><caption>${picture.title}: ${picture.y_label}</caption>
      <thead><tr><th scope="col">${picture.x_label}</th>${lines.map((line) => html`<th scope="col">${line.label}</th>`)}</tr></thead>
      <tbody>${places.map((i) => html`<tr><th scope="row">${format(lines[0].x[i])}</th>
        ${lines.map((line) => html`<td>${format(line.y[i], 5)}</td>`)}</tr>`)}</tbody></table></div>`}</details>`;
}

function Head({panel, compare}) {
  const set = (shown) => act("panel_set", {id: panel.id, shown});
  const options = [...new Set([...store.catalog.presentations.map((row) => row.name), panel.show])];
  const query = compare ? "?compare=1" : "";
  return html`<header>
    <select class="what" aria-label="what this panel shows" value=${panel.show} onChange=${(e) => set({show: e.target.value})}>
      ${options.map((name) => html`<option value=${name}>${name}</option>`)}</select>
    <button class="quiet" aria-label=${`close ${panel.show}`} title="close" onClick=${() => act("panel_remove", {id: panel.id})}>×</button>
    ${compare && html`<span class="dim">at ${panel.along.replace(/_/g, " ")} ${plain(panel.values[0])} ${panel.along_unit}</span>`}
    ${!compare && html`<label>${panel.along.replace(/_/g, " ")} <${Entry} class="values" value=${panel.values.map(plain).join(", ")} aria-label=${`${panel.along} of the curves of ${panel.show}`}
      onValue=${(text) => set({values: list(text)})} /> ${panel.along_unit}</label>`}
    <span class="downloads">${["csv", "svg", "pdf", "png"].map((kind) => html`<a href=${`export/${panel.id}.${kind}${query}`} download
      aria-label=${`${panel.show} as ${kind}`}>${kind}</a>`)}</span>
  </header>`;
}

function Zoomed({panel, ends, datasets}) {
  const ours = datasets.filter((row) => row.drawn && panel.range && row.columns[panel.range]);
  if (!ends || !ours.length) return ends ? html`<p class="hint">double-click shows the whole axis again</p>` : null;
  const keep = async () => {
    for (const entry of new Set(ours.map((row) => row.entry))) {
      await act("data_set", {entry, range: {column: panel.range, low: ends[0], high: ends[1], unit: panel.x_unit}});
    }
  };
  return html`<p class="hint">${format(ends[0])} to ${format(ends[1])} ${panel.x_unit}; double-click shows all.
    <button onClick=${keep}>fit only this range</button></p>`;
}

function Panel({panel, compare}) {
  const [ends, setEnds] = useState(null);
  const picture = store.pictures[panel.id], late = store.slow.has(panel.id);
  return html`<article class=${`panel ${late || !picture ? "late" : ""} ${picture && picture.error ? "wrong" : ""}`} aria-label=${panel.show}>
    <${Head} panel=${panel} compare=${compare} />
    ${picture && picture.error && html`<p class="sentence" role="alert">${picture.error}</p>`}
    <${Canvas} id=${panel.id} onZoom=${setEnds} />
    ${late && html`<p class="hint" role="status">slow: calculated when the slider rests …</p>`}
    ${store.bands[panel.id] && store.bands[panel.id].length > 0 && html`<p class="hint">shaded: one and two standard deviations of the fitted curve</p>`}
    ${picture && (picture.notes || []).map((note) => html`<p class="hint">${note}</p>`)}
    <${Zoomed} panel=${panel} ends=${ends} datasets=${store.session.datasets} />
    ${!compare && html`<${Settings} panel=${panel} />`}
    <${Numbers} picture=${picture} />
  </article>`;
}

export function Panels({compare = false}) {
  const {session, catalog} = store;
  return html`<div class="panels">
    ${session.panels.map((panel) => html`<${Panel} key=${panel.id + compare} panel=${panel} compare=${compare} />`)}
    <label class="add">add <select aria-label="add a panel" value=""
      onChange=${(event) => { act("panel_add", {show: event.target.value}); event.target.value = ""; }}>
      <option value="">a panel …</option>
      ${catalog.presentations.map((row) => html`<option value=${row.name}>${row.name}</option>`)}
    </select></label>
  </div>`;
}
