// Passages in a column that grows at either end when asked.

import { h } from "./dom.js";
import * as api from "./search.js";
import { t } from "./words.js";

const STRETCH = 120; // Passages.

// A column of an item's passages; `lay(passages)` makes elements of them.
export function reading(item, lines, lay) {
  const column = h("div", { class: "column" }, lay(item.passages));
  const ends = { first: item.passages_offset, last: item.passages_offset + item.passages.length };
  const earlier = h("button", { type: "button", class: "more" }, t("earlier"));
  const later = h("button", { type: "button", class: "more" }, t("later"));
  const showEnds = () => {
    earlier.hidden = ends.first === 0;
    later.hidden = ends.last >= item.passages_total;
  };
  earlier.addEventListener("click", async () => {
    const offset = Math.max(0, ends.first - STRETCH);
    const more = await api.item(item.item, { offset, limit: ends.first - offset, lines });
    ends.first = offset;
    earlier.after(...lay(more.passages));
    showEnds();
  });
  later.addEventListener("click", async () => {
    const more = await api.item(item.item, { offset: ends.last, lines });
    ends.last += more.passages.length;
    later.before(...lay(more.passages));
    showEnds();
  });
  column.prepend(earlier);
  column.append(later);
  showEnds();
  return column;
}

// Scroll to a place in a column; not past the page that stands above it on a small screen.
export function bringIntoSight(place, block) {
  const column = place.closest(".column");
  const below = column?.previousElementSibling?.matches(".sheet") && column.scrollHeight <= column.clientHeight;
  if (!below) place.scrollIntoView({ block });
}
