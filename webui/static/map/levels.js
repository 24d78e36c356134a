// Which items are shown from how near. On each level items keep a distance from each other, and
// what is shown on one is shown on all closer ones: nothing vanishes as one comes nearer. From one
// level to the next the distance shrinks by a sixth.

import { Cells } from "./cells.js";

const WIDEST = 0.25;
const NEVER = 127;
const STEPS = 4; // Levels until the distance is half of what it was.
export const DEEPEST = 80;

export class Levels {
  // Items at places, by columns, the more important ones before the others.
  constructor(xs, ys) {
    this.xs = xs;
    this.ys = ys;
    this.of = new Int8Array(xs.length).fill(NEVER);
    this.known = -1;
    this.shown = []; // What is shown on the levels known so far.
    this.left = xs.map((_, at) => at); // What is not, in order.
  }

  // The closest level on which items are so many pixels apart or more.
  level(scale, pixels) {
    const level = Math.floor(STEPS * Math.log2((WIDEST * scale) / pixels));
    return Math.min(DEEPEST, Math.max(0, level));
  }

  // See to it that all levels up to one are known.
  reach(level) {
    while (this.known < level && this.left.length) this.#add(++this.known);
  }

  #add(level) {
    const apart = WIDEST / 2 ** (level / STEPS);
    const cells = new Cells(this.shown.length + this.left.length);
    const put = (at) => cells.put(Math.floor(this.xs[at] / apart), Math.floor(this.ys[at] / apart), at);
    this.shown.forEach(put);
    this.left = this.left.filter((at) => {
      if (!this.#isFree(at, cells, apart)) return true;
      put(at);
      this.of[at] = level;
      this.shown.push(at);
      return false;
    });
  }

  // Whether nothing shown is too near: a cell is as wide as the distance, so it holds one at most.
  #isFree(at, cells, apart) {
    const x = Math.floor(this.xs[at] / apart);
    const y = Math.floor(this.ys[at] / apart);
    if (cells.at(x, y) >= 0) return false;
    for (let column = x - 1; column <= x + 1; column++) {
      for (let row = y - 1; row <= y + 1; row++) {
        const near = cells.at(column, row);
        if (near >= 0 && Math.abs(this.xs[near] - this.xs[at]) < apart && Math.abs(this.ys[near] - this.ys[at]) < apart) return false;
      }
    }
    return true;
  }
}
