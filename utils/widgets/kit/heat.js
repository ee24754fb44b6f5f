// Heat maps.

import { COLORS } from "./colors.js";
import { number } from "./elements.js";

/** The color of a value in a heat map: blue above 0, orange below; the strongest at ±limit. */
export function heat(value, limit, dark) {
  const stops = dark ? COLORS.heatDark : COLORS.heat;
  const at = ((Math.max(-1, Math.min(1, limit ? value / limit : 0)) + 1) / 2) * (stops.length - 1);
  const k = Math.min(stops.length - 2, Math.floor(at));
  const channel = (stop, i) => parseInt(stop.slice(1 + 2 * i, 3 + 2 * i), 16);
  const mix = [0, 1, 2].map((i) => Math.round(channel(stops[k], i) * (k + 1 - at) + channel(stops[k + 1], i) * (at - k)));
  return `rgb(${mix.join(", ")})`;
}

/** Black or white, whichever reads better on a color of `heat`: at least 4.5 to 1 (WCAG). */
function inkOn(color) {
  const [red, green, blue] = color.match(/\d+/g).map((value) => value / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000000" : "#ffffff";
}

/** The largest absolute value, for the limit of a heat map; 1 where all are 0. */
export function largest(values) {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
}

/** A matrix as colored cells, row by row from the upper left corner; `values` null: empty ones.
 *  numbers: write the values into the cells where there is room. */
export function heatMap({ context: c, theme: t }, values, { x, y, rows, columns, width, height, limit, numbers = false }) {
  for (let k = 0; k < rows * columns; k++) {
    const [left, top] = [x + (k % columns) * width, y + Math.floor(k / columns) * height];
    const inside = [left + 0.5, top + 0.5, Math.max(1, width - 1), Math.max(1, height - 1)];
    if (values) {
      const color = heat(values[k], limit, t.dark);
      c.fillStyle = color;
      c.fillRect(...inside);
      if (numbers && width >= 34 && height >= 13) {
        c.fillStyle = inkOn(color);
        c.font = `11px ${t.font}`;
        c.textAlign = "center";
        c.textBaseline = "middle";
        c.fillText(number(values[k], Math.abs(values[k]) < 9.95 ? 2 : 1), left + width / 2, top + height / 2 + 0.5);
      }
    } else {
      c.strokeStyle = t.faint;
      c.lineWidth = 1;
      c.strokeRect(inside[0], inside[1], inside[2] - 1, inside[3] - 1);
    }
  }
}
