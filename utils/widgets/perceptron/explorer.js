// PerceptronExplorer: what moves the line is done here; what the student's functions say, in Python.

import { bytes, floats } from "../kit/bytes.js";
import { COLORS } from "../kit/colors.js";
import { button, slider } from "../kit/controls.js";
import { element, keepKeys, number, say } from "../kit/elements.js";
import { arrow, cut, dragLines, line, shade } from "../kit/line.js";
import { marker, ring } from "../kit/marks.js";
import { makePlot } from "../kit/plot.js";

function render({ model, el }) {
  const data = model.get("data");
  const xy = floats(data.points);
  const labels = bytes(data.labels);
  let pivot = null;

  const theta = () => model.get("theta");
  const setTheta = (values) => {
    model.set("theta", values);
    model.save_changes();
  };

  const plot = makePlot({
    role: "picture", window: data.window, aspect: data.aspect,
    xlabel: data.features[0], ylabel: data.features[1],
    draw(plot) {
      const [w1, w2, b] = theta();
      const w = [w1, w2];
      const answer = model.get("answer");
      const { context: c, theme: t } = plot;
      shade(plot, w, b, COLORS.classes[1]);
      if (answer.before && same(answer.theta, theta())) {
        const [v1, v2, c0] = answer.before;
        c.globalAlpha = 0.45;
        line(plot, [v1, v2], c0, { color: COLORS.line, width: 2, dash: [2, 5] });
        c.globalAlpha = 1;
      }
      if (answer.band && same(answer.theta, theta())) {
        const shift = answer.band * Math.hypot(w1, w2);
        for (const s of [shift, -shift]) line(plot, w, b + s, { color: COLORS.line, width: 1.5, dash: [6, 4] });
      }
      line(plot, w, b, { color: COLORS.line, width: 3 });
      for (let i = 0; i < labels.length; i++) marker(plot, plot.x(xy[2 * i]), plot.y(xy[2 * i + 1]), labels[i]);
      c.globalAlpha = answer.known ? 1 : 0.35;
      bytes(answer.wrong).forEach((wrong, i) => {
        if (wrong) ring(plot, plot.x(xy[2 * i]), plot.y(xy[2 * i + 1]), COLORS.wrong);
      });
      c.globalAlpha = 1;
      if (answer.last !== null && same(answer.theta, theta())) {
        ring(plot, plot.x(xy[2 * answer.last]), plot.y(xy[2 * answer.last + 1]), t.ink, 13, 2);
      }
      if (w1 || w2) arrow(plot, { w, b, pivot }, COLORS.line, "w");
    },
  });
  dragLines(plot, () => [{ w: theta().slice(0, 2), b: theta()[2] }], (_, w, b, about) => {
    pivot = about || null;
    setTheta([...w, b]);
    plot.redraw();
  });

  const sliders = ["w1", "w2", "b"].map((role, k) => slider({
    role, label: ["w₁", "w₂", "b"][k], limit: [5, 5, 20][k], step: [0.05, 0.05, 0.1][k], format: number,
    onInput: (value) => setTheta(theta().map((old, j) => (j === k ? value : old))),
  }));
  const equation = element("p", { class: "nn-equation", "data-role": "equation" });
  const note = element("p", { class: "nn-note", "data-role": "note", role: "status" });
  const tiles = Object.fromEntries(["mistakes", "updates", "margin", "gamma", "bound", "best"].map((role) => [role, {
    value: element("strong", { "data-role": role }),
    caption: element("span", { "data-role": `${role}-caption` }),
  }]));
  const update = button("One update", "update", () => {
    model.set("presses", model.get("presses") + 1);
    model.save_changes();
  });
  const reset = button("Reset", "reset", () => {
    sliders.forEach((one) => one.reset());
    setTheta([0, 0, 0]);
  });
  const key = element("p", { class: "nn-key" });
  key.append(
    colored("●", COLORS.classes[0]), ` ${data.classes[0]} (0)  `,
    colored("■", COLORS.classes[1]), ` ${data.classes[1]} (1)  `,
    colored("◯", COLORS.wrong), " mistake  ",
    element("span", { class: "nn-shade", "aria-hidden": "true" }), " w·x + b ≥ 0 \n",
    keyLine("dashed"), " margin on both sides  ", keyLine("dotted"), " line before the update  ",
    element("span", { "aria-hidden": "true" }, "◯"), " last update \n",
    "Drag the line to shift it; drag its w to rotate it.",
  );

  const showLine = () => {
    const [w1, w2, b] = theta();
    theta().forEach((value, k) => sliders[k].set(value));
    const signed = (value) => `${value < 0 ? "−" : "+"} ${number(Math.abs(value))}`;
    const unseen = (w1 || w2) && cut([w1, w2], b, data.window).visible.length < 2;
    say(equation, `${number(w1)} x₁ ${signed(w2)} x₂ ${signed(b)} = 0${unseen ? " (outside the picture)" : ""}`);
    label();
    plot.redraw();
  };
  const showAnswer = () => {
    const { readings, note: text } = model.get("answer");
    for (const [role, [value, caption]] of Object.entries(readings)) {
      say(tiles[role].value, value);
      say(tiles[role].caption, caption);
    }
    say(note, text);
    label();
    plot.redraw();
  };
  // Line and answer may arrive in either order: the label is written anew after each.
  const label = () => plot.canvas.setAttribute("aria-label", `${data.classes[0]} and ${data.classes[1]} by ` +
    `${data.features[0]} and ${data.features[1]}, with the line ${equation.textContent}: ` +
    model.get("answer").readings.mistakes.join(" "));

  const root = element("div", { class: "nn-explorer nn-perceptron", role: "group", "aria-label": "Perceptron explorer" },
    element("div", { class: "nn-view" }, plot.canvas, key),
    element("div", { class: "nn-panel" }, ...sliders.map((one) => one.row), equation,
      element("div", { class: "nn-buttons" }, update, reset),
      element("div", { class: "nn-tiles", role: "status" }, ...Object.values(tiles).map(({ value, caption }) =>
        element("p", {}, value, caption))),
      note));
  keepKeys(root);
  el.append(root);
  showLine();
  showAnswer();
  model.on("change:theta", showLine);
  model.on("change:answer", showAnswer);
  return () => {
    model.off("change:theta", showLine);
    model.off("change:answer", showAnswer);
    plot.remove();
  };
}

function same(a, b) {
  return a.every((value, k) => value === b[k]);
}

/** A piece of a dashed or dotted line, for the key. */
function keyLine(style) {
  return element("span", { class: "nn-sample", "aria-hidden": "true", style: `height: 0; border-top: 2px ${style} ${COLORS.line}` });
}

function colored(text, color) {
  return element("span", { "aria-hidden": "true", style: `color: ${color}` }, text);
}

export default { render };
