// Shows sixteen colours in place of a picture that has not come yet; browsers blend them.

import { h } from "./dom.js";

const ACROSS = 4;

// Make what stands behind a picture, or null where nothing is known of its colours.
export function glimpseOf(hit) {
  if (!hit.glimpse) return null;
  const colours = Uint8Array.from(atob(hit.glimpse), (byte) => byte.charCodeAt(0));
  const pixels = new ImageData(ACROSS, ACROSS);
  pixels.data.fill(255);
  colours.forEach((value, i) => (pixels.data[Math.floor(i / 3) * 4 + (i % 3)] = value));
  const canvas = h("canvas", { class: "glimpse", width: ACROSS, height: ACROSS, "aria-hidden": "true" });
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  return canvas;
}
