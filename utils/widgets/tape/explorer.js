// TapeExplorer: stepping is done here; the program is read, and the walk recorded, by Python.

import { button, radios, slider } from "../kit/controls.js";
import { element, keepKeys, number, say } from "../kit/elements.js";
import { drawn, readAloud } from "../kit/svg.js";

const [ACROSS, DOWN, WIDE, HIGH, END] = [128, 92, 98, 66, 15]; // between boxes, a box, arrows' ends
const CHANGES = "change:answer change:program change:values"; // the last two also where no answer comes
const WORDS = { right: "✓ right", wrong: "✗ wrong", missing: "✗ missing", extra: "✗ not needed" };

function render({ model, el }) {
  const { presets, leaves, start, limit, longest } = model.get("facts");
  let moment = 0;
  let boxes = {};
  let lines = [];
  let picture = ""; // what is drawn, as text

  const svg = drawn("svg", { role: "img", class: "nn-graph-picture", "data-role": "graph" });

  /** Boxes and arrows anew, when the program is another one. */
  function build({ nodes, wires }) {
    const heights = nodes.map(({ at }) => at[1]);
    const [low, high] = [Math.min(...heights), Math.max(...heights)];
    const columns = Math.max(...nodes.map(({ at }) => at[0]));
    const place = ([x, y]) => [WIDE / 2 + 6 + ACROSS * x, HIGH / 2 + 6 + DOWN * (high - y)];
    const size = [WIDE + 12 + ACROSS * columns, HIGH + 12 + DOWN * (high - low)];
    svg.setAttribute("viewBox", `0 0 ${size[0]} ${size[1]}`);
    svg.setAttribute("style", `max-width: ${size[0] * 1.25}px`);
    const places = Object.fromEntries(nodes.map(({ name, at }) => [name, place(at)]));
    lines = wires.map(({ from, to, slot, slots, between }) => {
      const [x, y] = places[to];
      const stops = [[places[from][0] + WIDE / 2, places[from][1]], ...between.map(place),
        [x - WIDE / 2, y + END * (slot - (slots - 1) / 2)]];
      const curves = stops.slice(1).map(([px, py], k) => {
        const middle = (stops[k][0] + px) / 2;
        return `C ${middle} ${stops[k][1]} ${middle} ${py} ${px} ${py}`;
      });
      return { to, line: drawn("path", { d: `M ${stops[0].join(" ")} ${curves.join(" ")}`, class: "nn-wire" }) };
    });
    boxes = Object.fromEntries(nodes.map(({ name, leaf, text }) => {
      const [x, y] = places[name];
      const rect = drawn("rect", { x: x - WIDE / 2, y: y - HIGH / 2, width: WIDE, height: HIGH, rx: 9, class: leaf ? "nn-box nn-leaf" : "nn-box" });
      const title = drawn("text", { x, y: y - 16, class: "nn-box-name" }, text);
      const value = drawn("text", { x, y: y + 3, class: "nn-box-value", "data-role": `value-${name}` });
      const gradient = drawn("text", { x, y: y + 23, class: "nn-box-gradient", "data-role": `gradient-${name}` });
      return [name, { rect, value, gradient, all: [rect, title, value, gradient] }];
    }));
    svg.replaceChildren(...lines.map(({ line }) => line), ...Object.values(boxes).flatMap(({ all }) => all));
  }

  // ---- controls

  const last = () => model.get("answer").moments.length - 1;
  const go = (to) => {
    moment = Math.min(last(), Math.max(0, to));
    show();
  };
  const buttons = element("div", { class: "nn-buttons" },
    button("From the start", "start", () => go(0)), button("◂ Undo", "undo", () => go(moment - 1)),
    button("Step ▸", "step", () => go(moment + 1)), button("To the end", "end", () => go(last())));
  const told = element("p", { class: "nn-told", "data-role": "told", role: "status" });
  const order = element("p", { class: "nn-corners", "data-role": "order" });
  const ask = (text) => {
    moment = 0;
    input.value = text;
    model.set("program", text);
    model.save_changes();
  };
  const input = element("input", { type: "text", class: "nn-program", "data-role": "program", maxlength: longest, "aria-label": "Program", spellcheck: "false", autocomplete: "off" });
  input.addEventListener("change", () => ask(input.value));
  const choices = radios("Preset", "preset", Object.fromEntries(Object.keys(presets).map((name) => [name, name])), (name) => ask(presets[name]));
  const sliders = leaves.map((name, k) => slider({
    role: name, label: name, limit, step: 0.25, format: number, onInput: (value) => {
      const values = [...model.get("values")];
      values[k] = value;
      model.set("values", values);
      model.save_changes();
    },
  }));
  const reset = button("Reset the values", "reset", () => {
    model.set("values", [...start]);
    model.save_changes();
  });
  const trouble = element("p", { class: "nn-note", "data-role": "trouble", role: "status" });
  const body = element("tbody", { "data-role": "rows" });
  const table = element("table", { class: "nn-check" },
    element("caption", {}, "What your walk returns"),
    element("thead", {}, element("tr", {}, ...["", "your walk", "true slope", ""].map((text) => element("th", { scope: "col" }, text)))),
    body);
  const message = element("p", { class: "nn-message", "data-role": "message", role: "status" });
  const note = element("p", { class: "nn-note", "data-role": "note", role: "status" });

  // ---- what is shown

  function show() {
    const answer = model.get("answer");
    const { sentence, valued, gradients, active } = answer.moments[moment];
    const ended = moment === last();
    for (const [name, { rect, value, gradient }] of Object.entries(boxes)) {
      say(value, valued.includes(name) ? answer.values[name] : "");
      say(gradient, name in gradients ? `d${name} ${gradients[name]}` : "");
      rect.classList.toggle("nn-on", active === name);
      rect.classList.toggle("nn-red", ended && ["wrong", "missing", "extra"].includes(answer.verdicts[name]));
    }
    const back = Object.keys(gradients).length > 0;
    for (const { to, line } of lines) {
      line.classList.toggle("nn-on", active === to);
      line.classList.toggle("nn-back", back);
    }
    say(told, sentence);
    const shown = Object.fromEntries(Object.entries(answer.values).filter(([name]) => valued.includes(name)));
    svg.setAttribute("aria-label", `The tape from the leaves to the root. ${sentence} ${readAloud(shown, gradients)}`);
    for (const chip of order.children) chip.classList.toggle("nn-now", chip.textContent === active);
  }

  function receive() {
    const answer = model.get("answer");
    const now = JSON.stringify(answer.picture);
    if (now !== picture) {
      picture = now;
      build(answer.picture);
      moment = 0;
    }
    order.replaceChildren(element("span", { class: "nn-hint" }, "Your order:"), ...answer.order.map((name) =>
      element("span", { class: answer.orderly ? "nn-corner" : "nn-corner nn-wrong" }, name)));
    const names = answer.rows.map(([name]) => name.slice(1));
    body.replaceChildren(...answer.rows.map((row, k) => {
      const verdict = answer.verdicts[names[k]];
      return element("tr", { class: verdict && verdict !== "right" ? "nn-red" : "", "data-role": `row-${names[k]}` },
        ...row.map((text, column) => element(column ? "td" : "th", column ? {} : { scope: "row" }, text)),
        element("td", {}, WORDS[verdict] || "?"));
    }));
    say(message, answer.message);
    say(note, answer.note);
    say(trouble, answer.trouble);
    model.get("values").forEach((value, k) => sliders[k].set(value));
    if (document.activeElement !== input) input.value = model.get("program");
    choices.set(Object.keys(presets).find((name) => presets[name] === model.get("program")) || "");
    moment = Math.min(moment, last());
    show();
  }

  const root = element("div", { class: "nn-explorer nn-gradients nn-taped", role: "group", "aria-label": "Tape explorer" },
    choices.row, element("label", { class: "nn-written" }, element("span", {}, "Program"), input), trouble,
    element("div", { class: "nn-wide" }, svg),
    element("div", { class: "nn-view" }, buttons, told, order, element("div", { class: "nn-values" }, ...sliders.map(({ row }) => row)),
      element("div", { class: "nn-buttons" }, reset)),
    element("div", { class: "nn-panel" }, table, message, note));
  keepKeys(root);
  el.append(root);
  receive();
  model.on(CHANGES, receive);
  return () => model.off(CHANGES, receive);
}

export default { render };
