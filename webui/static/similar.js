// What else is like the item that is looked at: small pictures to open instead.

import { h, icon } from "./dom.js";
import { fileName } from "./format.js";
import * as api from "./search.js";
import { t } from "./words.js";

const MANY = 9;
const GLYPHS = { text: "document", audio: "sound" };

// A section that fills itself; `open(id)` is called for the item that is chosen.
export function similar(item, open) {
  const row = h("ul");
  const section = h("section", { class: "similar", hidden: true, "aria-labelledby": "similarname" }, h("h3", { id: "similarname" }, t("similar")), row);
  if (item.passages_total) fill(section, row, item, open);
  return section;
}

async function fill(section, row, item, open) {
  try {
    const { hits } = await api.similar(item.item, MANY);
    row.replaceChildren(...hits.map((hit) => h("li", {}, tile(hit, open))));
    section.hidden = hits.length === 0;
  } catch (error) {
    if (!(error instanceof api.Refusal || error instanceof TypeError)) throw error;
    section.remove(); // The item itself stays in sight.
  }
}

function tile(hit, open) {
  const name = fileName(hit.path);
  const link = h("a", { href: `/?item=${hit.item}`, "aria-label": `${name}, ${t(hit.kind)}`, title: name });
  link.append(...(hit.kind in GLYPHS ? card(hit.kind, name) : [picture(hit, name)]));
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    open(hit.item);
  });
  return link;
}

function picture({ kind, thumbnail }, name) {
  const image = h("img", { src: thumbnail, alt: "", loading: "lazy", decoding: "async" });
  image.addEventListener("error", () => image.replaceWith(...card(kind, name)));
  return image;
}

function card(kind, name) {
  return [icon(GLYPHS[kind] ?? "picture"), h("span", {}, name)];
}
