// The line w·x + b = 0 in a plot: what it cuts, how it is drawn, how it is dragged.

import { path, stroke } from "./marks.js";
import { SIDES } from "./plot.js";

const GRIP = 46; // pixels from a line to the handle that turns it, where there is room
const SHORT = 24; // and at least
const KNOB = 13; // the handle's radius, with its outline
const NEAR = { mouse: 10, touch: 22 }; // pixels within which a line or handle is meant

/** What the line makes of the window: the polygon where w·x + b >= 0, and its own visible part. */
export function cut([w1, w2], b, [x0, x1, y0, y1]) {
  const corners = [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
  const score = (point) => w1 * point[0] + w2 * point[1] + b;
  const positive = [], visible = [];
  corners.forEach((from, k) => {
    const to = corners[(k + 1) % 4];
    const [s, e] = [score(from), score(to)];
    if (s >= 0) positive.push(from);
    if (s >= 0 !== e >= 0) {
      const crossing = [0, 1].map((i) => from[i] + (s / (s - e)) * (to[i] - from[i]));
      positive.push(crossing);
      visible.push(crossing);
    }
  });
  return { positive, visible };
}

export function shade(plot, w, b, color) {
  const { positive } = cut(w, b, plot.window);
  if (!positive.length) return;
  path(plot, positive);
  plot.context.globalAlpha = plot.theme.shade;
  plot.context.fillStyle = color;
  plot.context.fill();
  plot.context.globalAlpha = 1;
}

export function line(plot, w, b, style) {
  const { visible } = cut(w, b, plot.window);
  if (visible.length === 2) stroke(plot, visible, style);
}

/** Where the handle of a line stands: on the positive side of `pivot`, or of the point that is the
 *  share `along` of the way through the line's visible part. In pixels; null for a line out of sight. */
export function handle(plot, { w, b, along = 0.5, pivot = null }) {
  const { visible } = cut(w, b, plot.window);
  if (visible.length < 2) return null;
  const ahead = ([x, y]) => w[0] * y - w[1] * x; // the same way along the line however it turns
  const [start, end] = visible.sort((p, q) => ahead(p) - ahead(q));
  const foot = pivot || [0, 1].map((i) => start[i] + along * (end[i] - start[i]));
  const [sx, sy] = plot.scale();
  const way = [w[0] * sx, -w[1] * sy];
  const unit = way.map((v) => v / Math.hypot(...way));
  const from = [plot.x(foot[0]), plot.y(foot[1])];
  const ends = [[SIDES.left, SIDES.left + plot.width], [SIDES.top, SIDES.top + plot.height]];
  const rooms = unit.flatMap((v, i) => (v ? [(v > 0 ? ends[i][1] - KNOB - from[i] : ends[i][0] + KNOB - from[i]) / v] : []));
  const length = Math.max(SHORT, Math.min(GRIP, ...rooms));
  return { foot, from, tip: [0, 1].map((i) => from[i] + length * unit[i]) };
}

/** The arrow from a line to its positive side, with the handle at its end. */
export function arrow(plot, aLine, color, text) {
  const grip = handle(plot, aLine);
  if (!grip) return;
  const { context: c, theme: t } = plot;
  c.beginPath();
  c.moveTo(...grip.from);
  c.lineTo(...grip.tip);
  c.strokeStyle = color;
  c.lineWidth = 2;
  c.stroke();
  c.beginPath();
  c.arc(...grip.tip, text.length > 1 ? 12 : 9, 0, 2 * Math.PI);
  c.fillStyle = t.paper;
  c.fill();
  c.stroke();
  c.fillStyle = t.ink;
  c.font = `600 ${text.length > 1 ? 10 : 11}px ${t.font}`;
  c.textAlign = "center";
  c.textBaseline = "middle";
  c.fillText(text, grip.tip[0], grip.tip[1] + 0.5);
}

/** Drag a line to shift it, its handle to turn it about the arrow's foot.
 *  getLines() gives [{ w, b }]; move(k, w, b, pivot) is told the k-th line's new place, with the
 *  pivot while it turns; it is called once more without a pivot when the line is let go. */
export function dragLines(plot, getLines, move) {
  const { canvas } = plot;
  let held = null;
  const pixel = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const find = (at, near) => {
    const [px, py] = at;
    const found = [];
    getLines().forEach(({ w, b, along }, k) => {
      const grip = Math.hypot(...w) > 0 && handle(plot, { w, b, along });
      if (!grip) return;
      const [sx, sy] = plot.scale();
      const [x, y] = plot.at(px, py);
      const distance = Math.abs(w[0] * x + w[1] * y + b) / Math.hypot(w[0] / sx, w[1] / sy);
      const toTip = Math.hypot(px - grip.tip[0], py - grip.tip[1]);
      if (toTip < near + 4) found.push({ k, w, b, turn: true, grip, distance: toTip - 12 });
      else if (distance < near) found.push({ k, w, b, turn: false, grip, distance });
    });
    return found.sort((a, b) => a.distance - b.distance)[0];
  };
  const hit = (event) => find(pixel(event), NEAR[event.pointerType] || NEAR.mouse);
  canvas.addEventListener("pointerdown", (event) => {
    held = hit(event) || null;
    if (!held) return;
    held.from = plot.at(...pixel(event));
    canvas.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!held) {
      const over = hit(event);
      canvas.style.cursor = over ? (over.turn ? "grab" : "move") : "";
      return;
    }
    const { k, w, b, turn, grip, from } = held;
    const [px, py] = pixel(event);
    if (turn) {
      const [sx, sy] = plot.scale();
      const way = [(px - grip.from[0]) / sx, (grip.from[1] - py) / sy];
      const size = Math.hypot(...w) / (Math.hypot(...way) || 1);
      const turned = way.map((v) => v * size);
      if (turned[0] || turned[1]) {
        held.end = [turned, -(turned[0] * grip.foot[0] + turned[1] * grip.foot[1])];
        move(k, ...held.end, grip.foot);
      }
    } else {
      const to = plot.at(px, py);
      held.end = [w, b - w[0] * (to[0] - from[0]) - w[1] * (to[1] - from[1])];
      move(k, ...held.end);
    }
  });
  const release = () => {
    if (held?.end) move(held.k, ...held.end);
    held = null;
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  // A finger on a line drags it; anywhere else it scrolls the page.
  canvas.addEventListener("touchstart", (event) => {
    if (find(pixel(event.touches[0]), NEAR.touch)) event.preventDefault();
  }, { passive: false });
}
