// What to try where nothing good was found or the query cannot be answered: buttons that do it.

import { $, h } from "./dom.js";
import { KINDS, NO_FILTERS } from "./query.js";
import { writtenIn } from "./restrictions.js";
import { countOf } from "./tabs.js";
import { t } from "./words.js";

const QUOTED = /["“”「」『』＂]/g;
const UNWANTED = /(^|\s)-(?:\d+(?:\.\d+)?[:：])?(?:"[^"]*"|“[^”]*”|[^\s\d-]\S*)/g;
const MANY = 5; // Words, or pairs of Chinese characters.

// Give what may help where an answer has nothing good, the most promising first; `change(values)`
// changes the query.
export function tipsFor(query, found, change) {
  const elsewhere = countOf([], found.by_kind) - countOf(KINDS[query.kind], found.by_kind);
  const filters = found.restrictions[0] ?? [];
  const tips = [
    query.kind && elsewhere > 0 && [t("tryKinds", { n: elsewhere }), { kind: "" }],
    query.folder && [t("tryFolder", { folder: query.folder }), { folder: "" }],
    query.filters > (query.folder ? 1 : 0) && [t("tryFilters", { n: query.filters }), NO_FILTERS],
    ...withoutEach(query.text, filters),
    ...withoutEach(query.text, unwantedIn(query.text, filters)),
    query.text.search(QUOTED) >= 0 && [t("tryUnquoted"), { text: query.text.replaceAll(QUOTED, " ").replaceAll(/\s+/g, " ").trim() }],
    ...query.terms.filter((term) => term.weight < 0).map((term) => withoutTerm(query, term)),
  ];
  return buttons(tips.filter(Boolean), query, change);
}

// Give what may help where a query was refused.
export function tipsAfter(error, query, change) {
  const faulty = (term) => (error.status === 404 ? term.type === "item" : term.type !== "item");
  const terms = [404, 413, 415, 422].includes(error.status) ? query.terms.filter(faulty) : [];
  const filters = error.status === 400 && query.filters ? [[t("tryFilters", { n: query.filters }), NO_FILTERS]] : [];
  return [...filters, ...terms.map((term) => withoutTerm(query, term))].map(([label, values]) => button(label, () => change(values)));
}

function buttons(tips, query, change) {
  const pressed = tips.map(([label, values]) => button(label, () => change(values)));
  return query.text.trim() ? [...pressed, button(t(isLong(query.text) ? "tryFewer" : "tryOthers"), writeAgain)] : pressed;
}

function button(label, onclick) {
  return h("button", { type: "button", class: "quiet", onclick }, label);
}

function withoutEach(text, spans) {
  return writtenIn(text, spans).map(({ part, rest }) => [t("tryWithout", { part }), { text: rest }]);
}

// Find what has a minus and is no filter, in whole characters.
function unwantedIn(text, filters) {
  const characters = Array.from(text.trim());
  for (const span of filters) characters.fill(" ", ...span);
  const line = characters.join("");
  const length = (part) => Array.from(part).length;
  return [...line.matchAll(UNWANTED)].map(({ 0: part, 1: space, index }) => {
    const start = length(line.slice(0, index) + space);
    return [start, start + length(part.slice(space.length))];
  });
}

function withoutTerm(query, term) {
  return [t("tryWithout", { part: term.name }), { terms: query.terms.filter((other) => other !== term) }];
}

function isLong(text) {
  const words = text.trim().split(/\s+/).length;
  return words >= MANY || (text.match(/\p{Script=Han}/gu) ?? []).length >= 2 * MANY;
}

function writeAgain() {
  $("words").focus();
  $("words").select();
}
