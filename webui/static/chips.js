// Shows the pictures, recordings and items of a query as chips: flip one to "less like", let it
// count for more or less, remove it.

import { $, h, icon, iconButton } from "./dom.js";
import { t } from "./words.js";

const PICTURED = new Set(["image", "video"]);
const GLYPHS = { text: "document", audio: "sound" };
const LEAST = 0.25;
const MOST = 3;

// Show the terms; `changed(terms)` is told when one is flipped, weighed or removed.
export function showChips(terms, changed) {
  const held = focused();
  $("chips").hidden = terms.length === 0;
  $("chips").replaceChildren(...terms.map((term) => chip(term, terms, changed)));
  $("chips").children[held?.place]?.querySelector(held.part)?.focus();
}

// Which part of which chip the keyboard is at: it stays there when they are made anew.
function focused() {
  const place = [...$("chips").children].findIndex((chip) => chip.contains(document.activeElement));
  return place < 0 ? null : { place, part: document.activeElement.matches("input") ? "input" : ".flip" };
}

function chip(term, terms, changed) {
  const minus = term.weight < 0;
  const label = t("flip", { name: term.name, minus });
  const weigh = (weight) => changed(terms.map((other) => (other === term ? { ...term, weight } : other)));
  const flip = () => weigh(-term.weight);
  const remove = () => changed(terms.filter((other) => other !== term));
  return h(
    "li",
    { class: minus ? "chip minus" : "chip" },
    h("button", { type: "button", class: "flip", "aria-label": label, title: label, onclick: flip }, minus ? "−" : "+"),
    face(term),
    h("span", { class: "name" }, term.name),
    scale(term, (much) => weigh(minus ? -much : much)),
    iconButton("close", t("remove", { name: term.name }), remove),
  );
}

// How much a term counts: one half, twice; told beside the slider where it is not once.
function scale(term, weigh) {
  const label = t("counts", { name: term.name });
  const told = h("output", { class: "much" });
  const slider = h("input", { type: "range", class: "weight", min: LEAST, max: MOST, step: LEAST, value: Math.abs(term.weight), "aria-label": label, title: label });
  const tell = () => (told.textContent = slider.value === "1" ? "" : `×${slider.value}`);
  slider.addEventListener("input", tell);
  slider.addEventListener("change", () => weigh(Number(slider.value)));
  tell();
  return h("span", { class: "scale" }, slider, told);
}

function face(term) {
  if (term.type === "audio") return icon("sound");
  // Until it is known what an item is, nothing is asked of it that it may not have.
  if (term.type === "item" && !PICTURED.has(term.kind)) return icon(GLYPHS[term.kind] ?? "like");
  const image = h("img", { src: source(term), alt: "", width: 28, height: 28 });
  image.addEventListener("error", () => image.replaceWith(icon("picture")));
  return image;
}

function source(term) {
  if (term.type === "item") return `/api/v1/items/${term.item}/thumbnail`;
  term.address ??= URL.createObjectURL(term.file);
  return term.address;
}
