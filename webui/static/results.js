// Lays hits out in rows of equal height. Every tile has a ratio, a picture its own and a card one
// that suits reading, so that a mixed ranking stays one list and nothing moves as pictures load.

import { $, h, icon, setVariables } from "./dom.js";
import { fileName, percent, stretch } from "./format.js";
import { inContext } from "./highlight.js";
import { stop, toggle } from "./player.js";
import { t } from "./words.js";

const NARROWEST = 0.56;
const WIDEST = 2.8;
const CARD = 1.55;

const GLYPHS = { image: "picture", text: "document", audio: "sound", video: "picture" };

// Show hits after those already shown; `open(index)` is called for the one chosen.
export function append(hits, first, query, open) {
  $("results").append(...hits.map((hit, i) => tile(hit, query, () => open(first + i))));
}

export function clear() {
  stop();
  $("results").replaceChildren();
}

export function tileAt(index) {
  return $("results").children[index]?.querySelector(".opens") ?? null;
}

function tile(hit, query, open) {
  const pictured = hit.kind === "image" || hit.kind === "video";
  const shown = pictured ? picture(hit) : hit.kind === "audio" ? moment(hit, query) : page(hit, query);
  const ratio = pictured ? clamp((hit.width || 4) / (hit.height || 3)) : CARD;
  const item = h("li", { class: `tile ${pictured ? "picture" : "card"} ${hit.kind}`, vars: { ratio } }, shown, match(hit));
  item.querySelector(".opens").addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  item.querySelector(".opens").href = query.toAddress(hit.item);
  return item;
}

function picture(hit) {
  const name = fileName(hit.path);
  const image = h("img", { src: hit.thumbnail, width: hit.width, height: hit.height, alt: "", loading: "lazy", decoding: "async" });
  image.addEventListener("load", () => image.classList.add("there"));
  image.addEventListener("error", () => image.replaceWith(h("span", { class: "absent" }, icon("picture"), name)));
  const label = `${name}, ${t(hit.kind)}, ${t("match", { percent: percent(hit.score) })}`;
  const moment = hit.start === null ? null : h("span", { class: "time" }, stretch(hit.start, hit.end));
  return h("a", { class: "opens", "aria-label": label }, image, moment, h("span", { class: "caption" }, name));
}

function page(hit, query) {
  const place = hit.page === null ? "" : t("page", { n: hit.page });
  return h("article", {}, heading(hit, place), h("p", { class: "snippet" }, inContext(hit.snippet, query.text)));
}

function moment(hit, query) {
  const start = hit.start ?? 0;
  const place = hit.start === null ? "" : stretch(start, hit.end);
  const button = h("button", { type: "button", class: "play" }, icon("play"));
  const show = (on) => {
    button.replaceChildren(icon(on ? "pause" : "play"));
    button.setAttribute("aria-label", on ? t("pause") : t("play", { time: stretch(start) }));
  };
  show(false);
  const words = h("p", { class: "snippet" }, inContext(hit.snippet, query.text));
  const article = h("article", {}, heading(hit, place), h("div", { class: "moment" }, button, words));
  button.addEventListener("click", () => toggle(article, hit, show));
  return article;
}

function heading(hit, place) {
  const name = h("a", { class: "opens" }, fileName(hit.path));
  return h("h3", {}, icon(GLYPHS[hit.kind]), name, place ? h("small", {}, place) : null);
}

function match(hit) {
  const words = `${t("match", { percent: percent(hit.score) })} · ${t("similarity", { value: hit.similarity.toFixed(2) })}`;
  const bar = h("span", { class: "match", title: words });
  setVariables(bar, { match: Math.min(1, Math.max(0.02, hit.score)) });
  return bar;
}

function clamp(ratio) {
  return Math.min(WIDEST, Math.max(NARROWEST, ratio));
}
