// The items of a map in columns, in the order in which they are shown: pictures first, as only they
// can be seen from afar, and otherwise at random, but always the same.

const PICTURED = new Set(["image", "video"]);

export class Chart {
  // Places as `/api/v1/map` gives them, of some kinds; from top to bottom where the view is upright.
  constructor(places, kinds, upright) {
    const rows = places
      .filter(({ kind }) => kinds.has(kind))
      .flatMap(({ kind, items, x, y }) => items.map((item, at) => ({ kind, item, x: x[at], y: y[at], rank: rank(kind, item) })))
      .sort((one, other) => one.rank - other.rank);
    this.items = Int32Array.from(rows, ({ item }) => item);
    this.kinds = rows.map(({ kind }) => kind);
    const [xs, ys] = [Float64Array.from(rows, ({ x }) => x), Float64Array.from(rows, ({ y }) => y)];
    [this.xs, this.ys] = upright ? [ys, xs] : [xs, ys];
  }

  get length() {
    return this.items.length;
  }

  isPictured(at) {
    return PICTURED.has(this.kinds[at]);
  }

  // The item nearest to a place, no further than a distance, among those that `passes` says; or -1.
  nearest(x, y, furthest, passes = () => true) {
    let best = -1;
    let least = furthest * furthest;
    for (let at = 0; at < this.length; at++) {
      const right = this.xs[at] - x;
      const down = this.ys[at] - y;
      const far = right * right + down * down;
      if (far >= least || !passes(at)) continue;
      best = at;
      least = far;
    }
    return best;
  }

  // The item that an arrow key leads to from another: the nearest within a right angle of its way.
  towards(from, [right, down], passes) {
    let best = -1;
    let least = Infinity;
    for (let at = 0; at < this.length; at++) {
      const x = this.xs[at] - this.xs[from];
      const y = this.ys[at] - this.ys[from];
      const along = x * right + y * down;
      const aside = Math.abs(x * down) + Math.abs(y * right);
      if (along <= 0 || aside > along || along + 2 * aside >= least || !passes(at)) continue;
      best = at;
      least = along + 2 * aside;
    }
    return best;
  }
}

// Fibonacci hashing: numbers that follow each other come to lie far apart.
function rank(kind, item) {
  return (PICTURED.has(kind) ? 0 : 1) + (((item * 2654435769) % 4294967296) / 4294967296);
}
