// What is drawn into a plot: marks, curves, bars, regions.

import { COLORS } from "./colors.js";
import { SIDES } from "./plot.js";

/** A class's mark: a circle for 0, a square for 1; `size` is the circle's radius. */
export function marker({ context: c, theme: t }, x, y, label, size = 5) {
  c.beginPath();
  if (label) c.rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8);
  else c.arc(x, y, size, 0, 2 * Math.PI);
  c.fillStyle = COLORS.classes[label];
  c.fill();
  c.strokeStyle = t.ink;
  c.lineWidth = 0.8;
  c.stroke();
}

export function ring({ context: c }, x, y, color, radius = 8, width = 2) {
  c.beginPath();
  c.arc(x, y, radius, 0, 2 * Math.PI);
  c.strokeStyle = color;
  c.lineWidth = width;
  c.stroke();
}

export function path(plot, points) {
  plot.context.beginPath();
  points.forEach(([x, y], k) => plot.context[k ? "lineTo" : "moveTo"](plot.x(x), plot.y(y)));
}

export function stroke(plot, points, { color, width = 2, dash = [] }) {
  const c = plot.context;
  path(plot, points);
  c.setLineDash(dash);
  c.strokeStyle = color;
  c.lineWidth = width;
  c.stroke();
  c.setLineDash([]);
}

/** Curves over common xs; lines: [{ values, color, width, dash }]. Where a value is not finite there
 *  is a gap. */
export function curves(plot, xs, lines) {
  const c = plot.context;
  c.lineJoin = "round";
  for (const { values, color, width = 2.5, dash = [] } of lines) {
    c.beginPath();
    let drawn = false;
    for (let k = 0; k < xs.length; k++) {
      const there = Number.isFinite(values[k]);
      if (there) c[drawn ? "lineTo" : "moveTo"](plot.x(xs[k]), plot.y(values[k]));
      drawn = there;
    }
    c.setLineDash(dash);
    c.strokeStyle = color;
    c.lineWidth = width;
    c.stroke();
  }
  c.setLineDash([]);
}

/** Values on a side × side grid over `plot.window`: a shade where they are 0 or above. */
export function region(plot, values, side, color, alpha) {
  const fine = 4 * (side - 1) + 1; // four to a cell, between which the canvas goes on smoothing
  const image = new ImageData(fine, fine);
  const [red, green, blue] = [1, 3, 5].map((k) => parseInt(color.slice(k, k + 2), 16));
  const top = Math.max(1e-9, ...values.map(Math.abs)) / 64; // a ramp as narrow as one fine step
  for (let row = 0; row < fine; row++) {
    const i = Math.min(side - 2, row >> 2);
    const v = (row - 4 * i) / 4;
    for (let column = 0; column < fine; column++) {
      const j = Math.min(side - 2, column >> 2);
      const u = (column - 4 * j) / 4;
      const at = i * side + j;
      const low = values[at] * (1 - u) + values[at + 1] * u;
      const high = values[at + side] * (1 - u) + values[at + side + 1] * u;
      const value = low * (1 - v) + high * v;
      const to = 4 * ((fine - 1 - row) * fine + column);
      image.data.set([red, green, blue, 255 * alpha * Math.min(1, Math.max(0, 0.5 + value / top))], to);
    }
  }
  const small = new OffscreenCanvas(fine, fine);
  small.getContext("2d").putImageData(image, 0, 0);
  const half = plot.width / (fine - 1) / 2; // a pixel's middle, not its corner, is a grid point
  plot.context.imageSmoothingQuality = "high";
  plot.context.drawImage(small, SIDES.left - half, SIDES.top - half, plot.width + 2 * half, plot.height + 2 * half);
}
