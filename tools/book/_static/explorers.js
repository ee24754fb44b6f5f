// Explorers on a page without Python. What only changes the view works. What asks a function is
// answered from the states that were recorded when the page was made; anything else stays put.

const NOTE = "That needs Python, so it stays as it was. It works in JupyterLab, with your own functions.";
const clone = (value) => JSON.parse(JSON.stringify(value));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** Recorded bytes as the DataView that a kernel would have sent. */
function decoded(value) {
  if (Array.isArray(value)) return value.map(decoded);
  if (value === null || typeof value !== "object") return value;
  if ("base64" in value) {
    return new DataView(Uint8Array.from(atob(value.base64), (c) => c.charCodeAt(0)).buffer);
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, decoded(one)]));
}

/** The recorded state that has the `asked` values, or for numbers the nearest; of several the one
 *  that is most like `now`. */
function answering(states, asked, now) {
  let found = states;
  for (const [name, value] of Object.entries(asked)) {
    if (!found.length || !(name in found[0])) return undefined;
    const exact = found.filter((one) => same(one[name], value));
    if (!exact.length && typeof value !== "number") return undefined;
    const least = Math.min(...found.map((one) => Math.abs(one[name] - value)));
    found = exact.length ? exact : found.filter((one) => Math.abs(one[name] - value) === least);
  }
  const alike = (one) => Object.keys(one).filter((name) => name !== "answer" && same(one[name], now[name])).length;
  return found.reduce((best, one) => (alike(one) > alike(best) ? one : best), found[0]);
}

/** What an explorer's script takes for its model. `say` gets the note, or nothing. */
function makeModel({ state, states: tables, values, free }, say) {
  const looked = (table) => Object.fromEntries(Object.entries(table).map(([name, at]) =>
    [name, typeof at === "number" ? values[at] : looked(at)]));
  const states = tables.map(looked);
  let raw = state; // as recorded
  const live = decoded(state);
  let asked = {};
  const listeners = new Map();
  const changed = (names) => {
    for (const name of names) for (const one of [...(listeners.get(`change:${name}`) || [])]) one();
  };
  const each = (events, task) => events.split(" ").forEach((event) => {
    if (!listeners.has(event)) listeners.set(event, new Set());
    task(listeners.get(event));
  });
  return {
    get: (name) => live[name],
    set(name, value) {
      asked[name] = value;
      live[name] = value;
    },
    save_changes() {
      const [names, wanted] = [Object.keys(asked), clone(asked)];
      asked = {};
      if (names.every((name) => free.includes(name))) {
        raw = { ...raw, ...wanted };
        say("");
        return changed(names);
      }
      const next = answering(states, wanted, raw);
      say(next ? "" : NOTE);
      raw = { ...raw, ...next };
      const touched = new Set([...names, ...Object.keys(next || {})]);
      for (const name of touched) live[name] = decoded(raw[name]);
      changed(touched);
    },
    on: (events, callback) => each(events, (set) => set.add(callback)),
    off: (events, callback) => each(events, (set) => set.delete(callback)),
    send() {},
  };
}

async function start(place) {
  const recorded = JSON.parse(place.querySelector("script").textContent);
  const address = URL.createObjectURL(new Blob([recorded.script], { type: "text/javascript" }));
  const { default: explorer } = await import(address);
  URL.revokeObjectURL(address);
  const style = document.createElement("style");
  style.textContent = recorded.style;
  const el = document.createElement("div");
  el.className = "explorer-live";
  const note = document.createElement("p");
  note.className = "explorer-note";
  note.setAttribute("role", "status");
  place.append(style, el, note);
  explorer.render({ el, model: makeModel(recorded, (text) => { note.textContent = text; }) });
  place.classList.add("is-live"); // from here on the picture is for paper
}

/** Explorers look for JupyterLab's theme on the body, and paint anew when it changes. */
function followTheme() {
  const { theme } = document.documentElement.dataset;
  document.body.dataset.jpThemeLight = String(theme !== "dark");
  document.body.dataset.jpThemeName = theme || "light";
}

document.addEventListener("DOMContentLoaded", () => {
  followTheme();
  new MutationObserver(followTheme).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  document.querySelectorAll(".explorer:has(> script)").forEach(start);
});
