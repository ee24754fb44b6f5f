// Elements of the page, and text in them.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Text in place, without touching a node that already says so (a screen reader would repeat it). */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** A number with so many decimals, and a true minus sign. */
export function number(value, digits = 2) {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `\u2212${text}` : text;
}

/** A text's nodes: `code` and *emphasized* words as elements. */
export function marked(text) {
  return text.split(/(`[^`]+`|(?<!\w)\*[^*\s][^*]*\*(?!\w))/).map((part, k) =>
    k % 2 ? element(part[0] === "`" ? "code" : "em", {}, part.slice(1, -1)) : part);
}

/** JupyterLab takes arrow keys, Enter and letters from what stands in an output: keep them here,
 *  all but its own chords, Shift+Enter and Escape. */
export function keepKeys(root) {
  root.addEventListener("keydown", (event) => {
    const chord = event.ctrlKey || event.metaKey || event.altKey;
    const jupyters = event.key === "Escape" || (event.shiftKey && event.key === "Enter");
    if (!chord && !jupyters) event.stopPropagation();
  });
}
