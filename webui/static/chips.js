// Shows the pictures, recordings and items of a query as chips: flip one to "less like", remove it.

import { $, h, icon, iconButton } from "./dom.js";
import { t } from "./words.js";

// Show the terms; `changed(terms)` is told when one is flipped or removed.
export function showChips(terms, changed) {
  $("chips").hidden = terms.length === 0;
  $("chips").replaceChildren(...terms.map((term) => chip(term, terms, changed)));
}

function chip(term, terms, changed) {
  const minus = term.weight < 0;
  const label = t("flip", { name: term.name, minus });
  const flip = () => changed(terms.map((other) => (other === term ? { ...term, weight: -term.weight } : other)));
  const remove = () => changed(terms.filter((other) => other !== term));
  return h(
    "li",
    { class: minus ? "chip minus" : "chip" },
    h("button", { type: "button", class: "flip", "aria-label": label, title: label, onclick: flip }, minus ? "−" : "+"),
    face(term),
    h("span", { class: "name" }, term.name),
    iconButton("close", t("remove", { name: term.name }), remove),
  );
}

function face(term) {
  if (term.type === "audio") return icon("sound");
  if (term.type === "item" && term.kind && term.kind !== "image") return icon(term.kind === "audio" ? "sound" : "document");
  const image = h("img", { src: source(term), alt: "", width: 28, height: 28 });
  image.addEventListener("error", () => image.replaceWith(icon("picture")));
  return image;
}

function source(term) {
  if (term.type === "item") return `/api/v1/items/${term.item}/thumbnail`;
  term.address ??= URL.createObjectURL(term.file);
  return term.address;
}
