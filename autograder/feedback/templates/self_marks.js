// Adds the points that somebody gives their own written answers to the total, and keeps them.
"use strict";
(() => {
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const written = number => String(Math.round(number * 100) / 100);
  const framed = parent !== window;
  const score = document.getElementById("score");
  const tested = Number(score.textContent);

  class Answer {
    constructor(box) {
      this.box = box;
      this.place = box.dataset.place;
      this.most = Number(box.dataset.most);
      this.items = all(".item", box);
      this.points = box.querySelector("[type=number]");
      box.addEventListener("input", () => {
        this.keep();
        show();
      });
    }

    get chosen() {
      return this.points ? [this.points.value]
        : this.items.map(item => item.querySelector(":checked")?.value ?? "");
    }

    set chosen(values) {
      if (this.points) this.points.value = values[0] ?? "";
      this.items.forEach((item, place) => {
        const input = all("input", item).find(one => one.value === values[place]);
        if (input) input.checked = true;
      });
    }

    get marked() {
      return !this.chosen.includes("");
    }

    get sum() {
      const sum = this.chosen.reduce((so_far, value) => so_far + Number(value), 0);
      return Math.min(Math.max(sum, 0), this.most);
    }

    // A sandboxed frame has no storage of its own; the page around it may keep the points for it.
    keep() {
      try {
        localStorage.setItem(`self-marks ${this.place}`, JSON.stringify(this.chosen));
      } catch {
        if (framed) parent.postMessage({selfMarks: this.place, chosen: this.chosen}, "*");
      }
    }

    restore() {
      try {
        this.take(JSON.parse(localStorage.getItem(`self-marks ${this.place}`)));
      } catch {
        if (framed) parent.postMessage({selfMarks: this.place}, "*");
      }
    }

    take(values) {
      if (Array.isArray(values)) this.chosen = values;
    }

    show() {
      const {exercise} = this.box.dataset;
      const some = this.chosen.some(Boolean);
      this.box.querySelector(".sum").value = `${written(this.sum)} of ${written(this.most)} points, `
        + (this.marked ? "self-marked" : "not marked to the end yet");
      all(`[data-points-of="${exercise}"]`).forEach(place => {
        place.textContent = `${some ? written(this.sum) : "–"} / ${written(this.most)}`;
      });
    }
  }

  const answers = all(".self-marks").map(box => new Answer(box));

  function show() {
    answers.forEach(answer => answer.show());
    const own = answers.reduce((sum, answer) => sum + answer.sum, 0);
    const open = answers.filter(answer => !answer.marked).length;
    score.textContent = written(tested + own);
    document.getElementById("self-marked").textContent = `, ${written(own)} of them self-marked`
      + (open ? ` (${open} answer${open === 1 ? "" : "s"} still to mark)` : "");
  }

  addEventListener("message", ({source, data}) => {
    if (!framed || source !== parent) return;
    answers.filter(answer => answer.place === data?.selfMarks).forEach(answer => {
      answer.take(data.chosen);
    });
    show();
  });

  document.documentElement.classList.add("running");
  answers.forEach(answer => answer.restore());
  show();
})();
