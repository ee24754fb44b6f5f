// GradientFlow: lines are kept and drawn here; the sizes are the student's, by Python.

import { floats } from "../kit/bytes.js";
import { button, legend, radios, range, scale } from "../kit/controls.js";
import { element, keepKeys, number, say } from "../kit/elements.js";
import { curves, ring, stroke } from "../kit/marks.js";
import { makePlot } from "../kit/plot.js";

const MOST = 6; // lines that can be kept

function render({ model, el }) {
  const { colors, schemes, gains, deepest, width } = model.get("facts");
  const ask = (name) => (value) => {
    model.set(name, value);
    model.save_changes();
  };
  let kept = []; // { name, activation, values }
  let current = [];
  let setting = {}; // activation and depth of the line that is shown

  const plot = makePlot({
    role: "picture", window: [0, 20, -14, 2], aspect: 1.45, xlabel: "layers back from the output",
    ylabel: "log₁₀ of δ, 0 at the output",
    draw(plot) {
      const { context: c, theme: t } = plot;
      const end = plot.window[1];
      stroke(plot, [[0, 0], [end, 0]], { color: t.ink, width: 1 });
      stroke(plot, [[0, 0], [end, end * Math.log10(0.25)]], { color: t.ink, width: 1.2, dash: [2, 4] });
      kept.forEach(({ values, activation }, k) =>
        curves(plot, values.map((_, i) => i), [{ values, color: colors[activation], width: 1.8, dash: dash(k) }]));
      c.globalAlpha = model.get("answer").known ? 1 : 0.35;
      if (current.length) {
        curves(plot, current.map((_, i) => i), [{ values: current, color: colors[setting.activation], width: 3.5 }]);
        const last = current.length - 1;
        if (Number.isFinite(current[last])) ring(plot, plot.x(last), plot.y(current[last]), colors[setting.activation], 5, 3);
      }
      c.globalAlpha = 1;
    },
  });

  const depth = range({
    label: "layers", role: "depth", low: 2, high: deepest, step: 1, format: (v) => number(v, 0), onInput: ask("depth"),
  });
  const activation = radios("Activation", "activation",
    Object.fromEntries(Object.keys(colors).map((name) => [name, name])), ask("activation"));
  const scheme = radios("Initialization", "scheme", schemes, ask("scheme"));
  const gain = scale({
    label: "all weights", role: "gain", low: gains[0], high: gains[1], format: (v) => `× ${number(v, 2)}`,
    say: (v) => `all weights times ${number(v, 2)}`, onInput: ask("gain"),
  });
  const message = element("p", { class: "nn-message", "data-role": "message", role: "status" });
  const note = element("p", { class: "nn-note", "data-role": "note", role: "status" });
  const key = element("div", { class: "nn-key", "data-role": "key" });
  const keep = button("Keep this line", "keep", () => {
    if (!current.length || !model.get("answer").known) return;
    kept = [...kept.slice(1 - MOST), { name: `${model.get("answer").name}, ${current.length - 1} layers`, activation: setting.activation, values: current }];
    show();
  });
  const forget = button("Forget kept lines", "forget", () => {
    kept = [];
    show();
  });
  const again = button("Draw new weights", "draw", () => ask("draw")(model.get("draw") + 1));
  const one = button("Weights × 1", "one", () => ask("gain")(1));

  function frame() {
    const all = [...kept.map((line) => line.values), current].flat().filter(Number.isFinite);
    const [low, high] = [Math.min(-4, ...all), Math.max(1, ...all)];
    const steps = Math.max(current.length, ...kept.map((line) => line.values.length), 3) - 1;
    plot.window = [0, steps * 1.015, 2 * Math.floor(low / 2 - 0.2), 2 * Math.ceil(high / 2 + 0.1)];
  }

  function show() {
    const { name, message: said, note: trouble } = model.get("answer");
    plot.canvas.setAttribute("aria-label", `Size of the gradient by layer. ${name}, ${model.get("depth")} layers: ${said || trouble}` +
      (kept.length ? ` Kept to compare: ${kept.map((line) => line.name).join("; ")}.` : ""));
    frame();
    depth.set(model.get("depth"));
    activation.set(model.get("activation"));
    scheme.set(model.get("scheme"));
    gain.set(model.get("gain"));
    const entries = [
      ...(current.length ? [{ text: name, color: colors[setting.activation] }] : []),
      ...kept.map((line, k) => ({ text: line.name, color: colors[line.activation], dash: dash(k) })),
      { text: "a quarter a layer", color: "currentColor", dash: [2, 4] },
    ];
    key.replaceChildren(legend(entries));
    plot.redraw();
  }

  function receive() {
    const answer = model.get("answer");
    if (answer.known) {
      current = [...floats(answer.sizes)];
      setting = { activation: model.get("activation") };
    }
    say(message, answer.message);
    say(note, answer.note);
    show();
  }

  const root = element("div", { class: "nn-explorer nn-flowing", role: "group", "aria-label": "Gradient flow explorer" },
    element("div", { class: "nn-view" }, plot.canvas, key),
    element("div", { class: "nn-panel" }, depth.row, activation.row, scheme.row, gain.row,
      element("div", { class: "nn-buttons" }, keep, forget, again, one), message, note,
      element("p", { class: "nn-hint" }, `Hidden layers of ${width} units, before the first update. On the left is the output, on the right layer 1.`)));
  keepKeys(root);
  el.append(root);
  receive();
  model.on("change:depth change:activation change:scheme change:gain", show);
  model.on("change:answer", receive);
  return () => {
    model.off("change:depth change:activation change:scheme change:gain", show);
    model.off("change:answer", receive);
    plot.remove();
  };
}

function dash(k) {
  return [[9, 5], [5, 3], [12, 4, 3, 4]][k % 3];
}

export default { render };
