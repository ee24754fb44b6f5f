// The explorers' kit. Python joins the course's COLORS, this, line.js and one explorer into an
// ES module.

const SIDES = { left: 48, right: 10, top: 10, bottom: 38 }; // CSS pixels around a plot's inside

// ---- elements

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function button(text, role, onClick) {
  const made = element("button", { type: "button", class: "nn-button", "data-role": role }, text);
  made.addEventListener("click", onClick);
  return made;
}

/** A labelled range input. `set` shows a value, and widens the range for one that is beyond it. */
function slider({ label, role, limit, step, format, say = format, onInput }) {
  const input = element("input", { type: "range", "data-role": role });
  const output = element("output", { "data-role": `${role}-value` });
  const row = element("label", { class: "nn-slider" }, element("span", {}, label), input, output);
  const widen = (to) => Object.assign(input, { max: to, min: -to, step: (step * to) / limit });
  widen(limit);
  const show = (value) => {
    output.textContent = format(value);
    input.setAttribute("aria-valuetext", say(value));
  };
  const set = (value) => {
    let to = Number(input.max);
    while (Math.abs(value) > to) to *= 2;
    if (to > Number(input.max)) widen(to);
    input.value = value;
    show(value);
  };
  input.addEventListener("input", () => {
    show(Number(input.value));
    onInput(Number(input.value));
  });
  return { row, set, reset: () => widen(limit) };
}

/** As `slider`, from low to high, for values that need not lie around 0. */
function range({ label, role, low, high, step, format, say = format, onInput }) {
  const input = element("input", { type: "range", "data-role": role, min: low, max: high, step });
  const output = element("output", { "data-role": `${role}-value` });
  const row = element("label", { class: "nn-slider nn-range" }, element("span", {}, label), input, output);
  const set = (value) => {
    input.value = value;
    output.textContent = format(value);
    input.setAttribute("aria-valuetext", say(value));
  };
  input.addEventListener("input", () => {
    set(Number(input.value));
    onInput(Number(input.value));
  });
  return { row, set };
}

/** Native checkboxes that are a legend too. choices: [{ value, text, color, dash }];
 *  onChoose gets the values that are ticked. */
function checkboxes(legend, role, choices, onChoose) {
  const inputs = choices.map(({ value }) => {
    const input = element("input", { type: "checkbox", value, "data-role": `${role}-${value}` });
    input.addEventListener("change", () => onChoose(inputs.filter((i) => i.checked).map((i) => i.value)));
    return input;
  });
  const labels = choices.map((one, k) => element("label", {}, inputs[k], sample(one), one.text));
  const row = element("fieldset", { class: "nn-radios nn-checks" }, element("legend", {}, legend), ...labels);
  return { row, set: (values) => inputs.forEach((i) => (i.checked = values.includes(i.value))) };
}

/** A piece of a curve, dashed as it is, to stand before its name. */
function sample({ color, dash = [] }) {
  let at = 0;
  const parts = (dash.length ? dash : [1]).map((length, k) =>
    `${k % 2 ? "transparent" : color} ${at}px ${(at += length)}px`);
  return element("span", { class: "nn-sample", "aria-hidden": "true", style: `background: repeating-linear-gradient(90deg, ${parts.join(", ")})` });
}

/** The names of curves beside their samples; entries: [{ text, color, dash }]. */
function legend(entries) {
  return element("p", { class: "nn-legend" },
    ...entries.map((one) => element("span", {}, sample(one), one.text)));
}

/** Native radio buttons side by side; `choices` maps a value to its text. */
function radios(legend, role, choices, onChoose) {
  const name = `nn-${Math.random().toString(36).slice(2)}`;
  const inputs = Object.keys(choices).map((value) => {
    const input = element("input", { type: "radio", name, value, "data-role": `${role}-${value}` });
    input.addEventListener("change", () => onChoose(value));
    return input;
  });
  const labels = inputs.map((input) => element("label", {}, input, choices[input.value]));
  const row = element("fieldset", { class: "nn-radios" }, element("legend", {}, legend), ...labels);
  return { row, set: (value) => inputs.forEach((i) => (i.checked = i.value === value)) };
}

/** JupyterLab takes arrow keys, Enter and letters from what stands in an output: keep them here,
 *  all but its own chords, Shift+Enter and Escape. */
function keepKeys(root) {
  root.addEventListener("keydown", (event) => {
    const chord = event.ctrlKey || event.metaKey || event.altKey;
    const jupyters = event.key === "Escape" || (event.shiftKey && event.key === "Enter");
    if (!chord && !jupyters) event.stopPropagation();
  });
}

function number(value, digits = 2) {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `\u2212${text}` : text;
}

// ---- plots

/** A canvas with axes. `draw(plot)` paints the inside; `plot.redraw()` asks for the next frame.
 *  window: [x low, x high, y low, y high]; aspect: width over height of the inside. */
function makePlot({ role, window, aspect, xlabel, ylabel, draw }) {
  const canvas = element("canvas", { class: "nn-canvas", "data-role": role, role: "img" });
  const context = canvas.getContext("2d");
  const plot = { canvas, context, window, xlabel, ylabel, width: 0, height: 0 };
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
  let frame = 0;
  const paint = () => {
    frame = 0;
    if (plot.width <= 0) return;
    const dense = globalThis.devicePixelRatio || 1;
    const [wide, high] = [plot.width + SIDES.left + SIDES.right, plot.height + SIDES.top + SIDES.bottom];
    const size = [Math.round(wide * dense), Math.round(high * dense)];
    if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.clearRect(0, 0, wide, high);
    plot.theme = theme(canvas);
    axes(plot);
    context.save();
    context.beginPath();
    context.rect(SIDES.left, SIDES.top, plot.width, plot.height);
    context.clip();
    draw(plot);
    context.restore();
    painted(canvas);
  };
  plot.redraw = () => (frame ||= requestAnimationFrame(paint));
  const resized = new ResizeObserver(() => {
    plot.width = canvas.clientWidth - SIDES.left - SIDES.right;
    plot.height = plot.width / aspect;
    canvas.style.height = `${Math.max(0, plot.height) + SIDES.top + SIDES.bottom}px`;
    if (frame) cancelAnimationFrame(frame);
    paint(); // at once: setting a canvas's size clears it, and a frame later it would flicker
  });
  resized.observe(canvas);
  const themed = new MutationObserver(plot.redraw);
  themed.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-name", "class"] });
  plot.remove = () => {
    resized.disconnect();
    themed.disconnect();
    cancelAnimationFrame(frame);
  };
  return plot;
}

/** Tells whoever measures that a canvas shows something new. */
function painted(canvas) {
  canvas.dispatchEvent(new CustomEvent("nn-painted", { bubbles: true }));
}

function theme(node) {
  const style = getComputedStyle(node);
  const get = (name) => style.getPropertyValue(name).trim();
  return {
    ink: get("--nn-ink"), soft: get("--nn-soft"), faint: get("--nn-faint"), mesh: get("--nn-mesh"), paper: get("--nn-paper"),
    shade: Number(get("--nn-shade")), font: style.fontFamily,
  };
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
  for (const [y, text] of ticks(plot.window[2], plot.window[3], height / 40)) {
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

/** A class's mark: a circle for 0, a square for 1; `size` is the circle's radius. */
function marker({ context: c, theme: t }, x, y, label, size = 5) {
  c.beginPath();
  if (label) c.rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8);
  else c.arc(x, y, size, 0, 2 * Math.PI);
  c.fillStyle = COLORS.classes[label];
  c.fill();
  c.strokeStyle = t.ink;
  c.lineWidth = 0.8;
  c.stroke();
}

function ring({ context: c }, x, y, color, radius = 8, width = 2) {
  c.beginPath();
  c.arc(x, y, radius, 0, 2 * Math.PI);
  c.strokeStyle = color;
  c.lineWidth = width;
  c.stroke();
}

function path(plot, points) {
  plot.context.beginPath();
  points.forEach(([x, y], k) => plot.context[k ? "lineTo" : "moveTo"](plot.x(x), plot.y(y)));
}

function stroke(plot, points, { color, width = 2, dash = [] }) {
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
function curves(plot, xs, lines) {
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

/** Equal bins from low to high as a filled stair; `shares` are their heights in the plot's y. */
function histogram(plot, shares, low, high, { color, dash = [], alpha = 0.22, base = 0, width = 1.8 }) {
  const c = plot.context;
  const at = (k) => plot.x(low + ((high - low) * k) / shares.length);
  c.beginPath();
  c.moveTo(at(0), plot.y(base));
  shares.forEach((share, k) => {
    c.lineTo(at(k), plot.y(base + share));
    c.lineTo(at(k + 1), plot.y(base + share));
  });
  c.lineTo(at(shares.length), plot.y(base));
  c.globalAlpha = alpha;
  c.fillStyle = color;
  c.fill();
  c.globalAlpha = 1;
  c.setLineDash(dash);
  c.strokeStyle = color;
  c.lineWidth = width;
  c.stroke();
  c.setLineDash([]);
}

/** Values on a side × side grid over `plot.window`: a shade where they are 0 or above. */
function region(plot, values, side, color, alpha) {
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

// ---- bytes from the kernel

/** A DataView as an array of little-endian floats, wherever in its buffer it begins. */
function floats(view) {
  return Float32Array.from({ length: view.byteLength / 4 }, (_, k) => view.getFloat32(4 * k, true));
}

function bytes(view) {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Text in place, without touching a node that already says so (a screen reader would repeat it). */
function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// ---- heat maps, boards without axes, steps

/** The colour of a value in a heat map: blue above 0, orange below; the darkest at ±limit. */
function heat(value, limit) {
  const stops = COLORS.heat;
  const at = ((Math.max(-1, Math.min(1, limit ? value / limit : 0)) + 1) / 2) * (stops.length - 1);
  const k = Math.min(stops.length - 2, Math.floor(at));
  const channel = (stop, i) => parseInt(stop.slice(1 + 2 * i, 3 + 2 * i), 16);
  const mix = [0, 1, 2].map((i) => Math.round(channel(stops[k], i) * (k + 1 - at) + channel(stops[k + 1], i) * (at - k)));
  return `rgb(${mix.join(", ")})`;
}

/** Black or white, whichever reads better on a colour of `heat`. */
function inkOn(color) {
  const [red, green, blue] = color.match(/\d+/g).map((value) => (value / 255) ** 2.2);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? "#111111" : "#ffffff";
}

/** The largest absolute value, for the limit of a heat map; 1 where all are 0. */
function largest(values) {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
}

/** A matrix as coloured cells, row by row from the upper left corner; `values` null: empty ones.
 *  numbers: write the values into the cells where there is room. */
function heatMap({ context: c, theme: t }, values, { x, y, rows, columns, width, height, limit, numbers = false }) {
  for (let k = 0; k < rows * columns; k++) {
    const [left, top] = [x + (k % columns) * width, y + Math.floor(k / columns) * height];
    const inside = [left + 0.5, top + 0.5, Math.max(1, width - 1), Math.max(1, height - 1)];
    if (values) {
      c.fillStyle = heat(values[k], limit);
      c.fillRect(...inside);
      if (numbers && width >= 34 && height >= 13) {
        c.fillStyle = inkOn(heat(values[k], limit));
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

/** A canvas without axes. `draw(board)` paints it; `board.redraw()` asks for the next frame.
 *  height: CSS pixels as a function of the width; pick(x, y): a click at these pixels. */
function makeBoard({ role, height, draw, pick }) {
  const canvas = element("canvas", { class: "nn-canvas", "data-role": role, role: "img" });
  const context = canvas.getContext("2d");
  const board = { canvas, context, width: 0, height: 0 };
  let frame = 0;
  const paint = () => {
    frame = 0;
    if (board.width <= 0) return;
    const dense = globalThis.devicePixelRatio || 1;
    const size = [Math.round(board.width * dense), Math.round(board.height * dense)];
    if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.clearRect(0, 0, board.width, board.height);
    board.theme = theme(canvas);
    draw(board);
    painted(canvas);
  };
  board.redraw = () => (frame ||= requestAnimationFrame(paint));
  const resized = new ResizeObserver(() => {
    board.width = canvas.clientWidth;
    board.height = height(board.width);
    canvas.style.height = `${board.height}px`;
    if (frame) cancelAnimationFrame(frame);
    paint(); // at once: setting a canvas's size clears it, and a frame later it would flicker
  });
  resized.observe(canvas);
  const themed = new MutationObserver(board.redraw);
  themed.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-name", "class"] });
  if (pick) {
    canvas.addEventListener("click", (event) => {
      const box = canvas.getBoundingClientRect();
      pick(event.clientX - box.left, event.clientY - box.top);
    });
  }
  board.remove = () => {
    resized.disconnect();
    themed.disconnect();
    cancelAnimationFrame(frame);
  };
  return board;
}

/** A labelled range input for whole numbers from 0 to `most`. */
function picker({ label, role, most, format = String, onInput }) {
  const input = element("input", { type: "range", "data-role": role, min: 0, max: most, step: 1 });
  const output = element("output", { "data-role": `${role}-value` });
  const row = element("label", { class: "nn-slider" }, element("span", {}, label), input, output);
  const show = (value) => {
    output.textContent = format(value);
    input.setAttribute("aria-valuetext", format(value));
  };
  input.addEventListener("input", () => {
    show(Number(input.value));
    onInput(Number(input.value));
  });
  const set = (value, max = Number(input.max)) => {
    input.max = max;
    input.value = value;
    show(value);
  };
  return { row, set };
}

/** Back, Step and Play over the steps 0 to most. `onStep(k)` is told of every change;
 *  `set(k, most)` goes to a step, and changes how many there are. */
function stepper({ most, pause = 1100, onStep }) {
  let [now, last, timer] = [0, most, 0];
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    say(play, "Play");
  };
  const go = (k) => {
    now = Math.max(0, Math.min(last, k));
    if (now === last && timer) stop();
    position.set(now, last);
    onStep(now);
  };
  const by = (change) => () => {
    stop();
    go(now + change);
  };
  const play = button("Play", "play", () => {
    if (timer) return stop();
    if (now === last) go(0);
    timer = setInterval(() => go(now + 1), pause);
    say(play, "Pause");
  });
  const position = picker({
    label: "step", role: "position", most, format: (k) => `${k + 1} of ${last + 1}`,
    onInput: (k) => {
      stop();
      go(k);
    },
  });
  const row = element("div", { class: "nn-buttons" },
    button("Back", "back", by(-1)), button("Step", "forward", by(1)), play);
  position.set(0, most);
  return {
    row, slider: position.row, stop, get now() { return now; },
    set: (k, end = last) => {
      last = end;
      go(k);
    },
  };
}
