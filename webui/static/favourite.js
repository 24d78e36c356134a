// The star of an item: whether it, and every file of the same bytes, is a favourite.

import { h, icon } from "./dom.js";
import { inWords } from "./faults.js";
import { page } from "./page.js";
import * as api from "./search.js";
import { t } from "./words.js";

// A button that marks an item or takes the mark back, and where it says why it could not.
export function star(item) {
  const button = h("button", { type: "button", class: "quiet star", id: "favourite", "aria-pressed": String(item.favourite) }, icon("star"), t("favourite"));
  const fault = h("p", { class: "fault", role: "alert" });
  let kept = item.favourite;
  let asking = false;
  // One request at a time, so that the last press decides.
  const keep = async () => {
    asking = true;
    fault.textContent = "";
    try {
      let wished;
      do {
        wished = item.favourite;
        ({ favourite: kept } = await api.remark(item.item, { favourite: wished }));
      } while (item.favourite !== wished);
    } catch (error) {
      fault.textContent = inWords(error);
    }
    show(button, item, kept);
    asking = false;
  };
  button.addEventListener("click", () => {
    show(button, item, !item.favourite);
    if (!asking) keep();
  });
  return [button, fault];
}

// Show on a tile whether its hit is a favourite, also when that changes.
export function addStar(tile, hit) {
  tile.querySelector(".signs").append(h("span", { class: "starred", role: "img", "aria-label": t("favourite"), hidden: !hit.favourite }, icon("star")));
}

function show(button, item, favourite) {
  item.favourite = favourite;
  button.setAttribute("aria-pressed", String(favourite));
  for (const hit of held(item.item)) hit.favourite = favourite; // Tiles are made of them anew.
  for (const sign of document.querySelectorAll(`.tile[data-item="${item.item}"] .starred`)) sign.hidden = !favourite;
}

function held(item) {
  return page.hits.flatMap((hit) => [hit, ...hit.alike]).filter((hit) => hit.item === item);
}
