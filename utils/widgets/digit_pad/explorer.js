// A pad of 8 × 8 pixels: strokes and keys ink it here; what it shows is read, and explained, by the
// student's functions, in Python.

import { makeBoard } from "../kit/board.js";
import { bytes, floats } from "../kit/bytes.js";
import { COLORS } from "../kit/colors.js";
import { button } from "../kit/controls.js";
import { element, keepKeys, number, say } from "../kit/elements.js";
import { heatMap, largest } from "../kit/heat.js";

const SIDE = 8;
const FINE = 4; // fine pixels along a pixel: a scan counted them, 4 × 4 to a pixel
const WIDE = SIDE * FINE;
const PEN = 2.3; // fine pixels from the middle of a stroke to its edge
const ROW = [1, 2, 0, 3];
// The fine pixels of a pixel from its middle outward, for pixels that come as a number.
const INWARD = ROW.flatMap((i) => ROW.map((j) => [i, j])).sort((a, b) => far(a) - far(b));

function far(place) {
  return (place[0] - 1.5) ** 2 + (place[1] - 1.5) ** 2;
}

function render({ model, el }) {
  const { scans, labels, ink, mapped, how } = model.get("facts");
  const table = bytes(scans);
  const fine = new Uint8Array(WIDE * WIDE); // 1 where the pen was
  let cell = [0, 0]; // where the keys ink, a row and a column
  let last = null; // the stroke's last place, in fine pixels
  let truth = null; // of the scan on the pad, as long as nobody changed it
  let keyed = false; // is the pad used by keys?
  /** @type {Float32Array | null} */
  let slopes = null; // of the score of what is read, pixel by pixel

  // ---- from fine pixels to pixels and back

  function counted() {
    const sums = Array(SIDE * SIDE).fill(0);
    for (let i = 0; i < WIDE; i++) {
      for (let j = 0; j < WIDE; j++) sums[SIDE * Math.floor(i / FINE) + Math.floor(j / FINE)] += fine[WIDE * i + j];
    }
    return sums;
  }

  function setPixel(i, j, level) {
    INWARD.forEach(([u, v], k) => {
      fine[WIDE * (FINE * i + u) + FINE * j + v] = k < level ? 1 : 0;
    });
  }

  function load(levels) {
    levels.forEach((level, k) => setPixel(Math.floor(k / SIDE), k % SIDE, level));
  }

  function send() {
    const now = counted();
    if (now.some((level, k) => level !== model.get("pixels")[k])) {
      model.set("pixels", now);
      model.save_changes();
    }
    pad.redraw();
    map?.redraw();
    describe();
  }

  /** Ink what lies within PEN of the line from a to b. */
  function stroke(a, b) {
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const length = dx * dx + dy * dy;
    for (let i = 0; i < WIDE; i++) {
      for (let j = 0; j < WIDE; j++) {
        const [x, y] = [j + 0.5, i + 0.5];
        const t = length ? Math.max(0, Math.min(1, ((x - a[0]) * dx + (y - a[1]) * dy) / length)) : 0;
        if (Math.hypot(x - a[0] - t * dx, y - a[1] - t * dy) <= PEN) fine[WIDE * i + j] = 1;
      }
    }
  }

  /** Stretch what is drawn to the whole height, as the scans were; its shape stays. */
  function fill() {
    const where = [...fine.keys()].filter((k) => fine[k]);
    if (!where.length) return;
    const rows = where.map((k) => Math.floor(k / WIDE));
    const columns = where.map((k) => k % WIDE);
    const [top, left] = [Math.min(...rows), Math.min(...columns)];
    const [tall, broad] = [Math.max(...rows) - top + 1, Math.max(...columns) - left + 1];
    const zoom = WIDE / Math.max(tall, broad);
    const old = fine.slice();
    const middle = (WIDE - broad * zoom) / 2;
    const down = (WIDE - tall * zoom) / 2;
    for (let i = 0; i < WIDE; i++) {
      for (let j = 0; j < WIDE; j++) {
        const from = [Math.floor(top + (i - down) / zoom), Math.floor(left + (j - middle) / zoom)];
        const inside = from[0] >= top && from[0] < top + tall && from[1] >= left && from[1] < left + broad;
        fine[WIDE * i + j] = inside ? old[WIDE * from[0] + from[1]] : 0;
      }
    }
    truth = null;
    send();
  }

  // ---- the pad

  const pad = makeBoard({
    role: "pad", height: (width) => width,
    draw(board) {
      const { context: c, theme: t } = board;
      const s = board.width / SIDE;
      counted().forEach((level, k) => {
        const gray = Math.round((255 * level) / ink);
        c.fillStyle = `rgb(${gray}, ${gray}, ${gray})`;
        c.fillRect((k % SIDE) * s, Math.floor(k / SIDE) * s, s, s);
      });
      c.strokeStyle = "rgba(128, 128, 128, 0.45)";
      c.lineWidth = 1;
      for (let k = 0; k <= SIDE; k++) {
        c.strokeRect(k * s, 0, 0, board.height);
        c.strokeRect(0, k * s, board.width, 0);
      }
      if (!keyed) return;
      for (const [color, width] of [[t.paper, 5], [COLORS.line, 3]]) {
        c.strokeStyle = color;
        c.lineWidth = width;
        c.strokeRect(cell[1] * s + 2, cell[0] * s + 2, s - 4, s - 4);
      }
    },
  });
  const { canvas } = pad;
  canvas.setAttribute("tabindex", "0");
  canvas.style.cursor = "crosshair";
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * WIDE, ((event.clientY - box.top) / box.height) * WIDE];
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    keyed = false;
    truth = null;
    last = place(event);
    stroke(last, last);
    send();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const now = place(event);
    stroke(last, now);
    last = now;
    send();
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(kind, () => {
      last = null;
      take(); // what couldn't be read doesn't stay on the pad
    });
  }
  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  canvas.addEventListener("keydown", (event) => {
    const [i, j] = cell;
    const step = STEPS[event.key];
    if (step) {
      cell = [i + step[0], j + step[1]].map((k) => Math.max(0, Math.min(SIDE - 1, k)));
    } else if (event.key === " ") {
      setPixel(i, j, counted()[SIDE * i + j] === ink ? 0 : ink);
      truth = null;
    } else if (event.key === "+" || event.key === "-") {
      const level = counted()[SIDE * i + j] + (event.key === "+" ? 4 : -4);
      setPixel(i, j, Math.max(0, Math.min(ink, level)));
      truth = null;
    } else return;
    event.preventDefault();
    keyed = true;
    send();
  });
  canvas.addEventListener("blur", () => {
    keyed = false;
    pad.redraw();
  });

  // ---- the saliency map, with the drawing's outline on it

  const map = mapped ? makeBoard({
    role: "map", height: (width) => width,
    draw(board) {
      const { context: c, theme: t } = board;
      const s = board.width / SIDE;
      heatMap(board, slopes, { x: 0, y: 0, rows: SIDE, columns: SIDE, width: s, height: s, limit: slopes ? largest(slopes) : 1 });
      const levels = counted();
      const inked = (i, j) => i >= 0 && j >= 0 && i < SIDE && j < SIDE && 2 * levels[SIDE * i + j] >= ink;
      c.beginPath();
      for (let i = 0; i <= SIDE; i++) {
        for (let j = 0; j <= SIDE; j++) {
          const [x, y] = [j, i].map((k) => Math.max(1, Math.min(board.width - 1, k * s)));
          if (inked(i, j) !== inked(i - 1, j)) c.rect(x, y, Math.min(s, board.width - 1 - x), 0);
          if (inked(i, j) !== inked(i, j - 1)) c.rect(x, y, 0, Math.min(s, board.height - 1 - y));
        }
      }
      for (const [color, width] of [[t.paper, 4], [t.ink, 2]]) {
        c.strokeStyle = color;
        c.lineWidth = width;
        c.stroke();
      }
    },
  }) : null;

  // ---- controls

  const label = element("p", { class: "nn-read", "data-role": "label", role: "status" });
  const says = element("p", { class: "nn-message", "data-role": "message", role: "status" });
  const tip = element("p", { class: "nn-hint", "data-role": "advice", role: "status" });
  const note = element("p", { class: "nn-note", "data-role": "note", role: "status" });
  const caption = element("p", { class: "nn-hint", "data-role": "caption" });
  const reading = element("div", { class: "nn-reading" }, label,
    ...(map ? [element("div", { class: "nn-map" }, map.canvas, caption)] : []));
  const hint = element("p", { class: "nn-hint", "data-role": "how" }, how);
  hint.hidden = !how;
  const clear = button("Clear", "clear", () => {
    fine.fill(0);
    truth = null;
    send();
  });
  const stretch = button("Fill the pad", "fill", fill);
  const scanned = element("div", { class: "nn-buttons", role: "group", "aria-label": "Put a scan on the pad" },
    ...labels.map((name, k) => button(String(name), `scan-${k}`, () => {
      load(table.slice(64 * k, 64 * k + 64));
      truth = name;
      send();
      receive();
    })));

  // ---- what is shown

  function describe() {
    const levels = counted();
    const [i, j] = cell;
    canvas.setAttribute("aria-label", `Pad of 8 by 8 pixels, ${levels.filter(Boolean).length} of them inked. ` +
      `Row ${i}, column ${j}: ${levels[SIDE * i + j]} of ${ink}. Arrows move, space inks or clears, plus and minus change.`);
  }

  /** The map in words: where the score would rise most, and where it would fall most. */
  function explained(read) {
    if (!slopes) return "No saliency map yet.";
    const at = (best) => {
      const k = slopes.indexOf(best);
      return `${number(best)} at row ${Math.floor(k / SIDE)}, column ${k % SIDE}`;
    };
    return `Saliency map for the score of ${read}, 8 by 8: blue above 0 and orange below. ` +
      `Largest ${at(Math.max(...slopes))}, smallest ${at(Math.min(...slopes))}.`;
  }

  function receive() {
    const answer = model.get("answer");
    const known = answer.label !== null && answer.label !== undefined;
    say(label, known ? String(answer.label) : "–");
    const asked = truth === null ? "" : answer.label === truth ? " It is one." : ` It is a scan of a ${truth}.`;
    say(says, known ? `Your network reads ${answer.label === 8 ? "an" : "a"} ${answer.label}.${asked}` : "No answer yet.");
    say(tip, answer.advice);
    say(note, answer.note);
    if (!map) return;
    slopes = answer.map ? floats(answer.map) : null;
    say(caption, slopes ? `Saliency for ${answer.label}, and the outline of your drawing. More ink on blue would raise the score of ${answer.label}; on orange, lower it.` : "No saliency map yet.");
    map.canvas.setAttribute("aria-label", explained(answer.label));
    map.redraw();
  }

  const root = element("div", { class: "nn-explorer nn-digit-pad", role: "group", "aria-label": "Digit pad explorer" },
    element("div", { class: "nn-view" }, canvas),
    element("div", { class: "nn-panel" }, says, reading, tip, hint,
      element("div", { class: "nn-buttons" }, clear, stretch),
      element("p", { class: "nn-hint" }, "Scans that the network wasn't trained on:"), scanned,
      element("p", { class: "nn-hint" }, "Keys on the pad: arrows move, space inks or clears a pixel, + and − change it."), note));
  keepKeys(root);
  el.append(root);

  function take() {
    if (!last && counted().some((level, k) => level !== model.get("pixels")[k])) load(model.get("pixels"));
    pad.redraw();
    map?.redraw();
    describe();
  }

  truth = labels[0];
  take();
  receive();
  model.on("change:pixels", take);
  model.on("change:answer", receive);
  return () => {
    model.off("change:pixels", take);
    model.off("change:answer", receive);
    pad.remove();
    map?.remove();
  };
}

export default { render };
