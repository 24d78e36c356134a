// Why an item was found, to switch on and off: a veil that is clear where its picture matches, or
// the sentence and words that do in its text.

import { $, h, icon } from "./dom.js";
import { inWords } from "./faults.js";
import { t } from "./words.js";

const PLAIN = 0.3; // The weight below which a word is not marked.

// A button, and a line that says what is to be seen; `ask()` gives the explanation, once. It is laid
// on the passage that was found, if that is the one explained: it may be gone by now.
export function whyToggle(ask, passage) {
  const note = h("p", { class: "whynote", role: "status" });
  const button = h("button", { type: "button", class: "quiet", id: "why", "aria-pressed": "false", "aria-keyshortcuts": "w" }, icon("why"), t("why"));
  let explanation = null;
  let conceal = () => {};
  const on = () => button.getAttribute("aria-pressed") === "true";
  const press = (pressed, text, wrong = false) => {
    button.setAttribute("aria-pressed", pressed);
    note.textContent = text;
    note.classList.toggle("wrong", wrong);
  };
  const reveal = async () => {
    press(true, explanation ? "" : t("whyWait"));
    try {
      explanation ??= ask();
      const found = await explanation;
      if (!on() || !button.isConnected) return;
      conceal();
      const here = found.passage === passage;
      conceal = here ? lay(found) : () => {};
      press(true, t(here ? told(found) : "whyElsewhere"));
    } catch (error) {
      explanation = null;
      if (on()) press(false, inWords(error), true);
    }
  };
  button.addEventListener("click", () => {
    if (!on()) return reveal();
    conceal();
    press(false, "");
  });
  return [button, note];
}

function told({ regions, words }) {
  if (!regions?.fall && !words.some((word) => word.weight)) return "whyWhole";
  return regions ? "whyPicture" : "whyText";
}

// Show an explanation where the hit stands; the function given back takes it away.
function lay({ regions, sentences, words }) {
  const undo = [];
  const canvas = $("stage").querySelector(".canvas");
  if (regions?.fall && canvas) undo.push(layVeil(canvas, regions.overlay));
  const found = $("detail").querySelector("[data-found]");
  if (sentences.length && found) undo.push(layMarks(found.querySelector("span") ?? found, sentences, words));
  return () => undo.splice(0).forEach((step) => step());
}

function layVeil(canvas, overlay) {
  const bytes = Uint8Array.from(atob(overlay.split(",")[1]), (character) => character.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
  const veil = h("img", { class: "shade", src: address, alt: "" });
  veil.addEventListener("load", () => URL.revokeObjectURL(address), { once: true });
  canvas.append(veil);
  return () => veil.remove();
}

function layMarks(place, sentences, words) {
  const before = [...place.childNodes];
  const characters = Array.from(place.textContent); // The spans count whole characters.
  const marked = words.filter((word) => word.weight >= PLAIN).map((word) => ({ ...word, tag: "mark" }));
  const inner = (start, end) => parts(characters, start, end, marked.filter((word) => word.start >= start && word.end <= end));
  const outer = sentences.map((sentence) => ({ ...sentence, tag: "span", inner }));
  place.replaceChildren(...parts(characters, 0, characters.length, outer));
  place.classList.add("explained");
  return () => {
    place.replaceChildren(...before);
    place.classList.remove("explained");
  };
}

// The characters from start to end as nodes, each span in an element that knows its weight.
function parts(characters, start, end, spans) {
  const text = (from, to) => characters.slice(from, to).join("");
  const nodes = [];
  let at = start;
  for (const span of spans) {
    const inside = span.inner?.(span.start, span.end) ?? text(span.start, span.end);
    nodes.push(text(at, span.start), h(span.tag, { vars: { weight: span.weight } }, inside));
    at = span.end;
  }
  return [...nodes, text(at, end)];
}
