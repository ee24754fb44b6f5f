// WhoShares: the block is drawn here; what a nudge changes is the student's, by Python.

import { makeBoard } from "../kit/board.js";
import { bytes, floats } from "../kit/bytes.js";
import { COLORS } from "../kit/colors.js";
import { picker, radios } from "../kit/controls.js";
import { element, keepKeys, say } from "../kit/elements.js";
import { heatMap, largest } from "../kit/heat.js";

const [LEFT, TOP, BETWEEN] = [30, 22, 14]; // CSS pixels: channels' numbers, examples' names, between examples
const PARTS = ["example", "channel", "pixel"];

function render({ model, el }) {
  const { norms, groups, shape, block } = model.get("facts");
  const [examples, channels, pixels] = shape;
  const values = Array.from(floats(block));
  const place = ([i, j, k]) => (i * channels + j) * pixels + k;
  const ask = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };

  /** Where the cells of one example lie. */
  function layout(board) {
    const wide = (board.width - LEFT - BETWEEN * (examples - 1) - 2) / (examples * pixels);
    const high = (board.height - TOP - 2) / channels;
    return { wide, high, x: (i, k) => LEFT + i * (pixels * wide + BETWEEN) + k * wide, y: (j) => TOP + j * high };
  }

  function frame({ context: c }, { wide, high, x, y }, [i, j, k], color, width) {
    c.strokeStyle = color;
    c.lineWidth = width;
    c.strokeRect(x(i, k) + width / 2, y(j) + width / 2, wide - width, high - width);
  }

  function eachCell(what) {
    for (let i = 0; i < examples; i++) {
      for (let j = 0; j < channels; j++) for (let k = 0; k < pixels; k++) what([i, j, k], place([i, j, k]));
    }
  }

  /** The examples side by side: heat maps of `numbers`, then frames. */
  function draw(board, numbers, limit) {
    const { context: c, theme: t } = board;
    const at = layout(board);
    c.font = `12px ${t.font}`;
    c.fillStyle = t.ink;
    for (let i = 0; i < examples; i++) {
      c.textAlign = "center";
      c.textBaseline = "alphabetic";
      c.fillText(at.wide > 18 ? `example ${i}` : String(i), at.x(i, pixels / 2), TOP - 7);
      heatMap(board, numbers && numbers.slice(place([i, 0, 0]), place([i + 1, 0, 0])), {
        x: at.x(i, 0), y: at.y(0), rows: channels, columns: pixels, width: at.wide, height: at.high, limit,
      });
      c.fillStyle = t.ink;
      c.font = `12px ${t.font}`;
    }
    c.textAlign = "right";
    c.textBaseline = "middle";
    for (let j = 0; j < channels; j++) c.fillText(String(j), LEFT - 8, at.y(j + 0.5));
    return at;
  }

  const pick = (board) => (px, py) => {
    const at = layout(board);
    eachCell(([i, j, k]) => {
      if (px >= at.x(i, k) && px < at.x(i, k) + at.wide && py >= at.y(j) && py < at.y(j + 1)) ask("cell", [i, j, k]);
    });
  };

  const height = (width) => TOP + 2 + channels * Math.max(15, Math.min(30, width / 24));
  const input = makeBoard({
    role: "input", height, pick: (px, py) => pick(input)(px, py),
    draw(board) {
      const expected = bytes(model.get("answer").expected);
      const at = draw(board, values, largest(values));
      eachCell((cell, k) => expected[k] && frame(board, at, cell, board.theme.ink, 2));
      frame(board, at, model.get("cell"), COLORS.line, 4);
    },
  });
  const output = makeBoard({
    role: "output", height, pick: (px, py) => pick(output)(px, py),
    draw(board) {
      const { known, expected, moved, change } = model.get("answer");
      const numbers = known ? Array.from(floats(change)) : null;
      const [should, does] = [bytes(expected), bytes(moved)];
      const at = draw(board, numbers, numbers ? largest(numbers) : 1);
      eachCell((cell, k) => {
        if (should[k]) frame(board, at, cell, board.theme.ink, 2);
        if (known && should[k] !== does[k]) frame(board, at, cell, COLORS.wrong, 4);
      });
      frame(board, at, model.get("cell"), COLORS.line, 4);
    },
  });

  const choice = radios("Normalization", "norm", norms, (name) => ask("norm", name));
  const number = radios("Groups", "groups", Object.fromEntries(groups.map((n) => [n, String(n)])), (n) => ask("groups", Number(n)));
  const pickers = PARTS.map((part, k) => picker({
    label: part, role: part, most: shape[k] - 1, onInput: (value) => {
      const cell = [...model.get("cell")];
      cell[k] = value;
      ask("cell", cell);
    },
  }));
  const message = element("p", { class: "nn-message", "data-role": "message", role: "status" });
  const note = element("p", { class: "nn-note", "data-role": "note", role: "status" });
  const body = element("tbody", { "data-role": "rows" });
  const table = element("table", { class: "nn-check" },
    element("caption", {}, "What the outputs notice"),
    element("thead", {}, element("tr", {}, ...["", "outputs moved", "by at most"].map((text) => element("th", { scope: "col" }, text)))),
    body);

  function show() {
    const { rows, note: noted, message: told } = model.get("answer");
    const [i, j, k] = model.get("cell");
    choice.set(model.get("norm"));
    number.set(String(model.get("groups")));
    number.row.style.display = model.get("norm") === "group" ? "" : "none";
    pickers.forEach((one, part) => one.set(model.get("cell")[part]));
    table.style.display = rows.length ? "" : "none";
    body.replaceChildren(...rows.map(([what, count, most]) =>
      element("tr", {}, element("th", { scope: "row" }, what), element("td", {}, count), element("td", {}, most))));
    say(message, told);
    say(note, noted);
    const where = `Cell: example ${i}, channel ${j}, pixel ${k}.`;
    input.canvas.setAttribute("aria-label", `The input: ${examples} examples of ${channels} channels and ${pixels} pixels. ${where} The cells that should share its statistics are framed.`);
    output.canvas.setAttribute("aria-label", `What a nudge of the cell changes in the outputs. ${where} ${told || noted}`);
    input.redraw();
    output.redraw();
  }

  const root = element("div", { class: "nn-explorer nn-shares", role: "group", "aria-label": "Who shares a mean" },
    element("div", { class: "nn-view" },
      element("p", { class: "nn-title" }, "The input. Framed: who should share statistics with your cell"), input.canvas,
      element("p", { class: "nn-title" }, "What moves in the outputs when 1 is added to your cell"), output.canvas),
    element("div", { class: "nn-panel" }, choice.row, number.row, ...pickers.map(({ row }) => row), message, note, table,
      element("p", { class: "nn-hint" }, "Channels are rows, and pixels are columns. Click a cell, or use the sliders. Blue: positive, orange: negative. A red frame in the outputs: moves and shouldn't, or should and doesn't.")));
  keepKeys(root);
  el.append(root);
  show();
  model.on("change:answer change:norm change:groups change:cell", show);
  return () => {
    model.off("change:answer change:norm change:groups change:cell", show);
    input.remove();
    output.remove();
  };
}

export default { render };
