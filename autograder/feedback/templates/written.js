// Adds marks up, keeps them in this browser while one reads, and saves them as marks.csv.
"use strict";
(() => {
  const FORMULA = /^'*[=+\-@\t\r]/; // as csv_table.py has it
  const POINTS = /^(\d+([.,]\d*)?|[.,]\d+)$/;
  const ORDER = ["1", "0.5", "0"]; // what an item's key goes through
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const number = text => POINTS.test(text.trim()) ? Number(text.trim().replace(",", ".")) : NaN;
  let keeps = true;

  class Answer {
    constructor(article) {
      this.article = article;
      this.items = all(".item", article);
      this.points = article.querySelector(".points");
      this.comment = article.querySelector("textarea");
      this.soFar = article.querySelector(".so-far");
      const {student, exercise, answer, given} = article.dataset;
      this.place = ["written", exercise, student, answer].join(" ");
      this.given = {points: given, comment: this.comment.value};
      this.restore();
      this.show();
    }

    get chosen() {
      return this.items.map(item => item.querySelector(":checked")?.value ?? "");
    }

    get marked() {
      return number(this.points.value) <= Number(this.article.dataset.most);
    }

    get loose() {
      return !this.marked && Boolean(this.points.value.trim()
                                     || this.comment.value.trim() !== this.given.comment.trim());
    }

    // What was kept counts, unless the gradebook has something else by now.
    restore() {
      let kept = null;
      try {
        kept = JSON.parse(localStorage.getItem(this.place));
      } catch {
        keeps = false;
      }
      const same = (one, other) => one.points === other.points && one.comment === other.comment;
      if (!kept || !(same(kept.given, this.given) || same(kept, this.given))) return;
      kept.chosen.forEach((value, place) => value && this.choose(place, value));
      this.points.value = kept.points;
      this.comment.value = kept.comment;
    }

    keep() {
      const {chosen, given} = this;
      try {
        localStorage.setItem(this.place, JSON.stringify({
          chosen, given, points: this.points.value, comment: this.comment.value}));
      } catch {
        keeps = false;
      }
      this.show();
      showDone();
    }

    choose(place, value) {
      const input = this.items[place]?.querySelector(`[value="${value}"]`);
      if (input) input.checked = true;
    }

    cycle(place) {
      this.choose(place, ORDER[(ORDER.indexOf(this.chosen[place]) + 1) % ORDER.length]);
      this.addUp();
    }

    fill() {
      this.items.forEach((_, place) => this.choose(place, "1"));
      this.addUp();
    }

    addUp() {
      this.points.value = this.chosen.includes("") ? "" : String(this.sum());
      this.keep();
    }

    sum() {
      return this.chosen.reduce((sum, value) => sum + Number(value), 0);
    }

    // Points that somebody wrote are not the items' any more.
    write() {
      if (number(this.points.value) !== this.sum()) {
        all(".item input", this.article).forEach(input => { input.checked = false; });
      }
      this.keep();
    }

    show() {
      const some = this.chosen.some(Boolean) && this.chosen.includes("");
      this.soFar.value = some ? `${this.sum()} so far` : "";
      this.article.classList.toggle("marked", this.marked);
      this.article.classList.toggle("wrong", !this.marked && this.points.value.trim() !== "");
    }

    go() {
      this.article.focus({preventScroll: true});
      this.article.scrollIntoView({block: "start"});
    }

    row() {
      return row(this.article, String(number(this.points.value)), this.comment.value.trim());
    }
  }

  const row = ({dataset}, points, comment) =>
    [dataset.student, dataset.exercise, points, comment, dataset.answer];
  const cell = text => `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  const answers = all(".answer").map(article => new Answer(article));
  const done = document.getElementById("done");
  const save = document.getElementById("save");
  const of = element => answers.find(one => one.article === element?.closest?.(".answer"));
  let current = -1;

  function rows() {
    return [...answers.filter(one => one.marked).map(one => one.row()),
            ...all(".blank").map(one => row(one, "0", ""))];
  }

  function showDone() {
    const marked = answers.filter(one => one.marked).length;
    const loose = answers.filter(one => one.loose).length;
    done.value = `${marked} of ${answers.length} marked`
      + (loose ? `, ${loose} without points that count` : "")
      + (keeps ? "" : "; this browser keeps nothing: save before you leave");
    save.disabled = rows().length === 0;
  }

  save.addEventListener("click", () => {
    const lines = [["student", "exercise", "points", "comment", "answer"], ...rows()];
    const text = "\ufeff" + lines.map(line => line.map(cell).join(",") + "\r\n").join("");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], {type: "text/csv"}));
    link.download = "marks.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  });

  document.addEventListener("input", ({target}) => {
    const one = of(target);
    if (!one) return;
    if (target.type === "radio") one.addUp();
    else if (target === one.points) one.write();
    else one.keep();
  });

  document.addEventListener("click", ({target}) => {
    if (!target.matches(".keep")) return;
    const one = of(target);
    one.points.value = target.dataset.points;
    one.write();
  });

  document.addEventListener("focusin", ({target}) => {
    if (of(target)) current = answers.indexOf(of(target));
  });

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const here = of(event.target);
    if (event.target.matches("textarea, .points")) {
      if (event.key === "Escape") here.go();
      return;
    }
    const key = event.key.toLowerCase();
    const unmarked = [...answers.slice(current + 1), ...answers.slice(0, current + 1)].find(
      one => !one.marked);
    const does = {
      j: () => (answers[current + 1] ?? answers[current])?.go(),
      k: () => (answers[current - 1] ?? answers[current])?.go(),
      u: () => unmarked?.go(),
      a: () => here?.fill(),
      c: () => here?.comment.focus(),
    }[key] ?? (/^[1-9]$/.test(key) && here && (() => {
      if (here.items.length === 0) here.points.select();
      else if (here.items[key - 1]) here.cycle(key - 1);
    }));
    if (!does) return;
    event.preventDefault();
    does();
  });

  document.documentElement.classList.add("running");
  showDone();
})();
