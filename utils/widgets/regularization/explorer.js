// RegularizationPlayground: the browser asks for some epochs, shows them, and asks again. Curves,
// marks and boundaries are made by the student's functions, by Python.

import { bytes, floats } from "../kit/bytes.js";
import { COLORS } from "../kit/colors.js";
import { button, legend, radios, range, sample } from "../kit/controls.js";
import { element, keepKeys, number, say } from "../kit/elements.js";
import { curves, marker, region } from "../kit/marks.js";
import { makePlot } from "../kit/plot.js";

function render({ model, el }) {
  const { points, labels, window, side, look, lambdas, never } = model.get("facts");
  const xy = floats(points);
  const classes = bytes(labels);
  let running = false;
  let stepping = false; // on to the next look, by Step
  const looked = { now: "now", then: "at the best look" };
  let shown = "now"; // whose boundary: the last epoch's, or the best look's

  const losses = makePlot({
    role: "curves", window: [0, 10 * look, 0, 1], aspect: 1.1, xlabel: "epoch", ylabel: "mean loss",
    draw(plot) {
      const { best, stop, train, valid, previous } = model.get("answer");
      const [t, v, old] = [train, valid, previous].map(floats);
      const xs = Float64Array.from({ length: Math.max(v.length, old.length) }, (_, k) => k * look);
      curves(plot, xs.slice(0, old.length), [{ values: old, color: plot.theme.mesh, width: 2, dash: [5, 4] }]);
      curves(plot, xs.slice(0, v.length), [
        { values: t, color: COLORS.classes[1] }, { values: v, color: COLORS.classes[0] },
      ]);
      if (best !== null) dot(plot, best, v[best / look], COLORS.hidden1, false);
      if (stop !== null) dot(plot, stop, v[stop / look], COLORS.wrong, true);
    },
  });
  const boundary = makePlot({
    role: "boundary", window, aspect: 1.1, xlabel: "x₁", ylabel: "x₂",
    draw(plot) {
      const { now, then } = model.get("answer");
      const field = shown === "then" && then ? then : now;
      if (field) region(plot, floats(field), side, COLORS.classes[1], plot.theme.shade);
      for (let k = 0; k < classes.length; k++) {
        marker(plot, plot.x(xy[2 * k]), plot.y(xy[2 * k + 1]), classes[k], 5);
      }
    },
  });

  function dot(plot, x, y, color, square) {
    const { context: c, theme: t } = plot;
    c.beginPath();
    if (square) c.rect(plot.x(x) - 6, plot.y(y) - 6, 12, 12);
    else c.arc(plot.x(x), plot.y(y), 6.5, 0, 2 * Math.PI);
    c.fillStyle = color;
    c.fill();
    c.strokeStyle = t.paper;
    c.lineWidth = 1.5;
    c.stroke();
  }

  let sending = false;
  const send = () => {
    if (sending) return; // what changes at once is one message: a second would wait for its answer
    sending = true;
    queueMicrotask(() => {
      sending = false;
      model.save_changes();
    });
  };
  const change = (name, value) => {
    model.set(name, value);
    if (!(running || stepping)) send(); // a run's next question takes it along
  };
  const ask = () => {
    model.set("asked", model.get("asked") + 1);
    send();
  };
  const run = (on) => {
    running = on;
    stepping = false;
    say(train, on ? "Pause" : "Train");
    if (on) ask();
    else send();
  };
  const train = button("Train", "train", () => run(!running));
  const step = button("Step", "step", () => {
    run(false);
    stepping = true; // a slow machine reaches the next look in several answers
    ask();
  });
  const restart = button("Start again", "restart", () => {
    run(false);
    change("restarts", model.get("restarts") + 1);
  });

  const lam = range({
    label: "λ", role: "lam", low: 0, high: lambdas.length - 1, step: 1,
    format: (k) => String(lambdas[k]), say: (k) => `lambda ${lambdas[k]}`, onInput: (k) => change("lam", lambdas[k]),
  });
  const drop = range({
    label: "p", role: "p", low: 0, high: 0.8, step: 0.1, format: (v) => number(v, 1),
    say: (v) => `drop ${number(100 * v, 0)} percent`, onInput: (v) => change("p", Math.round(10 * v) / 10),
  });
  const looks = (k) => (k >= never ? "never" : String(k));
  const patience = range({
    label: "patience", role: "patience", low: 1, high: never, step: 1, format: looks,
    say: (k) => (k >= never ? "never stop" : `${k} looks`), onInput: (k) => change("patience", k),
  });
  const whose = radios("Boundary", "whose", looked, (value) => {
    shown = value;
    showBoundary();
  });

  const tiles = Object.fromEntries(["train", "valid", "best", "size"].map((name) => {
    const [value, text] = [element("strong", { "data-role": `${name}-loss` }), element("span", {})];
    return [name, { value, text, row: element("p", {}, value, text) }];
  }));
  const message = element("p", { class: "nn-message", "data-role": "message", role: "status" });
  const note = element("p", { class: "nn-note", "data-role": "note", role: "status" });
  const before = element("span", {});
  const old = element("span", {}, sample({ color: "var(--nn-mesh)", dash: [5, 4] }), before);
  const key = legend([
    { text: "training", color: COLORS.classes[1] }, { text: "validation", color: COLORS.classes[0] },
  ]);
  key.append(old);

  function showBoundary() {
    boundary.canvas.setAttribute("aria-label", `The network's boundary ${looked[shown]} between ${classes.length} examples of two moons; ${model.get("answer").message}`);
    boundary.redraw();
  }

  function showControls() {
    lam.set(Math.max(0, lambdas.indexOf(model.get("lam"))));
    drop.set(model.get("p"));
    patience.set(model.get("patience"));
    whose.set(shown);
  }

  function show() {
    const answer = model.get("answer");
    const drawn = [answer.train, answer.valid, answer.previous].map(floats);
    const most = Math.max(answer.epoch, look * (drawn[2].length - 1), 10 * look);
    const highest = drawn.reduce((top, values) => values.reduce((a, b) => Math.max(a, b), top), 0.1);
    losses.window = [-0.03 * most, 1.06 * most, 0, Math.min(1.5, 1.06 * highest)];
    for (const [name, [value, text]] of Object.entries(answer.readings)) {
      say(tiles[name].value, value);
      say(tiles[name].text, text);
    }
    say(message, answer.message);
    say(note, answer.note);
    old.style.display = drawn[2].length ? "" : "none";
    say(before, `validation of the run before (${answer.before})`);
    const [[loss, of], [checked, by], [lowest, at]] = ["train", "valid", "best"].map((name) => answer.readings[name]);
    losses.canvas.setAttribute("aria-label", `Losses up to epoch ${answer.epoch}: ${loss} ${of}; ${checked} ${by}; ${lowest} ${at}.` +
      (answer.stop === null ? "" : ` Stopped at epoch ${answer.stop}.`));
    losses.redraw();
    showBoundary();
  }

  function receive() {
    show();
    const { asked, done, epoch, note: trouble } = model.get("answer");
    if (asked !== model.get("asked")) return; // told of something else, such as a new patience
    stepping &&= epoch % look > 0;
    if (done || trouble) {
      if (running || stepping) run(false);
    } else if (running || stepping) {
      requestAnimationFrame(() => (running || stepping) && ask()); // after this picture has been painted
    } else {
      send(); // a knob that was turned during the last step
    }
  }

  const root = element("div", { class: "nn-explorer nn-playground", role: "group", "aria-label": "Regularization playground" },
    element("div", { class: "nn-stage" },
      element("div", { class: "nn-view" }, element("p", { class: "nn-title" }, "What it costs"), losses.canvas),
      element("div", { class: "nn-view" }, element("p", { class: "nn-title" }, "The decision boundary"), boundary.canvas),
      key),
    element("div", { class: "nn-panel" },
      element("div", { class: "nn-buttons" }, train, step, restart),
      lam.row, drop.row, patience.row, whose.row, message,
      element("div", { class: "nn-tiles" }, ...Object.values(tiles).map(({ row }) => row)), note,
      element("p", { class: "nn-hint" }, `A look at the validation examples every ${look} epochs; patience counts looks. ●\u00a0best look, ■\u00a0stop.`)));
  keepKeys(root);
  el.append(root);
  showControls();
  show();
  model.on("change:lam change:p change:patience", showControls);
  model.on("change:answer", receive);
  return () => {
    running = stepping = false;
    model.off("change:lam change:p change:patience", showControls);
    model.off("change:answer", receive);
    losses.remove();
    boundary.remove();
  };
}

export default { render };
