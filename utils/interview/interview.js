// Interview: one question after another; Python keeps how they went.

import { button } from "../widgets/kit/controls.js";
import { element, keepKeys, marked, say } from "../widgets/kit/elements.js";
import { count, prose } from "../widgets/kit/prose.js";

const HANDED_IN = 4; // answers, with lesson 17

function render({ model, el }) {
  let questions, enough;
  let [timer, said, written] = [0, {}, {}]; // the latter by a question's place; answers stay here
  const text = (markdown) => prose(markdown, model.widget_manager);
  const note = element("p", { class: "nn-note", "data-role": "note", role: "alert" });
  const stage = element("div", { class: "nn-stage-of-one", "data-role": "stage" });
  const root = element("div", { class: "nn-explorer nn-interview", role: "group", "aria-label": "Mock interview" }, stage, note);

  function show(first, ...parts) {
    clearInterval(timer);
    stage.replaceChildren(...parts);
    first?.focus();
  }

  function begin(focused) {
    ({ questions, enough } = model.get("facts"));
    [said, written] = [{}, {}];
    const minutes = questions.reduce((sum, one) => sum + one.minutes, 0);
    const titles = new Set(questions.map((one) => one.lesson));
    const start = button("Start", "start", () => ask(0));
    show(focused ? start : null,
      element("p", {}, `${count(questions.length, "question")} from ${count(titles.size, "lesson")}, about ${count(minutes, "minute")}. Answer in writing or aloud, then compare. The clock never cuts you off.`),
      element("div", { class: "nn-buttons" }, start));
  }

  function ask(k) {
    const { text: question, minutes } = questions[k];
    const answer = element("textarea", { class: "nn-answer", "data-role": "answer", rows: 7, "aria-label": `Your answer: ${question}`, placeholder: "Your answer: key words are enough if you say it aloud." });
    answer.addEventListener("keydown", (event) => { // it would run the cell, and the answer be gone
      if (event.key === "Enter" && event.shiftKey) event.stopPropagation();
    });
    const clock = element("p", { class: "nn-clock", "data-role": "clock", role: "timer" });
    const left = element("span", {});
    const bar = element("div", { class: "nn-time", "aria-hidden": "true" }, left);
    const over = element("p", { class: "nn-hint", "data-role": "over", role: "status" });
    const since = Date.now();
    const tick = () => {
      const seconds = Math.floor((Date.now() - since) / 1000);
      say(clock, `${time(seconds)} of ${time(60 * minutes)}`);
      left.style.width = `${Math.min(100, (seconds / (60 * minutes)) * 100)}%`;
      bar.classList.toggle("nn-over", seconds >= 60 * minutes);
      say(over, seconds >= 60 * minutes ? "In a real interview, time would be up. Finish your thought." : "");
    };
    show(answer, heading(k, text(question)), answer,
      element("div", { class: "nn-clocked" }, bar, clock), over,
      element("div", { class: "nn-buttons" }, button("Show the model answer", "show", () => {
        written[k] = answer.value.trim();
        compare(k);
      })));
    tick();
    timer = setInterval(tick, 500);
  }

  function compare(k) {
    const { text: question, title, answer, points } = questions[k];
    const boxes = points.map((_, j) => element("input", { type: "checkbox", "data-role": `point-${j}` }));
    const ticks = element("fieldset", { class: "nn-rubric" }, element("legend", {}, "A good answer says the following. Tick what you said:"),
      ...points.map((point, j) => element("label", {}, boxes[j], element("span", {}, point))));
    const model_ = element("section", { "data-role": "model", tabindex: "-1", "aria-label": title }, element("p", { class: "nn-part" }, title), text(answer));
    const last = k === questions.length - 1;
    show(model_, heading(k, text(question)),
      element("div", { class: "nn-compared" },
        element("section", { "data-role": "own", "aria-label": "Your answer" }, element("p", { class: "nn-part" }, "Your answer"),
          element("p", { class: "nn-own" }, written[k] || "Nothing written: said aloud, or skipped.")),
        model_),
      ticks,
      element("div", { class: "nn-buttons" }, button(last ? "Finish" : "Next question", "next", () => {
        said = { ...said, [k]: boxes.flatMap((box, j) => (box.checked ? [j] : [])) };
        model.set("said", said);
        model.save_changes();
        last ? finish() : ask(k + 1);
      })));
  }

  function finish() {
    const rows = questions.map((one, k) => element("tr", { class: badly(k) ? "nn-red" : "" },
      element("th", { scope: "row" }, text(one.text)), element("td", {}, one.lesson.split(" · ")[0]),
      element("td", {}, `${said[k].length} of ${one.points.length}${badly(k) ? ": again" : ""}`)));
    const [got, all] = [said, questions.map((one) => one.points)].map((lists) => Object.values(lists).reduce((sum, list) => sum + list.length, 0));
    const again = questions.filter((_, k) => badly(k)).length;
    const title = element("p", { class: "nn-question", "data-role": "record", tabindex: "-1" },
      `You said ${got} of ${count(all, "point")}. ` + (again
        ? `${count(again, "question")} went badly and will come first next time.`
        : "Nothing has to come again."));
    show(title, title, element("table", { class: "nn-marks", "data-role": "table" },
      element("thead", {}, element("tr", {}, ...["Question", "Lesson", "Points"].map((name) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, ...rows)),
      element("p", { class: "nn-hint" }, "This is kept in a file beside your lessons, without your answers."),
      ...handIn(),
      element("div", { class: "nn-buttons" }, button("Another interview", "again", () => {
        model.set("said", {});
        model.set("drawn", model.get("drawn") + 1);
        model.save_changes();
      })));
  }

  /** Answers to copy into the capstone, each below its question: by that a teacher finds what a
   *  good answer says. */
  function handIn() {
    const places = questions.flatMap((one, k) => (written[k] && one.handed_in ? [k] : []));
    if (!places.length) return [];
    const boxes = places.map((k, j) => element("input", { type: "checkbox", "data-role": `hand-in-${k}`, ...(j < HANDED_IN ? { checked: "" } : {}) }));
    const copied = element("textarea", { class: "nn-answer", "data-role": "handed-in", rows: 6, readonly: "", "aria-label": "What is copied" });
    const status = element("p", { class: "nn-hint", "data-role": "copied", role: "status" });
    const update = () => {
      const chosen = places.filter((_, j) => boxes[j].checked);
      copied.value = chosen.map((k) => `### ${questions[k].text}\n\n${written[k].replace(/^#+ /gm, "")}`).join("\n\n");
      say(status, chosen.length === HANDED_IN ? "" : `${chosen.length} of ${HANDED_IN} are chosen.`);
    };
    const copy = button("Copy", "copy", async () => {
      copied.select();
      try { // not every page may write to the clipboard
        await navigator.clipboard.writeText(copied.value);
        say(status, "Copied. Paste it into the last written answer of lesson 17.");
      } catch {
        say(status, "Press Ctrl+C (on a Mac, Cmd+C), then paste it into the last written answer of lesson 17.");
      }
    });
    for (const box of boxes) box.addEventListener("change", update);
    update();
    return [element("details", { class: "nn-copies", "data-role": "hand-in" }, element("summary", {}, "Hand in four answers with lesson 17"),
      element("fieldset", { class: "nn-rubric" }, element("legend", {}, "Choose four that you wrote:"),
        ...places.map((k, j) => element("label", {}, boxes[j], element("span", {}, ...marked(questions[k].text))))),
      copied, element("div", { class: "nn-buttons" }, copy), status)];
  }

  function badly(k) {
    return said[k].length < enough * questions[k].points.length;
  }

  function heading(k, question) {
    return element("div", { class: "nn-asked", "data-role": "question" },
      element("p", { class: "nn-hint" }, `Question ${k + 1} of ${questions.length} · lesson ${questions[k].lesson}`), question);
  }

  const tell = () => say(note, model.get("answer").note);
  keepKeys(root);
  el.append(root);
  begin(false);
  const drawn = () => begin(true);
  model.on("change:answer", tell);
  model.on("change:facts", drawn);
  return () => {
    clearInterval(timer);
    model.off("change:answer", tell);
    model.off("change:facts", drawn);
  };
}

function time(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export default { render };
