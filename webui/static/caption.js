// What the user says of an item: shown, and written where it stands.

import { h } from "./dom.js";
import { marked } from "./highlight.js";
import * as api from "./search.js";
import { t } from "./words.js";

const LONGEST = 2000;

// A section for an item's caption, marked where that is what was found.
export function caption(item, hit) {
  const section = h("section", { class: "said", "aria-labelledby": "saidname" });
  const found = item.passages.find((passage) => passage.by_user && passage.passage === hit?.passage);
  show(section, item, found);
  return section;
}

function show(section, item, found = null) {
  const whole = found && found.text === item.caption;
  const text = h("p", { class: found ? "found" : null, hidden: !item.caption }, whole ? marked(found.text, found.marks) : item.caption);
  const change = h("button", { type: "button", class: "change" }, item.caption ? t("editCaption") : t("addCaption"));
  change.addEventListener("click", () => write(section, item));
  section.replaceChildren(h("h3", { id: "saidname" }, t("caption")), text, change);
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
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    if (event.key !== "Escape") return;
    event.preventDefault(); // or the whole view would close, and the words be lost
    leave();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    save.disabled = true;
    try {
      ({ caption: item.caption } = await api.remark(item.item, { caption: field.value }));
      leave();
    } catch (error) {
      fault.textContent = error.message;
      save.disabled = false;
    }
  });
  section.replaceChildren(h("h3", { id: "saidname" }, t("caption")), form);
  field.focus();
}
