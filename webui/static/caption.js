// What the user says of an item: shown, and written where it stands. What is being written when the
// view changes is kept; where the server refuses it, its form stays, or the results say so.

import { isComposing } from "./composing.js";
import { h } from "./dom.js";
import { inWords } from "./faults.js";
import { marked } from "./highlight.js";
import { complain, quiet } from "./notices.js";
import * as api from "./search.js";
import { t } from "./words.js";

const LONGEST = 2000;

let writing = null; // The last that was begun: { field, item, keep }.

// A section for an item's caption, marked where that is what was found.
export function caption(item, hit) {
  const section = h("section", { class: "said", "aria-labelledby": "saidname" });
  const found = item.passages.find((passage) => passage.by_user && passage.passage === hit?.passage);
  show(section, item, found);
  return section;
}

// Whether words are being written that are not kept yet.
export function isWriting() {
  return writing !== null && writing.field.isConnected && writing.field.value !== writing.item.caption;
}

// Keep what is being written; tell whether that was possible.
export function keepWriting() {
  return writing.keep();
}

function show(section, item, found = null) {
  const text = h("p", { class: found ? "found" : null, hidden: !item.caption }, found ? inIt(item.caption, found) : item.caption);
  const change = h("button", { type: "button", class: "change" }, item.caption ? t("editCaption") : t("addCaption"));
  change.addEventListener("click", () => write(section, item));
  section.replaceChildren(h("h3", { id: "saidname" }, t("caption")), text, change);
}

// A caption with the passage of it that was found.
function inIt(caption, { text, marks }) {
  const at = caption.indexOf(text);
  if (at < 0) return caption;
  return [caption.slice(0, at), h("span", { "data-found": true }, marked(text, marks)), caption.slice(at + text.length)];
}

function write(section, item) {
  const field = h("textarea", { rows: 4, maxlength: LONGEST, "aria-labelledby": "saidname", placeholder: t("captionHint") });
  const save = h("button", { type: "submit", class: "solid" }, t("save"));
  const cancel = h("button", { type: "button", class: "quiet" }, t("cancel"));
  const fault = h("p", { class: "fault", role: "alert" });
  const form = h("form", {}, field, h("div", {}, save, cancel), fault);
  const leave = () => {
    show(section, item);
    section.querySelector(".change").focus();
  };
  field.value = item.caption;
  cancel.addEventListener("click", leave);
  field.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    if (event.key !== "Escape") return;
    event.preventDefault(); // or the whole view would close, and the words be lost
    leave();
  });
  const keep = async () => {
    save.disabled = true;
    try {
      ({ caption: item.caption } = await api.remark(item.item, { caption: field.value }));
      leave();
      return true;
    } catch (error) {
      if (form.isConnected) fault.textContent = inWords(error);
      else complain(error, async () => (await keep()) && quiet());
      save.disabled = false;
      return false;
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep();
  });
  writing = { field, item, keep };
  section.replaceChildren(h("h3", { id: "saidname" }, t("caption")), form);
  field.focus();
}
