// Elements of a picture that is text: an SVG.

const NAMESPACE = new DOMParser().parseFromString("<svg></svg>", "text/html").querySelector("svg").namespaceURI;

/** What a graph shows at a moment, for a reader who can't see it; numbers: of values and of gradients. */
export function readAloud(values, gradients) {
  const listed = (numbers, mark) => Object.entries(numbers).map(([name, text]) => `${mark}${name} ${text}`).join(", ");
  return [["Values", listed(values, "")], ["Gradients", listed(gradients, "d")]]
    .filter(([, text]) => text).map(([title, text]) => `${title}: ${text}.`).join(" ");
}

export function drawn(tag, attributes, text = "") {
  const made = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}
