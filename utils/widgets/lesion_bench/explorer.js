// LesionBench: blocks are put in and out here; what is left is run by the student's functions, by Python.

import { button } from "../kit/controls.js";
import { element, keepKeys, say } from "../kit/elements.js";

const percent = (share) => (share === null ? "?" : `${(100 * share).toFixed(1)}%`);

function render({ model, el }) {
  const { blocks, presets, colors, examples } = model.get("facts");
  const ask = (removed) => {
    model.set("removed", [...removed].sort((a, b) => a - b));
    model.save_changes();
    mark();
  };
  const numbers = [...Array(blocks).keys()];
  const switches = numbers.map((k) => {
    const made = button(String(k + 1), `block-${k + 1}`, () => {
      const gone = model.get("removed");
      ask(gone.includes(k) ? gone.filter((one) => one !== k) : [...gone, k]);
    });
    made.classList.add("nn-block");
    return made;
  });
  const choices = Object.keys(presets).map((name) =>
    button(name, `preset-${name}`, () => ask(presets[name])));

  /** One network: its accuracy, and a bar for each block. */
  const panels = Object.fromEntries(Object.entries(colors).map(([name, color]) => {
    const right = element("strong", { "data-role": `${name}-right` });
    const line = element("div", { class: "nn-level" });
    const bars = numbers.map(() => element("div", { class: "nn-bar", style: `background: ${color}` }));
    const texts = numbers.map((k) => element("td", { "data-role": `${name}-${k + 1}` }));
    const chart = element("div", { class: "nn-bars", "aria-hidden": "true" }, ...bars, line);
    const table = element("table", { class: "nn-bar-table" },
      element("caption", { class: "nn-title" }, `${name}: `, right, " right"),
      element("thead", {}, element("tr", {}, ...numbers.map((k) => element("th", { scope: "col" }, String(k + 1))))),
      element("tbody", {}, element("tr", {}, ...texts)));
    return [name, { right, line, bars, texts, view: element("div", { class: "nn-view" }, table, chart) }];
  }));
  const message = element("p", { class: "nn-message", "data-role": "message", role: "status" });
  const note = element("p", { class: "nn-note", "data-role": "note", role: "status" });

  /** Which blocks are in: at once, before Python has measured. */
  function mark() {
    const gone = model.get("removed");
    switches.forEach((one, k) => {
      const out = gone.includes(k);
      one.setAttribute("aria-pressed", String(out));
      one.setAttribute("aria-label", `Block ${k + 1} ${out ? "is out" : "is in"}`);
    });
  }

  function show() {
    const answer = model.get("answer");
    for (const [name, { right, line, bars, texts }] of Object.entries(panels)) {
      const row = answer.rows.find((one) => one.name === name) || { right: null, bars: numbers.map(() => null) };
      say(right, percent(row.right));
      line.style.display = row.right === null ? "none" : "";
      line.style.bottom = `${100 * (row.right || 0)}%`;
      row.bars.forEach((bar, k) => {
        const out = answer.gone.includes(k);
        bars[k].style.height = `${100 * (bar || 0)}%`;
        bars[k].classList.toggle("nn-out", out);
        say(texts[k], out ? "out" : bar === null ? "?" : String(Math.round(100 * bar)));
      });
    }
    say(message, answer.message);
    say(note, answer.note);
    mark();
  }

  const root = element("div", { class: "nn-explorer nn-lesion", role: "group", "aria-label": "Lesion bench" },
    element("div", { class: "nn-wide-row" },
      element("p", { class: "nn-bench-title" }, "Blocks, in order. Press one to take it out, or to put it back."),
      element("div", { class: "nn-blocks", role: "group", "aria-label": "Blocks" }, ...switches),
      element("div", { class: "nn-buttons" }, ...choices)),
    message,
    element("div", { class: "nn-stage" }, panels.plain.view, panels.residual.view),
    note,
    element("p", { class: "nn-hint" }, `Bars and numbers: the percentage right if this block is taken out as well, by your lesion. The line: the percentage right as it is. Measured on ${examples} new digits.`));
  keepKeys(root);
  el.append(root);
  show();
  model.on("change:answer change:removed", show);
  return () => model.off("change:answer change:removed", show);
}

export default { render };
