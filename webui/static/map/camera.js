// Where one looks at the map from: the place in the middle of the view, and pixels to a unit of
// the map, whose longer side is one.

const MARGIN = 0.8; // The share of the view that the whole map takes.
const NEAREST = 60; // Pixels from one item to the next, if all were spread evenly, at the closest.

export class Camera {
  x = 0.5;
  y = 0.5;
  scale = 1;
  width = 1;
  height = 1;
  wide = 1; // The map's sides.
  tall = 1;
  count = 1;

  // Show the whole of a map with these sides and so many items.
  fit(wide, tall, count) {
    Object.assign(this, { wide, tall, count, x: wide / 2, y: tall / 2 });
    this.scale = this.least;
  }

  resize(width, height) {
    const whole = this.scale <= this.least;
    Object.assign(this, { width, height });
    if (whole) this.scale = this.least;
    this.settle();
  }

  get least() {
    return MARGIN * Math.min(this.width / this.wide, this.height / this.tall);
  }

  get most() {
    return Math.max(4 * this.least, NEAREST * 8 * Math.sqrt(this.count));
  }

  toScreen(x, y) {
    return [(x - this.x) * this.scale + this.width / 2, (y - this.y) * this.scale + this.height / 2];
  }

  toMap(left, top) {
    return [(left - this.width / 2) / this.scale + this.x, (top - this.height / 2) / this.scale + this.y];
  }

  // Come closer by a factor, what is at a place of the view staying there.
  zoom(factor, left = this.width / 2, top = this.height / 2) {
    const [x, y] = this.toMap(left, top);
    this.scale = Math.min(this.most, Math.max(this.least, this.scale * factor));
    const [nowX, nowY] = this.toMap(left, top);
    this.pan((nowX - x) * this.scale, (nowY - y) * this.scale);
  }

  // Move what is seen by pixels; the map's own edge is never further than the middle.
  pan(right, down) {
    this.x -= right / this.scale;
    this.y -= down / this.scale;
    this.settle();
  }

  settle() {
    this.x = Math.min(this.wide, Math.max(0, this.x));
    this.y = Math.min(this.tall, Math.max(0, this.y));
  }

  // Move so far that a place is well in view, and what is said of it below.
  reveal(x, y) {
    const [left, top] = this.toScreen(x, y);
    const edge = Math.min(190, this.width / 4, this.height / 3);
    const inside = (at, length) => Math.min(length - edge, Math.max(edge, at)) - at;
    this.pan(inside(left, this.width), inside(top, this.height));
  }

  get state() {
    return { x: this.x, y: this.y, scale: this.scale };
  }
}
