// HandIn: saves the notebook, asks the kernel to check and to send it, and shows what came of it.

import { button } from "../widgets/kit/controls.js";
import { element, keepKeys, marked, say } from "../widgets/kit/elements.js";

const PAUSE = 300; // ms between two questions how far it is
// A page whose policy, which comes first in it, lets nothing in but one script that it knows.
const MARKED_BY_SCRIPT = /^\s*<!DOCTYPE html>\s*<html lang="en">\s*<head>\s*<meta charset="utf-8">\s*<meta http-equiv="Content-Security-Policy" content="default-src 'none';[^"]*script-src 'sha256-[A-Za-z0-9+\/=]+'">/;
const BUSY = {
  saving: "Saving …", checking: "Running the checks that you can see …", sending: "Sending …",
  marking: "Sent. Running all checks …", fetching: "Looking for feedback …",
};

function render({ model, el }) {
  let [timer, since, saving, open, frame] = [0, 0, false, false, null];
  let held = ""; // the role of the part that had the focus when it was replaced

  const main = button("Check and submit", "check", () => act("check"));
  const feedback = button("Look for feedback", "feedback", () => ask("feedback"));
  const stop = button("Stop", "stop", () => ask("stop"));
  const status = element("p", { "data-role": "status", role: "status" });
  const due = element("p", { class: "nn-hint", "data-role": "due" });
  const note = element("p", { class: "nn-note", "data-role": "note", role: "alert" });
  const shown = element("div", { class: "nn-handed", "data-role": "shown" });

  function ask(what, more = {}) {
    model.send({ do: what, ...more });
    show();
  }

  async function act(what) {
    if (saving) return;
    [saving, since] = [true, Date.now()];
    show();
    model.send({ do: "press" });
    const sources = await save(el);
    saving = false;
    ask(what, { sources });
  }

  function show() {
    const answer = model.get("answer");
    const phase = saving ? "saving" : answer.phase;
    const busy = phase in BUSY;
    if (busy && !timer) {
      since ||= Date.now();
      timer = setInterval(() => {
        if (!saving) model.send({ do: "look" });
        tick();
      }, PAUSE);
    } else if (!busy) {
      clearInterval(timer);
      [timer, since] = [0, 0];
    }
    main.disabled = feedback.disabled = busy || phase === "asking";
    stop.hidden = !["checking", "fetching"].includes(phase);
    say(note, answer.note ?? "");
    say(due, answer.receipt ? "" : aboutDue(answer.looked?.due ?? answer.due, new Date()));
    tick();
  }

  function tick() {
    const phase = saving ? "saving" : model.get("answer").phase;
    const seconds = Math.floor((Date.now() - since) / 1000);
    say(status, phase in BUSY ? BUSY[phase] + (seconds >= 3 ? ` ${seconds} s` : "") : "");
  }

  function receive() {
    const { looked, receipt, kept, mark, pages, phase } = model.get("answer");
    const parts = [];
    if (looked) parts.push(question(looked, () => act("send"), () => ask("stop")));
    if (receipt) parts.push(receiptCard(receipt, kept));
    if (mark) parts.push(markCard(mark));
    if (receipt && !mark && phase === "done") {
      parts.push(element("p", { class: "nn-hint" }, "Your teacher's marks show up here when they are released: look for feedback then."));
    }
    if (pages.length) {
      parts.push(element("div", { class: "nn-buttons" }, button(open ? "Hide the feedback page" : "Show the feedback page", "open", () => {
        open = !open;
        ask("page", { open });
        receive();
      })));
    } else {
      open = false;
    }
    held = shown.querySelector(":focus")?.getAttribute("data-role") ?? held;
    shown.replaceChildren(...parts);
    show();
    if (phase === "asking") held = "send";
    if (!held) return;
    // A button that is gone would leave somebody at the keyboard at the top of the page.
    const next = shown.querySelector(`[data-role=${held}]`) ?? shown.querySelector("[data-role=receipt]") ?? (phase === "idle" ? main : null);
    if (!next) return;
    next.focus({ preventScroll: true });
    held = "";
  }

  function page() {
    const html = model.get("page");
    const dark = document.body.dataset.jpThemeLight === "false";
    frame?.remove();
    frame = null;
    if (!html) return;
    // Chromium never paints a sandboxed frame that was created hidden, so there is none until then.
    frame = element("iframe", {
      class: "nn-page", title: "Feedback", "data-role": "page",
      sandbox: MARKED_BY_SCRIPT.test(html) ? "allow-scripts" : "",
      srcdoc: html.replace('<html lang="en">', `<html lang="en" data-theme="${dark ? "dark" : "light"}">`),
    });
    root.append(frame);
  }

  /** Keep the points that the page's reader gives their own answers: a sandboxed page can't. */
  function keepMarks({ source, data }) {
    if (!frame || source !== frame.contentWindow || typeof data?.selfMarks !== "string") return;
    const place = `self-marks ${data.selfMarks.slice(0, 200)}`;
    try {
      if (Array.isArray(data.chosen)) {
        localStorage.setItem(place, JSON.stringify(data.chosen.slice(0, 50).map((one) => String(one).slice(0, 10))));
      } else {
        source.postMessage({ selfMarks: data.selfMarks, chosen: JSON.parse(localStorage.getItem(place)) }, "*");
      }
    } catch {
      // Without storage the points last as long as the page is shown.
    }
  }

  const root = element("div", { class: "nn-explorer nn-hand-in", role: "group", "aria-label": `Hand in ${model.get("answer").lesson}` },
    element("div", { class: "nn-buttons" }, main, feedback, stop), element("div", {}, due, status, note), shown);
  keepKeys(root);
  el.append(root);
  receive();
  page();
  model.on("change:answer", receive);
  model.on("change:page", page);
  const themed = new MutationObserver(page);
  globalThis.addEventListener("message", keepMarks);
  themed.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  return () => {
    clearInterval(timer);
    themed.disconnect();
    globalThis.removeEventListener("message", keepMarks);
    model.off("change:answer", receive);
    model.off("change:page", page);
  };
}

/** Save the notebook that `el` is in: its cells' texts, or null where only Ctrl+S could be pressed. */
async function save(el) {
  const app = globalThis.jupyterapp ?? globalThis.jupyterlab;
  const panel = app && [...app.shell.widgets("main")].find((one) => one.context && one.content?.widgets && one.node.contains(el));
  if (!panel) {
    const keys = { key: "s", code: "KeyS", keyCode: 83, bubbles: true, cancelable: true };
    const mac = /Mac/.test(navigator.platform);
    el.dispatchEvent(new KeyboardEvent("keydown", { ...keys, ctrlKey: !mac, metaKey: mac }));
    await new Promise((done) => setTimeout(done, 1500));
    return null;
  }
  try {
    await panel.context.save();
  } catch {
    // JupyterLab has told why; the kernel sees that the file is not what is on the page.
  }
  return panel.content.widgets.map((cell) => cell.model.sharedModel.getSource());
}

/** When it is due, or that it was; times in the reader's zone. */
function aboutDue(due, now) {
  if (!due) return "";
  const when = new Date(due);
  const words = when.toLocaleString([], { dateStyle: "full", timeStyle: "short" });
  return now <= when
    ? `Due ${words}.`
    : `It was due ${words}, so it counts as late, unless your teacher gave you more time.`;
}

function question(looked, onSend, onStop) {
  const tests = looked.exercises.filter((one) => looked.failing.includes(one.name));
  const failed = tests.map((one) => {
    const first = one.checks.find((check) => !check.passed);
    const said = first ? `${first.label}${first.message ? `: ${first.message}` : ""}` : WORDS[one.error] ?? "";
    return element("li", {}, element("strong", {}, one.name), ` ${said}`);
  });
  return element("div", { class: "nn-ask", "data-role": "looked" },
    ...list("Repaired in the copy that is sent; your own file stays unchanged:", looked.repairs),
    ...list("Not sent:", looked.left_out),
    ...(failed.length ? [element("p", {}, "What the checks say:"), element("ul", {}, ...failed)] : []),
    element("p", { class: "nn-question", "data-role": "question" }, looked.question),
    element("div", { class: "nn-buttons" }, button("Send it", "send", onSend), button("Not yet", "not-yet", onStop)));
}

const WORDS = {
  timeout: "stopped at the time limit", crashed: "ended the program", memory: "used up the memory",
  raised: "raised an exception", missing: "no answer yet",
};

function receiptCard(receipt, kept) {
  const rows = [
    ["time", `${new Date(receipt.time).toLocaleString()} (${receipt.timestamp})`],
    ...(receipt.due ? [["due", new Date(receipt.due).toLocaleString()]] : []),
    ["by", receipt.student],
    ["SHA-256", receipt.sha256],
    ["sent", receipt.files.map((one) => `${one.name} (${one.bytes} bytes)`).join(", ")],
    ["answered", `${receipt.answered.length} of ${receipt.answered.length + receipt.unanswered.length}`],
    ...(receipt.unanswered.length ? [["no answer", receipt.unanswered.join(", ")]] : []),
    ...(kept ? [["kept in", kept.split(/[\\/]/).pop()]] : []),
  ];
  return element("div", { class: "nn-receipt", "data-role": "receipt", role: "group", "aria-label": `Receipt for ${receipt.lesson}`, tabindex: "-1" },
    element("p", { class: "nn-question" }, `Receipt: ${receipt.lesson} is handed in.`),
    element("dl", {}, ...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])),
    ...(receipt.due && new Date(receipt.time) > new Date(receipt.due)
      ? [element("p", { class: "nn-hint" }, aboutDue(receipt.due, new Date(receipt.time)))] : []),
    ...list("Repaired in the copy that was sent; your own file is unchanged:", receipt.repairs),
    ...list("Not sent:", receipt.left_out));
}

function markCard(mark) {
  if (mark.status !== "graded") return element("p", { class: "nn-note" }, mark.reason ?? "");
  const rows = mark.exercises.map((one) => {
    const hint = one.misconception?.hint ?? choiceOf(one)?.message;
    return element("tr", { class: one.score < one.max_score && !one.needs_manual_grade ? "nn-red" : "" },
      element("th", {}, one.name), element("td", {}, `${one.needs_manual_grade ? "–" : one.score} / ${one.max_score}`),
      element("td", {}, inWords(one), hint ? element("div", { class: "nn-hint" }, ...marked(hint)) : ""));
  });
  const own = mark.exercises.some((one) => one.needs_manual_grade);
  return element("div", { "data-role": "mark" },
    element("p", { class: "nn-question" }, `${mark.score} of ${mark.max_score} points, hidden checks included`),
    element("table", { class: "nn-marks" }, element("tbody", {}, ...rows)),
    ...(own ? [element("p", { class: "nn-hint" }, "On the feedback page you can compare your written answer with a mark scheme and add the points yourself.")] : []));
}

function inWords(exercise) {
  const passed = exercise.checks.filter((check) => check.passed).length;
  const count = `${passed} of ${exercise.checks.length} ${exercise.checks.length === 1 ? "check passes" : "checks pass"}`;
  const choice = choiceOf(exercise);
  if (exercise.needs_manual_grade) return "for you to mark";
  if (choice) return choice.passed ? "the right choice" : "not the right choice";
  return WORDS[exercise.error] ?? count;
}

/** The check of a multiple-choice question's letter; its message has the reason. */
function choiceOf(exercise) {
  return exercise.checks.find((check) => /^You chose [a-z]\./.test(check.message));
}

function list(title, sentences) {
  return sentences.length
    ? [element("p", {}, title), element("ul", {}, ...sentences.map((one) => element("li", {}, one)))] : [];
}

export default { render };
