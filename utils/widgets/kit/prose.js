// Texts in Markdown, and counted things.

import { element, marked } from "./elements.js";

/** An element that shows Markdown with formulas, by the front end's own renderer; where there is
 *  none, line by line with its TeX. */
export function prose(text, manager) {
  const rendermime = manager?._rendermime ?? manager?.rendermime;
  const shown = element("div", { class: "nn-prose" });
  if (!rendermime?.createRenderer) {
    shown.append(...text.split("\n").filter(Boolean).map((line) => element("p", {}, ...marked(line))));
    return shown;
  }
  const renderer = rendermime.createRenderer("text/markdown");
  shown.append(renderer.node);
  const data = rendermime.createModel({ data: { "text/markdown": text } });
  renderer.renderModel(data).then(() => rendermime.latexTypesetter?.typeset(renderer.node));
  return shown;
}

export function count(number, thing) {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
