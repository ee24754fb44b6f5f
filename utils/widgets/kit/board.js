// A canvas without axes.

import { makeCanvas } from "./canvas.js";

/** A canvas without axes. `draw(board)` paints it; `board.redraw()` asks for the next frame.
 *  height: CSS pixels as a function of the width; pick(x, y): a click at these pixels. */
export function makeBoard({ role, height, draw, pick = null }) {
  const board = { width: 0, height: 0 };
  Object.assign(board, makeCanvas({
    role,
    resize(width) {
      [board.width, board.height] = [width, height(width)];
      return [board.width, board.height];
    },
    paint(_context, theme) {
      board.theme = theme;
      draw(board);
    },
  }));
  if (pick) {
    board.canvas.addEventListener("click", (event) => {
      const box = board.canvas.getBoundingClientRect();
      pick(event.clientX - box.left, event.clientY - box.top);
    });
  }
  return board;
}
