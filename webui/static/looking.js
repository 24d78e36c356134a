// One hit is looked at: the detail view over the results, and the address that leads to it.

import { isWriting, keepWriting } from "./caption.js";
import * as detail from "./detail.js";
import { $ } from "./dom.js";
import { page } from "./page.js";
import * as results from "./results.js";
import * as api from "./search.js";
import { laidOut } from "./unfolding.js";
import { enter, here, keep } from "./visits.js";

let shown = null; // The hit, or as much as is known of it.
let asked = {}; // `like(item)` and `wish(item, weight)` search for others, `more()` fetches more results.

export function listenToDetail(asks) {
  asked = asks;
  $("close").addEventListener("click", () => leave(close));
  $("previous").addEventListener("click", () => step(-1));
  $("next").addEventListener("click", () => step(1));
  $("detail").addEventListener("cancel", (event) => {
    event.preventDefault();
    leave(close);
  });
  $("detail").addEventListener("click", (event) => event.target === $("detail") && leave(close));
  addEventListener("beforeunload", (event) => isWriting() && event.preventDefault());
}

// Look at a hit; of another item its number is enough.
export function open(hit) {
  const push = shown === null;
  if (push) keep(page.hits.length);
  const { files, opened, ...place } = here();
  enter(page.query.toAddress(hit.item), { files, push, opened: push || opened, ...place });
  show(hit);
}

// Show what an address leads to, or nothing.
export function follow(item) {
  if (!item) conceal();
  else if (item !== shown?.item) show({ item });
}

// Move to another of the results; past the last of them more are fetched.
export async function step(by) {
  const from = shown;
  if (place() < 0) return;
  if (by > 0 && place() + 1 >= laidOut(page.hits).length) await asked.more();
  const next = laidOut(page.hits)[place() + by];
  if (next && shown === from) leave(() => open(next));
}

export function conceal() {
  keepAside();
  shown = null;
  detail.hide();
}

function show(hit) {
  keepAside();
  shown = hit;
  const all = laidOut(page.hits);
  const at = place();
  const found = all[at] ?? null;
  const position = at < 0 ? "" : `${at + 1} / ${all.length}`;
  $("previous").disabled = at <= 0;
  $("next").disabled = at < 0 || (at + 1 >= all.length && !page.ranking?.more);
  const why = found && found.score !== null && (() => api.explain(page.query, found));
  const lines = page.query.linesSaid(page.answer?.heard);
  const likes = { like: instead(asked.like), wish: instead(asked.wish) };
  return detail.show(hit.item, { hit: found, lines, position, ...likes, open: (item) => leave(() => open({ item })), why });
}

// A search that is shown in place of the item that is looked at.
function instead(search) {
  return (...about) =>
    leave(() => {
      conceal();
      search(...about);
    });
}

// Go on once what is being written is kept.
async function leave(goOn) {
  if (!isWriting() || (await keepWriting())) goOn();
}

// The browser's history leads away without asking.
function keepAside() {
  if (isWriting()) keepWriting();
}

// Where among the results it stands: the very place in its item, or else the item.
function place() {
  const all = laidOut(page.hits);
  const very = all.findIndex((hit) => hit.item === shown?.item && hit.passage === shown.passage);
  return very < 0 ? all.findIndex((hit) => hit.item === shown?.item) : very;
}

function close() {
  if (shown === null) return;
  const at = place();
  const { files, opened, ...rest } = here();
  if (opened) history.back();
  else enter(page.query.toAddress(), { files, push: false, ...rest });
  conceal();
  results.tileAt(at)?.focus();
}
