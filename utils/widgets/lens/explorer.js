// Lens: the window and its sum are worked out here; the map is the student's, by Python.

import { makeBoard } from "../kit/board.js";
import { bytes, floats } from "../kit/bytes.js";
import { COLORS } from "../kit/colors.js";
import { button, picker, radios } from "../kit/controls.js";
import { element, keepKeys, number, say } from "../kit/elements.js";
import { heat } from "../kit/heat.js";

const SHADES = 255; // of a map: from the most negative to the most positive
const CHANGES = "change:picture change:digit change:weights";

function render({ model, el }) {
  const facts = model.get("facts");
  const { presets, texts, credits, largest } = facts;
  const digits = bytes(facts.digits);
  const photos = Object.fromEntries(Object.entries(facts.photos).map(([name, { rows, columns, levels }]) =>
    [name, { rows, columns, white: 255, levels: bytes(levels) }]));
  let place = [2, 3]; // the window's upper left pixel, a row and a column of the map
  let map = null; // the student's
  /** @type {Record<string, OffscreenCanvas | null>} */
  let images = {}; // of the picture, and of the map by theme

  const ask = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
  const picture = () => photos[model.get("picture")] ||
    { rows: 8, columns: 8, white: 16, levels: digits.slice(64 * model.get("digit"), 64 * model.get("digit") + 64) };
  const size = () => [picture().rows, picture().columns];

  // ---- the picture, and its map at the same scale

  /** Pixels as an image that is drawn at any size; shades: colors [red, green, blue]; shade(k): which one. */
  function raster(rows, columns, shades, shade) {
    const image = new ImageData(columns, rows);
    for (let k = 0; k < rows * columns; k++) {
      const color = shades[shade(k)];
      for (let part = 0; part < 3; part++) image.data[4 * k + part] = color[part];
      image.data[4 * k + 3] = 255;
    }
    const made = new OffscreenCanvas(columns, rows);
    made.getContext("2d").putImageData(image, 0, 0);
    return made;
  }

  function pictureImage() {
    const { rows, columns, white, levels } = picture();
    const grays = () => Array.from({ length: white + 1 }, (_, level) => Array(3).fill(Math.round((255 * level) / white)));
    images.picture ||= raster(rows, columns, grays(), (k) => levels[k]);
    return images.picture;
  }

  function mapImage(dark) {
    const { rows, columns, strongest } = model.get("answer");
    const name = dark ? "dark" : "light";
    if (!images[name]) {
      const shades = Array.from({ length: SHADES }, (_, k) => heat((2 * k) / (SHADES - 1) - 1, 1, dark).match(/\d+/g).map(Number));
      images[name] = raster(rows, columns, shades, (k) => Math.round(((map[k] / strongest + 1) / 2) * (SHADES - 1)));
    }
    return images[name];
  }

  // A board is as high as a photograph asks for, whatever is on it: what stands below keeps its place.
  const [photo] = Object.values(photos);
  const height = (width) => (width * photo.rows) / photo.columns;
  const scale = (board) => Math.min(board.width / size()[1], board.height / size()[0]);
  const margin = (board) => (board.width - size()[1] * scale(board)) / 2; // left of a picture that is narrower
  const go = (i, j) => {
    const [rows, columns] = size();
    place = [Math.max(0, Math.min(rows - 3, i)), Math.max(0, Math.min(columns - 3, j))];
    show();
  };

  function frame({ context: c, theme: t }, x, y, side) {
    for (const [color, width] of [[t.paper, 5], [COLORS.line, 3]]) {
      c.strokeStyle = color;
      c.lineWidth = width;
      c.strokeRect(x, y, side, side);
    }
  }

  const left = makeBoard({
    role: "picture", height,
    draw(board) {
      const [s, x] = [scale(board), margin(board)];
      const [rows, columns] = size();
      board.context.imageSmoothingEnabled = false;
      board.context.drawImage(pictureImage(), x, 0, columns * s, rows * s);
      frame(board, x + place[1] * s, place[0] * s, 3 * s);
    },
  });
  const right = makeBoard({
    role: "map", height,
    draw(board) {
      const { context: c, theme: t } = board;
      const [s, x] = [scale(board), margin(board)];
      const { rows, columns } = model.get("answer");
      c.imageSmoothingEnabled = false;
      if (map) c.drawImage(mapImage(t.dark), x + s, s, columns * s, rows * s);
      c.strokeStyle = t.faint;
      c.lineWidth = 1;
      c.strokeRect(x + s, s, columns * s, rows * s);
      const least = Math.max(s, 6); // a frame that can be seen, around the middle of the window
      frame(board, x + (place[1] + 1.5) * s - least / 2, (place[0] + 1.5) * s - least / 2, least);
    },
  });
  for (const board of [left, right]) {
    board.canvas.style.cursor = "crosshair";
    for (const kind of ["pointermove", "pointerdown"]) {
      board.canvas.addEventListener(kind, (event) => {
        const box = board.canvas.getBoundingClientRect();
        go(Math.floor((event.clientY - box.top) / scale(board)) - 1,
          Math.floor((event.clientX - box.left - margin(board)) / scale(board)) - 1);
      });
    }
  }

  // ---- controls

  const choices = radios("Picture", "picture", texts, (name) => ask("picture", name));
  const which = picker({ label: "digit", role: "digit", most: 9, onInput: (k) => ask("digit", k) });
  const weights = Array.from({ length: 9 }, (_, k) => {
    const input = element("input", { type: "number", step: 0.5, min: -largest, max: largest, "data-role": `weight-${k}`,
      "aria-label": `weight, row ${Math.floor(k / 3)}, column ${k % 3}` });
    input.addEventListener("input", () => {
      const value = Number(input.value);
      if (input.value === "" || !Number.isFinite(value)) return; // half typed
      ask("weights", model.get("weights").map((old, j) => (j === k ? Math.max(-largest, Math.min(largest, value)) : old)));
    });
    return input;
  });
  const named = radios("Kernel", "preset", Object.fromEntries(Object.keys(presets).map((name) => [name, name])), (name) => ask("weights", [...presets[name]]));
  const minus = button("Times −1", "minus", () => ask("weights", model.get("weights").map((value) => 0 - value)));
  const turn = button("Quarter turn", "turn", () => {
    const now = model.get("weights");
    ask("weights", now.map((_, k) => now[3 * (2 - (k % 3)) + Math.floor(k / 3)]));
  });
  const row = picker({ label: "row", role: "row", most: 5, onInput: (i) => go(i, place[1]) });
  const column = picker({ label: "column", role: "column", most: 5, onInput: (j) => go(place[0], j) });
  const cells = (role) => Array.from({ length: 9 }, (_, k) => element("span", { "data-role": `${role}-${k}` }));
  const [windowed, products] = [cells("pixel"), cells("product")];
  const square = (title, inside) => element("div", { class: "nn-square", role: "group", "aria-label": title },
    element("p", { class: "nn-hint" }, title), element("div", { class: "nn-nine" }, ...inside));
  const sum = element("p", { class: "nn-message", "data-role": "sum", role: "status" });
  const message = element("p", { class: "nn-hint", "data-role": "message", role: "status" });
  const note = element("p", { class: "nn-note", "data-role": "note", role: "status" });
  const credit = element("p", { class: "nn-hint", "data-role": "credit" });

  // ---- what is shown

  function show() {
    const { levels, columns, white } = picture();
    const w = model.get("weights");
    const [i, j] = place;
    const pixels = Array.from(w, (_, k) => levels[(i + Math.floor(k / 3)) * columns + j + (k % 3)] / white);
    const parts = pixels.map((value, k) => value * w[k]);
    pixels.forEach((value, k) => say(windowed[k], number(value)));
    parts.forEach((value, k) => say(products[k], number(value, Math.abs(value) < 9.995 ? 2 : 1)));
    const total = parts.reduce((all, part) => all + part, 0);
    const yours = map ? map[i * model.get("answer").columns + j] : null;
    const agree = yours !== null && Math.abs(yours - total) <= 1e-4 * Math.max(1, Math.abs(total));
    say(sum, `Row ${i}, column ${j}: the products sum to ${number(total)}. ` +
      (yours === null ? "There is no map yet." : `Your map has ${number(yours)} there${agree ? "" : ": not the same"}.`));
    sum.classList.toggle("nn-differs", yours !== null && !agree);
    const [rows] = size();
    row.set(i, rows - 3);
    column.set(j, columns - 3);
    const where = `Framed: the window at row ${i}, column ${j}.`;
    left.canvas.setAttribute("aria-label", `The picture: ${texts[model.get("picture")]}, ${rows} by ${columns} pixels. ${where}`);
    right.canvas.setAttribute("aria-label", map ? `The map of the picture, blue above 0 and orange below. ${model.get("answer").message}` : "No map yet.");
    left.redraw();
    right.redraw();
  }

  /** Another picture or other weights; the map follows when the kernel answers. */
  function change() {
    const name = model.get("picture");
    images.picture = null;
    choices.set(name);
    which.set(model.get("digit"));
    which.row.style.visibility = name in photos ? "hidden" : ""; // it keeps its place, or all below would move
    say(credit, credits[name] || "");
    const now = model.get("weights");
    weights.forEach((input, k) => {
      if (document.activeElement !== input || Number(input.value) !== now[k]) input.value = String(Number(now[k].toFixed(3)));
    });
    named.set(Object.keys(presets).find((one) => presets[one].every((value, k) => value === now[k])) || "");
    go(...place);
  }

  function receive() {
    const answer = model.get("answer");
    map = answer.map ? floats(answer.map) : null;
    images = {};
    say(message, answer.message);
    say(note, answer.note);
    change();
  }

  const root = element("div", { class: "nn-explorer nn-lens", role: "group", "aria-label": "Lens explorer" },
    element("div", { class: "nn-view" }, choices.row,
      element("div", { class: "nn-pair" }, element("div", {}, left.canvas, credit), element("div", {}, right.canvas, message))),
    element("div", { class: "nn-panel" }, which.row, named.row, element("div", { class: "nn-buttons" }, minus, turn),
      element("div", { class: "nn-squares" }, square("window", windowed), element("span", {}, "×"),
        square("weights", weights), element("span", {}, "="), square("products", products)),
      sum, row.row, column.row, note));
  keepKeys(root);
  el.append(root);
  receive();
  model.on(CHANGES, change);
  model.on("change:answer", receive);
  return () => {
    model.off(CHANGES, change);
    model.off("change:answer", receive);
    left.remove();
    right.remove();
  };
}

export default { render };
