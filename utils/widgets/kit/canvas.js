// A canvas that fits its place and the theme.

import { element } from "./elements.js";

/** A canvas that is painted when its size or the theme changes, and in the next frame after `redraw`.
 *  resize(width) is told the width it has got, and gives its [width, height] in CSS pixels;
 *  paint(context, theme) draws all of it. */
export function makeCanvas({ role, resize, paint }) {
  const canvas = element("canvas", { class: "nn-canvas", "data-role": role, role: "img" });
  const context = canvas.getContext("2d");
  let [width, height, frame] = [0, 0, 0];
  const paintNow = () => {
    frame = 0;
    if (width <= 0) return;
    const dense = globalThis.devicePixelRatio || 1;
    const size = [Math.round(width * dense), Math.round(height * dense)];
    if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.clearRect(0, 0, width, height);
    paint(context, theme(canvas));
    announce(canvas);
  };
  const redraw = () => {
    frame ||= requestAnimationFrame(paintNow);
  };
  const resized = new ResizeObserver(() => {
    [width, height] = resize(canvas.clientWidth);
    canvas.style.height = `${height}px`;
    if (frame) cancelAnimationFrame(frame);
    paintNow(); // at once: setting a canvas's size clears it, and a frame later it would flicker
  });
  resized.observe(canvas);
  const themed = new MutationObserver(redraw);
  themed.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-name", "class"] });
  const remove = () => {
    resized.disconnect();
    themed.disconnect();
    cancelAnimationFrame(frame);
  };
  return { canvas, context, redraw, remove };
}

/** Tell whoever measures that a canvas shows something new. */
function announce(canvas) {
  canvas.dispatchEvent(new CustomEvent("nn-painted", { bubbles: true }));
}

function theme(node) {
  const style = getComputedStyle(node);
  const get = (name) => style.getPropertyValue(name).trim();
  return {
    ink: get("--nn-ink"), soft: get("--nn-soft"), faint: get("--nn-faint"), mesh: get("--nn-mesh"), paper: get("--nn-paper"),
    shade: Number(get("--nn-shade")), dark: document.body.dataset.jpThemeLight === "false", font: style.fontFamily,
  };
}
