// Passages in a column that grows at either end when asked.

import { h } from "./dom.js";
import { inWords } from "./faults.js";
import * as api from "./search.js";
import { t } from "./words.js";

const STRETCH = 120; // Passages.

// A column of an item's passages; `lay(passages)` makes elements of them.
export function reading(item, lines, lay) {
  const column = h("div", { class: "column" }, lay(item.passages));
  const ends = { first: item.passages_offset, last: item.passages_offset + item.passages.length };
  const earlier = h("button", { type: "button", class: "more" }, t("earlier"));
  const later = h("button", { type: "button", class: "more" }, t("later"));
  const fault = h("p", { class: "fault", role: "alert" });
  const showEnds = () => {
    earlier.hidden = ends.first === 0;
    later.hidden = ends.last >= item.passages_total;
  };
  const grow = async (button, fetchMore) => {
    if (button.ariaBusy === "true") return; // A second press would bring the same stretch again.
    button.ariaBusy = "true";
    fault.remove();
    try {
      await fetchMore();
      showEnds();
    } catch (error) {
      button.after(fault);
      fault.textContent = inWords(error);
    } finally {
      button.ariaBusy = null;
    }
  };
  const growUp = async () => {
    const offset = Math.max(0, ends.first - STRETCH);
    const more = await api.item(item.item, { offset, limit: ends.first - offset, lines });
    ends.first = offset;
    earlier.after(...lay(more.passages));
  };
  const growDown = async () => {
    const more = await api.item(item.item, { offset: ends.last, lines });
    ends.last += more.passages.length;
    later.before(...lay(more.passages));
  };
  earlier.addEventListener("click", () => grow(earlier, growUp));
  later.addEventListener("click", () => grow(later, growDown));
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
