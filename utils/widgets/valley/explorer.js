// Valley: how much of each path is drawn is decided here; the paths are the student's, by Python.

import { floats } from "../kit/bytes.js";
import { button, checkboxes, picker, range, scale } from "../kit/controls.js";
import { element, keepKeys, number, say } from "../kit/elements.js";
import { ring, stroke } from "../kit/marks.js";
import { makePlot } from "../kit/plot.js";

const RINGS = [1, 2, 4, 6, 8, 10, 12, 15, 18]; // half the length of each ellipse drawn
const CROSS = 0.45; // half its size
const EDGE = 0.5; // between a start and the window
const CHANGES = "change:kappa change:turn change:start change:rate change:scaled_rate";

function render({ model, el }) {
  const facts = model.get("facts");
  const { names, colors, steps } = facts;
  const ask = (name) => (value) => {
    model.set(name, value);
    model.save_changes();
  };
  let shown = Object.keys(names);
  let until = steps; // how many steps of each path are drawn
  let timer = 0;
  let paths = {};
  const [left, right, bottom, top] = facts.window;
  const ends = [[left + EDGE, right - EDGE], [bottom + EDGE, top - EDGE]]; // of where a start can be

  const plot = makePlot({
    role: "picture", window: facts.window, aspect: facts.aspect, xlabel: "θ₁", ylabel: "θ₂",
    draw(plot) {
      const { context: c, theme: t } = plot;
      for (const size of RINGS) stroke(plot, ellipse(size), { color: t.mesh, width: 1 });
      c.lineJoin = "round";
      for (const key of shown.filter((key) => paths[key])) {
        const points = paths[key].slice(0, until + 1);
        stroke(plot, points, { color: colors[key], width: 1.6 });
        c.fillStyle = colors[key];
        for (const [x, y] of points) {
          c.beginPath();
          c.arc(plot.x(x), plot.y(y), 2.4, 0, 2 * Math.PI);
          c.fill();
        }
        const [x, y] = points[points.length - 1];
        ring(plot, plot.x(x), plot.y(y), colors[key], 6, 3);
      }
      for (const style of [{ color: t.paper, width: 5 }, { color: t.ink, width: 2 }]) { // over the paths, which end there
        stroke(plot, [[-CROSS, 0], [CROSS, 0]], style);
        stroke(plot, [[0, -CROSS], [0, CROSS]], style);
      }
      const [x, y] = model.get("start");
      ring(plot, plot.x(x), plot.y(y), t.ink, 8, 2);
    },
  });
  plot.canvas.style.cursor = "crosshair";
  plot.canvas.addEventListener("click", (event) => {
    const box = plot.canvas.getBoundingClientRect();
    const [x, y] = plot.at(event.clientX - box.left, event.clientY - box.top);
    if (x > left && x < right && y > bottom && y < top) ask("start")([x, y].map((value, k) => rounded(Math.min(ends[k][1], Math.max(ends[k][0], value)))));
  });

  /** An ellipse on which the loss is the same, as points. */
  function ellipse(size) {
    const turn = (model.get("turn") * Math.PI) / 180;
    return Array.from({ length: 121 }, (_, k) => {
      const at = (k * Math.PI) / 60;
      const [u, v] = [size * Math.cos(at), (size * Math.sin(at)) / Math.sqrt(model.get("kappa"))];
      return [u * Math.cos(turn) - v * Math.sin(turn), u * Math.sin(turn) + v * Math.cos(turn)];
    });
  }

  const kappa = range({
    label: "condition κ", role: "kappa", low: 1, high: facts.kappa, step: 1, format: (v) => number(v, 0),
    onInput: ask("kappa"),
  });
  const turn = range({
    label: "turned by", role: "turn", low: 0, high: facts.turn, step: 1, format: (v) => `${number(v, 0)}°`, onInput: ask("turn"),
  });
  const rate = rateSlider("lr: descent, momentum", "rate", facts.rates, ask("rate"));
  const scaled = rateSlider("lr: RMSprop, Adam", "scaled-rate", facts.scaledRates, ask("scaled_rate"));
  const mark = element("span", { class: "nn-limit", "data-role": "limit" });
  const place = [0, 1].map((k) => range({
    label: ["start θ₁", "start θ₂"][k], role: `start${k + 1}`, low: ends[k][0], high: ends[k][1], step: 0.1,
    format: (v) => number(v, 1),
    onInput: (value) => ask("start")(model.get("start").map((old, j) => (j === k ? value : old))),
  }));
  const who = checkboxes("Show", "show", Object.keys(names).map((key) => ({ value: key, text: names[key], color: colors[key] })),
    (chosen) => {
      shown = chosen;
      redraw();
    });
  const drawn = picker({ label: "steps", role: "steps", most: steps, onInput: (k) => {
    stop();
    go(k);
  } });
  const play = button("Play", "play", () => {
    if (timer) return stop();
    if (until === steps) go(0);
    timer = setInterval(() => (until < steps ? go(until + 1) : stop()), 60);
    say(play, "Pause");
  });
  const all = button("All steps", "all", () => {
    stop();
    go(steps);
  });
  const message = element("p", { class: "nn-message", "data-role": "message", role: "status" });
  const note = element("p", { class: "nn-note", "data-role": "note", role: "status" });
  const rows = element("tbody");
  const table = element("table", { class: "nn-readings" },
    element("thead", {}, element("tr", {}, ...["", "arrives after", `distance after ${steps}`].map((text) =>
      element("th", { scope: "col" }, text)))), rows);

  function stop() {
    clearInterval(timer);
    timer = 0;
    say(play, "Play");
  }

  function go(k) {
    until = k;
    drawn.set(k);
    redraw();
  }

  function show() {
    kappa.set(model.get("kappa"));
    turn.set(model.get("turn"));
    rate.set(model.get("rate"));
    scaled.set(model.get("scaled_rate"));
    model.get("start").forEach((value, k) => place[k].set(value));
    redraw();
  }

  /** The picture anew, and what stands for it. */
  function redraw() {
    const { message: said, note: trouble, readings } = model.get("answer");
    const walked = readings.filter(([key]) => shown.includes(key)).map(([key, arrived]) => `${names[key]} (${arrived})`);
    plot.canvas.setAttribute("aria-label", `A valley with condition number ${number(model.get("kappa"), 0)}, turned by ` +
      `${number(model.get("turn"), 0)} degrees. ${said} Drawn: ${until} steps from ` +
      `(${model.get("start").map((v) => number(v, 1)).join(", ")}) at learning rates ${digits(model.get("rate"))} and ` +
      `${digits(model.get("scaled_rate"))} of ${walked.join(", ") || "nobody"}. ${trouble}`);
    plot.redraw();
  }

  function receive() {
    const answer = model.get("answer");
    paths = Object.fromEntries(Object.entries(answer.paths).map(([key, view]) => {
      const flat = floats(view);
      return [key, Array.from({ length: flat.length / 2 }, (_, k) => [flat[2 * k], flat[2 * k + 1]])];
    }));
    say(message, answer.message);
    say(note, answer.note);
    mark.hidden = answer.limit === null;
    if (answer.limit !== null) {
      mark.style.setProperty("--nn-at", rate.share(answer.limit));
      say(mark, `limit ${digits(answer.limit)}`);
    }
    rows.replaceChildren(...answer.readings.map(([key, arrived, distance]) => element("tr", { "data-role": `row-${key}` },
      element("th", { scope: "row" }, names[key]), element("td", {}, arrived), element("td", {}, distance))));
    show();
  }

  const rateRow = element("div", { class: "nn-limited" }, rate.row, mark);
  const root = element("div", { class: "nn-explorer nn-valley", role: "group", "aria-label": "Valley explorer" },
    element("div", { class: "nn-view" }, plot.canvas,
      element("p", { class: "nn-key" }, "Click to drop them somewhere else. The cross is the minimum, the ring the start."), who.row),
    element("div", { class: "nn-panel" }, kappa.row, turn.row, rateRow, scaled.row, ...place.map((one) => one.row),
      drawn.row, element("div", { class: "nn-buttons" }, play, all), table, message, note));
  keepKeys(root);
  el.append(root);
  who.set(shown);
  drawn.set(steps);
  receive();
  model.on(CHANGES, show);
  model.on("change:answer", receive);
  return () => {
    stop();
    model.off(CHANGES, show);
    model.off("change:answer", receive);
    plot.remove();
  };
}

function rateSlider(label, role, [low, high], onInput) {
  return scale({ label, role, low, high, format: digits, onInput });
}

/** A rate with three digits that count. */
function digits(value) {
  return number(value, Math.max(0, 2 - Math.floor(Math.log10(value) + 1e-9)));
}

function rounded(value) {
  return Math.round(10 * value) / 10;
}

export default { render };
