// XorFold: the lines are moved here; regions, folded square and verdict are the student's, by Python.

import { floats } from "../kit/bytes.js";
import { COLORS } from "../kit/colors.js";
import { button, radios, slider } from "../kit/controls.js";
import { element, keepKeys, number, say } from "../kit/elements.js";
import { arrow, dragLines, handle, line, shade } from "../kit/line.js";
import { marker, region, ring, stroke } from "../kit/marks.js";
import { makePlot, SIDES } from "../kit/plot.js";

const CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]];
const XOR = [0, 1, 1, 0];
const LINES = [
  { role: "hidden1", legend: "Hidden line 1", mark: "1", along: 0.3, reach: 1 },
  { role: "hidden2", legend: "Hidden line 2", mark: "2", along: 0.7, reach: 1, dash: [9, 5] },
  { role: "output", legend: "Output line", mark: "out", along: 0.25, reach: 1.5 },
];

const ACTIVATIONS = { step: "step", smooth: "smooth step", none: "none" };
const APART = 28; // pixels between two handles

/** The line whose normal points to `angle` degrees, `offset` beyond (middle, middle). */
function place(angle, offset, middle) {
  const w = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  return { w, b: -((w[0] + w[1]) * middle + offset) };
}

function render({ model, el }) {
  const { side, low, high, inner, views, start } = model.get("geometry");
  const pivots = [null, null, null];
  const middle = (k) => (k < 2 ? 0.5 : (views[model.get("activation")][0] + views[model.get("activation")][1]) / 2);
  const lineAt = (k) => {
    const one = { ...place(...model.get("lines").slice(2 * k, 2 * k + 2), middle(k)), along: LINES[k].along, pivot: pivots[k] };
    return k === 1 ? { ...one, along: free(one) } : one;
  };

  /** Where the second hidden line's handle stands, so that it doesn't cover the first one's. */
  function free(one) {
    const other = handle(input, lineAt(0));
    return [one.along, 0.5, 0.85, 0.15].find((along) => {
      const mine = handle(input, { ...one, along });
      return !mine || !other || Math.hypot(mine.tip[0] - other.tip[0], mine.tip[1] - other.tip[1]) > APART;
    }) ?? one.along;
  }

  const setLine = (k, angle, offset) => {
    const lines = [...model.get("lines")];
    [lines[2 * k], lines[2 * k + 1]] = [angle, offset];
    model.set("lines", lines);
    model.save_changes();
  };
  const dragged = (k, w, b, pivot) => {
    pivots[k] = pivot || null;
    const { reach } = LINES[k];
    const offset = -(b + (w[0] + w[1]) * middle(k)) / Math.hypot(...w);
    setLine(k, (Math.atan2(w[1], w[0]) * 180) / Math.PI, Math.min(reach, Math.max(-reach, offset)));
  };
  const color = (k, t) => [COLORS.hidden1, t.ink, COLORS.line][k];

  const input = makePlot({
    role: "input", window: [low, high, low, high], aspect: 1, xlabel: "x₁", ylabel: "x₂",
    draw(plot) {
      const answer = model.get("answer");
      const t = plot.theme;
      if (answer.score) region(plot, floats(answer.score), side, COLORS.classes[1], t.shade * (answer.known ? 1 : 0.4));
      mesh(plot, (i, j) => [low + (j * (high - low)) / (side - 1), low + (i * (high - low)) / (side - 1)]);
      for (const k of [0, 1]) {
        const { w, b } = lineAt(k);
        line(plot, w, b, { color: color(k, t), width: 2.5, dash: LINES[k].dash });
      }
      corners(plot, CORNERS, answer, [lineAt(0), lineAt(1)]);
      for (const k of [0, 1]) arrow(plot, lineAt(k), color(k, t), LINES[k].mark);
    },
  });
  const hidden = makePlot({
    role: "hidden", window: [...views.step, ...views.step], aspect: 1, xlabel: "h₁, of hidden line 1", ylabel: "h₂, of hidden line 2",
    draw(plot) {
      const answer = model.get("answer");
      const { w, b } = lineAt(2);
      shade(plot, w, b, COLORS.classes[1]);
      if (answer.sheet) {
        plot.context.globalAlpha = answer.known ? 1 : 0.35;
        const sheet = floats(answer.sheet);
        mesh(plot, (i, j) => [sheet[2 * (i * side + j)], sheet[2 * (i * side + j) + 1]]);
        const [a, d] = [answer.hidden[0], answer.hidden[3]];
        stroke(plot, [a, d], { color: COLORS.classes[0], width: 2.5 });
        stroke(plot, [answer.hidden[1], answer.hidden[2]], { color: COLORS.classes[1], width: 2.5 });
        line(plot, w, b, { color: COLORS.line, width: 3 });
        corners(plot, answer.hidden, answer, [lineAt(2)]);
        plot.context.globalAlpha = 1;
      } else line(plot, w, b, { color: COLORS.line, width: 3 });
      arrow(plot, lineAt(2), COLORS.line, LINES[2].mark);
    },
  });

  /** The unit square's grid lines, wherever `at(row, column)` puts them. */
  function mesh(plot, at) {
    const [from, to] = inner;
    const steps = Array.from({ length: to - from + 1 }, (_, k) => from + k);
    for (let k = from; k <= to; k += 5) {
      const style = { color: plot.theme.mesh, width: k === from || k === to ? 1.6 : 0.8 };
      stroke(plot, steps.map((s) => at(k, s)), style);
      stroke(plot, steps.map((s) => at(s, k)), style);
    }
  }

  /** Marks and names; corners that fall together stand side by side under one name.
   *  A name stands above its corner, or below where the handle of a line is in the way. */
  function corners(plot, spots, answer, lines) {
    const { context: c, theme: t } = plot;
    const tips = lines.flatMap((one) => handle(plot, one)?.tip ? [handle(plot, one).tip] : []);
    const places = [];
    spots.forEach(([x, y], k) => {
      const at = [plot.x(x), plot.y(y)];
      const place = places.find((p) => Math.hypot(p.at[0] - at[0], p.at[1] - at[1]) < 14);
      if (place) place.members.push(k);
      else places.push({ at, members: [k] });
    });
    for (const { at: [px, py], members } of places) {
      members.forEach((k, n) => {
        const x = px + 17 * (n - (members.length - 1) / 2);
        marker(plot, x, py, XOR[k], 7);
        if (answer.verdict[k] && !answer.verdict[k][1]) ring(plot, x, py, COLORS.wrong, 12, 2.5);
      });
      const name = members.map((k) => `(${CORNERS[k]})`).join(" ");
      c.font = `600 12px ${t.font}`;
      const half = c.measureText(name).width / 2;
      const x = Math.min(SIDES.left + plot.width - half - 4, Math.max(SIDES.left + half + 4, px));
      const covered = tips.some(([tx, ty]) => Math.abs(tx - x) < half + 14 && Math.abs(ty - py + 23) < 20);
      const y = py + (covered ? 23 : -23);
      c.textAlign = "center";
      c.textBaseline = "middle";
      c.lineWidth = 4;
      c.lineJoin = "round";
      c.strokeStyle = t.paper;
      c.strokeText(name, x, y);
      c.fillStyle = t.ink;
      c.fillText(name, x, y);
    }
  }

  dragLines(input, () => [lineAt(0), lineAt(1)], dragged);
  dragLines(hidden, () => [lineAt(2)], (_, ...rest) => dragged(2, ...rest));

  const activation = radios("Activation", "activation", ACTIVATIONS,
    (value) => {
      model.set("activation", value);
      model.save_changes();
    });
  const sliders = LINES.map(({ role, reach }, k) => [
    slider({
      role: `${role}-angle`, label: "angle", limit: 180, step: 5, format: (v) => `${number(v, 0)}°`,
      say: (v) => `${number(v, 0)} degrees`, onInput: (v) => setLine(k, v, model.get("lines")[2 * k + 1]),
    }),
    slider({
      role: `${role}-offset`, label: "offset", limit: reach, step: 0.05, format: number,
      onInput: (v) => setLine(k, model.get("lines")[2 * k], v),
    }),
  ]);
  const equations = LINES.map(({ role }) => element("p", { class: "nn-equation", "data-role": `${role}-equation` }));
  const groups = LINES.map(({ legend, role }, k) => element("fieldset", { class: `nn-line nn-${role}` },
    element("legend", {}, legend), ...sliders[k].map((one) => one.row), equations[k]));
  const verdicts = CORNERS.map(([a, b]) => element("span", { class: "nn-corner", "data-role": `corner-${a}${b}` }));
  const message = element("p", { class: "nn-message", "data-role": "message", role: "status" });
  const note = element("p", { class: "nn-note", "data-role": "note", role: "status" });
  const reset = button("Reset", "reset", () => {
    model.set("lines", [...start]);
    model.save_changes();
  });

  const showLines = () => {
    model.get("lines").forEach((value, k) => sliders[k >> 1][k & 1].set(value));
    activation.set(model.get("activation"));
    const [from, to] = views[model.get("activation")];
    hidden.window = [from, to, from, to];
    input.redraw();
    hidden.redraw();
  };
  const showAnswer = () => {
    const answer = model.get("answer");
    answer.equations.forEach((text, k) => say(equations[k], text));
    verdicts.forEach((chip, k) => {
      const [out, right] = answer.verdict[k] || ["?", null];
      say(chip, `(${CORNERS[k]}) → ${out} ${right === null ? "" : right ? "✓" : "✗"}`);
      chip.classList.toggle("nn-wrong", right === false);
      chip.title = `XOR is ${XOR[k]} here`;
    });
    say(message, answer.message);
    say(note, answer.note);
    input.canvas.setAttribute("aria-label", `The input square with both hidden lines, ${answer.equations.slice(0, 2).join(" and ")}. ${answer.message}`);
    hidden.canvas.setAttribute("aria-label", `Hidden space, activation ${ACTIVATIONS[model.get("activation")]}, with the output line ${answer.equations[2]}. ` +
      (answer.hidden || []).map((h, k) => `(${CORNERS[k]}) lands at (${h.map((v) => number(v, 1)).join(", ")})`).join("; "));
    input.redraw();
    hidden.redraw();
  };

  const root = element("div", { class: "nn-explorer nn-xor", role: "group", "aria-label": "XOR folding explorer" },
    element("div", { class: "nn-stage" },
      element("div", { class: "nn-view" }, element("p", { class: "nn-title" }, "Input: two hidden lines"), input.canvas),
      element("div", { class: "nn-view" }, element("p", { class: "nn-title" }, "Hidden space: one output line"), hidden.canvas),
      element("div", { class: "nn-said" },
        element("div", { class: "nn-corners", role: "status" }, ...verdicts), message, note)),
    element("div", { class: "nn-panel" }, activation.row,
      element("div", { class: "nn-lines" }, ...groups),
      element("div", { class: "nn-buttons" }, reset),
      element("p", { class: "nn-hint" }, "Drag a line to shift it; drag its handle to rotate it. Blue: the output unit's score is 0 or more.")));
  keepKeys(root);
  el.append(root);
  showLines();
  showAnswer();
  model.on("change:lines change:activation", showLines);
  model.on("change:answer", showAnswer);
  return () => {
    model.off("change:lines change:activation", showLines);
    model.off("change:answer", showAnswer);
    input.remove();
    hidden.remove();
  };
}

export default { render };
