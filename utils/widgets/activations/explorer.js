// ActivationExplorer: ticking, layers and zoom are done here; what the student's functions give, in
// Python, whenever alpha or the input scale changes.

import { floats } from "../kit/bytes.js";
import { checkboxes, radios, range, sample } from "../kit/controls.js";
import { element, keepKeys, number, say } from "../kit/elements.js";
import { curves, histogram, stroke } from "../kit/marks.js";
import { makePlot, SIDES } from "../kit/plot.js";

const BARS = 48; // bins that are drawn
const TALLEST = 0.4; // a share above this reaches the top, and is written there

function render({ model, el }) {
  const { names, colors, leaky, reach, points, flat, scales, alphas, sizes, examples } = model.get("facts");
  const xs = Float64Array.from({ length: points }, (_, k) => -reach + (2 * reach * k) / (points - 1));
  let layer = 0;
  let zoom = 6;
  let received = {}; // the answer's bytes as numbers, read once
  const picked = () => names.filter((name) => model.get("picked").includes(name) && received[name]);
  const style = (name) => ({ color: colors[name][0], dash: colors[name][1] });

  const view = (role, window, aspect, xlabel, ylabel, draw) => makePlot({ role, window, aspect, xlabel, ylabel, draw });
  const curve = view("curve", [-zoom, zoom, -1, 3], 1.15, "score z", "output f(z)", (plot) => {
    zero(plot);
    curves(plot, xs, picked().map((name) => ({ values: received[name].values, ...style(name) })));
  });
  const slope = view("slope", [-zoom, zoom, -0.2, 1.2], 1.15, "score z", "slope f′(z)", (plot) => {
    const part = (plot.window[3] - plot.window[2]) * 0.3;
    for (const name of picked()) {
      const bars = rebin(received[name].layers[layer].scores, -zoom, zoom, BARS);
      const most = Math.max(...bars, 1e-9);
      histogram(plot, bars.map((share) => (share / most) * part), -zoom, zoom,
        { ...style(name), base: plot.window[2], alpha: 0.16, width: 0.8 });
    }
    zero(plot);
    curves(plot, xs, picked().map((name) => ({ values: received[name].slopes, ...style(name) })));
  });
  const outputs = view("outputs", [0, 1, 0, 0.4], 2.3, "output of the layer", "share of all outputs", (plot) => {
    const { context: c, theme: t } = plot;
    const [low, high] = plot.window;
    let row = 0;
    for (const name of picked()) {
      const bars = rebin(received[name].layers[layer].outputs, low, high, BARS);
      histogram(plot, bars, low, high, style(name));
      const top = bars.indexOf(Math.max(...bars));
      if (bars[top] > plot.window[3]) {
        const x = plot.x(low + ((high - low) * (top + 0.5)) / BARS);
        const right = x < SIDES.left + 0.7 * plot.width;
        c.font = `12px ${t.font}`;
        c.textAlign = right ? "left" : "right";
        c.textBaseline = "top";
        c.fillStyle = t.ink;
        c.fillText(`${right ? "◂ " : ""}${name}: ${number(100 * bars[top], 0)}%${right ? "" : " ▸"}`,
          x + (right ? 12 : -12), SIDES.top + 4 + 16 * row);
        row += 1;
      }
    }
  });

  /** The window's y range that holds the ticked curves within the zoom, not beyond sensible limits. */
  function fit(plot, key, low, high, limit) {
    let [from, to] = [low, high];
    for (const name of picked()) {
      received[name][key].forEach((value, k) => {
        if (Math.abs(xs[k]) <= zoom) [from, to] = [Math.min(from, value), Math.max(to, value)];
      });
    }
    const pad = 0.06 * (to - from);
    plot.window = [-zoom, zoom, Math.max(-limit, from - pad), Math.min(limit, to + pad)];
  }

  function frame() {
    fit(curve, "values", -1, 1, zoom);
    fit(slope, "slopes", 0, 1, 3);
    slope.window[2] -= 0.3 * (slope.window[3] - slope.window[2]); // room for the scores
    const spreads = picked().map((name) => received[name].layers[layer].outputs);
    const low = Math.min(0, ...spreads.map((s) => s.low));
    const high = Math.max(low + 1, ...spreads.map((s) => s.high));
    const pad = (high - low) / BARS; // a whole bin, so that an end is never cut in two
    const tops = spreads.flatMap((s) => rebin(s, low - pad, high + pad, BARS));
    outputs.window = [low - pad, high + pad, 0, Math.min(TALLEST, Math.max(0.02, ...tops) * 1.1)];
  }

  const table = element("table", { class: "nn-readings" });
  const note = element("p", { class: "nn-note", "data-role": "note", role: "status" });
  const heading = element("p", { class: "nn-title" });

  function showTable() {
    const cell = (tag, content, attributes = {}) => element(tag, attributes, content);
    const head = element("tr", {}, ...["", "mean", "spread", "flat", "dead"].map((label) =>
      cell("th", label, { scope: "col" })));
    const rows = picked().map((name) => element("tr", { "data-role": `readings-${name}` },
      element("th", { scope: "row" }, sample(style(name)), ` ${name}`),
      ...received[name].layers[layer].readings.map((value) => cell("td", value))));
    table.replaceChildren(element("caption", {}, `Layer ${layer + 1}: its ${sizes[layer]} outputs for ${examples} examples`), head, ...rows);
  }

  function show() {
    frame();
    showTable();
    say(heading, `What comes out of layer ${layer + 1}`);
    const { notes } = model.get("answer");
    const troubles = names.filter((name) => model.get("picked").includes(name) && notes[name]);
    say(note, [...new Set(troubles.map((name) => notes[name]))].join(" "));
    checks.set(model.get("picked"));
    if (leaky) alpha.set(model.get("alpha"));
    scale.set(Math.log10(model.get("scale")));
    layers.set(String(layer + 1));
    zooms.set(String(zoom));
    const who = picked().join(", ") || "no function";
    curve.canvas.setAttribute("aria-label", `Curves of ${who}, for scores from ${-zoom} to ${zoom}`);
    slope.canvas.setAttribute("aria-label", `Slopes of ${who}, and below them where the scores of layer ${layer + 1} lie`);
    outputs.canvas.setAttribute("aria-label", `Outputs of layer ${layer + 1}. ` + picked().map((name) => {
      const [mean, spread, low, dead] = received[name].layers[layer].readings;
      return `${name}: mean ${mean}, spread ${spread}, ${low} of the slopes below ${flat}, ${dead} dead`;
    }).join("; "));
    for (const plot of [curve, slope, outputs]) plot.redraw();
  }

  function receive() {
    received = Object.fromEntries(Object.entries(model.get("answer").functions).map(([name, one]) => [name, {
      values: floats(one.values), slopes: floats(one.slopes),
      layers: one.layers.map(({ scores, outputs: out, readings }) => ({
        scores: { ...scores, shares: floats(scores.shares) }, outputs: { ...out, shares: floats(out.shares) }, readings,
      })),
    }]));
    show();
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
  const alpha = range({
    label: "alpha", role: "alpha", low: alphas[0], high: alphas[1], step: 0.01, format: number, onInput: ask("alpha"),
  });
  const times = (power) => {
    const value = 10 ** power;
    return `× ${number(value, value < 1 ? 2 : 1)}`;
  };
  const scale = range({
    label: "input scale", role: "scale", low: Math.log10(scales[0]), high: Math.log10(scales[1]), step: 0.02,
    format: times, say: (power) => `input times ${number(10 ** power, 2)}`, onInput: (power) => ask("scale")(10 ** power),
  });
  const layers = radios("Layer", "layer", Object.fromEntries(sizes.map((_, k) => [k + 1, String(k + 1)])), (value) => {
    layer = Number(value) - 1;
    show();
  });
  const zooms = radios("Scores up to", "zoom", { 3: "±3", 6: "±6", 12: "±12" }, (value) => {
    zoom = Number(value);
    show();
  });

  const root = element("div", { class: "nn-explorer nn-activation", role: "group", "aria-label": "Activation explorer" },
    element("div", { class: "nn-stage" },
      element("div", { class: "nn-view" }, element("p", { class: "nn-title" }, "What a score becomes"), curve.canvas),
      element("div", { class: "nn-view" }, element("p", { class: "nn-title" }, "Slopes, scores below"), slope.canvas),
      element("div", { class: "nn-view nn-all" }, heading, outputs.canvas)),
    element("div", { class: "nn-panel" }, checks.row, ...(leaky ? [alpha.row] : []), scale.row, layers.row, zooms.row,
      table, note,
      element("p", { class: "nn-hint" }, "Spread: how much a unit differs from example to example. " +
        `Flat: slopes below ${flat}. Dead: units that are 0 for all examples.`)));
  keepKeys(root);
  el.append(root);
  receive();
  model.on("change:picked change:alpha change:scale", show);
  model.on("change:answer", receive);
  return () => {
    model.off("change:picked change:alpha change:scale", show);
    model.off("change:answer", receive);
    for (const plot of [curve, slope, outputs]) plot.remove();
  };
}

/** Fine bins put together into `count` bins from low to high; what lies outside is left out. */
function rebin({ low: from, high: to, shares }, low, high, count) {
  const bars = new Array(count).fill(0);
  const wide = ((to - from) / shares.length / (high - low)) * count; // a fine bin, in bars
  const first = ((from - low) / (high - low)) * count;
  shares.forEach((share, k) => {
    if (!share) return;
    const [start, end] = [first + k * wide, first + (k + 1) * wide];
    for (let at = Math.max(0, Math.floor(start)); at < Math.min(count, end); at++) {
      bars[at] += (share * (Math.min(at + 1, end) - Math.max(at, start))) / wide;
    }
  });
  return bars;
}

/** The axes of the plane, a little stronger than the grid. */
function zero(plot) {
  const color = plot.theme.mesh;
  stroke(plot, [[plot.window[0], 0], [plot.window[1], 0]], { color, width: 1 });
  stroke(plot, [[0, plot.window[2]], [0, plot.window[3]]], { color, width: 1 });
}

export default { render };
