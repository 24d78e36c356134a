// The files that could not be read: looked through by name or reason, some at a time.

import { $, h } from "./dom.js";
import { t } from "./words.js";

const PAGE = 50;

let all = [];
let shown = PAGE;

export function showFailures(failures) {
  all = failures;
  $("failures").hidden = all.length === 0;
  $("failuresearch").hidden = all.length <= 5;
  list();
}

function list() {
  const wanted = $("failuresearch").value.trim().toLowerCase();
  const found = all.filter(({ path, reason }) => `${path}\n${reason}`.toLowerCase().includes(wanted));
  $("failuresaid").textContent = t(wanted ? "failuresFound" : "failuresAll", { n: found.length, all: all.length });
  $("unread").replaceChildren(...found.slice(0, shown).map(({ path, reason }) => h("li", {}, h("b", {}, path), h("span", {}, reason))));
  $("morefailures").hidden = found.length <= shown;
}

$("failuresearch").addEventListener("input", () => {
  shown = PAGE;
  list();
});
$("morefailures").addEventListener("click", () => {
  shown += PAGE;
  list();
});
