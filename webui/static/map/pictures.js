// The small pictures of the items in view: fetched a few at a time, those asked for last first
// forgotten when there are too many.

const AT_ONCE = 6;
const KEPT = 700;
const SMALL = 160; // Pixels; a picture is made larger when it is drawn larger.
const LARGE = 480;
const ROUND = 0.045; // Of the width.

export class Pictures {
  #kept = new Map(); // By item: { canvas, width, failed }; what was used last comes last.
  #wanted = [];
  #running = new Set();

  // `changed()` is called when a picture has come.
  constructor(changed) {
    this.changed = changed;
  }

  // The picture of an item as far as it is here, for so many pixels; `wanted` collects what is not.
  take(item, pixels, wanted) {
    const found = this.#kept.get(item);
    const width = pixels > SMALL ? LARGE : SMALL;
    if (found) {
      this.#kept.delete(item);
      this.#kept.set(item, found);
    }
    if (!found || (found.width < width && !found.failed)) wanted.push({ item, width });
    return found?.canvas ?? null;
  }

  // Fetch these, the first first, and nothing that was wanted before.
  want(wanted) {
    this.#wanted = wanted;
    while (this.#running.size < AT_ONCE && this.#wanted.length) this.#fetch(this.#wanted.shift());
  }

  async #fetch({ item, width }) {
    if (this.#running.has(item)) return;
    this.#running.add(item);
    const canvas = await draw(item, width).catch(() => null);
    this.#running.delete(item);
    this.#kept.set(item, { canvas, width, failed: !canvas });
    for (const old of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(old);
    }
    this.changed();
  }
}

async function draw(item, width) {
  const response = await fetch(`/api/v1/items/${item}/thumbnail`);
  if (!response.ok) return null;
  const whole = await createImageBitmap(await response.blob());
  const factor = Math.min(1, width / Math.max(whole.width, whole.height));
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(whole.width * factor)), Math.max(1, Math.round(whole.height * factor)));
  const context = canvas.getContext("2d");
  context.beginPath();
  context.roundRect(0, 0, canvas.width, canvas.height, ROUND * width);
  context.clip();
  context.imageSmoothingQuality = "high";
  context.drawImage(whole, 0, 0, canvas.width, canvas.height);
  whole.close();
  return canvas;
}
