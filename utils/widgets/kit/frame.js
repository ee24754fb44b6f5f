// What every explorer does beside its own work: it takes the place of its saved picture, and says
// when the kernel behind it is gone.

import { element, say } from "./elements.js";

const GONE = "The kernel behind this has stopped or was restarted, so nothing here can be computed. Run the notebook's cells again, this one too.";
const LOST = ["restarting", "autorestarting", "terminating", "dead"]; // JupyterLab's words for a kernel

/** The render function of a widget, from an explorer's own. */
export function framed(render) {
  return ({ model, el }) => {
    const end = render({ model, el });
    const root = el.querySelector(".nn-explorer");
    const still = model.get("_still");
    if (still) { // as long as this element is there: a saved notebook shows the picture
      el.append(element("style", {}, `.jp-OutputArea-child:has(.nn-still-${still}), .nn-still-${still} { display: none; }`));
    }
    const note = element("p", { class: "nn-note nn-gone-note", "data-role": "gone", role: "alert" });
    root.prepend(note);
    const kernel = model.widget_manager?.kernel;
    const lose = () => {
      say(note, GONE);
      root.classList.add("nn-gone");
      for (const control of root.querySelectorAll("button, input")) control.disabled = true;
    };
    const look = (_kernel, status) => {
      if (LOST.includes(status)) lose();
    };
    kernel?.statusChanged.connect(look);
    kernel?.disposed.connect(lose);
    return () => {
      kernel?.statusChanged.disconnect(look);
      kernel?.disposed.disconnect(lose);
      end?.();
    };
  };
}
