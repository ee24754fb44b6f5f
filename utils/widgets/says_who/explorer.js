// SaysWho: the maps are the student's, by Python; whether signs show is decided here.

import { makeBoard } from "../kit/board.js";
import { floats } from "../kit/bytes.js";
import { picker, radios } from "../kit/controls.js";
import { element, keepKeys, say } from "../kit/elements.js";
import { heatMap, largest } from "../kit/heat.js";

const SIDE = 8;
const CHANGES = "change:digit change:asked change:method change:layers";

function render({ model, el }) {
  const { methods, most, pictures } = model.get("facts");
  const pixels = floats(pictures);
  const signs = { signed: "with signs", size: "size only" };
  let shown = "signed";
  /** @type {(Float32Array | null)[]} */
  let maps = [null, null]; // as trained, and shuffled

  const ask = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
  const square = (width) => width;

  // ---- the digit, and two maps of it

  const digit = makeBoard({
    role: "digit-picture", height: square,
    draw(board) {
      const { context: c } = board;
      const cell = board.width / SIDE;
      for (let k = 0; k < SIDE * SIDE; k++) {
        const gray = Math.round(255 * pixels[SIDE * SIDE * model.get("digit") + k]);
        c.fillStyle = `rgb(${gray}, ${gray}, ${gray})`;
        c.fillRect((k % SIDE) * cell, Math.floor(k / SIDE) * cell, cell + 0.5, cell + 0.5);
      }
    },
  });
  const boards = ["trained", "shuffled"].map((role, which) => makeBoard({
    role, height: square,
    draw(board) {
      const side = model.get("answer").side;
      const found = maps[which];
      const values = found && shown === "size" ? found.map(Math.abs) : found;
      // An occlusion map has fewer places: it is drawn in the middle, at the scale of the digit.
      const cell = board.width / SIDE;
      const from = ((SIDE - side) / 2) * cell;
      heatMap(board, values, { x: from, y: from, rows: side, columns: side, width: cell, height: cell, limit: values ? largest(values) : 1 });
    },
  }));

  // ---- controls

  const which = picker({
    label: "digit", role: "digit", most: 9,
    onInput: (k) => {
      model.set("asked", k);
      ask("digit", k);
    },
  });
  const asked = picker({ label: "score of", role: "asked", most: 9, onInput: (k) => ask("asked", k) });
  const layers = picker({ label: "shuffled", role: "layers", most, format: (k) => (k === 1 ? "1 layer" : `${k} layers`), onInput: (k) => ask("layers", k) });
  const method = radios("Method", "method", methods, (name) => ask("method", name));
  const view = radios("Show", "show", signs, (name) => {
    shown = name;
    show();
  });
  const title = element("span");
  const message = element("p", { class: "nn-message", "data-role": "message", role: "status" });
  const note = element("p", { class: "nn-note", "data-role": "note", role: "status" });

  function show() {
    const { count, message: said } = model.get("answer");
    which.set(model.get("digit"));
    asked.set(model.get("asked"));
    layers.set(model.get("layers"));
    method.set(model.get("method"));
    view.set(shown);
    say(title, count ? `${count === 1 ? "1 layer" : `${count} layers`} shuffled` : "nothing shuffled yet");
    digit.canvas.setAttribute("aria-label", `The picture of a ${model.get("digit")}, 8 by 8 pixels.`);
    boards.forEach((board, k) => {
      const of = `${methods[model.get("method")]} for the score of ${model.get("asked")}, ${k ? `with ${count} layers shuffled` : "as trained"}`;
      const colors = shown === "size" ? "blue where it is large, whatever its sign" : "blue above 0 and orange below";
      board.canvas.setAttribute("aria-label", maps[k] ? `The map of ${of}: ${colors}. ${said}` : `No map of ${of} yet.`);
      board.redraw();
    });
    digit.redraw();
  }

  function receive() {
    const answer = model.get("answer");
    maps = [answer.maps.trained, answer.maps.shuffled].map((one) => (one ? floats(one) : null));
    say(message, answer.message);
    say(note, answer.note);
    show();
  }

  const panel = (text, board) => element("div", {}, element("p", { class: "nn-hint" }, text), board.canvas);
  const root = element("div", { class: "nn-explorer nn-says", role: "group", "aria-label": "Says who explorer" },
    element("div", { class: "nn-view" },
      element("div", { class: "nn-three" }, panel("the digit", digit), panel("as trained", boards[0]), panel(title, boards[1]))),
    element("div", { class: "nn-panel" }, method.row, view.row, which.row, asked.row, layers.row, message, note,
      element("p", { class: "nn-hint" }, "Blue: speaks for the class; orange: against it. Each map has its own scale. Layers are shuffled from the last one on.")));
  keepKeys(root);
  el.append(root);
  receive();
  model.on(CHANGES, show);
  model.on("change:answer", receive);
  return () => {
    model.off(CHANGES, show);
    model.off("change:answer", receive);
    for (const board of [digit, ...boards]) board.remove();
  };
}

export default { render };
