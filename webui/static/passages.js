// Joins an item's passages into something to read. Windows of a document overlap: what two share is
// shown once, and the passage that was found keeps all of its words.

import { $, h, icon } from "./dom.js";
import { clock } from "./format.js";
import { marked } from "./highlight.js";
import { t } from "./words.js";

// A document's passages as paragraphs, with the page numbers where pages begin. Of its pictures, the
// one that was found is named.
export function paragraphs(passages, hit) {
  let page = null;
  return withoutOverlap(passages.filter(own), hit).flatMap((passage) => {
    const turned = passage.page !== page && passage.page !== null;
    page = passage.page;
    const found = passage.passage === hit;
    const content = passage.text ? marked(passage.text, passage.marks, passage.from, passage.to) : [icon("picture"), t("pictureHere")];
    const text = h("p", { class: found ? "found" : null, "data-found": found, "data-passage": passage.passage, "data-on": passage.page }, content);
    return turned ? [h("h4", { "data-page": page }, t("page", { n: page })), text] : [text];
  });
}

// A recording's passages as lines to press; `seek(seconds)` is called for the one pressed.
export function transcript(passages, hit, seek) {
  return passages
    .filter((passage) => own(passage) && passage.text)
    .map((passage) => {
      const found = passage.passage === hit;
      const time = h("time", {}, clock(passage.start ?? 0));
      const line = h("button", { type: "button", class: found ? "spoken found" : "spoken", "data-found": found }, time, h("span", {}, marked(passage.text, passage.marks)));
      line.dataset.start = passage.start ?? 0;
      line.dataset.end = passage.end ?? "";
      line.addEventListener("click", (event) => {
        seek(passage.start ?? 0);
        if (event.detail) $("stage").focus(); // After a pointer's press, the space bar pauses.
      });
      return line;
    });
}

// What the user says of the file stands by itself; see caption.js.
export function own(passage) {
  return !passage.by_user;
}

function withoutOverlap(passages, hit) {
  const kept = passages.map((passage) => ({ ...passage, from: 0, to: Array.from(passage.text).length }));
  for (let i = 1; i < kept.length; i += 1) {
    const [before, after] = [kept[i - 1], kept[i]];
    const shared = overlap(before, after);
    if (shared <= 0) continue;
    if (after.passage === hit) before.to -= shared;
    else after.from = shared;
  }
  return kept.filter((passage) => (passage.text ? shows(passage) : passage.passage === hit));
}

function shows({ text, from, to }) {
  return Array.from(text)
    .slice(from, to)
    .some((character) => character.trim());
}

// Characters that a passage repeats from the one before it, if the spans tell the text truly.
function overlap(before, after) {
  if (before.page !== after.page || before.char_end === null || after.char_start === null) return 0;
  const shared = before.char_end - after.char_start;
  const end = Array.from(before.text).slice(-shared).join("");
  return shared > 0 && after.text.startsWith(end) ? shared : 0;
}
