// Review: what is due, one question after another; Python keeps what came of it.

import { button } from "../widgets/kit/controls.js";
import { element, keepKeys, say } from "../widgets/kit/elements.js";
import { count, prose } from "../widgets/kit/prose.js";

function render({ model, el }) {
  let facts, chosen;
  const text = (markdown) => prose(markdown, model.widget_manager);
  const note = element("p", { class: "nn-note", "data-role": "note", role: "alert" });
  const stage = element("div", { class: "nn-stage-of-one", "data-role": "stage" });
  const root = element("div", { class: "nn-explorer nn-interview nn-review", role: "group", "aria-label": "Review" }, stage, note);

  function show(first, ...parts) {
    stage.replaceChildren(...parts);
    first?.focus();
  }

  function begin(focused) {
    facts = model.get("facts");
    chosen = {};
    const { questions, more } = facts;
    const say_ = element("p", { class: "nn-question", "data-role": "due", tabindex: "-1" }, summary());
    if (!questions.length) return show(focused ? say_ : null, say_, ...inBoxes());
    const start = button("Start", "start", () => ask(0));
    const extra = more ? ` ${count(more, "more")} after ${questions.length === 1 ? "it" : "them"}.` : "";
    say_.append(extra);
    show(focused ? start : null, say_, ...inBoxes(), element("div", { class: "nn-buttons" }, start));
  }

  function summary() {
    const { questions, next, boxes, learned } = facts;
    if (questions.length) return `${count(questions.length, "question")} ${questions.length === 1 ? "is" : "are"} due today.`;
    if (next) return `Nothing is due today. The next one comes back ${next}.`;
    if (learned) return "Nothing is left in the boxes: you have learned all of it.";
    return boxes.some(Boolean) ? "" : "Nothing is in your boxes. What a card names as a known mistake comes here, and what you got wrong in a quiz, once your feedback is here.";
  }

  /** How many there are in each box. */
  function inBoxes() {
    const { boxes, days, learned } = facts;
    if (!boxes.some(Boolean) && !learned) return [];
    const names = [...days.map((n) => `after ${count(n, "day")}`), "learned"];
    return [element("div", { class: "nn-boxes", "data-role": "boxes", role: "list" }, ...[...boxes, learned].map((n, k) =>
      element("p", { class: k === boxes.length ? "nn-learned" : "", role: "listitem" }, names[k], element("strong", {}, String(n)))))];
  }

  function ask(k) {
    const one = facts.questions[k];
    if (!one.options.length) return askInWords(k);
    const name = `nn-${Math.random().toString(36).slice(2)}`;
    const inputs = one.options.map((_, j) => element("input", { type: "radio", name, value: j, "data-role": `option-${j}` }));
    const options = element("fieldset", { class: "nn-rubric", "data-role": "options" }, element("legend", {}, "Choose one:"),
      ...one.options.map((option, j) => element("label", {}, inputs[j], text(option.text))));
    const check = button("Check", "check", () => {
      const j = inputs.findIndex((input) => input.checked);
      if (j < 0) return say(missing, "Choose an answer first.");
      settle(k, j);
      compare(k, j);
    });
    const missing = element("p", { class: "nn-hint", "data-role": "missing", role: "status" });
    const head = heading(k, text(one.text));
    show(head, head, options, missing, element("div", { class: "nn-buttons" }, check));
  }

  function compare(k, j) {
    const one = facts.questions[k];
    const right = one.options.find((option) => option.right);
    const mine = one.options[j];
    const verdict = element("section", { class: `nn-verdict ${mine.right ? "nn-passed" : "nn-failed"}`, "data-role": "verdict", tabindex: "-1", "aria-label": mine.right ? "Right" : "Wrong" },
      element("p", { class: "nn-part" }, mine.right ? "✓ Right" : "✗ Wrong"), ...said("You chose", mine),
      ...(mine.right ? [] : said("Right is", right)),
      ...(one.after ? [text(one.after)] : []), back(one, mine.right));
    show(verdict, heading(k, text(one.text)), verdict, onward(k));
  }

  /** An option, and what there is to say of it. */
  function said(words, option) {
    return [element("div", { class: "nn-chose" }, element("span", { class: "nn-hint" }, words), text(option.text)),
      ...(option.why ? [text(option.why)] : [])];
  }

  function askInWords(k) {
    const one = facts.questions[k];
    const compared = button("Compare", "compare", () => {
      const asked = element("section", { "data-role": "contract", tabindex: "-1", "aria-label": "What the lesson asks for" },
        element("p", { class: "nn-part" }, `What the lesson asks of ${one.exercise}`), text(one.contract));
      const judge = (words, role, known) => button(words, role, () => {
        settle(k, known);
        const verdict = element("section", { class: `nn-verdict ${known ? "nn-passed" : "nn-failed"}`, "data-role": "verdict", tabindex: "-1" }, back(one, known));
        show(verdict, heading(k, text(one.text)), asked, verdict, onward(k));
      });
      show(asked, heading(k, text(one.text)), asked,
        element("div", { class: "nn-buttons" }, judge("I knew it", "knew", 1), judge("I didn't", "missed", 0)));
    });
    const head = heading(k, text(one.text));
    show(head, head, element("div", { class: "nn-buttons" }, compared));
  }

  /** Keep what came of a question: the place of an option, or whether it was known. */
  function settle(k, answer) {
    chosen = { ...chosen, [k]: answer };
    model.set("chosen", chosen);
    model.save_changes();
  }

  function right(k) {
    const { options } = facts.questions[k];
    return Boolean(options.length ? options[chosen[k]].right : chosen[k]);
  }

  function back(one, known) {
    const when = known ? one.right : one.wrong;
    return element("p", { class: "nn-hint" }, when ? `It comes back ${when}.` : "You got it right four times: it doesn't come back.");
  }

  function onward(k) {
    const last = k === facts.questions.length - 1;
    return element("div", { class: "nn-buttons" }, button(last ? "Finish" : "Next question", "next", () => (last ? finish() : ask(k + 1))));
  }

  function finish() {
    const { questions, more } = facts;
    const rows = questions.map((one, k) => element("tr", { class: right(k) ? "" : "nn-red" },
      element("th", { scope: "row" }, one.exercise), element("td", {}, one.lesson.split(" · ")[0]),
      element("td", {}, right(k) ? "right" : "wrong"), element("td", {}, (right(k) ? one.right : one.wrong) || "learned")));
    const good = questions.filter((_, k) => right(k)).length;
    const title = element("p", { class: "nn-question", "data-role": "record", tabindex: "-1" }, `${good} of ${questions.length} right.`);
    show(title, title, element("table", { class: "nn-marks", "data-role": "table" },
      element("thead", {}, element("tr", {}, ...["Exercise", "Lesson", "Answer", "Comes back"].map((name) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, ...rows)),
      element("p", { class: "nn-hint" }, "This is kept in a file beside your lessons, and nowhere else."),
      element("div", { class: "nn-buttons" }, button(more ? `Go on: ${more} more` : "Close", "again", () => {
        model.set("chosen", {});
        model.set("drawn", model.get("drawn") + 1);
        model.save_changes();
      })));
  }

  function heading(k, asked) {
    const { lesson, exercise } = facts.questions[k];
    return element("div", { class: "nn-asked", "data-role": "question", tabindex: "-1" },
      element("p", { class: "nn-hint" }, `Question ${k + 1} of ${facts.questions.length} · ${exercise} · lesson ${lesson}`), asked);
  }

  const tell = () => say(note, model.get("answer").note);
  const drawn = () => begin(true);
  keepKeys(root);
  el.append(root);
  begin(false);
  tell();
  model.on("change:answer", tell);
  model.on("change:facts", drawn);
  return () => {
    model.off("change:answer", tell);
    model.off("change:facts", drawn);
  };
}

export default { render };
