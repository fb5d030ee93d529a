// One panel drawn with uPlot: curves, points with error bars, residuals below. Nothing is calculated here.

const PALETTE = ["--c0", "--c1", "--c2", "--c3", "--c4", "--c5", "--c6"];
const DASHES = [[], [8, 4], [2, 3], [9, 3, 2, 3]];
const BORDERS = ["solid", "dashed", "dotted", "dashed"]; // of a line's mark in the legend
const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const color = (number) => ink(PALETTE[number % PALETTE.length]);

const RAISED = {"-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹"};

export function format(value, digits = 4) {
  if (value == null || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) {
    const [head, power] = value.toExponential(digits - 1).split("e");
    const raised = [...String(Number(power))].map((c) => RAISED[c]).join("");
    const front = String(Number(head));
    return front === "1" ? `10${raised}` : `${front}·10${raised}`;
  }
  return String(Number(value.toPrecision(digits)));
}

// A number as a text field has it, the way the server writes it.
export function plain(value) {
  if (value == null) return "";
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e6)) return String(Number(value.toPrecision(6)));
  const [head, power] = value.toExponential(5).split("e");
  return `${Number(head)}e${power}`;
}

const ticks = (_, values) => values.map((value) => (value == null ? "" : format(value, 3)));

function aligned(lines, positive) {
  const same = lines.every((line) => line.x.length === lines[0].x.length &&
    line.x[0] === lines[0].x[0] && line.x.at(-1) === lines[0].x.at(-1));
  const keep = (y) => (positive ? y.map((value) => (value > 0 ? value : null)) : y);
  if (same && lines.length) return [lines[0].x, ...lines.map((line) => keep(line.y))];
  return lines.length ? uPlot.join(lines.map((line) => [line.x, keep(line.y)])) : [[]];
}

function limits(values, log) {
  let low = Infinity, high = -Infinity;
  for (const value of values) {
    if (value == null || !Number.isFinite(value) || (log && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

function ySpan(picture) {
  const log = picture.y_scale === "log";
  const values = picture.lines.flatMap((line) => line.y).concat(picture.marks.flatMap((mark) => mark.y));
  const found = limits(values, log);
  if (!found) return log ? [1, 10] : [0, 1];
  const [low, high] = found;
  if (log) return [low / 1.3, high * 1.3];
  const room = 0.05 * (high - low) || 0.05 * Math.abs(high) || 1;
  return [low - room, high + room];
}

function xSpan(picture) {
  const values = picture.lines.flatMap((line) => [line.x[0], line.x.at(-1)]).concat(picture.marks.flatMap((m) => m.x));
  return limits(values, picture.x_log) || [1, 2];
}

// --- bands of a fit and points ----------------------------------------------------------------------------------------------------------

function drawBands(plot, bands) {
  const {ctx, bbox} = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const band of bands) {
    ctx.fillStyle = color(band.color);
    ctx.globalAlpha = 0.18;
    for (const [lower, upper] of [band.outer, band.inner]) {
      const floor = plot.scales.y.distr === 3 ? plot.scales.y.min : -Infinity; // a logarithm has no zero
      const place = (i, values) => [plot.valToPos(band.x[i], "x", true), plot.valToPos(Math.max(values[i], floor), "y", true)];
      const inside = band.x.map((_, i) => i).filter((i) => lower[i] != null && upper[i] != null);
      ctx.beginPath();
      for (const i of inside) ctx.lineTo(...place(i, upper));
      for (const i of inside.reverse()) ctx.lineTo(...place(i, lower));
      ctx.fill();
    }
  }
  ctx.restore();
}

function drawMarks(plot, marks, key) {
  const {ctx, bbox} = plot, ratio = devicePixelRatio || 1;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const mark of marks) {
    ctx.strokeStyle = ctx.fillStyle = color(mark.color);
    ctx.globalAlpha = 0.75;
    ctx.lineWidth = ratio;
    const values = mark[key];
    for (let i = 0; i < mark.x.length; i += 1) {
      if (values[i] == null) continue;
      const x = plot.valToPos(mark.x[i], "x", true), y = plot.valToPos(values[i], "y", true);
      if (key === "y" && mark.sigma[i] != null) {
        const top = plot.valToPos(values[i] + mark.sigma[i], "y", true);
        const end = values[i] - mark.sigma[i];
        const low = plot.scales.y.distr === 3 && end <= 0 ? bbox.top + bbox.height : plot.valToPos(end, "y", true);
        ctx.beginPath();
        ctx.moveTo(x, top);
        ctx.lineTo(x, low);
        ctx.stroke();
      }
      ctx.beginPath();
      ctx.arc(x, y, (key === "y" ? 2.2 : 1.7) * ratio, 0, 2 * Math.PI);
      ctx.fill();
    }
  }
  ctx.restore();
}

function drawLevels(plot) {
  const {ctx, bbox} = plot;
  ctx.save();
  ctx.lineWidth = 1;
  for (const [level, alpha] of [[0, 1], [1, 0.45], [-1, 0.45], [3, 0.25], [-3, 0.25]]) {
    const y = plot.valToPos(level, "y", true);
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.globalAlpha = alpha;
    ctx.strokeStyle = ink("--ink");
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

const exactly = (_, low, high) => [low, high]; // uPlot rounds a logarithmic axis to whole decades

// --- a panel ---------------------------------------------------------------------------------------------------------

// uPlot's own ticks of a logarithmic axis never end unless the axis begins at a decade.
function decades(low, high) {
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    for (let front = 1; front < 10; front += 1) {
      const value = Number(`${front}e${power}`);
      if (value >= low && value <= high) found.push(value);
    }
  }
  return found;
}

const logTicks = (_, __, low, high) => (low > 0 ? decades(low, high) : [low, high]);

function asinhTicks(plot, _, low, high) {
  const threshold = plot.scales.y.asinh;
  const powers = (end) => (end > threshold ? decades(threshold, end).filter((value) => front(value) === 1) : []);
  const zero = low <= 0 && high >= 0 ? [0] : [];
  return [...powers(-low).map((value) => -value).reverse(), ...zero, ...powers(high)].filter((v) => v >= low && v <= high);
}

const front = (value) => Number(value.toExponential().split("e")[0]);

function labelled(_, values) {
  const span = Math.log10(values.at(-1) / values[0]) || 0, every = values.length > 40 ? 2 : 1;
  const fronts = span > 1.7 ? [1] : span > 0.9 ? [1, 2, 5] : [1, 2, 3, 4, 5, 6, 8];
  return values.map((value) => {
    const power = Math.round(Math.log10(value / front(value)));
    return fronts.includes(front(value)) && power % every === 0 ? value : null;
  });
}

const SCALES = {log: {splits: logTicks, filter: labelled}, asinh: {splits: asinhTicks, filter: (_, values) => values}, linear: {}};

const axis = (label, size, scale) => ({
  ...SCALES[scale], label, size, labelSize: 20, labelGap: 0, gap: 4, values: ticks, font: "12px system-ui, sans-serif",
  labelFont: "13px system-ui, sans-serif", stroke: () => ink("--ink"), grid: {stroke: () => ink("--grid"), width: 1},
  ticks: {stroke: () => ink("--grid"), width: 1, size: 4},
});

const HEIGHT = 260, RESIDUALS = 130;

export class Plot {
  constructor(element, onZoom) {
    this.element = element;
    this.onZoom = onZoom;
    this.shape = "";
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(element);
  }

  width() {
    return Math.max(200, this.element.clientWidth);
  }

  show(picture, bands) {
    this.picture = picture;
    this.bands = bands;
    const shape = JSON.stringify([picture.x_log, picture.y_scale, picture.x_label, picture.y_label,
      picture.marks.length > 0, picture.lines.map((line) => [line.label, line.color, line.dash])]);
    if (shape !== this.shape) this.build(picture, shape);
    else this.update(picture);
    const values = picture.lines.flatMap((line) => line.y), found = limits(values, false) || [0, 0];
    this.element.dataset.drawn = String(values.reduce((sum, value) => sum + (value ?? 0), 0)); // tells pictures apart
    this.element.setAttribute("aria-label", `${picture.title}: ${picture.y_label} against ${picture.x_label}, ` +
      `${picture.lines.length} curves from ${format(found[0])} to ${format(found[1])}` +
      (picture.marks.length ? `, ${picture.marks.reduce((n, mark) => n + mark.x.length, 0)} measured points` : ""));
  }

  update(picture) {
    this.plot.batch(() => {
      this.plot.setData(aligned(picture.lines, picture.y_scale === "log"), false);
      this.plot.setScale("x", this.span());
      const [min, max] = ySpan(picture);
      this.plot.setScale("y", {min, max});
    });
    this.updateResiduals(picture);
  }

  span() {
    const [min, max] = this.zoomed || xSpan(this.picture);
    return {min, max};
  }

  // The measured point nearest to the cursor, in words.
  read(plot) {
    if (!this.readout) return;
    const {left, top} = plot.cursor;
    let nearest = null, least = 24; // pixels
    for (const mark of left >= 0 ? this.picture.marks : []) {
      for (let i = 0; i < mark.x.length; i += 1) {
        if (mark.y[i] == null) continue;
        const off = Math.hypot(plot.valToPos(mark.x[i], "x") - left, plot.valToPos(mark.y[i], "y") - top);
        if (off < least) [nearest, least] = [[mark, i], off];
      }
    }
    if (!nearest) {
      this.readout.textContent = "";
      return;
    }
    const [mark, i] = nearest;
    this.readout.textContent = `${mark.label} at ${format(mark.x[i])}: ${format(mark.y[i])} ± ${format(mark.sigma[i], 2)}, ` +
      `residual ${format(mark.residuals[i], 2)} σ`;
  }

  updateResiduals(picture) {
    if (!this.residuals) return;
    const span = this.span();
    const size = limits(picture.marks.flatMap((mark) => mark.residuals), false) || [0, 0];
    const high = Math.min(1e6, Math.max(3.6, 1.1 * Math.max(-size[0], size[1])));
    this.residuals.batch(() => {
      this.residuals.setData([[span.min, span.max], [null, null]], false);
      this.residuals.setScale("x", {min: span.min, max: span.max});
      this.residuals.setScale("y", {min: -high, max: high});
    });
  }

  build(picture, shape) {
    this.destroy();
    this.shape = shape;
    const y = {linear: 1, log: 3, asinh: 4}[picture.y_scale];
    const size = limits(picture.lines.flatMap((line) => line.y.map(Math.abs)), false) || [0, 1];
    const [min, max] = ySpan(picture), self = this, [left, right] = xSpan(picture);
    const scales = {
      x: {time: false, distr: picture.x_log ? 3 : 1, auto: false, min: left, max: right, range: exactly},
      y: {distr: y, asinh: 1e-3 * size[1] || 1, auto: false, min, max, range: exactly},
    };
    const series = picture.lines.map((line) => ({
      label: line.label, stroke: () => color(line.color), width: line.dash === 3 ? 1 : 1.8, dash: DASHES[line.dash],
      spanGaps: true, pxAlign: 0, points: {show: false}, value: (_, value) => format(value),
    }));
    const options = {
      width: this.width(), height: HEIGHT, scales, padding: [10, 12, 0, 0],
      axes: [axis(picture.marks.length ? null : picture.x_label, picture.marks.length ? 20 : 34, picture.x_log ? "log" : "linear"),
             axis(picture.y_label, 66, picture.y_scale)],
      legend: {markers: {dash: (_, i) => BORDERS[(picture.lines[i - 1] || {dash: 0}).dash]}},
      series: [{label: picture.x_label, value: (_, value) => format(value)}, ...series],
      cursor: {sync: {key: picture.x_label, setSeries: false}, drag: {x: true, y: false}},
      hooks: {
        setCursor: picture.marks.length ? [(plot) => self.read(plot)] : [],
        drawAxes: [(plot) => drawBands(plot, self.bands)],
        draw: [(plot) => drawMarks(plot, self.picture.marks, "y")],
        setSelect: [(plot) => {
          if (plot.select.width < 5) return;
          const ends = [plot.posToVal(plot.select.left, "x"), plot.posToVal(plot.select.left + plot.select.width, "x")];
          self.zoom(ends);
        }],
        ready: [(plot) => plot.over.addEventListener("dblclick", () => self.zoom(null))],
      },
    };
    this.plot = new uPlot(options, aligned(picture.lines, picture.y_scale === "log"), this.element);
    if (picture.marks.length) this.buildResiduals(picture);
  }

  buildResiduals(picture) {
    const span = this.span(), self = this;
    const options = {
      width: this.width(), height: RESIDUALS, padding: [4, 12, 0, 0], legend: {show: false},
      scales: {x: {time: false, distr: picture.x_log ? 3 : 1, auto: false, min: span.min, max: span.max, range: exactly},
               y: {auto: false, min: -3.6, max: 3.6, range: exactly}},
      axes: [axis(picture.x_label, 34, picture.x_log ? "log" : "linear"), {...axis("residual/σ", 66, "linear"), space: 16, labelFont: "12px system-ui, sans-serif"}], series: [{}, {}],
      cursor: {sync: {key: picture.x_label}, drag: {x: false}, y: false},
      hooks: {draw: [(plot) => {
        drawLevels(plot);
        drawMarks(plot, self.picture.marks, "residuals");
      }]},
    };
    this.residuals = new uPlot(options, [[span.min, span.max], [null, null]], this.element);
    this.readout = this.element.appendChild(document.createElement("p"));
    this.readout.className = "hint readout";
    this.updateResiduals(picture);
  }

  zoom(ends) {
    this.zoomed = ends;
    this.plot.setSelect({left: 0, width: 0, top: 0, height: 0}, false);
    this.update(this.picture);
    this.onZoom(ends);
  }

  resize() {
    if (!this.plot || this.plot.width === this.width()) return;
    this.plot.setSize({width: this.width(), height: HEIGHT});
    if (this.residuals) this.residuals.setSize({width: this.width(), height: RESIDUALS});
  }

  redraw() {
    if (this.plot) this.plot.redraw(false, true);
    if (this.residuals) this.residuals.redraw(false, true);
  }

  destroy() {
    for (const plot of [this.plot, this.residuals]) if (plot) plot.destroy();
    if (this.readout) this.readout.remove();
    this.plot = this.residuals = this.readout = null;
    this.zoomed = null;
  }

  clear() {
    this.destroy();
    this.shape = "";
    delete this.element.dataset.drawn;
    this.element.removeAttribute("aria-label");
  }

  end() {
    this.watch.disconnect();
    this.destroy();
  }
}
