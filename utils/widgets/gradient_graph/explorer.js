// GradientGraph: stepping is done here; values, gradients, sentences and the check come from Python.

import { button, slider } from "../kit/controls.js";
import { element, keepKeys, number, say } from "../kit/elements.js";
import { drawn, readAloud } from "../kit/svg.js";

const [WIDE, HIGH] = [86, 66]; // a box, in pixels
const NARROW = 620; // below this width the graph runs from top to bottom

function render({ model, el }) {
  const { leaves, start, limit, bugs, nodes, steps, wires } = model.get("geometry");
  const turn = steps.length + 1; // the moment at which the gradients begin
  const end = turn + steps.length;
  let moment = 0;
  let secret = false;
  let revealed = ""; // the name of the bug that was secret until now

  // ---- the graph

  const columns = Math.max(...nodes.map(({ at }) => at[0]));
  const svg = drawn("svg", { role: "img", class: "nn-graph-picture", "data-role": "graph" });
  const lines = wires.map(({ to, way }) => {
    const line = drawn("polyline", { class: "nn-wire" });
    svg.append(line);
    return { to, line, way };
  });
  const formulas = Object.fromEntries(steps.map(({ name, formula }) => [name, `${name} = ${formula}`]));
  const boxes = Object.fromEntries(nodes.map(({ name, at, leaf }) => {
    const rect = drawn("rect", { width: WIDE, height: HIGH, rx: 9, class: leaf ? "nn-box nn-leaf" : "nn-box" });
    const title = drawn("text", { class: "nn-box-name" }, formulas[name] || name);
    const value = drawn("text", { class: "nn-box-value", "data-role": `value-${name}` });
    const gradient = drawn("text", { class: "nn-box-gradient", "data-role": `gradient-${name}` });
    svg.append(rect, title, value, gradient);
    return [name, { at, rect, title, value, gradient }];
  }));

  /** Put everything in its place: from left to right, or from top to bottom. */
  function arrange(tall) {
    const [across, down] = tall ? [100, 84] : [104, 92];
    const place = ([x, y]) => [WIDE / 2 + 6 + across * (tall ? 1 - y : x), HIGH / 2 + 6 + down * (tall ? x : 1 - y)];
    const [right, bottom] = tall ? [2, columns] : [columns, 2];
    const size = [WIDE + 12 + across * right, HIGH + 12 + down * bottom];
    svg.setAttribute("viewBox", `0 0 ${size[0]} ${size[1]}`);
    svg.setAttribute("style", `max-width: ${1.25 * size[0]}px`);
    for (const { line, way } of lines) line.setAttribute("points", way.map((point) => place(point).join(",")).join(" "));
    for (const { at, rect, title, value, gradient } of Object.values(boxes)) {
      const [x, y] = place(at);
      rect.setAttribute("x", String(x - WIDE / 2));
      rect.setAttribute("y", String(y - HIGH / 2));
      for (const [text, below] of [[title, -16], [value, 3], [gradient, 23]]) {
        text.setAttribute("x", String(x));
        text.setAttribute("y", String(y + below));
      }
    }
  }

  const firstBox = svg.querySelector("rect");

  /** How far the sweeps have come: what has a value, and which step was the last one. */
  function reached() {
    const valued = new Set([...leaves, ...steps.slice(0, moment).map(({ name }) => name)]);
    const back = moment > turn;
    return { valued, back, active: back ? steps[end - moment] : moment < turn ? steps[moment - 1] : null };
  }

  // ---- controls

  const go = (to) => {
    moment = Math.min(end, Math.max(0, to));
    show();
  };
  const buttons = element("div", { class: "nn-buttons" },
    button("From the start", "start", () => go(0)), button("◂ Undo", "undo", () => go(moment - 1)),
    button("Step ▸", "step", () => go(moment + 1)), button("To the end", "end", () => go(end)));
  const told = element("p", { class: "nn-told", "data-role": "told", role: "status" });
  const setValue = (k, value) => {
    const values = [...model.get("values")];
    values[k] = value;
    model.set("values", values);
    model.save_changes();
  };
  const sliders = leaves.map((name, k) => slider({
    role: name, label: name, limit, step: 0.05, format: number, onInput: (value) => setValue(k, value),
  }));
  const plant = (names) => {
    revealed = "";
    moment = end; // a bug shows in the finished gradients
    model.set("bugs", names);
    model.save_changes();
  };
  const boxesOfBugs = Object.entries(bugs).map(([name, text]) => {
    const input = element("input", { type: "checkbox", "data-role": `bug-${name}` });
    input.addEventListener("change", () => {
      const chosen = new Set(model.get("bugs"));
      chosen[input.checked ? "add" : "delete"](name);
      plant([...chosen]);
      show();
    });
    return { name, input, row: element("label", {}, input, text) };
  });
  const planted = element("fieldset", { class: "nn-bugs" }, element("legend", {}, "Bugs in the backward pass"),
    ...boxesOfBugs.map(({ row }) => row));
  const hide = button("Plant a secret one", "secret", () => {
    secret = !secret;
    const names = Object.keys(bugs);
    if (secret) plant([names[Math.floor(Math.random() * names.length)]]);
    else [revealed] = model.get("bugs");
    show();
  });
  const reset = button("Reset", "reset", () => {
    secret = false;
    model.set("values", [...start]);
    plant([]);
    moment = 0;
    show();
  });
  const secretBug = element("p", { class: "nn-message", "data-role": "revealed", role: "status" });

  const cells = leaves.map(() => Array.from({ length: 4 }, (_, k) => element(k ? "td" : "th", k ? {} : { scope: "row" })));
  const verdicts = leaves.map((name) => element("td", { "data-role": `verdict-${name}` }));
  const table = element("table", { class: "nn-check" },
    element("caption", {}, "Your check of the five inputs"),
    element("thead", {}, element("tr", {}, ...["", "backward", "numerical", "error", ""].map((text) => element("th", { scope: "col" }, text)))),
    element("tbody", {}, ...cells.map((row, k) => element("tr", { "data-role": `row-${leaves[k]}` }, ...row, verdicts[k]))));
  const message = element("p", { class: "nn-message", "data-role": "message", role: "status" });
  const note = element("p", { class: "nn-note", "data-role": "note", role: "status" });

  // ---- what is shown

  function show() {
    const answer = model.get("answer");
    const { valued, active, back } = reached();
    const { sentence, gradients } = answer.moments[moment];
    const checked = moment === end; // before that, there are gradients still to come
    const flagged = new Set(checked ? leaves.filter((_, k) => answer.verdicts[k] === "wrong") : []);
    for (const [name, { rect, value, gradient }] of Object.entries(boxes)) {
      say(value, valued.has(name) ? answer.values[name] : "");
      say(gradient, name in gradients ? `d${name} ${gradients[name]}` : "");
      rect.classList.toggle("nn-on", active?.name === name);
      rect.classList.toggle("nn-red", flagged.has(name));
    }
    for (const { to, line } of lines) {
      line.classList.toggle("nn-on", active?.name === to);
      if (active?.name === to) svg.insertBefore(line, firstBox); // above the wires that it shares a way with
      line.classList.toggle("nn-back", back);
    }
    say(told, sentence);
    const shown = Object.fromEntries(Object.entries(answer.values).filter(([name]) => valued.has(name)));
    svg.setAttribute("aria-label", `The graph from the inputs to the loss. ${sentence} ${readAloud(shown, gradients)}`);
    answer.rows.forEach((row, k) => {
      row.forEach((text, column) => say(cells[k][column], checked || column === 0 ? text : ""));
      const verdict = checked ? answer.verdicts[k] : "";
      say(verdicts[k], { ok: "✓ right", wrong: "✗ wrong", unclear: "too small to tell", "": "" }[verdict] ?? "?");
      verdicts[k].parentNode.classList.toggle("nn-red", verdict === "wrong");
    });
    say(message, checked ? answer.message : "The check runs once the backward pass is complete.");
    say(secretBug, secret ? "A bug is planted somewhere. Which gradients are wrong, and where is it?"
      : revealed ? `It was this bug: ${bugs[revealed]}.` : "");
    say(note, answer.note);
    model.get("values").forEach((value, k) => sliders[k].set(value));
    boxesOfBugs.forEach(({ name, input }) => {
      input.checked = !secret && model.get("bugs").includes(name);
      input.disabled = secret;
    });
    say(hide, secret ? "Reveal it" : "Plant a secret one");
  }

  const root = element("div", { class: "nn-explorer nn-gradients", role: "group", "aria-label": "Gradient graph explorer" },
    element("div", { class: "nn-wide" }, svg),
    element("div", { class: "nn-view" }, buttons, told, element("div", { class: "nn-values" }, ...sliders.map(({ row }) => row)), planted,
      element("div", { class: "nn-buttons" }, hide, reset), secretBug),
    element("div", { class: "nn-panel" }, table, message, note));
  keepKeys(root);
  el.append(root);
  arrange(false);
  const resized = new ResizeObserver(([{ contentRect }]) => contentRect.width && arrange(contentRect.width < NARROW));
  resized.observe(root);
  show();
  model.on("change:answer change:values", show);
  return () => {
    resized.disconnect();
    model.off("change:answer change:values", show);
  };
}

export default { render };
