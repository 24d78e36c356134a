// The page's one thread of control: a query changes, the answer is asked for and shown.

import { showChips } from "./chips.js";
import * as detail from "./detail.js";
import { $, h } from "./dom.js";
import { takeFiles } from "./files.js";
import { fileName } from "./format.js";
import { listenToHelp } from "./help.js";
import { listen } from "./keys.js";
import * as notices from "./notices.js";
import { Query } from "./query.js";
import * as results from "./results.js";
import { startSpeaking } from "./speaking.js";
import * as api from "./search.js";
import { laidOut } from "./stack.js";
import { switchLanguage, t, translate } from "./words.js";

const TYPING = 300;

let query = new Query();
let answer = null;
let hits = [];
let shown = null; // The item of the detail view.
let stats = null;
let typing = 0;
const held = []; // The files of each place in the history; a reload forgets them.

// The query changes.

function change(values, { push = true } = {}) {
  clearTimeout(typing);
  Object.assign(query, values);
  const address = query.toAddress();
  history[push ? "pushState" : "replaceState"](place(), "", address);
  showQuery();
  return run();
}

// What the browser's history keeps of a query beside its address: where to find its files.
function place(opened = false) {
  return { files: held.push(query.files) - 1, opened };
}

function readAddress() {
  const files = held[history.state?.files] ?? [];
  const same = files.length === query.files.length && files.every((file, i) => file === query.files[i]);
  const before = query.toAddress();
  const named = new Map(query.terms.map((term) => [term.item, term]));
  query = Query.fromAddress(location.search, files);
  query.terms = query.terms.map((term) => (named.has(term.item) ? { ...named.get(term.item), weight: term.weight } : term));
  showQuery();
  nameItems();
  return answer && same && before === query.toAddress() ? Promise.resolve() : run();
}

// An address tells an item's number only; ask what it is called.
async function nameItems() {
  const unnamed = query.terms.filter((term) => term.type === "item" && !term.kind);
  if (!unnamed.length) return;
  const found = await Promise.allSettled(unnamed.map((term) => api.item(term.item, { limit: 1 })));
  found.forEach(({ value }, i) => value && Object.assign(unnamed[i], { name: value.name, kind: value.kind }));
  showQuery();
}

function showQuery() {
  if ($("words").value.trim() !== query.text.trim()) $("words").value = query.text;
  for (const field of ["folder", "after", "before"]) $(field).value = query[field];
  $("filtercount").textContent = query.filters;
  $("filtercount").hidden = query.filters === 0;
  for (const tab of $("tabs").children) tab.setAttribute("aria-pressed", tab.dataset.kind === query.kind);
  $("words").placeholder = t(query.terms.length ? "searchMore" : "searchHint");
  showChips(query.terms, (terms) => change({ terms }));
  document.body.classList.toggle("home", query.empty);
  document.title = query.text.trim() ? `${query.text.trim()} · Triptych` : "Triptych";
}

// The answer is asked for and shown.

async function run(offset = 0) {
  if (query.empty) return home();
  notices.welcome(null);
  notices.busy(true);
  try {
    const found = await api.search(query, offset);
    if (!found) return;
    notices.busy(false);
    showAnswer(found, offset);
  } catch (error) {
    notices.busy(false);
    if (offset === 0) forget();
    notices.complain(error, () => run(offset));
  }
}

function showAnswer(found, offset) {
  if (offset === 0) forget();
  answer = found;
  results.append(found, query, open, wish);
  hits = hits.concat(found.hits);
  const reached = hits.reduce((sum, hit) => sum + 1 + hit.alike.length, 0);
  $("more").hidden = reached >= found.total || found.hits.length === 0;
  notices.say(t(found.ranked ? "found" : "listed", { shown: reached, total: found.total, ms: Math.round(found.took_ms) }));
  const lines = found.heard.filter(Boolean).map((words) => h("p", { class: "heard" }, t("heard", { words })));
  if (found.total === 0) lines.push(h("p", {}, t("nothing")));
  else if (!found.confident) lines.push(h("p", {}, t("unsure")));
  notices.notice(...lines);
}

function forget() {
  answer = null;
  hits = [];
  results.clear();
  notices.quiet();
  notices.say("");
  $("more").hidden = true;
}

async function home() {
  api.cancel();
  notices.busy(false);
  forget();
  try {
    stats ??= await api.stats();
    if (query.empty) notices.welcome(stats);
  } catch (error) {
    notices.complain(error, home);
  }
}

// One item is looked at.

function open(id) {
  const change = shown === null ? "pushState" : "replaceState";
  history[change](place(shown === null || history.state?.opened), "", query.toAddress(id));
  showItem(id);
}

function showItem(id) {
  shown = id;
  const all = laidOut(hits);
  const index = all.findIndex((hit) => hit.item === id);
  const position = index < 0 ? "" : `${index + 1} / ${all.length}`;
  $("previous").disabled = index <= 0;
  $("next").disabled = index < 0 || index + 1 >= all.length;
  const hit = all[index] ?? null;
  const why = hit && hit.score !== null && (() => api.explain(query, hit));
  return detail.show(id, { hit, lines: query.linesSaid(answer?.heard), position, like: moreLike, why });
}

function step(by) {
  const all = laidOut(hits);
  const next = all[all.findIndex((hit) => hit.item === shown) + by];
  if (shown !== null && next) open(next.item);
}

function close() {
  if (shown === null) return;
  const index = laidOut(hits).findIndex((hit) => hit.item === shown);
  if (history.state?.opened) history.back();
  else history.replaceState(place(), "", query.toAddress());
  conceal();
  results.tileAt(index)?.focus();
}

function conceal() {
  shown = null;
  detail.hide();
}

function asTerm(item, weight) {
  return { type: "item", item: item.item, weight, name: fileName(item.path), kind: item.kind };
}

function moreLike(item) {
  conceal();
  scrollTo(0, 0);
  change({ text: "", terms: [asTerm(item, 1)] });
}

// An item joins what is looked for, wanted or not.
function wish(item, weight) {
  scrollTo(0, 0);
  change({ terms: [...query.terms.filter((term) => term.item !== item.item), asTerm(item, weight)] });
  $("chips").lastChild.querySelector(".flip").focus();
}

// The page listens.

function addTerm(term) {
  change({ terms: [...query.terms, term] });
}

function listenToQuery() {
  $("search").addEventListener("submit", (event) => {
    event.preventDefault();
    if (matchMedia("(pointer: coarse)").matches) $("words").blur(); // Puts the keyboard away.
    change({ text: $("words").value });
  });
  const type = (event) => {
    clearTimeout(typing);
    if (event.isComposing) return;
    typing = setTimeout(() => change({ text: $("words").value }, { push: query.empty }), TYPING);
  };
  $("words").addEventListener("input", type);
  $("words").addEventListener("compositionend", type);
  $("tabs").addEventListener("click", (event) => {
    const tab = event.target.closest("button");
    if (tab) change({ kind: tab.dataset.kind });
  });
  for (const field of ["folder", "after", "before"]) $(field).addEventListener("change", () => change({ [field]: $(field).value.trim() }));
  $("clearfilters").addEventListener("click", () => change({ folder: "", after: "", before: "" }));
  $("more").addEventListener("click", () => run(hits.length));
}

function listenToDetail() {
  $("close").addEventListener("click", close);
  $("previous").addEventListener("click", () => step(-1));
  $("next").addEventListener("click", () => step(1));
  $("detail").addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  $("detail").addEventListener("click", (event) => event.target === $("detail") && close());
}

async function followAddress() {
  const item = Number(new URLSearchParams(location.search).get("item"));
  if (!item) conceal();
  await readAddress();
  if (item && item !== shown) showItem(item);
}

function speakLanguage() {
  translate();
  $("language").textContent = t("otherLanguage");
  $("language").lang = t("otherLanguageTag");
}

speakLanguage();
listenToQuery();
listenToDetail();
listenToHelp();
listen(step);
takeFiles(addTerm, (message) => notices.complain(new Error(message)));
startSpeaking(addTerm, (message) => notices.complain(new Error(message)));
$("language").addEventListener("click", () => {
  switchLanguage();
  speakLanguage();
  showQuery();
  run();
});
addEventListener("popstate", followAddress);
followAddress();
