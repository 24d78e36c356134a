// The near-duplicates behind a hit: a button on its tile lays them out after it, or puts them back.

import { h, icon } from "./dom.js";
import { stop } from "./player.js";
import { t } from "./words.js";

// The hits as their tiles lie: those behind a hit come after it, where they are laid out.
export function laidOut(hits) {
  return hits.flatMap((hit) => (hit.unfolded ? [hit, ...hit.alike] : [hit]));
}

// Add the button to a tile; `tile(hit)` makes one for each hit that is laid out.
export function addStack(item, hit, tile) {
  const label = t("alike", { n: hit.alike.length });
  const button = h("button", { type: "button", class: "stack", "aria-expanded": "false", "aria-label": label, title: label }, icon("like"), `+${hit.alike.length}`);
  let laid = [];
  button.addEventListener("click", () => {
    stop();
    hit.unfolded = !hit.unfolded;
    button.setAttribute("aria-expanded", hit.unfolded);
    item.classList.toggle("unfolded", hit.unfolded);
    laid.splice(0).forEach((one) => one.remove());
    if (hit.unfolded) laid = hit.alike.map(tile);
    for (const one of laid) one.classList.add("unfolded");
    item.after(...laid);
  });
  item.append(button);
}
