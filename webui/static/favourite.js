// The star of an item: whether it, and every file of the same bytes, is a favourite.

import { h, icon } from "./dom.js";
import * as api from "./search.js";
import { t } from "./words.js";

// A button that marks an item or takes the mark back, and where it says why it could not.
export function star(item) {
  const button = h("button", { type: "button", class: "quiet star", id: "favourite", "aria-pressed": String(item.favourite) }, icon("star"), t("favourite"));
  const fault = h("p", { class: "fault", role: "alert" });
  button.addEventListener("click", async () => {
    fault.textContent = "";
    show(button, item, !item.favourite);
    try {
      await api.remark(item.item, { favourite: item.favourite });
    } catch (error) {
      show(button, item, !item.favourite);
      fault.textContent = error.message;
    }
  });
  return [button, fault];
}

// Show on a tile whether its hit is a favourite, also when that changes.
export function addStar(tile, hit) {
  tile.append(h("span", { class: "starred", role: "img", "aria-label": t("favourite"), title: t("favourite"), hidden: !hit.favourite }, icon("star")));
}

function show(button, item, favourite) {
  item.favourite = favourite;
  button.setAttribute("aria-pressed", String(favourite));
  for (const sign of document.querySelectorAll(`.tile[data-item="${item.item}"] > .starred`)) sign.hidden = !favourite;
}
