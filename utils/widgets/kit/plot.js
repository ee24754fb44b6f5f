// A canvas with axes.

import { makeCanvas } from "./canvas.js";
import { number } from "./elements.js";

export const SIDES = { left: 48, right: 10, top: 10, bottom: 38 }; // CSS pixels around a plot's inside

/** A canvas with axes. `draw(plot)` paints the inside; `plot.redraw()` asks for the next frame.
 *  window: [x low, x high, y low, y high]; aspect: width over height of the inside; rows: the y axis
 *  has no numbers, because what is drawn stands in rows. */
export function makePlot({ role, window, aspect, xlabel, ylabel, draw, rows = false }) {
  const plot = { window, xlabel, ylabel, rows, width: 0, height: 0 };
  plot.x = (x) => SIDES.left + ((x - plot.window[0]) / (plot.window[1] - plot.window[0])) * plot.width;
  plot.y = (y) => SIDES.top + ((plot.window[3] - y) / (plot.window[3] - plot.window[2])) * plot.height;
  plot.scale = () => [
    plot.width / (plot.window[1] - plot.window[0]),
    plot.height / (plot.window[3] - plot.window[2]),
  ];
  plot.at = (px, py) => {
    const [sx, sy] = plot.scale();
    return [plot.window[0] + (px - SIDES.left) / sx, plot.window[3] - (py - SIDES.top) / sy];
  };
  return Object.assign(plot, makeCanvas({
    role,
    resize(width) {
      plot.width = width - SIDES.left - SIDES.right;
      plot.height = plot.width / aspect;
      return [plot.width > 0 ? width : 0, Math.max(0, plot.height) + SIDES.top + SIDES.bottom];
    },
    paint(context, theme) {
      plot.theme = theme;
      axes(plot);
      context.save();
      context.beginPath();
      context.rect(SIDES.left, SIDES.top, plot.width, plot.height);
      context.clip();
      draw(plot);
      context.restore();
    },
  }));
}

function ticks(low, high, most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((s) => s >= rough);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) {
    found.push([k * step, number(k * step, digits)]);
  }
  return found;
}

function axes(plot) {
  const { context: c, theme: t, width, height } = plot;
  const [left, bottom] = [SIDES.left, SIDES.top + height];
  c.font = `12px ${t.font}`;
  c.lineWidth = 1;
  c.fillStyle = t.ink;
  c.strokeStyle = t.faint;
  c.beginPath();
  c.textAlign = "center";
  c.textBaseline = "top";
  for (const [x, text] of ticks(plot.window[0], plot.window[1], width / 60)) {
    c.moveTo(plot.x(x), SIDES.top);
    c.lineTo(plot.x(x), bottom);
    c.fillText(text, plot.x(x), bottom + 6);
  }
  c.textAlign = "right";
  c.textBaseline = "middle";
  for (const [y, text] of plot.rows ? [] : ticks(plot.window[2], plot.window[3], height / 40)) {
    c.moveTo(left, plot.y(y));
    c.lineTo(left + width, plot.y(y));
    c.fillText(text, left - 6, plot.y(y));
  }
  c.stroke();
  c.textAlign = "center";
  c.textBaseline = "bottom";
  c.fillText(plot.xlabel, left + width / 2, bottom + SIDES.bottom);
  c.save();
  c.translate(1, SIDES.top + height / 2);
  c.rotate(-Math.PI / 2);
  c.textBaseline = "top";
  c.fillText(plot.ylabel, 0, 0);
  c.restore();
}
