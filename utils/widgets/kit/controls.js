// What a person moves, ticks and presses, and the names of curves beside their samples.

import { element, say } from "./elements.js";

export function button(text, role, onClick) {
  const made = element("button", { type: "button", class: "nn-button", "data-role": role }, text);
  made.addEventListener("click", onClick);
  return made;
}

/** A labeled range input. `set` shows a value, and widens the range for one that is beyond it. */
export function slider({ label, role, limit, step, format, say = format, onInput }) {
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

/** Like `slider`, but from low to high, for values that need not lie around 0. */
export function range({ label, role, low, high, step, format, say = format, onInput }) {
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

/** Like `range`, over positive numbers that people choose, a percent or two apart: 0.098, 0.099, 0.1,
 *  0.102 and so on. low, high: two of them. `share` is where in the range a number lies, from 0 to 1. */
export function scale({ label, role, low, high, format, say = format, onInput }) {
  const values = [];
  for (let power = Math.floor(Math.log10(low)) - 2; Number(`1e${power}`) < high; power++) {
    for (let k = 100; k < 1000; k += k < 200 ? 2 : k < 500 ? 5 : 10) {
      const value = Number(`${k}e${power}`);
      if (value >= low && value <= high) values.push(value);
    }
  }
  const away = (k, value) => Math.abs(Math.log(values[k] / value));
  const nearest = (value) => values.reduce((best, _, k) => (away(k, value) < away(best, value) ? k : best), 0);
  const { row, set } = range({
    label, role, low: 0, high: values.length - 1, step: 1, format: (k) => format(values[k]), say: (k) => say(values[k]),
    onInput: (k) => onInput(values[k]),
  });
  return { row, set: (value) => set(nearest(value)), share: (value) => nearest(value) / (values.length - 1) };
}

/** A labeled range input for whole numbers from 0 to `most`. */
export function picker({ label, role, most, format = (k) => String(k), onInput }) {
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

/** Native checkboxes that are a legend too. choices: [{ value, text, color, dash }];
 *  onChoose gets the values that are ticked. */
export function checkboxes(legend, role, choices, onChoose) {
  const inputs = choices.map(({ value }) => {
    const input = element("input", { type: "checkbox", value, "data-role": `${role}-${value}` });
    input.addEventListener("change", () => onChoose(inputs.filter((i) => i.checked).map((i) => i.value)));
    return input;
  });
  const labels = choices.map((one, k) => element("label", {}, inputs[k], sample(one), one.text));
  const row = element("fieldset", { class: "nn-radios nn-checks" }, element("legend", {}, legend), ...labels);
  return { row, set: (values) => inputs.forEach((i) => (i.checked = values.includes(i.value))) };
}

/** Native radio buttons side by side; `choices` maps a value to its text. */
export function radios(legend, role, choices, onChoose) {
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

/** A piece of a curve, dashed as it is, to stand before its name. */
export function sample({ color, dash = [] }) {
  let at = 0;
  const parts = (dash.length ? dash : [1]).map((length, k) =>
    `${k % 2 ? "transparent" : color} ${at}px ${(at += length)}px`);
  return element("span", { class: "nn-sample", "aria-hidden": "true", style: `background: repeating-linear-gradient(90deg, ${parts.join(", ")})` });
}

/** The names of curves beside their samples; entries: [{ text, color, dash }]. */
export function legend(entries) {
  return element("p", { class: "nn-legend" },
    ...entries.map((one) => element("span", {}, sample(one), one.text)));
}

/** Back, Step and Play over the steps 0 to most. `onStep(k)` is told of every change;
 *  `set(k, most)` goes to a step, and changes how many there are. */
export function stepper({ most, pause = 1100, onStep }) {
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
