// ActivationExplorer: ticking, touching, layers and zoom are done here; what the student's functions
// give, in Python, whenever alpha, the weights or the input scale change.

import { floats } from "../kit/bytes.js";
import { checkboxes, radios, range, sample } from "../kit/controls.js";
import { element, keepKeys, number, say } from "../kit/elements.js";
import { curves, stroke } from "../kit/marks.js";
import { makePlot, SIDES } from "../kit/plot.js";

const BARS = 40; // of scores, between the ends of the window; they hold whole bins at each zoom
const MERGED = [1, 5, 25]; // bins of outputs in a bar: odd, so that 0 and the ends stay in the middle of one
const MOST = 80; // bars of outputs
const EDGE = 0.14; // of the window's half: room on each side for what lies outside
const SNAP = 0.05; // a touched score is a multiple of it, and so one at which the functions were asked
const HEAD = 17; // pixels above the bars of a row, for its name and its numbers
const LONG = 54; // pixels from the touched point to either end of its tangent
const FULL = 1.25; // a slope that fills its bar

function render({ model, el }) {
  const { names, colors, leaky, reach, points, flat, scales, alphas, sizes, examples, networks } = model.get("facts");
  const xs = Float64Array.from({ length: points }, (_, k) => -reach + (2 * reach * k) / (points - 1));
  let layer = 0;
  let zoom = 6;
  let touched = 1.5; // the score that is dragged along the curves
  let received = {}; // the answer's bytes as numbers, read once
  const picked = () => names.filter((name) => model.get("picked").includes(name) && received[name]);
  const style = (name) => ({ color: colors[name][0], dash: colors[name][1] });
  const at = (values, z) => values[Math.round(((z + reach) / (2 * reach)) * (points - 1))];

  const view = (role, xlabel, ylabel, draw, rows = false) =>
    makePlot({ role, window: [-1, 1, 0, 1], aspect: rows ? 0.68 : 1.2, xlabel, ylabel, draw, rows });
  const curve = view("curve", "score z", "output f(z)", (plot) => {
    zero(plot);
    upright(plot);
    curves(plot, xs, picked().map((name) => ({ values: received[name].values, ...style(name) })));
    for (const name of picked()) tangent(plot, name);
  });
  const slope = view("slope", "score z", "slope f′(z)", (plot) => {
    zero(plot);
    upright(plot);
    curves(plot, xs, picked().map((name) => ({ values: received[name].slopes, ...style(name) })));
    for (const name of picked()) dot(plot, at(received[name].slopes, touched), name);
  });
  const scores = view("scores", "score z", "", (plot) => {
    upright(plot);
    ridges(plot, [-zoom, zoom], picked().map((name) => ({ name, ...scoreBars(name) })));
  }, true);
  const outputs = view("outputs", "output of the layer", "", (plot) => {
    const rows = picked().map((name) => ({ name, mark: at(received[name].values, touched), ...outputBars(name) }));
    ridges(plot, [plot.low, plot.high], rows);
  }, true);
  const plots = [curve, slope, scores, outputs];

  function upright(plot) {
    stroke(plot, [[touched, plot.window[2]], [touched, plot.window[3]]], { color: plot.theme.ink, width: 1, dash: [3, 3] });
  }

  function dot(plot, y, name) {
    const { context: c, theme: t } = plot;
    c.beginPath();
    c.arc(plot.x(touched), plot.y(y), 6, 0, 2 * Math.PI);
    c.fillStyle = colors[name][0];
    c.fill();
    c.strokeStyle = t.ink;
    c.lineWidth = 1.5;
    c.stroke();
  }

  /** The straight line that touches the curve at the score, so long on the screen whatever its slope. */
  function tangent(plot, name) {
    const [value, steep] = [at(received[name].values, touched), at(received[name].slopes, touched)];
    const [sx, sy] = plot.scale();
    const half = LONG / Math.hypot(sx, steep * sy);
    stroke(plot, [[touched - half, value - steep * half], [touched + half, value + steep * half]], { color: plot.theme.ink, width: 1.6 });
    dot(plot, value, name);
  }

  /** The scores of a function's layer in bars within the zoom, their flat parts, and what lies outside. */
  function scoreBars(name) {
    const { slopes, layers } = received[name];
    const { first, width, shares, below, above } = layers[layer].scores;
    const bars = Array.from({ length: BARS }, (_, k) => ({
      from: -zoom + (2 * zoom * k) / BARS, to: -zoom + (2 * zoom * (k + 1)) / BARS, share: 0, pale: 0,
    }));
    const under = { share: below, pale: Math.abs(slopes[0]) < flat ? below : 0 };
    const over = { share: above, pale: Math.abs(slopes[points - 1]) < flat ? above : 0 };
    shares.forEach((share, k) => {
      const z = (first + k + 0.5) * width;
      const bar = z < -zoom ? under : z > zoom ? over : bars[Math.floor(((z + zoom) / (2 * zoom)) * BARS)];
      bar.share += share;
      if (Math.abs(at(slopes, z)) < flat) bar.pale += share;
    });
    return { bars, under, over };
  }

  /** The outputs in bars that are centered on 0, and what lies outside the window. */
  function outputBars(name) {
    const { first, width, shares, below, above } = received[name].layers[layer].outputs;
    const wide = outputs.merged * width;
    const lowest = Math.round(outputs.low / wide + 0.5);
    const highest = Math.round(outputs.high / wide - 0.5);
    const bars = Array.from({ length: highest - lowest + 1 }, (_, k) => ({
      from: (lowest + k - 0.5) * wide, to: (lowest + k + 0.5) * wide, share: 0, pale: 0,
    }));
    const [under, over] = [{ share: below, pale: 0 }, { share: above, pale: 0 }];
    shares.forEach((share, k) => {
      const bar = Math.floor((first + k) / outputs.merged + 0.5);
      (bar < lowest ? under : bar > highest ? over : bars[bar - lowest]).share += share;
    });
    return { bars, under, over };
  }

  /** One row for each function: its bars, all of one scale, and at the edges what lies outside. */
  function ridges(plot, [low, high], rows) {
    const { context: c, theme: t } = plot;
    const [left, right] = [plot.window[0], plot.window[1]];
    rows.forEach(({ name, bars, under, over, mark }, k) => {
      const base = rows.length - 1 - k;
      const tall = Math.max(1e-9, under.share, over.share, ...bars.map(({ share }) => share));
      const room = 0.97 - HEAD * (plot.window[3] / plot.height); // for the bars, in rows
      const y = (share) => plot.y(base + 0.03 + (room * share) / tall);
      const fill = (from, to, share, start, color, alpha) => {
        c.globalAlpha = alpha;
        c.fillStyle = color;
        c.fillRect(plot.x(from), y(share), plot.x(to) - plot.x(from) + 0.4, y(start) - y(share));
        c.globalAlpha = 1;
      };
      const pad = (right - high) * 0.25;
      const all = [{ from: left + pad, to: low - pad, ...under }, ...bars, { from: high + pad, to: right - pad, ...over }];
      for (const { from, to, share, pale } of all.filter((bar) => bar.share)) {
        fill(from, to, share, 0, colors[name][0], 0.18);
        fill(from, to, share - pale, 0, colors[name][0], 0.7);
        const top = base + 0.03 + (room * share) / tall;
        stroke(plot, [[from, top], [to, top]], { color: colors[name][0], width: 1.8 });
      }
      stroke(plot, [[left, base + 0.03], [right, base + 0.03]], { color: t.mesh, width: 1 });
      if (mark !== undefined && mark >= low && mark <= high) {
        stroke(plot, [[mark, base + 0.03], [mark, base + 0.97]], { color: t.ink, width: 1, dash: [3, 3] });
      }
      c.fillStyle = t.ink;
      c.font = `12px ${t.font}`;
      c.textBaseline = "bottom";
      const percent = (share) => `${number(100 * share, 0)}%`;
      const peak = bars.reduce((best, bar) => (bar.share > best.share ? bar : best), bars[0]);
      const middle = plot.x((peak.from + peak.to) / 2);
      const onTheLeft = middle > SIDES.left + 0.45 * plot.width;
      c.textAlign = onTheLeft ? "left" : "right";
      c.fillText(name, plot.x(onTheLeft ? low : high) + (onTheLeft ? 16 : -16), plot.y(base + 0.99) + 16);
      c.font = `11px ${t.font}`;
      c.textAlign = "center";
      if (peak.share >= 0.005) c.fillText(percent(peak.share), middle, y(peak.share) - 1);
      c.textAlign = "left";
      if (under.share >= 0.005) c.fillText(percent(under.share), plot.x(left) + 1, y(under.share) - 1);
      c.textAlign = "right";
      if (over.share >= 0.005) c.fillText(percent(over.share), plot.x(right) - 1, y(over.share) - 1);
    });
    for (const x of [low, high]) stroke(plot, [[x, 0], [x, rows.length]], { color: t.mesh, width: 1, dash: [2, 3] });
  }

  /** The window's y range that holds the ticked curves within the zoom, not beyond sensible limits. */
  function fit(plot, key, low, high, limit) {
    let [from, to] = [low, high];
    for (const name of picked()) {
      received[name][key].forEach((value, k) => {
        if (Math.abs(xs[k]) <= zoom) [from, to] = [Math.min(from, value), Math.max(to, value)];
      });
    }
    const pad = 0.06 * (to - from);
    const side = zoom * (1 + EDGE);
    plot.window = [-side, side, Math.max(-limit, from - pad), Math.min(limit, to + pad)];
  }

  function frame() {
    fit(curve, "values", -1, 1, zoom);
    fit(slope, "slopes", 0, 1, 3);
    const rows = Math.max(1, picked().length);
    scores.window = [-zoom * (1 + EDGE), zoom * (1 + EDGE), 0, rows];
    const spreads = picked().map((name) => received[name].layers[layer].outputs).filter(({ shares }) => shares.length);
    let low = Math.max(-zoom, Math.min(0, ...spreads.map((s) => s.first * s.width)));
    let high = Math.min(zoom, Math.max(low + 1, ...spreads.map((s) => (s.first + s.shares.length - 1) * s.width)));
    const width = spreads.length ? spreads[0].width : 0.01;
    outputs.merged = MERGED.find((m) => (high - low) / (m * width) <= MOST) ?? MERGED.at(-1);
    const wide = outputs.merged * width; // whole bars, so that no end is cut in two
    low = (Math.floor(low / wide + 0.5) - 0.5) * wide;
    high = (Math.floor(high / wide + 0.5) + 0.5) * wide;
    const pad = ((high - low) / 2) * EDGE;
    Object.assign(outputs, { low, high, window: [low - pad, high + pad, 0, rows] });
  }

  const table = element("table", { class: "nn-readings", "data-role": "readings" });
  const touch = element("table", { class: "nn-readings nn-touch", "data-role": "touch" });
  const note = element("p", { class: "nn-note", "data-role": "note", role: "status" });
  const cell = (tag, content, attributes = {}) => element(tag, attributes, content);
  const headings = (...labels) => element("tr", {}, ...labels.map((label) => cell("th", label, { scope: "col" })));
  const nameCell = (name) => element("th", { scope: "row" }, sample(style(name)), ` ${name}`);

  function showTable() {
    const rows = picked().map((name) => element("tr", { "data-role": `readings-${name}` },
      nameCell(name), ...received[name].layers[layer].readings.map((value) => cell("td", value))));
    table.replaceChildren(element("caption", {}, `Layer ${layer + 1}: its ${sizes[layer]} outputs for ${examples} examples`),
      headings("", "mean", "spread", "flat", "dead"), ...rows);
  }

  /** What the touched score becomes, and what is left of a gradient of 1 on its way back. */
  function showTouch() {
    const rows = picked().map((name) => {
      const [value, steep] = [at(received[name].values, touched), at(received[name].slopes, touched)];
      const part = Math.min(1, Math.abs(steep) / FULL) * 100;
      const bar = element("span", { class: "nn-left", "aria-hidden": "true" },
        element("span", { class: steep < 0 ? "nn-against" : "", style: `width: ${part}%; background-color: ${colors[name][0]}` }));
      return element("tr", { "data-role": `touch-${name}` }, nameCell(name),
        cell("td", brief(value)), cell("td", brief(steep)), element("td", {}, bar));
    });
    touch.replaceChildren(element("caption", {}, `At the score ${number(touched)}, and what is left of a gradient of 1`),
      headings("", "output", "slope", "gradient × slope"), ...rows);
    probe.set(touched);
  }

  function show() {
    frame();
    showTable();
    showTouch();
    const { notes } = model.get("answer");
    const troubles = names.filter((name) => model.get("picked").includes(name) && notes[name]);
    say(note, [...new Set(troubles.map((name) => notes[name]))].join(" "));
    checks.set(model.get("picked"));
    if (leaky) {
      const asleep = !model.get("picked").includes(leaky);
      alpha.set(model.get("alpha"));
      alpha.row.querySelector("input").disabled = asleep;
      say(idle, asleep ? `alpha belongs to ${leaky}: tick it to see what alpha does.` : "");
    }
    scale.set(Math.log10(model.get("scale")));
    layers.set(String(layer + 1));
    zooms.set(String(zoom));
    weights.set(model.get("network"));
    say(heading, `Scores of layer ${layer + 1}`);
    say(coming, `Outputs of layer ${layer + 1}`);
    const who = picked().map((name) => (name === leaky ? `${name} with alpha ${number(model.get("alpha"))}` : name)).join(", ") || "no function";
    curve.canvas.setAttribute("aria-label", `Curves of ${who}, for scores from ${-zoom} to ${zoom}, with tangents at ${number(touched)}`);
    slope.canvas.setAttribute("aria-label", `Slopes of ${who}, marked at ${number(touched)}`);
    const outside = (name, bars, low, high) => {
      const { under, over } = bars(name);
      return `${name}: ${number(100 * under.share, 0)}% below ${low}, ${number(100 * over.share, 0)}% above ${high}`;
    };
    scores.canvas.setAttribute("aria-label", `Scores of layer ${layer + 1}. ` + picked().map((name) => outside(name, scoreBars, -zoom, zoom)).join("; "));
    outputs.canvas.setAttribute("aria-label", `Outputs of layer ${layer + 1}. ` + picked().map((name) => {
      const [mean, spread, low, dead] = received[name].layers[layer].readings;
      return `${name}: mean ${mean}, spread ${spread}, ${low} of the slopes below ${flat}, ${dead} dead`;
    }).join("; "));
    for (const plot of plots) plot.redraw();
  }

  function receive() {
    const read = ({ shares, ...rest }) => ({ ...rest, shares: floats(shares) });
    received = Object.fromEntries(Object.entries(model.get("answer").functions).map(([name, one]) => [name, {
      values: floats(one.values), slopes: floats(one.slopes),
      layers: one.layers.map(({ scores: before, outputs: out, readings }) => ({ scores: read(before), outputs: read(out), readings })),
    }]));
    show();
  }

  function touchAt(z) {
    touched = Math.round(Math.max(-zoom, Math.min(zoom, z)) / SNAP) * SNAP;
    show();
  }
  for (const plot of [curve, slope, scores]) {
    const { canvas } = plot;
    canvas.classList.add("nn-draggable");
    const follow = (event) => touchAt(plot.at(event.clientX - canvas.getBoundingClientRect().left, 0)[0]);
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      follow(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) follow(event);
    });
  }

  const checks = checkboxes("Functions", "function",
    names.map((name) => ({ value: name, text: name, ...style(name) })), (values) => {
      model.set("picked", values);
      model.save_changes();
    });
  const ask = (name) => (value) => {
    model.set(name, value);
    model.save_changes();
  };
  const spoken = (z) => `score ${number(z)}. ` + picked().map((name) =>
    `${name}: output ${brief(at(received[name].values, z))}, slope ${brief(at(received[name].slopes, z))}`).join("; ");
  const probe = range({
    label: "score z", role: "probe", low: -reach, high: reach, step: SNAP, format: number, say: spoken,
    onInput: (z) => {
      zoom = [3, 6, 12].find((one) => one >= Math.max(zoom, Math.abs(z))) ?? 12;
      touchAt(z);
    },
  });
  const alpha = range({
    label: "alpha", role: "alpha", low: alphas[0], high: alphas[1], step: 0.01, format: number, onInput: ask("alpha"),
  });
  const idle = element("p", { class: "nn-hint nn-idle", "data-role": "alpha-note" });
  const times = (power) => {
    const value = 10 ** power;
    return `× ${number(value, value < 1 ? 2 : 1)}`;
  };
  const scale = range({
    label: "input scale", role: "scale", low: Math.log10(scales[0]), high: Math.log10(scales[1]), step: 0.02,
    format: times, say: (power) => `input times ${number(10 ** power, 2)}`, onInput: (power) => ask("scale")(10 ** power),
  });
  const weights = radios("Weights", "network", Object.fromEntries(networks.map((name) => [name, name])), ask("network"));
  const layers = radios("Layer", "layer", Object.fromEntries(sizes.map((_, k) => [k + 1, String(k + 1)])), (value) => {
    layer = Number(value) - 1;
    show();
  });
  const zooms = radios("Window", "zoom", { 3: "±3", 6: "±6", 12: "±12" }, (value) => {
    zoom = Number(value);
    touchAt(touched);
  });

  const heading = element("p", { class: "nn-title" });
  const coming = element("p", { class: "nn-title" });
  const titled = (title, plot) => element("div", { class: "nn-view" }, title, plot.canvas);
  const root = element("div", { class: "nn-explorer nn-activation", role: "group", "aria-label": "Activation explorer" },
    element("div", { class: "nn-stage" },
      titled(element("p", { class: "nn-title" }, "What a score becomes"), curve),
      titled(element("p", { class: "nn-title" }, "The slope there"), slope),
      titled(heading, scores), titled(coming, outputs)),
    element("div", { class: "nn-panel" }, checks.row, probe.row, touch, ...(leaky ? [alpha.row, idle] : []),
      ...(networks.length > 1 ? [weights.row] : []), scale.row, layers.row, zooms.row, table, note,
      element("p", { class: "nn-hint" }, "Drag across a curve to move the score. " +
        `Pale bars are scores whose slope is below ${flat} ("flat"). The bars at the edges are what lies outside the window. ` +
        "Each row is as tall as its tallest bar, which has its share written above it. " +
        "Spread: how much a unit differs from example to example. Dead: units that are 0 for all examples.")));
  keepKeys(root);
  el.append(root);
  receive();
  model.on("change:picked change:alpha change:scale change:network", show);
  model.on("change:answer", receive);
  return () => {
    model.off("change:picked change:alpha change:scale change:network", show);
    model.off("change:answer", receive);
    for (const plot of plots) plot.remove();
  };
}

/** A number in a narrow column: three decimals, or a power of ten for what would show as 0. */
function brief(value) {
  if (value === 0 || Math.abs(value) >= 0.0995) return number(value);
  if (Math.abs(value) >= 0.000995) return number(value, 3);
  const [digits, power] = value.toExponential(1).split("e");
  return `${number(Number(digits), 1)}·10${[...power].map((sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]).join("")}`;
}

/** The axes of the plane, a little stronger than the grid. */
function zero(plot) {
  const color = plot.theme.mesh;
  stroke(plot, [[plot.window[0], 0], [plot.window[1], 0]], { color, width: 1 });
  stroke(plot, [[0, plot.window[2]], [0, plot.window[3]]], { color, width: 1 });
}

export default { render };
