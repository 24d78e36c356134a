// Lays hits out in rows of equal height. Every tile has a ratio, a picture its own and a card one
// that suits reading, so that a mixed ranking stays one list and nothing moves as pictures load.
// What is less likely than not stands below what is good; where nothing is, there is one list.

import { finish, lay, listenToWidth } from "./batches.js";
import { $, h, icon, setVariables } from "./dom.js";
import { addStar } from "./favourite.js";
import { fileName, percent, stretch } from "./format.js";
import { glimpseOf } from "./glimpse.js";
import { inContext } from "./highlight.js";
import { stop, toggle } from "./player.js";
import { addInside } from "./inside.js";
import { addStack } from "./stack.js";
import { addWishes } from "./wishes.js";
import { t } from "./words.js";

const NARROWEST = 0.56;
const WIDEST = 2.8;
const CARD = 1.55;
const SHEET = 0.75;
const LITTLE = 24; // Characters before the words that were found, in the two lines below a picture.

const GLYPHS = { image: "picture", text: "document", audio: "sound", video: "picture" };

// Show an answer's hits after those already shown; `open(hit)` is called for the one chosen, and
// `wish(hit, weight)` for one that is to join the query. `more` tells whether others will follow.
export function append({ hits, ranked, confident, cutoff }, more, query, open, wish) {
  const tiles = hits.map((hit) => tile(hit, query, open, wish));
  const falls = ranked && confident ? hits.findIndex((hit) => hit.score < cutoff) : -1;
  const good = !$("less").hidden ? 0 : falls < 0 ? hits.length : falls;
  if (good) lay($("good"), tiles.slice(0, good), more && good === hits.length);
  if (good === hits.length) return;
  finish($("good"));
  $("less").hidden = false;
  lay($("lesser"), tiles.slice(good), more);
}

// Show these hits alone, with the tiles that are there already as far as they are.
export function renew(hits, query, open, wish) {
  if ($("good").contains(document.activeElement)) return false;
  const there = new Map([...$("good").querySelectorAll(".tile")].map((one) => [one.dataset.item, one]));
  const tiles = hits.map((hit) => there.get(String(hit.item)) ?? tile(hit, query, open, wish));
  $("good").replaceChildren();
  if (tiles.length) lay($("good"), tiles, false);
  return true;
}

export function listenToResults() {
  listenToWidth([$("good"), $("lesser")]);
}

export function countShown() {
  return $("results").querySelectorAll(".tile:not([hidden])").length;
}

// How many tiles are kept back.
export function keptBack() {
  return $("results").querySelectorAll(".tile[hidden]").length;
}

export function clear() {
  stop();
  $("good").replaceChildren();
  $("lesser").replaceChildren();
  $("less").hidden = true;
}

export function tileAt(index) {
  return $("results").querySelectorAll(".tile .opens")[index] ?? null;
}

function tile(hit, query, open, wish) {
  const pictured = hit.kind === "image" || hit.kind === "video" || isPage(hit);
  const shown = pictured ? picture(hit) : hit.kind === "audio" ? moment(hit) : page(hit);
  const ratio = pictured ? clamp(hit.width ? hit.width / hit.height : hit.kind === "text" ? SHEET : 4 / 3) : CARD;
  const scored = hit.score === null ? null : match(hit);
  const item = h("div", { role: "listitem", "data-item": hit.item, class: `tile ${pictured ? "picture" : "card"} ${hit.kind}`, vars: { ratio } }, shown, scored, overlay(hit, pictured));
  item.querySelector(".opens").addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    open(hit);
  });
  item.querySelector(".opens").href = query.toAddress(hit.item);
  const make = (other) => tile(other, query, open, wish);
  if (hit.passages > 1) addInside(item, hit, query, make);
  if (hit.alike.length) addStack(item, hit, make);
  addWishes(item, hit, wish);
  addStar(item, hit);
  return item;
}

// Whether it is a page that was found, for what is to be seen on it.
function isPage(hit) {
  return hit.mime === "application/pdf" && hit.page !== null && !hit.snippet;
}

function picture(hit) {
  const name = fileName(hit.path);
  const image = h("img", { src: hit.thumbnail, width: hit.width, height: hit.height, alt: "", loading: "lazy", decoding: "async" });
  image.addEventListener("load", () => image.classList.add("there"));
  image.addEventListener("error", () => image.replaceWith(h("span", { class: "absent" }, icon("picture"), name)));
  const scored = hit.score === null ? [] : [t("match", { percent: percent(hit.score) })];
  // Of a film they are what is said, and of a picture what is written in it or of it.
  const told = hit.kind === "text" ? t("pictureHere") : hit.kind === "image" && hit.snippet ? inContext(hit, LITTLE) : null;
  const words = told && h("span", { class: "words" }, told);
  const label = [name, t(hit.kind), ...(words ? [words.textContent] : []), ...scored].join(", ");
  return h("a", { class: "opens", "aria-label": label }, glimpseOf(hit), image, h("span", { class: words ? "caption told" : "caption" }, words, h("span", {}, name)));
}

// What lies over a tile in lines of its own, so that nothing covers another: buttons, and signs. Of a
// picture those say where in it the hit is; a card says that itself.
function overlay(hit, pictured) {
  const place = hit.page !== null ? t("page", { n: hit.page }) : hit.start === null ? null : stretch(hit.start, hit.end);
  const where = pictured && place ? h("span", { class: "time" }, place) : null;
  return h("div", { class: "over" }, h("div", { class: "pills" }), h("div", { class: "signs" }, where));
}

function page(hit) {
  const place = hit.page === null ? "" : t("page", { n: hit.page });
  const found = hit.snippet ? inContext(hit) : [icon("picture"), t("pictureHere")];
  return h("article", {}, heading(hit, place), h("p", { class: "snippet" }, found));
}

function moment(hit) {
  const start = hit.start ?? 0;
  const place = hit.start === null ? "" : stretch(start, hit.end);
  const button = h("button", { type: "button", class: "play" }, icon("play"));
  const show = (on) => {
    button.replaceChildren(icon(on ? "pause" : "play"));
    button.setAttribute("aria-label", on ? t("pause") : t("play", { time: stretch(start) }));
  };
  show(false);
  const words = h("p", { class: "snippet" }, inContext(hit));
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
