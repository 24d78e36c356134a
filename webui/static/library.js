// The page about the library: asks for what it shows, and again when the language changes.

import { $, h, icon } from "./dom.js";
import { showFailures } from "./failures.js";
import { inWords } from "./faults.js";
import { day, size } from "./format.js";
import { speak } from "./language.js";
import { ask, Refusal } from "./search.js";
import { showTimeline } from "./timeline.js";
import { followRunning, showUpdating } from "./updating.js";
import { locale, t } from "./words.js";

const KINDS = ["image", "video", "text", "audio"];
const NAMES = { image: "pictures", video: "films", text: "documents", audio: "sound" };

let known = null;
let trouble = null;
let loading = null;

async function load() {
  const mine = (loading = {}); // What was asked for before does not count any more.
  try {
    const [stats, holdings, timeline] = await Promise.all(["stats", "holdings", "timeline"].map((name) => ask(`/api/v1/${name}`)));
    if (loading !== mine) return;
    known = { stats, holdings, months: timeline.months };
    trouble = null;
  } catch (error) {
    if (loading !== mine) return;
    trouble = error;
  }
  show();
}

// Show what is known in the language of now, and ask for what the server says in it.
function renew() {
  show();
  load();
  followRunning(load).catch(() => {}); // what is wrong, load() says
}

function show() {
  complain();
  if (!known) return;
  const { stats, holdings, months } = known;
  const holds = stats.items > 0 || stats.failures.length > 0;
  $("sheets").hidden = !holds;
  $("steps").hidden = holds;
  $("about").textContent = t("libraryAbout", { path: stats.library, when: day(holdings.changed_at) });
  if (!holds) return firstSteps();
  $("kinds").replaceChildren(...KINDS.filter((kind) => stats.by_kind[kind]).map((kind) => tally(kind, stats, holdings)));
  showTimeline(months);
  $("folders").replaceChildren(...holdings.folders.map(folder));
  showUpdating(load);
  $("index").replaceChildren(...rows(indexRows(stats)));
  $("indexnotice").textContent = stats.index.notice;
  $("disk").replaceChildren(...rows(diskRows(holdings.disk)));
  showFailures(stats.failures);
}

function complain() {
  $("notice").hidden = !trouble;
  if (!trouble) return;
  const lines = trouble instanceof Refusal ? trouble.errors : [inWords(trouble)];
  const retry = h("button", { type: "button", class: "quiet", onclick: load }, t("retry"));
  $("notice").replaceChildren(...lines.map((line) => h("p", { role: "alert" }, line)), retry);
}

function firstSteps() {
  const command = h("pre", {}, h("code", {}, "triptych index ~/Pictures"));
  $("steps").replaceChildren(h("h2", {}, t("emptyTitle")), h("p", {}, t("emptyHelp")), command, h("p", {}, t("emptyThen")));
}

function tally(kind, stats, holdings) {
  const count = h("b", {}, number(stats.by_kind[kind]));
  const name = h("span", {}, h("span", { class: "swatch" }), t(NAMES[kind]));
  const leads = { href: kind === "video" ? "/?q=kind%3Avideo" : `/?kind=${kind}` };
  return h("li", { class: kind }, h("a", leads, count, name, h("small", {}, size(holdings.media[kind] ?? 0))));
}

function folder({ path, items, offline }) {
  const name = h("a", { href: `/?${new URLSearchParams({ in: path })}` }, path);
  const state = offline ? h("strong", {}, t("notConnected")) : null;
  return h("li", {}, icon("folder"), h("span", { class: "path" }, name, state), h("span", { class: "count" }, t("items", { n: items })));
}

function indexRows({ encoder, passages, index }) {
  const found = Object.entries(index.approximations).map(([kind, { lists, recall }]) => [t(NAMES[kind]), t("inLists", { lists, percent: (100 * recall).toFixed(1) })]);
  return [
    [t("encoder"), `${encoder.name} · ${encoder.revision}`],
    [t("passages"), number(passages)],
    [t("vectors"), t("vectorsOf", { n: index.vectors, dim: encoder.dim })],
    ...(found.length ? found : [[t("searched"), t("exactly")]]),
    ...(index.gpus ? [[t("gpus"), t("gpusHold", { n: index.gpus, kinds: Object.keys(index.copies).map((kind) => t(NAMES[kind])) })]] : []),
  ];
}

function diskRows({ catalog, vectors, thumbnails, rest, free }) {
  const all = catalog + vectors + thumbnails + rest;
  const parts = [["diskCatalog", catalog], ["diskVectors", vectors], ["diskThumbnails", thumbnails], ["diskRest", rest], ["diskAll", all], ["diskFree", free]];
  return parts.filter(([word, bytes]) => bytes || word !== "diskRest").map(([word, bytes]) => [t(word), size(bytes)]);
}

function rows(pairs) {
  return pairs.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)));
}

function number(n) {
  return new Intl.NumberFormat(locale()).format(n);
}

new ResizeObserver(() => known?.months.length && showTimeline(known.months)).observe($("chart"));
speak("library", renew);
