// AttentionExplorer: rows are lit here; the weights come from Python.

import { makeBoard } from "../kit/board.js";
import { floats } from "../kit/bytes.js";
import { checkboxes, picker, radios, scale } from "../kit/controls.js";
import { element, keepKeys, number, say } from "../kit/elements.js";
import { heatMap } from "../kit/heat.js";

const HEADS = 4;
const NARROW = 560; // below, the squares stand two by two
const [ABOVE, BESIDE] = [40, 18]; // of a square: its title and letters
const CHANGES = "change:answer change:text change:scaled change:masked change:temperature";

function render({ model, el }) {
  const { names, longest, lowest, highest } = model.get("facts");
  let letters = [];
  let weights = new Float32Array(0);
  let row = 0;

  const change = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };

  // ---- the squares

  /** Where the squares are on a board so wide. */
  function layout(width) {
    const across = width < NARROW ? 2 : HEADS;
    const pitch = width / across;
    const side = Math.min(260, pitch - BESIDE - 10);
    const places = Array.from({ length: HEADS }, (_, k) => ({
      x: (k % across) * pitch + BESIDE, y: Math.floor(k / across) * (side + ABOVE + 8) + ABOVE,
    }));
    return { side, places, height: (HEADS / across) * (side + ABOVE + 8) };
  }

  const board = makeBoard({
    role: "squares", height: (width) => layout(width).height,
    draw({ context: c, theme: t, width }) {
      const { side, places } = layout(width);
      const count = letters.length;
      const cell = side / count;
      places.forEach(({ x, y }, head) => {
        const values = weights.length ? weights.slice(head * count * count, (head + 1) * count * count) : null;
        c.fillStyle = t.ink;
        c.font = `600 13px ${t.font}`;
        c.textAlign = "left";
        c.textBaseline = "middle";
        c.fillText(`head ${head + 1}`, x, y - 30);
        heatMap({ context: c, theme: t }, values, { x, y, rows: count, columns: count, width: cell, height: cell, limit: 1 });
        letters.forEach((letter, k) => {
          const at = (k + 0.5) * cell;
          c.fillStyle = t.soft;
          c.font = `${Math.min(13, cell + 2)}px ${t.font}`;
          c.textAlign = "center";
          c.fillText(letter, x + at, y - 9);
          c.fillStyle = k === row ? t.ink : t.soft;
          if (k === row) c.font = `700 ${Math.min(14, cell + 3)}px ${t.font}`;
          c.fillText(letter, x - 9, y + at);
        });
        c.strokeStyle = t.ink;
        c.lineWidth = 2;
        c.strokeRect(x - 1, y + row * cell - 0.5, side + 2, cell + 1);
      });
    },
  });

  /** Light the row under the pointer. */
  function point(event) {
    const box = board.canvas.getBoundingClientRect();
    const { side, places } = layout(board.width);
    const [left, top] = [event.clientX - box.left, event.clientY - box.top];
    const hit = places.find(({ x, y }) => left >= x - BESIDE && left < x + side && top >= y && top < y + side);
    if (hit) light(Math.floor(((top - hit.y) / side) * letters.length));
  }
  board.canvas.addEventListener("pointermove", point);
  board.canvas.addEventListener("pointerdown", point);

  // ---- controls

  const input = element("input", { type: "text", class: "nn-program", "data-role": "text", maxlength: longest, "aria-label": "Name", spellcheck: "false", autocomplete: "off" });
  input.addEventListener("input", () => change({ text: input.value }));
  const choices = radios("Name", "name", Object.fromEntries(names.map((name) => [name, name])), (name) => {
    input.value = name;
    change({ text: name });
  });
  const boxes = checkboxes("", "with", [{ value: "scaled", text: "divide by √d" }, { value: "masked", text: "causal mask" }].map((one) => ({ ...one, color: "transparent" })),
    (ticked) => change({ scaled: ticked.includes("scaled"), masked: ticked.includes("masked") }));
  const heat = scale({
    label: "temperature", role: "temperature", low: lowest, high: highest, format: (value) => number(value, value < 1 ? 2 : 1),
    onInput: (temperature) => change({ temperature }),
  });
  const which = picker({ label: "row", role: "row", most: 1, format: (k) => letters[k] || "", onInput: (k) => light(k) });
  const trouble = element("p", { class: "nn-note", "data-role": "trouble", role: "status" });
  const body = element("tbody", { "data-role": "rows" });
  const caption = element("caption", { "data-role": "caption" });
  const table = element("table", { class: "nn-check" }, caption, body);
  const message = element("p", { class: "nn-message", "data-role": "message", role: "status" });
  const note = element("p", { class: "nn-note", "data-role": "note", role: "status" });

  // ---- what is shown

  /** The three letters that a row of a head looks at most, as text. */
  function most(head) {
    const count = letters.length;
    const own = weights.slice((head * count + row) * count, (head * count + row + 1) * count);
    return Array.from(own, (weight, k) => ({ weight, k })).sort((one, other) => other.weight - one.weight)
      .slice(0, 3).filter(({ weight }) => weight >= 0.005)
      .map(({ weight, k }) => `${letters[k]} at ${k}: ${number(weight)}`);
  }

  function light(k) {
    row = Math.max(0, Math.min(letters.length - 1, k));
    which.set(row, letters.length - 1);
    say(caption, `What ${letters[row]} at place ${row} looks at most`);
    const found = Array.from({ length: HEADS }, (_, head) => (weights.length ? most(head) : []));
    body.replaceChildren(...found.map((texts, head) => element("tr", { "data-role": `head-${head + 1}` },
      element("th", { scope: "row" }, `head ${head + 1}`), ...[0, 1, 2].map((place) => element("td", {}, texts[place] || "")))));
    board.canvas.setAttribute("aria-label", `Four squares of attention weights, one for each head. The row of ${letters[row]} at place ${row} is lit. ${
      found.map((texts, head) => `Head ${head + 1}: ${texts.join(", ") || "nothing yet"}.`).join(" ")}`);
    board.redraw();
  }

  function receive() {
    const answer = model.get("answer");
    const before = letters.join("");
    letters = answer.letters;
    weights = floats(answer.weights);
    say(message, answer.message);
    say(note, answer.note);
    say(trouble, answer.trouble);
    if (document.activeElement !== input) input.value = model.get("text");
    choices.set(names.includes(model.get("text")) ? model.get("text") : "");
    boxes.set(["scaled", "masked"].filter((name) => model.get(name)));
    heat.set(model.get("temperature"));
    light(letters.join("") === before ? row : letters.length - 1);
  }

  const root = element("div", { class: "nn-explorer nn-looking", role: "group", "aria-label": "Attention explorer" },
    choices.row, element("label", { class: "nn-written" }, element("span", {}, "Or type one"), input), trouble,
    element("div", { class: "nn-wide" }, board.canvas),
    element("div", { class: "nn-view" }, which.row, heat.row, boxes.row),
    element("div", { class: "nn-panel" }, table, message, note));
  keepKeys(root);
  el.append(root);
  receive();
  model.on(CHANGES, receive);
  return () => {
    model.off(CHANGES, receive);
    board.remove();
  };
}

export default { render };
