// What the page says beside its results: progress, counts, doubts, failures and first steps.

import { $, h } from "./dom.js";
import { inWords } from "./faults.js";
import { showHelp } from "./help.js";
import { Refusal } from "./search.js";
import { t } from "./words.js";

let waiting = 0;

// Show that work goes on, unless it ends at once.
export function busy(on) {
  clearTimeout(waiting);
  document.body.classList.toggle("busy", on);
  if (on) waiting = setTimeout(() => ($("progress").hidden = false), 140);
  else $("progress").hidden = true;
}

export function say(text) {
  $("status").textContent = text;
}

export function quiet() {
  $("notice").hidden = true;
  $("notice").replaceChildren();
}

export function notice(...children) {
  $("notice").className = "notice";
  $("notice").removeAttribute("role");
  $("notice").replaceChildren(...children);
  $("notice").hidden = children.length === 0;
}

// Say what went wrong, with what may help: to try again, unless the server refused, and other ways.
export function complain(error, retry = null, ways = [], place = $("notice")) {
  const known = error instanceof Refusal;
  const lines = known ? error.errors : [inWords(error)];
  const refused = known && error.status >= 400 && error.status < 500;
  const again = retry && !refused ? [h("button", { type: "button", class: "quiet", onclick: retry }, t("retry"))] : [];
  place.className = "notice wrong";
  place.setAttribute("role", "alert");
  place.replaceChildren(...lines.map((line) => h("p", {}, line)), ...tips([...again, ...ways]));
  place.hidden = false;
}

// Buttons below a notice.
export function tips(buttons) {
  return buttons.length ? [h("div", { class: "tips" }, buttons)] : [];
}

// Before the first search: what the library holds, or how to fill it.
export function welcome(stats) {
  $("welcome").hidden = !stats;
  if (!stats) return;
  $("welcome").replaceChildren(...(stats.items ? contents(stats) : firstSteps()));
}

function contents(stats) {
  const holds = h("p", { class: "holds" }, t("holds", stats.by_kind));
  const help = h("button", { type: "button", class: "howto", onclick: showHelp }, t("help"));
  return [h("p", {}, t("invite")), holds, help, stats.failures.length ? unreadable(stats.failures) : null].filter(Boolean);
}

function unreadable(failures) {
  const rows = failures.slice(0, 200).map(({ path, reason }) => h("li", {}, h("b", {}, path), " ", reason));
  return h("details", { class: "unreadable" }, h("summary", {}, t("unreadable", { n: failures.length })), h("ul", {}, rows));
}

function firstSteps() {
  return [
    h("h2", {}, t("emptyTitle")),
    h("p", {}, t("emptyHelp")),
    h("pre", {}, h("code", {}, "triptych index ~/Pictures")),
    h("p", {}, t("emptySoon")),
  ];
}
