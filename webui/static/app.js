// The page's one thread of control: a query changes, the answer is asked for and shown.

import { leave, watchArrivals } from "./arriving.js";
import { showChips } from "./chips.js";
import { $, h } from "./dom.js";
import { awaitEnd, listenToEnd, pause } from "./endless.js";
import { takeFiles } from "./files.js";
import { listenToFilters, showFilters, showWritten } from "./filters.js";
import { fileName } from "./format.js";
import { listenToHelp } from "./help.js";
import { listen } from "./keys.js";
import { conceal, follow, listenToDetail, open, step } from "./looking.js";
import * as notices from "./notices.js";
import { forget, page } from "./page.js";
import { Query } from "./query.js";
import { Ranking } from "./ranking.js";
import * as results from "./results.js";
import { startSpeaking } from "./speaking.js";
import * as api from "./search.js";
import { listenToTabs, showCounts, showKind } from "./tabs.js";
import { tipsAfter, tipsFor } from "./tips.js";
import { enter, here, keep, keepPlace } from "./visits.js";
import { switchLanguage, t, translate } from "./words.js";

const TYPING = 300;

let typing = 0;
let reading = null; // The page that is being fetched.

// The query changes.

function change(values, { push = true } = {}) {
  clearTimeout(typing);
  if (push) keep(page.hits.length);
  Object.assign(page.query, values);
  enter(page.query.toAddress(), { files: page.query.files, push });
  showQuery();
  return run();
}

function readAddress() {
  const { files } = here();
  const { query } = page;
  const same = files.length === query.files.length && files.every((file, i) => file === query.files[i]);
  const before = query.toAddress();
  const named = new Map(query.terms.filter((term) => term.type === "item").map((term) => [term.item, term]));
  page.query = Query.fromAddress(location.search, files);
  page.query.terms = page.query.terms.map((term) => (named.has(term.item) ? { ...named.get(term.item), weight: term.weight } : term));
  showQuery();
  nameItems();
  return page.answer && same && before === page.query.toAddress() ? Promise.resolve() : run(here());
}

// An address tells an item's number only; ask what it is called.
async function nameItems() {
  const unnamed = page.query.terms.filter((term) => term.type === "item" && !term.kind);
  if (!unnamed.length) return;
  const found = await Promise.allSettled(unnamed.map((term) => api.item(term.item, { limit: 1 })));
  found.forEach(({ value }, i) => value && Object.assign(unnamed[i], { name: value.name, kind: value.kind }));
  showQuery();
}

function showQuery() {
  const { query } = page;
  if ($("words").value.trim() !== query.text.trim()) $("words").value = query.text;
  $("words").defaultValue = query.text; // To which Safari goes back when it brings a page back.
  showFilters(query);
  showKind(query);
  $("words").placeholder = t(query.terms.length ? "searchMore" : "searchHint");
  showChips(query.terms, (terms) => change({ terms }));
  document.body.classList.toggle("home", query.empty);
  document.title = query.text.trim() ? `${query.text.trim()} · Triptych` : "Triptych";
}

// The answer is asked for and shown.

// Answer the query; of an earlier visit, as far as that had come.
async function run({ reached = 0, top = 0 } = {}) {
  if (page.query.empty) return home();
  leave();
  notices.welcome(null);
  notices.busy(true);
  page.ranking = new Ranking(page.query);
  reading = null;
  if (await more({ least: reached, first: true })) scrollTo(0, top);
}

// Show the next page; tell whether there was one.
function more({ least = 0, first = false } = {}) {
  const { ranking } = page;
  if (!ranking?.more) return Promise.resolve(false);
  reading ??= fetchPage(ranking, least, first).finally(() => ranking === page.ranking && (reading = null));
  return reading;
}

async function fetchPage(ranking, least, first) {
  try {
    const found = await ranking.next(least);
    if (!found || ranking !== page.ranking) return false;
    if (first) start(ranking);
    $("endnotice").hidden = true;
    showPage(found, ranking);
    return found.hits.length > 0;
  } catch (error) {
    if (ranking !== page.ranking) return false;
    if (first) start(null);
    pause();
    const tips = tipsAfter(error, page.query, change);
    if (first) notices.complain(error, () => run(), tips);
    else notices.complain(error, () => more(), tips, $("endnotice"));
    return false;
  } finally {
    if (ranking === page.ranking || !page.ranking) notices.busy(false);
  }
}

function showPage(found, ranking) {
  page.answer = found;
  page.hits = page.hits.concat(found.hits);
  results.append(found, ranking.more, page.query, open, wish);
  showCounts(page.query, found);
  showWritten(found.restrictions[0] ?? [], change);
  awaitEnd(ranking.more);
  const shown = ranking.given - results.keptBack();
  notices.say(t(found.ranked ? "found" : "listed", { shown, total: found.total, ms: Math.round(found.took_ms) }));
  const lines = found.heard.filter(Boolean).map((words) => h("p", { class: "heard" }, t("heard", { words })));
  const good = found.total > 0 && found.confident;
  if (!good) lines.push(h("p", {}, t(found.total ? "unsure" : "nothing")), ...notices.tips(tipsFor(page.query, found, change)));
  notices.notice(...lines);
}

// Begin with nothing, to be filled from a ranking or from nowhere.
function start(ranking) {
  forget();
  page.ranking = ranking;
  results.clear();
  showWritten([], change);
  notices.quiet();
  notices.say("");
  awaitEnd(false);
}

async function home() {
  api.cancel();
  notices.busy(false);
  start(null);
  try {
    await welcome();
    if (page.query.empty) watchArrivals(arrive);
  } catch (error) {
    notices.complain(error, home);
  }
}

async function welcome() {
  const stats = await api.stats();
  if (page.query.empty) notices.welcome(stats);
}

// While the library grows the first page shows the newest of it, and how much there is.
async function arrive({ hits, grows, changed }) {
  const shown = grows ? hits : [];
  if (results.renew(shown, page.query, open, wish)) page.hits = shown;
  if (changed) await welcome();
}

function asTerm(item, weight) {
  return { type: "item", item: item.item, weight, name: fileName(item.path), kind: item.kind };
}

function moreLike(item) {
  change({ text: "", terms: [asTerm(item, 1)] });
}

// An item joins what is looked for, wanted or not.
function wish(item, weight) {
  change({ terms: [...page.query.terms.filter((term) => term.item !== item.item), asTerm(item, weight)] });
  $("chips").lastChild.querySelector(".flip").focus();
}

// The page listens.

function addTerms(terms) {
  return change({ terms: [...page.query.terms, ...terms] });
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
    typing = setTimeout(() => change({ text: $("words").value }, { push: page.query.empty }), TYPING);
  };
  $("words").addEventListener("input", type);
  $("words").addEventListener("compositionend", type);
  listenToTabs((kind) => change({ kind }));
  listenToFilters(change);
}

async function followAddress() {
  const item = Number(new URLSearchParams(location.search).get("item"));
  if (!item) conceal();
  await readAddress();
  follow(item);
}

// Of a page that was left and is brought back, Safari has lost the place.
function comeBack({ persisted }) {
  if (persisted && scrollY === 0) scrollTo(0, here().top);
}

function speakLanguage() {
  translate();
  $("language").textContent = t("otherLanguage");
  $("language").lang = t("otherLanguageTag");
}

speakLanguage();
listenToQuery();
listenToDetail({ like: moreLike, wish, more });
listenToEnd(more, results.countShown, (at) => results.tileAt(at)?.focus({ preventScroll: true }));
listenToHelp();
results.listenToResults();
listen(step, more);
keepPlace(() => (reading ? null : page.hits.length));
takeFiles(addTerms, (message) => notices.complain(new Error(message)));
startSpeaking((term) => addTerms([term]), (message) => notices.complain(new Error(message)));
$("language").addEventListener("click", () => {
  switchLanguage();
  speakLanguage();
  showQuery();
  keep(page.hits.length);
  run(here());
});
addEventListener("popstate", followAddress);
addEventListener("pageshow", comeBack);
followAddress();
