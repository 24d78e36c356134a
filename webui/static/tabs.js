// Kinds as tabs. Each says how many there are that pass the other filters, if that is known.

import { $, h } from "./dom.js";
import { count } from "./format.js";
import { KINDS } from "./query.js";
import { t } from "./words.js";

const SAYS_KIND = /(^|\s)-?(kind|类型)[:：]/i; // What a line says of kinds the tabs do not know.

// Call `choose(kind)` for the tab that is pressed.
export function listenToTabs(choose) {
  $("tabs").addEventListener("click", (event) => {
    const tab = event.target.closest("button");
    if (tab) choose(tab.dataset.kind);
  });
}

export function showKind(query) {
  for (const tab of $("tabs").children) tab.setAttribute("aria-pressed", tab.dataset.kind === query.kind);
}

// Show the counts of an answer.
export function showCounts(query, { by_kind: counts }) {
  const known = !SAYS_KIND.test(query.text);
  for (const tab of $("tabs").children) {
    const n = countOf(KINDS[tab.dataset.kind], counts);
    tab.querySelector("small")?.remove();
    tab.classList.toggle("none", known && n === 0);
    tab.setAttribute("aria-description", known ? t("items", { n }) : "");
    if (known) tab.append(h("small", { "aria-hidden": "true" }, count(n)));
  }
}

// Of no kinds in particular there are as many as of all.
export function countOf(kinds, counts) {
  const counted = kinds.length ? kinds : Object.keys(counts);
  return counted.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0);
}
