// Two buttons on a tile: its item joins the query, as what is wanted or as what is not.

import { h } from "./dom.js";
import { fileName } from "./format.js";
import { t } from "./words.js";

export const LESS = -0.5; // As a minus in the search box.

// Add the buttons to a tile; `wish(hit, weight)` is told which was pressed.
export function addWishes(tile, hit, wish) {
  const name = fileName(hit.path);
  tile.querySelector(".pills").append(
    h(
      "span",
      { class: "wishes" },
      button("+", t("wantLike", { name }), () => wish(hit, 1)),
      button("−", t("wantUnlike", { name }), () => wish(hit, LESS)),
    ),
  );
}

function button(sign, label, onclick) {
  return h("button", { type: "button", "aria-label": label, title: label, onclick }, sign);
}
