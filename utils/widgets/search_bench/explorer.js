// SearchBench: the landscape and the trials are drawn here; the dice are the student's, by Python.

import { floats } from "../kit/bytes.js";
import { COLORS } from "../kit/colors.js";
import { button, radios } from "../kit/controls.js";
import { element, keepKeys, say } from "../kit/elements.js";
import { ring } from "../kit/marks.js";
import { makePlot } from "../kit/plot.js";

const MARGIN = 0.05; // around the landscape, so that trials at its edge are seen whole
const NAMES = { grid: "Grid", dice: "Dice: your random_search" };

function render({ model, el }) {
  const { land, columns, rows, window, budgets, times } = model.get("facts");
  const heights = floats(land);
  const [left, right, bottom, top] = window;
  const [beside, above] = [(right - left) * MARGIN, (top - bottom) * MARGIN];
  const around = [left - beside, right + beside, bottom - above, top + above];
  const ask = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };

  const panels = Object.fromEntries(Object.keys(NAMES).map((name) => [name, makePlot({
    role: name, window: around, aspect: 1.05, xlabel: "log₁₀ of the learning rate", ylabel: "log₁₀ of the weight decay",
    draw(plot) {
      ground(plot);
      const found = model.get("answer")[name];
      if (found) trials(plot, floats(found.points), found.best);
    },
  })]));

  /** The landscape: a cell around each point of the table, bluer where more digits are right. */
  function ground(plot) {
    const image = new ImageData(columns, rows);
    const color = [1, 3, 5].map((k) => parseInt(COLORS.classes[1].slice(k, k + 2), 16));
    for (let k = 0; k < heights.length; k++) {
      const row = rows - 1 - Math.floor(k / columns); // an image begins at the top
      image.data.set([...color, 255 * 0.85 * heights[k] ** 3], 4 * (row * columns + (k % columns)));
    }
    const small = new OffscreenCanvas(columns, rows);
    small.getContext("2d").putImageData(image, 0, 0);
    const [width, height] = [right - left, top - bottom].map((extent, k) => (plot.scale()[k] * extent) / ([columns, rows][k] - 1));
    plot.context.imageSmoothingEnabled = false;
    plot.context.drawImage(small, plot.x(left) - width / 2, plot.y(top) - height / 2, width * columns, height * rows);
  }

  function trials(plot, points, best) {
    const { context: c } = plot;
    const edge = plot.y(plot.window[2]);
    for (let k = 0; k < points.length; k += 2) {
      const [x, y] = [plot.x(points[k]), plot.y(points[k + 1])];
      c.fillStyle = COLORS.wrong;
      c.fillRect(x - 1.5, edge - 14, 3, 14);
      c.beginPath();
      c.arc(x, y, 4.5, 0, 2 * Math.PI);
      c.fillStyle = "#ffffff";
      c.fill();
      c.strokeStyle = "#111111";
      c.lineWidth = 1.5;
      c.stroke();
    }
    const at = [plot.x(best[0]), plot.y(best[1])];
    ring(plot, ...at, "#ffffff", 9, 5);
    ring(plot, ...at, COLORS.line, 9, 3);
  }

  const budget = radios("Trials", "trials", Object.fromEntries(budgets.map((n) => [n, String(n)])), (n) => ask("trials", Number(n)));
  const scale = radios("Scale", "scale", { log: "logarithmic", linear: "linear" }, (name) => ask("scale", name));
  const again = button("Search again", "again", () => ask("draw", model.get("draw") + 1));
  const many = button(`Search ${times} times`, "many", () => ask("asked", model.get("asked") + 1));
  const tiles = Object.fromEntries(Object.keys(NAMES).map((name) => {
    const [value, text] = [element("strong", { "data-role": `${name}-best` }), element("span", {})];
    return [name, { value, text, row: element("p", {}, value, text) }];
  }));
  const message = element("p", { class: "nn-message", "data-role": "message", role: "status" });
  const note = element("p", { class: "nn-note", "data-role": "note", role: "status" });
  const table = element("table", { class: "nn-readings", "data-role": "averages" });

  function show() {
    const answer = model.get("answer");
    budget.set(String(model.get("trials")));
    scale.set(model.get("scale"));
    for (const [name, { value, text }] of Object.entries(tiles)) {
      const found = answer[name];
      say(value, found ? found.valid : "?");
      say(text, found ? `best of the ${name}: ${found.setting}; on the test digits ${found.test}` : `best of the ${name}`);
      panels[name].canvas.setAttribute("aria-label", found
        ? `${NAMES[name]}: ${model.get("trials")} trials on the landscape. Best: ${found.valid} of the validation digits right, with ${found.setting}.`
        : `${NAMES[name]}: nothing to show. ${answer.note}`);
      panels[name].redraw();
    }
    say(message, answer.message);
    say(note, answer.note);
    tell(answer.averages);
  }

  function tell(averages) {
    table.style.display = averages.length ? "" : "none";
    const cells = (tag, texts) => element("tr", {}, ...texts.map((text, k) =>
      element(k ? tag : "th", { scope: tag === "th" ? "col" : "row" }, text)));
    table.replaceChildren(
      element("caption", {}, `Mean of the best found in ${times} searches`),
      element("thead", {}, cells("th", ["trials, scale", "grid", "dice", "dice win"])),
      element("tbody", {}, ...averages.map((row) => cells("td", row))));
  }

  const view = (name) => element("div", { class: "nn-view" }, element("p", { class: "nn-title" }, NAMES[name]), panels[name].canvas);
  const root = element("div", { class: "nn-explorer nn-playground", role: "group", "aria-label": "Search bench" },
    element("div", { class: "nn-stage" }, view("grid"), view("dice")),
    element("div", { class: "nn-panel" }, budget.row, scale.row, element("div", { class: "nn-buttons" }, again, many),
      message, element("div", { class: "nn-tiles" }, tiles.grid.row, tiles.dice.row), note, table,
      element("p", { class: "nn-hint" }, "Bluer: more of the validation digits are right. A ring marks the best trial, and a mark on the bottom edge each learning rate that was tried.")));
  keepKeys(root);
  el.append(root);
  show();
  model.on("change:answer change:trials change:scale", show);
  return () => {
    model.off("change:answer change:trials change:scale", show);
    for (const panel of Object.values(panels)) panel.remove();
  };
}

export default { render };
