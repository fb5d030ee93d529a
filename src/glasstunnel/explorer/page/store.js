// What the page knows: the session as the server tells it, numbers under a moving slider, and the pictures.

import {get, post, send, Refused} from "./api.js";

const SETTLED = 250; // ms without a wish until slow panels are calculated
const MOVING = 60, RESTING = 200; // points on a curve

export const store = {
  session: null, catalog: {presentations: [], kinds: [], published: [], columns: [], units: [], scales: []}, pictures: {}, bands: {}, slow: new Set(), chi2: {}, byGlass: {}, moved: {}, error: "", busy: false,
  unknown: null, // a file whose columns a person is asked for
  view: "explore", listeners: new Set(), latency: [],
};

export function changed() {
  for (const listener of store.listeners) listener();
}

export function fail(error) {
  store.error = error instanceof Refused ? error.message : `defect of the page: ${error.message || error}`;
  if (!(error instanceof Refused)) console.error(error);
  changed();
}

// --- curves: one request in flight, the newest wish next, answers to older wishes are dropped ------------------------

let wished = null, flying = false, generation = 0, timer = 0, glasses = 0; // loaded so far

export function wish(points) {
  wished = {points, values: {...store.moved}, compare: store.view === "compare"};
  generation += 1;
  clearTimeout(timer);
  timer = setTimeout(() => settle(generation), SETTLED);
  if (!flying) fly();
}

async function fly() {
  flying = true;
  while (wished) {
    const request = wished, loaded = glasses;
    wished = null;
    try {
      const result = await post("curves", request);
      if (loaded !== glasses) continue; // curves of the glass before: a newer wish is on its way
      Object.assign(store.pictures, result.panels);
      store.slow = new Set(result.slow);
      store.chi2 = result.chi2;
      store.byGlass = result.by_glass;
      changed();
    } catch (error) {
      fail(error);
    }
  }
  flying = false;
}

// After a fit: where its curves are expected, as long as its numbers stand.
async function drawBands(began) {
  if (!store.session.fit.bands || Object.keys(store.moved).length || store.view !== "explore") return;
  const result = await post("bands", {}).catch(() => ({bands: {}}));
  if (began !== generation) return;
  store.bands = result.bands;
  changed();
}

async function settle(began) {
  if (flying || wished) {
    timer = setTimeout(() => settle(generation), SETTLED);
    return;
  }
  drawBands(began);
  for (const id of [...store.slow]) {
    try {
      const request = {points: MOVING, values: {...store.moved}, panels: [id], patient: true,
                       compare: store.view === "compare"};
      const result = await post("curves", request);
      if (began !== generation) return; // a newer wish is on its way
      if (result.panels[id] && !result.panels[id].superseded) {
        store.pictures[id] = result.panels[id];
        store.slow.delete(id);
        changed();
      }
    } catch (error) {
      fail(error);
      return;
    }
  }
}

// --- sliders ---------------------------------------------------------------------------------------------------------

export function move(path, value) {
  store.bands = {}; // they belong to the fitted numbers
  store.moved = {...store.moved, [path]: value};
  store.error = "";
  changed();
  wish(MOVING);
}

let release = 0;

export function letGo(wait = 0) {
  clearTimeout(release);
  release = setTimeout(async () => {
    release = 0;
    const values = store.moved;
    if (!Object.keys(values).length) return;
    await act("set", {values});
  }, wait);
}

// --- actions ---------------------------------------------------------------------------------------------------------

// A number that a slider has, and that is not yet sent, outlives whatever else happens on the page.
function settled(sent) {
  const kept = Object.entries(store.moved).filter(([path, value]) => !(path in sent) ||
    (typeof sent[path] === "number" && sent[path] !== value));
  store.moved = Object.fromEntries(kept);
}

function accept(session, sent = {}) {
  store.session = session;
  settled(sent);
  store.error = "";
  store.bands = {};
  const alive = new Set(session.panels.map((panel) => panel.id));
  for (const id of Object.keys(store.pictures)) if (!alive.has(id)) delete store.pictures[id];
  changed();
}

async function doing(promise, sent = {}, anew = false) {
  store.busy = true;
  try {
    const session = await promise;
    if (anew) { // nothing of another glass stays in a panel that the new one may not fill
      glasses += 1;
      store.pictures = {};
    }
    accept(session, sent);
    wish(RESTING);
    return true;
  } catch (error) {
    settled(sent);
    fail(error);
    wish(RESTING);
    return false;
  } finally {
    store.busy = false;
  }
}

const ANEW = ["undo", "redo", "load", "replace", "compare_take"];

export function act(name, args = {}) {
  if (ANEW.includes(name)) {
    const waiting = release !== 0 && Object.keys(store.moved).length > 0;
    clearTimeout(release);
    release = 0;
    store.moved = {};
    if (waiting && name === "undo") { // the last thing done is a move that was not sent yet
      changed();
      wish(RESTING);
      return true;
    }
  }
  return doing(post("actions", {do: name, with: args}), args.values, name === "load");
}

export const fit = (what) => doing(post("fit", {do: what}));
export async function upload(file, options) {
  const taken = await doing(send(file, options));
  if (!taken) store.unknown = file;
  else if (store.unknown === file) store.unknown = null;
  changed();
  return taken;
}

export function leave() {
  store.unknown = null;
  changed();
}

export async function refresh() {
  try {
    accept(await get("session"));
    wish(RESTING);
  } catch (error) {
    fail(error);
  }
}

export function show(view) {
  store.view = view;
  store.pictures = {};
  changed();
  wish(RESTING);
}

// --- what happens elsewhere: in the fit, in another tab --------------------------------------------------------------

export async function listen() {
  for (;;) {
    try {
      const news = await get(`events?after=${store.session ? store.session.changes : 0}`);
      if (!store.session) continue;
      const finished = store.session.fit.status === "running" && news.fit.status !== "running";
      if (news.version !== store.session.version || finished || news.fit.number !== store.session.fit.number) {
        if (!store.busy) await refresh();
      } else {
        store.session.changes = news.changes;
        store.session.fit = {...store.session.fit, ...news.fit, result: store.session.fit.result};
        changed();
      }
    } catch (error) {
      fail(error);
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
}

export async function begin() {
  try {
    const catalog = get("catalog"); // menus may come later than the first picture
    accept(await get("session"));
    wish(RESTING);
    listen();
    store.catalog = await catalog;
    changed();
  } catch (error) {
    fail(error);
  }
}
