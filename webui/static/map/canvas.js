// Draws what is in view: a dot for what is too small to be seen, pictures for what keeps its
// distance, marks in the colour of their kind for what is no picture. From afar some dots stand for
// more than themselves, so that a hundred thousand items are drawn as fast as a few thousand.

import { setVariables } from "../dom.js";

const DOT = 3; // Pixels across, as all lengths here.
const SPOT = 4; // From the middle of a dot that is no picture to its edge.
const DENSE = 7; // From one dot to the next, at least.
const MARK = 9;
const PICTURE = [36, 48]; // From one picture to the next, seen from afar on a phone and on a desk.
const ROOMY = 900; // Where a desk begins.
const LARGEST = 220;
const GROWTH = 0.5;
const KINDS = ["image", "video", "text", "audio"];

export class Drawing {
  #context;
  #colours = {};

  constructor(canvas, camera, pictures) {
    this.canvas = canvas;
    this.camera = camera;
    this.pictures = pictures;
    this.#context = canvas.getContext("2d");
    this.readColours();
  }

  readColours() {
    const style = getComputedStyle(document.documentElement);
    for (const name of [...KINDS, "surface", "accent", "line"]) this.#colours[name] = style.getPropertyValue(`--${name}`).trim();
  }

  resize() {
    const { width, height } = this.canvas.getBoundingClientRect();
    const dense = devicePixelRatio || 1;
    Object.assign(this.canvas, { width: Math.round(width * dense), height: Math.round(height * dense) });
    this.#context.setTransform(dense, 0, 0, dense, 0, 0);
    this.camera.resize(width, height);
  }

  // How far apart pictures are now: closer ones are larger.
  get spacing() {
    const { width, scale, least } = this.camera;
    return Math.min(LARGEST, PICTURE[Number(width >= ROOMY)] * (scale / least) ** GROWTH);
  }

  // Whether an item is more than a dot now.
  shows(levels) {
    const level = levels.level(this.camera.scale, this.spacing);
    levels.reach(level);
    return (at) => levels.of[at] <= level;
  }

  draw(chart, levels, chosen) {
    const { width, height } = this.camera;
    this.#context.clearRect(0, 0, width, height);
    levels.reach(levels.level(this.camera.scale, DENSE));
    const [dots, shown] = this.#inView(chart, levels);
    this.#drawDots(chart, dots);
    const wanted = [];
    for (const at of shown) this.#drawItem(chart, at, wanted);
    if (chosen >= 0) this.#drawChosen(chart, chosen, wanted);
    const middle = ({ item }) => this.#far.get(item) ?? 0;
    this.pictures.want(wanted.sort((one, other) => middle(one) - middle(other)));
  }

  #far = new Map(); // How far from the middle of the view what was drawn last is.

  #inView(chart, levels) {
    const [left, top] = this.camera.toMap(-this.spacing, -this.spacing);
    const [right, bottom] = this.camera.toMap(this.camera.width + this.spacing, this.camera.height + this.spacing);
    const shownTo = levels.level(this.camera.scale, this.spacing);
    const densest = levels.level(this.camera.scale, DENSE);
    const [dots, shown] = [[], []];
    for (let at = 0; at < chart.length; at++) {
      const level = levels.of[at];
      if (level > densest) continue;
      const x = chart.xs[at];
      const y = chart.ys[at];
      if (x >= left && x <= right && y >= top && y <= bottom) (level <= shownTo ? shown : dots).push(at);
    }
    this.#far = new Map(shown.map((at) => [chart.items[at], Math.hypot(chart.xs[at] - this.camera.x, chart.ys[at] - this.camera.y)]));
    return [dots, shown];
  }

  #drawDots(chart, dots) {
    this.#context.globalAlpha = 0.6;
    const { scale, width, height } = this.camera;
    for (const kind of KINDS) {
      this.#context.beginPath();
      for (const at of dots) {
        if (chart.kinds[at] !== kind) continue;
        const x = (chart.xs[at] - this.camera.x) * scale + width / 2;
        const y = (chart.ys[at] - this.camera.y) * scale + height / 2;
        if (chart.isPictured(at)) this.#context.rect(x - DOT / 2, y - DOT / 2, DOT, DOT);
        else this.#context.roundRect(x - SPOT, y - SPOT, 2 * SPOT, 2 * SPOT, SPOT);
      }
      this.#context.fillStyle = this.#colours[kind];
      this.#context.fill();
    }
    this.#context.globalAlpha = 1;
  }

  #drawItem(chart, at, wanted, larger = 1) {
    const [x, y] = this.camera.toScreen(chart.xs[at], chart.ys[at]);
    const most = 0.92 * this.spacing * larger;
    const picture = chart.isPictured(at) ? this.pictures.take(chart.items[at], most * (devicePixelRatio || 1), wanted) : null;
    if (!picture) return this.#drawMark(chart.kinds[at], x, y, chart.isPictured(at) ? DOT : MARK * larger);
    const factor = most / Math.max(picture.width, picture.height);
    const [wide, high] = [picture.width * factor, picture.height * factor];
    this.#context.drawImage(picture, x - wide / 2, y - high / 2, wide, high);
    return [wide, high];
  }

  #drawMark(kind, x, y, radius) {
    this.#context.beginPath();
    this.#context.arc(x, y, radius, 0, 2 * Math.PI);
    this.#context.fillStyle = this.#colours[kind];
    this.#context.strokeStyle = this.#colours.surface;
    this.#context.lineWidth = 1.5;
    this.#context.fill();
    this.#context.stroke();
    return [2 * radius, 2 * radius];
  }

  #drawChosen(chart, at, wanted) {
    const [wide, high] = this.#drawItem(chart, at, wanted, Math.max(1.15, Math.min(2, 110 / this.spacing)));
    const [x, y] = this.camera.toScreen(chart.xs[at], chart.ys[at]);
    this.#context.beginPath();
    this.#context.roundRect(x - wide / 2 - 3, y - high / 2 - 3, wide + 6, high + 6, 7);
    this.#context.strokeStyle = this.#colours.accent;
    this.#context.lineWidth = 3;
    this.#context.stroke();
    setVariables(document.getElementById("card"), { x: `${x}px`, y: `${y + high / 2 + 8}px` });
  }
}
