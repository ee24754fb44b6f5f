// ForwardSteps: stepping is done here; what stands in the layers is the student's, by Python.

import { makeBoard } from "../kit/board.js";
import { bytes, floats } from "../kit/bytes.js";
import { COLORS } from "../kit/colors.js";
import { button, picker, radios, stepper } from "../kit/controls.js";
import { element, keepKeys, number, say } from "../kit/elements.js";
import { heatMap, largest } from "../kit/heat.js";

const RAISED = "⁰¹²³⁴";
const ROWS = 16; // of the tallest column

/** The steps of a forward pass: the input, each layer's sums and activations, the probabilities. */
function plan(layers, hidden) {
  const size = (l) => (l === 0 ? 64 : l === layers ? 10 : hidden);
  const steps = [{ kind: "input", layer: 0, size: 64, name: "x" }];
  for (let l = 1; l <= layers; l++) {
    steps.push({ kind: "sum", layer: l, size: size(l), before: size(l - 1), name: `z${RAISED[l]}` });
    if (l < layers) steps.push({ kind: "act", layer: l, size: size(l), name: `a${RAISED[l]}` });
  }
  return [...steps, { kind: "softmax", layer: layers, size: 10, name: "p" }];
}

function render({ model, el }) {
  const { hidden, most, largest: white } = model.get("data");
  const labels = bytes(model.get("data").labels);
  const pixels = bytes(model.get("data").pixels);
  let steps = plan(model.get("layers"), hidden);
  let [weights, biases] = [[], []];
  let step = 0;
  let unit = 0; // of a hidden layer
  let digit = 0; // of the last layer, whose units are the ten digits
  let boxes = [];
  let kept = null; // a digit to compare with: its number, and its values at each step

  const change = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
  const output = (at) => at.layer === steps.at(-1).layer;
  const chosen = (at) => (output(at) ? digit : Math.min(unit, at.size - 1));
  const choose = (at, k) => {
    if (output(at)) digit = k;
    else if (at.kind !== "input") unit = k;
    show();
  };
  const named = (at, k) => (output(at) ? `digit ${k}` : `unit ${k + 1}`);
  const picture = () => Array.from(pixels.slice(64 * model.get("digit"), 64 * model.get("digit") + 64), (v) => v / white);

  /** What comes into layer l, and the row of weights of one of its units. */
  const incoming = (at) => steps[steps.indexOf(at) - 1].values;
  const row = (at, k) => weights[at.layer - 1].slice(k * at.before, (k + 1) * at.before);

  // ---- the way through the layers

  const flow = makeBoard({
    role: "flow", height: (width) => Math.max(250, Math.min(390, 0.62 * width)),
    draw(board) {
      const { context: c, theme: t } = board;
      const pixel = Math.max(5, Math.min(17, (0.22 * board.width) / 8, kept ? (board.height - 64) / 17 : 17));
      const left = 8 * pixel + 26;
      const pitch = (board.width - left - 40) / (steps.length - 1);
      const wide = Math.max(8, Math.min(44, 0.6 * pitch));
      const high = (board.height - 56) / ROWS;
      const middle = 30 + (ROWS * high) / 2;
      boxes = steps.map((at, k) => {
        const [columns, width, height] = k === 0 ? [8, pixel, pixel] : [1, wide, high];
        const rows = at.size / columns;
        const x = k === 0 ? 6 : left + (k - 1) * pitch + (pitch - wide) / 2;
        const y = middle - (kept && k === 0 ? 8.5 * pixel : (rows * height) / 2);
        return kept && k > 0 ? { x: x + wide / 2, y, rows, columns, width: width / 2, height }
          : { x, y, rows, columns, width, height };
      });
      if (kept) kept.values.slice(0, step + 1).forEach((values, k) => { // below the picture, and on the left of each column
        const box = boxes[k];
        const limit = steps[k].kind === "sum" ? Math.max(largest(values), largest(steps[k].values || [])) : 1;
        heatMap(board, values, { ...box, x: k === 0 ? box.x : box.x - box.width - 2, y: k === 0 ? box.y + 9 * pixel : box.y, limit });
      });
      c.globalAlpha = model.get("answer").known ? 1 : 0.4;
      links(board);
      steps.forEach((at, k) => {
        const box = boxes[k];
        const values = k === 0 ? at.values || picture() : k <= step ? at.values : null;
        const limit = at.kind === "sum" ? Math.max(largest(at.values || []), kept ? largest(kept.values[k]) : 0) : 1;
        c.fillStyle = t.paper; // else the lines from its pixels show between them
        if (k === 0) c.fillRect(box.x, box.y, 8 * pixel, 8 * pixel);
        heatMap(board, values, { ...box, limit, numbers: k > 0 && at.kind !== "softmax" && !kept });
        c.fillStyle = k <= step ? t.ink : t.soft;
        c.font = `${k === step ? 700 : 500} 14px ${t.font}`;
        c.textAlign = "center";
        c.textBaseline = "alphabetic";
        const center = box.x + (box.columns * box.width) / 2;
        c.fillText(at.name, center, 18);
        c.font = `11px ${t.font}`;
        if (pitch > 40 || k === 0) c.fillText(`(1, ${at.size})`, center, board.height - 8);
        if (output(at) && at.kind === "sum") { // the probabilities beside them stand in the same rows
          c.textAlign = "right";
          c.textBaseline = "middle";
          for (let i = 0; i < 10; i++) {
            c.font = `${i === labels[model.get("digit")] ? 700 : 400} 11px ${t.font}`;
            c.fillText(String(i), box.x - 4 - (kept ? box.width + 2 : 0), box.y + (i + 0.5) * box.height);
          }
        }
        if (at.kind === "softmax" && values) {
          c.textAlign = "left";
          c.font = `11px ${t.font}`;
          values.forEach((p, i) => p >= 0.005 && c.fillText(`${number(100 * p, 0)}%`, box.x + box.width + 7, box.y + (i + 0.5) * box.height));
        }
        if (k === step) {
          c.strokeStyle = t.ink;
          c.lineWidth = 2;
          c.strokeRect(box.x - 3, box.y - 3, box.columns * box.width + 6, box.rows * box.height + 6);
        }
        if (k > 0 && k === step && at.values) {
          c.strokeStyle = COLORS.line;
          c.lineWidth = 3;
          c.strokeRect(box.x, box.y + chosen(at) * box.height, box.width, box.height);
        }
      });
      c.globalAlpha = 1;
    },
    pick(px, py) {
      boxes.forEach(({ x, y, rows, columns, width, height }, k) => {
        if (px < x || px >= x + columns * width || py < y || py >= y + rows * height) return;
        if (k > 0) choose(steps[k], Math.floor((py - y) / height));
        control.stop();
        control.set(k);
      });
    },
  });

  /** Lines from what the chosen unit reads: blue speaks for it, orange against, thick for much. */
  function links({ context: c, theme: t }) {
    const at = steps[step];
    if (step === 0 || !at.values) return;
    const k = chosen(at);
    const [from, to] = [boxes[step - 1], boxes[step]];
    const parts = at.kind === "sum" ? Array.from(incoming(at), (a, j) => a * row(at, k)[j]) : null;
    const limit = parts ? largest(parts) : 1;
    const end = [to.x, to.y + (k + 0.5) * to.height];
    for (let j = 0; j < from.rows * from.columns; j++) {
      if (at.kind === "act" && j !== k) continue;
      const share = parts ? parts[j] / limit : 0.3;
      if (Math.abs(share) < 0.03) continue;
      c.beginPath();
      c.moveTo(from.x + ((j % from.columns) + (from.columns > 1 ? 0.5 : 1)) * from.width, from.y + (Math.floor(j / from.columns) + 0.5) * from.height);
      c.lineTo(...end);
      c.strokeStyle = parts ? COLORS.heat[share > 0 ? 10 : 2] : t.ink;
      c.lineWidth = 0.4 + 2.6 * Math.abs(share);
      c.stroke();
    }
  }

  // ---- one unit's sum: what comes in, its weights, and their products

  const detail = makeBoard({
    role: "detail", height: () => 178,
    draw(board) {
      const at = steps[step];
      if (at.kind !== "sum" || !at.values) return;
      const { context: c, theme: t } = board;
      const [a, w] = [Array.from(incoming(at)), Array.from(row(at, chosen(at)))];
      const maps = [["what comes in", a], ["× its weights", w], ["= products", a.map((v, j) => v * w[j])]];
      const columns = at.before === 64 ? 8 : 4;
      const rows = at.before / columns;
      const side = Math.min((board.width - 24) / 3 / columns, 140 / rows);
      maps.forEach(([title, values], k) => {
        const x = k * (columns * side + 12);
        c.fillStyle = t.ink;
        c.font = `12px ${t.font}`;
        c.textAlign = "left";
        c.textBaseline = "alphabetic";
        c.fillText(title, x, 16);
        heatMap(board, values, { x, y: 26, rows, columns, width: side, height: side, limit: largest(values) });
      });
    },
  });

  // ---- words

  /** A sum as text, with as many decimals as it takes for the rounded numbers to add up. */
  function added(sum, b, total) {
    let digits = 2;
    const off = () => Math.abs(Number(sum.toFixed(digits)) + Number(b.toFixed(digits)) - Number(total.toFixed(digits)));
    while (digits < 6 && off() > 1e-9) digits++;
    return `${number(sum, digits)} ${b < 0 ? "−" : "+"} ${number(Math.abs(b), digits)} (bias) = ${number(total, digits)}`;
  }

  function words(at) {
    const layer = at.layer;
    if (at.kind === "input") {
      return ["The picture: 64 gray values in one row.", "A batch has one such row for each picture, so X has shape (n, 64)."];
    }
    const k = chosen(at);
    if (at.kind === "sum") {
      const comes = layer === 1 ? "X" : `A${RAISED[layer - 1]}`;
      const title = `Layer ${layer}, the sums: Z${RAISED[layer]} = ${comes} W${RAISED[layer]}ᵀ + b${RAISED[layer]}. ` +
        `Shapes (1, ${at.before}) (${at.before}, ${at.size}) + (${at.size},) = (1, ${at.size})`;
      if (!at.values) return [title, ""];
      const sum = incoming(at).reduce((total, a, j) => total + a * row(at, k)[j], 0);
      const b = biases[layer - 1][k];
      return [title, `${named(at, k)}: the products sum to ${added(sum, b, at.values[k])}`];
    }
    const z = at.values ? incoming(at)[k] : 0;
    if (at.kind === "act") {
      return [`Layer ${layer}, the activations: A${RAISED[layer]} = tanh(Z${RAISED[layer]}), entry by entry. The shape stays the same.`,
        at.values ? `${named(at, k)}: tanh(${number(z)}) = ${number(at.values[k])}` : ""];
    }
    const top = at.values ? Math.max(...incoming(at)) : 0;
    const total = at.values ? incoming(at).reduce((sum, v) => sum + Math.exp(v - top), 0) : 1;
    return ["The softmax of the scores: ten probabilities that sum to 1.",
      at.values ? `${named(at, k)}: exp(${number(z - top)}) / ${number(total)} = ${number(100 * at.values[k], 1)}%` : ""];
  }

  // ---- controls

  const control = stepper({ most: steps.length - 1, onStep: (k) => { step = k; show(); } });
  const units = picker({
    label: "unit", role: "unit", most: hidden - 1, format: (k) => (steps[step].kind === "input" ? "–" : named(steps[step], k)),
    onInput: (k) => choose(steps[step], k),
  });
  const pick = picker({ label: "picture", role: "digit", most: labels.length - 1, format: (k) => `no. ${k + 1}`, onInput: (k) => change("digit", k) });
  const depth = radios("Layers", "layers", Object.fromEntries(Array.from({ length: most }, (_, k) => [k + 1, String(k + 1)])),
    (value) => change("layers", Number(value)));
  const next = (wanted) => () => {
    const now = model.get("digit");
    for (let k = 1; k <= labels.length; k++) {
      const candidate = (now + k) % labels.length;
      if (wanted(candidate, now)) return change("digit", candidate);
    }
  };
  const same = button("Another", "same", next((k, now) => labels[k] === labels[now]));
  const mistake = button("Next mistake", "mistake", next((k) => (model.get("answer").mistakes || []).includes(k)));
  const keep = button("Keep this picture to compare", "keep", () => {
    kept = kept || !steps[0].values ? null : { number: model.get("digit"), values: steps.map((at) => at.values) };
    show();
  });
  const compared = element("p", { class: "nn-message", "data-role": "compared", role: "status" });
  const title = element("p", { class: "nn-message", "data-role": "step", role: "status" });
  const sum = element("p", { class: "nn-equation", "data-role": "sum" });
  const message = element("p", { class: "nn-message", "data-role": "message", role: "status" });
  const right = element("p", { class: "nn-hint", "data-role": "right", role: "status" });
  const note = element("p", { class: "nn-note", "data-role": "note", role: "status" });

  /** How far the kept picture is from this one, in mean distances between drawings of different digits. */
  function distance() {
    if (!kept) return "";
    if (kept.number === model.get("digit")) return "Kept. Now choose another picture.";
    const apart = Math.hypot(...steps[step].values.map((value, k) => value - kept.values[step][k]));
    const mean = model.get("answer").apart[step] || 1;
    return `At this step the kept picture (no. ${kept.number + 1}, a ${labels[kept.number]}; on the left of each column, and below) and this one ` +
      `are ${number(apart / mean)} times as far apart as drawings of different digits are on average.`;
  }

  const show = () => {
    const at = steps[step];
    say(keep, kept ? "Stop comparing" : "Keep this picture to compare");
    say(compared, distance());
    const [first, second] = words(at);
    say(title, first);
    say(sum, second);
    units.set(chosen(at), at.kind === "input" ? 0 : at.size - 1);
    say(message, step === steps.length - 1 || !at.values ? model.get("answer").message || "" : "");
    detail.canvas.style.display = at.kind === "sum" && at.values ? "" : "none";
    flow.canvas.setAttribute("aria-label", `Picture no. ${model.get("digit") + 1}, a ${labels[model.get("digit")]}, in a network of ${model.get("layers")} layers, up to ${at.name}. ${first} ${second}`);
    detail.canvas.setAttribute("aria-label", `What comes in, the weights and the products of ${named(at, chosen(at))}.`);
    flow.redraw();
    detail.redraw();
  };

  const take = () => {
    const answer = model.get("answer");
    const layers = answer.layers || model.get("layers");
    const before = steps.length;
    steps = plan(layers, hidden);
    if (steps.length !== before) kept = null; // it went through another network
    if (answer.stages) {
      const values = floats(answer.stages);
      let at = 0;
      for (const one of steps) one.values = values.slice(at, (at += one.size));
      const [w, b] = [floats(answer.weights), floats(answer.biases)];
      let [i, j] = [0, 0];
      const sums = steps.filter((one) => one.kind === "sum");
      weights = sums.map((one) => w.slice(i, (i += one.size * one.before)));
      biases = sums.map((one) => b.slice(j, (j += one.size)));
      digit = answer.said;
    }
    depth.set(String(model.get("layers")));
    pick.set(model.get("digit"));
    say(same, `Another ${labels[model.get("digit")]}`);
    say(right, answer.right || "");
    say(note, answer.note);
    // Another network: stay at the answer if that was shown, else as far as there are steps.
    control.set(step === before - 1 ? steps.length - 1 : Math.min(step, steps.length - 1), steps.length - 1);
  };

  const root = element("div", { class: "nn-explorer nn-forward", role: "group", "aria-label": "Forward pass explorer" },
    element("div", { class: "nn-stage nn-flow" }, flow.canvas, element("div", { class: "nn-told-step" }, title, compared, message, note)),
    element("div", { class: "nn-panel" }, control.row, control.slider, units.row,
      pick.row, element("div", { class: "nn-buttons" }, keep, same, mistake), depth.row, right, sum, detail.canvas,
      element("p", { class: "nn-hint" }, "Blue is positive, and orange is negative. The bold digit is the true one. Click a cell to choose a unit.")));
  keepKeys(root);
  el.append(root);
  take();
  const changes = "change:answer change:digit change:layers"; // an answer may stay the same sentence
  model.on(changes, take);
  return () => {
    model.off(changes, take);
    control.stop();
    flow.remove();
    detail.remove();
  };
}

export default { render };
