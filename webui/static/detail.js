// The detail view: one item, large, with the passage that was found in sight.

import { $, h, icon, setVariables } from "./dom.js";
import { facts } from "./facts.js";
import { fileName } from "./format.js";
import { paragraphs, transcript } from "./passages.js";
import * as player from "./player.js";
import * as api from "./search.js";
import { whyToggle } from "./why.js";
import { t } from "./words.js";

let showing = null;

// Show an item; `hit` is how it was found, if it was, by a query of such lines, and `why()` then asks
// what in it matches.
export async function show(id, { hit = null, lines = [], position = "", like, why = null }) {
  const mine = (showing = { id });
  player.stop();
  $("position").textContent = position;
  $("detailname").textContent = hit ? fileName(hit.path) : "";
  if (!$("detail").open) $("detail").showModal();
  try {
    const item = await api.item(id, { around: hit?.passage ?? null, lines });
    if (showing !== mine) return;
    $("detailname").textContent = item.name;
    $("facts").replaceChildren(...facts(item, hit, like, why ? whyToggle(why) : []));
    $("stage").replaceChildren(...stage(item, hit, lines));
    reveal();
  } catch (error) {
    if (showing !== mine) return;
    $("facts").replaceChildren();
    $("stage").replaceChildren(h("p", { class: "absent", role: "alert" }, error.message));
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
  if (item.kind === "text") return [reading(item, lines, (more) => paragraphs(more, hit?.passage))];
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

// Passages in a column that grows at either end when asked.
function reading(item, lines, lay) {
  const column = h("div", { class: "column" }, lay(item.passages));
  const ends = { first: item.passages_offset, last: item.passages_offset + item.passages.length };
  const earlier = h("button", { type: "button", class: "more" }, t("earlier"));
  const later = h("button", { type: "button", class: "more" }, t("later"));
  const showEnds = () => {
    earlier.hidden = ends.first === 0;
    later.hidden = ends.last >= item.passages_total;
  };
  earlier.addEventListener("click", async () => {
    const offset = Math.max(0, ends.first - 120);
    const more = await api.item(item.item, { offset, limit: ends.first - offset, lines });
    ends.first = offset;
    earlier.after(...lay(more.passages));
    showEnds();
  });
  later.addEventListener("click", async () => {
    const more = await api.item(item.item, { offset: ends.last, lines });
    ends.last += more.passages.length;
    later.before(...lay(more.passages));
    showEnds();
  });
  column.prepend(earlier);
  column.append(later);
  showEnds();
  return column;
}

function listening(item, hit, lines) {
  const video = item.kind === "video";
  const player = h(item.kind, { controls: true, preload: "metadata", src: item.media, poster: video ? (hit ?? item).thumbnail : null });
  const seek = (seconds) => {
    player.currentTime = seconds;
    player.play().catch(() => {});
  };
  if (hit?.start) player.addEventListener("loadedmetadata", () => (player.currentTime = hit.start), { once: true });
  const spoken = reading(item, lines, (more) => transcript(more, hit?.passage, seek));
  player.addEventListener("timeupdate", () => follow(spoken, player.currentTime));
  const silent = !item.passages.some((passage) => passage.text);
  return [player, silent ? h("p", { class: "absent" }, t("noWords")) : spoken];
}

function follow(column, now) {
  for (const line of column.querySelectorAll(".spoken")) {
    const { start, end } = line.dataset;
    line.classList.toggle("now", now >= Number(start) && (end === "" || now < Number(end)));
  }
}

function reveal() {
  $("stage").scrollTop = 0;
  $("stage").querySelector("[data-found]")?.scrollIntoView({ block: "center" });
}
