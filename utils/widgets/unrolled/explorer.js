// Unrolled: drawn here; the states and norms are the student's, by Python.

import { floats } from "../kit/bytes.js";
import { makeBoard } from "../kit/board.js";
import { COLORS } from "../kit/colors.js";
import { button, legend, radios, range } from "../kit/controls.js";
import { element, keepKeys, number, say } from "../kit/elements.js";
import { heatMap } from "../kit/heat.js";
import { curves, ring, stroke } from "../kit/marks.js";
import { makePlot, SIDES } from "../kit/plot.js";

const CELL = 13; // a cell's height in CSS pixels
const LETTERS = 22; // below the cells
const LEFT = [7, 5]; // the dashes of what is left of the first letter
const CROWDED = 20; // letters, up to which each has its mark in the plot
const DEEPEST = -12; // of the plot, in powers of ten
const CHANGES = "change:answer change:text change:radius change:inputs"; // the last three also where no answer comes

function render({ model, el }) {
  const { presets, units, longest, radii, inputs } = model.get("facts");
  let [letters, states, norms, left] = ["", [], [], []];
  const blue = COLORS.classes[1];
  const orange = COLORS.classes[0];

  const strip = makeBoard({
    role: "strip", height: () => units * CELL + LETTERS,
    draw({ context: c, theme: t, width }) {
      const column = (width - SIDES.left - SIDES.right) / Math.max(1, letters.length);
      const values = states.length ? Array.from({ length: states.length }, (_, k) =>
        states[(k % letters.length) * units + Math.floor(k / letters.length)]) : null;
      heatMap({ context: c, theme: t }, values, { x: SIDES.left, y: 0, rows: units, columns: letters.length, width: column, height: CELL, limit: 1 });
      c.fillStyle = t.ink;
      c.font = `${Math.min(14, Math.max(9, column))}px ${t.font}`;
      c.textAlign = "center";
      c.textBaseline = "middle";
      [...letters].forEach((letter, k) => c.fillText(letter, SIDES.left + (k + 0.5) * column, units * CELL + LETTERS / 2 + 1));
      c.save();
      c.translate(1, (units * CELL) / 2);
      c.rotate(-Math.PI / 2);
      c.textBaseline = "top";
      c.font = `12px ${t.font}`;
      c.fillText("units", 0, 0);
      c.restore();
    },
  });

  const plot = makePlot({
    role: "picture", window: [0.5, 10.5, -4, 2], aspect: 1.9, xlabel: "letters read, t", ylabel: "log₁₀",
    draw(plot) {
      const xs = [...letters].map((_, k) => k + 1);
      stroke(plot, [[0, 0], [xs.length + 1, 0]], { color: plot.theme.ink, width: 1 });
      curves(plot, xs, [{ values: left, color: orange, width: 2.5, dash: LEFT }, { values: norms, color: blue, width: 3.2 }]);
      if (xs.length <= CROWDED) xs.forEach((x, k) => {
        if (Number.isFinite(norms[k])) ring(plot, plot.x(x), plot.y(norms[k]), blue, 3, 2);
      });
    },
  });

  // ---- controls

  const ask = (name) => (value) => {
    model.set(name, value);
    model.save_changes();
  };
  const input = element("input", { type: "text", class: "nn-program", "data-role": "text", maxlength: longest, "aria-label": "Text to read", spellcheck: "false", autocomplete: "off", autocapitalize: "off" });
  input.addEventListener("input", () => ask("text")(input.value));
  const choices = radios("Text", "preset", Object.fromEntries(Object.keys(presets).map((name) => [name, name])), (name) => {
    input.value = presets[name];
    ask("text")(presets[name]);
  });
  const radius = range({
    label: "radius", role: "radius", low: radii[0], high: radii[1], step: 0.05, format: (v) => number(v),
    say: (v) => `spectral radius ${number(v)}`, onInput: ask("radius"),
  });
  const size = range({
    label: "inputs", role: "inputs", low: inputs[0], high: inputs[1], step: 0.1, format: (v) => `× ${number(v, 1)}`,
    say: (v) => `inputs times ${number(v, 1)}`, onInput: ask("inputs"),
  });
  const again = button("Draw new weights", "draw", () => ask("draw")(model.get("draw") + 1));
  const trouble = element("p", { class: "nn-note", "data-role": "trouble", role: "status" });
  const message = element("p", { class: "nn-message", "data-role": "message", role: "status" });
  const note = element("p", { class: "nn-note", "data-role": "note", role: "status" });
  const key = element("div", { class: "nn-key" }, legend([
    { text: "‖∂h_t/∂h₀‖ by your rnn_backward", color: blue },
    { text: "what is left if the first letter is another one", color: orange, dash: LEFT }]));

  // ---- what is shown

  function receive() {
    const answer = model.get("answer");
    letters = answer.letters;
    [states, norms, left] = [answer.states, answer.norms, answer.left].map((data) => [...floats(data)]);
    const finite = [...norms, ...left].filter((value) => Number.isFinite(value) && value >= DEEPEST);
    plot.window = [0.5, letters.length + 0.5, Math.max(DEEPEST, Math.floor(Math.min(-1, ...finite) - 0.3)), Math.ceil(Math.max(1, ...finite) + 0.2)];
    say(message, answer.message);
    say(note, answer.note);
    say(trouble, answer.trouble);
    strip.canvas.setAttribute("aria-label", `The state of ${units} units, one column after each letter of ${letters}.`);
    plot.canvas.setAttribute("aria-label", `How much of the start is left after each letter, on a logarithmic axis. ${answer.message || answer.note}`);
    if (document.activeElement !== input) input.value = model.get("text");
    choices.set(Object.keys(presets).find((name) => presets[name] === model.get("text")) || "");
    radius.set(model.get("radius"));
    size.set(model.get("inputs"));
    strip.redraw();
    plot.redraw();
  }

  const root = element("div", { class: "nn-explorer nn-unrolled", role: "group", "aria-label": "Unrolled network explorer" },
    choices.row, element("label", { class: "nn-written" }, element("span", {}, "It reads"), input), trouble,
    element("div", { class: "nn-view" }, strip.canvas, plot.canvas, key),
    element("div", { class: "nn-panel" }, radius.row, size.row, element("div", { class: "nn-buttons" }, again), message, note,
      element("p", { class: "nn-hint" }, `${units} tanh units with random weights. A cell is blue where a unit is above 0 and orange below.`)));
  keepKeys(root);
  el.append(root);
  receive();
  model.on(CHANGES, receive);
  return () => {
    model.off(CHANGES, receive);
    strip.remove();
    plot.remove();
  };
}

export default { render };
