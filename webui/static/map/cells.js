// A grid without end whose cells hold one item or none: a hash table of whole numbers, several times
// as fast as a Map of places.

export class Cells {
  constructor(count) {
    const size = 2 ** Math.ceil(Math.log2(4 * count + 16));
    this.mask = size - 1;
    this.items = new Int32Array(size).fill(-1);
    this.xs = new Int32Array(size);
    this.ys = new Int32Array(size);
  }

  // The item in a cell, or -1.
  at(x, y) {
    return this.items[this.#slot(x, y)];
  }

  put(x, y, item) {
    const slot = this.#slot(x, y);
    this.items[slot] = item;
    this.xs[slot] = x;
    this.ys[slot] = y;
  }

  // Where a cell is kept, or would be.
  #slot(x, y) {
    let slot = (Math.imul(x, 73856093) ^ Math.imul(y, 19349663)) & this.mask;
    while (this.items[slot] >= 0 && (this.xs[slot] !== x || this.ys[slot] !== y)) slot = (slot + 1) & this.mask;
    return slot;
  }
}
