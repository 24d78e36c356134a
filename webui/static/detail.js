// The detail view: one item, large, with the passage that was found in sight.

import { $, h, icon, setVariables } from "./dom.js";
import { caption } from "./caption.js";
import { facts } from "./facts.js";
import { inWords } from "./faults.js";
import { star } from "./favourite.js";
import { fileName } from "./format.js";
import { listening } from "./listening.js";
import { paragraphs } from "./passages.js";
import * as player from "./player.js";
import { bringIntoSight, reading } from "./reading.js";
import * as api from "./search.js";
import { sheets } from "./sheet.js";
import { similar } from "./similar.js";
import { whyToggle } from "./why.js";
import { t } from "./words.js";

let showing = null;

// Show an item; `hit` is how it was found, if it was, by a query of such lines, and `why()` then asks
// what in it matches; `like(item)` and `wish(item, weight)` search for others, `open(id)` shows another.
export async function show(id, { hit = null, lines = [], position = "", like, wish, open, why = null }) {
  const mine = (showing = { id });
  player.stop();
  $("position").textContent = position;
  $("detailname").textContent = hit ? fileName(hit.path) : "";
  if (!$("detail").open) $("detail").showModal();
  try {
    const item = await api.item(id, { around: hit?.passage ?? null, lines });
    if (showing !== mine) return;
    $("detailname").textContent = item.name;
    $("facts").replaceChildren(...facts(item, hit, { like, wish }, [...star(item), ...(why ? whyToggle(why, hit.passage) : [])], caption(item, hit)), similar(item, open));
    $("stage").replaceChildren(...stage(item, hit, lines));
    reveal();
    if (!$("detail").contains(document.activeElement)) $("stage").focus(); // What had it is gone.
  } catch (error) {
    if (showing !== mine) return;
    $("facts").replaceChildren();
    $("stage").replaceChildren(h("p", { class: "absent", role: "alert" }, inWords(error)));
  }
}

// Close without telling anyone; the address is the caller's affair.
export function hide() {
  showing = null;
  if ($("detail").open) $("detail").close();
  $("stage").replaceChildren();
  $("facts").replaceChildren();
}

function stage(item, hit, lines) {
  $("stage").className = `stage ${item.kind}`;
  if (item.kind === "image") return [picture(item, hit), ...written(item, hit, lines)];
  if (item.kind === "text") return printed(item, hit, lines);
  return listening(item, hit, lines);
}

function picture(item, hit) {
  // Of several pages, which browsers do not show, the one that was found.
  const turned = hit?.page > 1 && item.preview !== item.media;
  const image = h("img", { src: turned ? `${item.preview}&passage=${hit.passage}` : item.preview, alt: item.title || item.name, width: item.width, height: item.height });
  const box = h("div", { class: "canvas", vars: { ratio: (item.width || 4) / (item.height || 3) } }, image);
  if (turned) image.addEventListener("load", () => setVariables(box, { ratio: image.naturalWidth / image.naturalHeight }));
  image.addEventListener("error", () => {
    if (image.src.includes("/thumbnail")) box.replaceChildren(h("p", { class: "absent" }, icon("picture"), t("noPreview")));
    else image.src = item.thumbnail;
  });
  return box;
}

// The words of a picture, written in it or of it, if it has any.
function written(item, hit, lines) {
  const lay = (more) => paragraphs(more.filter((passage) => passage.text), hit?.passage);
  if (!lay(item.passages).length) return [];
  const column = reading(item, lines, lay);
  column.prepend(h("h3", {}, t("written")));
  return [column];
}

// A document's words; of a PDF, the page that they are on as well.
function printed(item, hit, lines) {
  const column = reading(item, lines, (more) => paragraphs(more, hit?.passage));
  return item.mime === "application/pdf" ? sheets(item, hit, lines, column) : [column];
}

function reveal() {
  $("stage").scrollTop = 0;
  const found = $("stage").querySelector("[data-found]");
  if (found) bringIntoSight(found, "center");
}
