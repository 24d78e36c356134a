// Lays out behind a tile what it stands for, and puts it back: near-duplicates, other places in it.

import { h, icon } from "./dom.js";
import { complain } from "./notices.js";
import { stop } from "./player.js";

const behind = new WeakMap(); // Of a hit, what is laid out: { button, hit, tile }, in order.

// The hits as their tiles lie.
export function laidOut(hits) {
  return hits.flatMap((hit) => [hit, ...laid(hit).map((one) => one.hit)]);
}

// Add a button to a hit's tile; `find()` gives the hits to lay out, `make(hit)` a tile of one.
export function addUnfolding(tile, hit, { glyph, text, label, find, make }) {
  const button = h("button", { type: "button", class: "stack", "aria-expanded": "false", "aria-label": label, title: label }, icon(glyph), text);
  const open = () => button.getAttribute("aria-expanded") === "true";
  button.addEventListener("click", async () => {
    stop();
    button.setAttribute("aria-expanded", !open());
    if (!open()) return putBack(tile, hit, button);
    try {
      const found = await find();
      if (open() && !laid(hit).some((one) => one.button === button)) layOut(tile, hit, button, found, make);
    } catch (error) {
      button.setAttribute("aria-expanded", false);
      complain(error);
    }
  });
  tile.querySelector(".pills").append(button);
}

function layOut(tile, hit, button, found, make) {
  const more = found.map((one) => ({ button, hit: one, tile: make(one) }));
  for (const one of more) one.tile.classList.add("unfolded");
  (laid(hit).at(-1)?.tile ?? tile).after(...more.map((one) => one.tile));
  behind.set(hit, [...laid(hit), ...more]);
  tile.classList.add("unfolded");
}

function putBack(tile, hit, button) {
  const [gone, kept] = [true, false].map((mine) => laid(hit).filter((one) => (one.button === button) === mine));
  for (const one of gone) one.tile.remove();
  behind.set(hit, kept);
  tile.classList.toggle("unfolded", kept.length > 0);
}

function laid(hit) {
  return behind.get(hit) ?? [];
}
